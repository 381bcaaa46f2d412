from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ... import words
from ...const import HELD, ON_THE_WIRE
from .xero_document_mixin import USER

AROUND = timedelta(minutes=1)  # a call is noted up to so long before and after its job
SHOWN_CALLS = 20
# the page of each model: a window action with a path, so that it can be loaded again
PAGES = {"account.move": "xero_connector.xero_why_move_action", "account.payment": "xero_connector.xero_why_payment_action"}
# reasons for not being in Xero that a setting decides
BY_SETTING = ("off", "manual", "before")


class XeroDocumentMixin(models.AbstractModel):
    """The page *Show Me Why*: is it sent, to which accounts and taxes, where is it now; from what is remembered, never payloads."""

    _inherit = "xero.document.mixin"

    xero_why = fields.Json(compute="_compute_xero_why", groups=USER)
    xero_why_text = fields.Text(compute="_compute_xero_why", groups=USER)
    xero_decision_label = fields.Char(compute="_compute_xero_decision_label", groups=USER, help="Names what has decided.")

    @api.depends("xero_state", "xero_last_sync")
    @api.depends_context("uid", "lang", "tz")
    def _compute_xero_why(self):
        for record in self:
            document = record._origin
            record.xero_why = document._xero_why_sections() if document else []
            record.xero_why_text = self._xero_as_text(record.xero_why)

    @api.model
    def _xero_as_text(self, sections):
        """The page as plain text, for a mail to whoever helps."""
        texts = []
        for section in sections:
            rows = [" · ".join(cell.get("plain") or cell.get("text") or "" for cell in row) for row in section["rows"]]
            empty = [section["empty"]] if section["empty"] and not rows else []
            texts.append("\n".join([section["title"], *section["lines"], *rows, *empty]))
        return "\n\n".join(texts)

    def _xero_why_sections(self):
        [(connection, _records)] = self._xero_by_connection()
        if not connection:
            return [self._xero_section(self.env._("Is it sent?"), lines=[self._xero_not_connected(self)])]
        handler, connection_sudo = self._xero_handler(), connection.sudo()
        sections = [self._xero_why_sent(connection_sudo, handler)]
        sections += self._xero_why_lines(connection_sudo, handler)
        sections += self._xero_why_cents(handler)
        sections += [self._xero_why_now(connection_sudo), self._xero_why_seen()]
        if self.env.user.has_group("xero_connector.group_xero_admin"):
            sections.append(self._xero_why_calls(connection_sudo))
        return sections

    def _xero_handler(self):
        """Of the kind that this record is made of in Xero; ``None`` if of none."""
        handlers = [each for each in self.env["xero.handler"]._all() if each._res_model == self._name and each._has_jobs]
        return next((each for each in handlers if not each._is_companion and each._mine(self)), None)

    # === QUESTIONS === #

    def _xero_why_sent(self, connection_sudo, handler):
        state = self.env._(words.DOCUMENT[self.xero_state or ""].label)
        why = self.xero_message or self.xero_checked
        lines = [self.env._("%(state)s: %(why)s", state=state, why=why) if why else state]
        if handler is not None:
            lines.append(handler._setting_words(connection_sudo))
        if connection_sudo.sync_from:
            lines.append(self.env._("First day that is sent: %s", words.day(self.env, connection_sudo.sync_from)))
        names = {"company": connection_sudo.company_id.name, "organisation": connection_sudo.name}
        lines.append(self.env._("By the connection of %(company)s, to the organisation %(organisation)s.", **names))
        if self.xero_state not in ("synced", "drift") and handler is not None:
            lines.append(self._xero_if_sent_now(connection_sudo, handler))
        return self._xero_section(self.env._("Is it sent?"), rows=self._xero_why_rule(connection_sudo, handler), lines=lines)

    def _xero_why_rule(self, connection_sudo, handler):
        """The rule that decides about it, as a row that opens it; none where no rule is about any document."""
        Rule = self.env["xero.rule"]
        if handler is None or not handler._is_ruled or not Rule._followed(connection_sudo, "send"):
            return []
        rule = Rule._first(self, "send").get(self.id)
        if not rule:
            return [(self.env._("Rule"), self.env._("None is about it: everything else is sent."), "")]
        return [(self.env._("Rule"), self._xero_cell(rule.name, rule), rule.outcome)]

    def _xero_if_sent_now(self, connection_sudo, handler):
        """What would become of it, asked of the very decision that a run takes."""
        would, why = self.env["xero.runner"].sudo()._would(connection_sudo, handler, self)
        return {
            "create": self.env._("If it were sent now: it would be made in Xero."),
            "update": self.env._("If it were sent now: it would be changed in Xero."),
            "remove": self.env._("If it were sent now: it would be taken out of Xero."),
            "nothing": self.env._("If it were sent now: nothing would happen. %s", why),
            "waits": self.env._("If it were sent now: it would wait. %s", why),
            "held": self.env._("If it were sent now: it would be held. %s", why),
        }[would]

    def _xero_why_lines(self, connection_sudo, handler):
        found = handler.sudo()._lines_explained(connection_sudo, self.sudo()) if handler is not None else []
        rows = self._xero_with_mapping_lines(connection_sudo, found)
        if not rows:
            return []
        columns = (
            self.env._("Line"),
            self.env._("Account in Odoo"),
            self.env._("In Xero"),
            self.env._("Tax in Odoo"),
            self.env._("In Xero"),
        )
        title = self.env._("Which account and tax?")
        confirmed = connection_sudo.mapping_confirmed_at
        said = (
            self.env._("By the mapping, confirmed %s.", words.moment(self.env, confirmed))
            if confirmed
            else self.env._("The mapping has not been confirmed yet.")
        )
        return [self._xero_section(title, columns, rows, lines=[said])]

    def _xero_with_mapping_lines(self, connection_sudo, found):
        """Cells of these lines, in which what stands for an account or a tax opens its line of the mapping."""
        own = Domain("connection_id", "=", connection_sudo.id)
        accounts = self.env["xero.account.mapping"].search(own & Domain("account_id", "in", [line[-2] for line in found]))
        taxes = self.env["xero.tax.mapping"].search(own & Domain("tax_key", "in", [line[-1] or False for line in found]))
        by_account = {line.account_id.id: line for line in accounts}
        by_taxes = {line.tax_key or "": line for line in taxes.sorted(lambda line: bool(line.account_class), reverse=True)}
        return [
            (text, account, self._xero_cell(in_xero, by_account.get(key)), tax, self._xero_cell(rate, by_taxes.get(taxes)))
            for text, account, in_xero, tax, rate, key, taxes in found
        ]

    @api.model
    def _xero_cell(self, text, record=None):
        return {"text": text, "open": {"model": record._name, "id": record.id}} if record else text

    def _xero_why_cents(self, handler):
        own_sudo, _beside = self._xero_counterparts()
        found = [handler._cents_words(each.correction) for each in own_sudo if each.correction] if handler is not None else []
        return [self._xero_section(self.env._("What about the cents?"), lines=found)] if found else []

    def _xero_why_now(self, connection_sudo):
        jobs_sudo = self.env["xero.job"].sudo().search(self._xero_own_domain() & Domain("is_open", "=", True))
        lines = [line for job_sudo in jobs_sudo for line in self._xero_where(job_sudo, connection_sudo)]
        return self._xero_section(self.env._("Where is it now?"), lines=lines or [self.env._("Nothing of it is on its way.")])

    def _xero_where(self, job_sudo, connection_sudo):
        """Where a job stands, in sentences."""
        if job_sudo.state in ON_THE_WIRE:
            return [self.env._("It was sent at %s; Xero's answer is awaited.", words.moment(self.env, job_sudo.sent_at))]
        if job_sudo.state != "pending":
            return [self.env._("Nothing of it goes until the cause is gone: %s", job_sudo.problem_id.name or job_sudo.message or "")]
        before = job_sudo._before_it()
        return [
            job_sudo.message or connection_sudo._waiting_words(job_sudo),
            self.env._("Documents before it: %s", before),
            job_sudo.next_try and self.env._("Tried next: %s", words.moment(self.env, job_sudo.next_try)),
            job_sudo.tries and self.env._("Tried without success: %s", job_sudo.tries),
        ]

    def _xero_why_seen(self):
        own_sudo, _beside = self._xero_counterparts()
        lines = [self.env._("Number in Xero: %s", each.number) for each in own_sudo if each.number]
        for each in own_sudo.filtered(lambda binding: binding.due_read_at and binding.is_there):
            read = {"amount": self._xero_in_currency(each.xero_due), "time": words.moment(self.env, each.due_read_at)}
            lines.append(self.env._("Open in Xero: %(amount)s, read %(time)s", **read))
        rows = [
            ({"text": words.moment(self.env, when), "muted": True, "short": True}, {"text": who, "short": True}, what)
            for when, who, what in self._xero_story()
        ]
        columns = (self.env._("When"), self.env._("Who"), self.env._("What"))
        return self._xero_section(
            self.env._("What was sent and seen?"), columns, rows, lines, empty=self.env._("Nothing has happened in Xero yet.")
        )

    def _xero_in_currency(self, amount):
        currency = self.currency_id if "currency_id" in self._fields else self.env.company.currency_id
        return currency.format(amount)

    def _xero_why_calls(self, connection_sudo):
        rows = [
            (
                {"text": words.moment(self.env, call.started), "muted": True, "short": True},
                {"text": f"{call.method} {call.path}", "open": {"model": call._name, "id": call.id}},
                self.env._("Xero took it.") if call.ok else self.env._("Xero refused it, or did not answer."),
            )
            for call in self._xero_calls(connection_sudo)
        ]
        columns = (self.env._("When"), self.env._("Call"), self.env._("What came of it"))
        return self._xero_section(self.env._("Calls"), columns, rows, empty=self.env._("No call about it is kept."))

    def _xero_calls(self, connection_sudo):
        """The calls that name it, of those that were made while its jobs were on the wire."""
        own_sudo, _beside = self._xero_counterparts()
        sent = self._xero_own_domain() & Domain("sent_at", "!=", False) & Domain("connection_id", "=", connection_sudo.id)
        jobs_sudo = self.env["xero.job"].sudo().search(sent, order="id desc", limit=SHOWN_CALLS)
        names = [*own_sudo.mapped("xero_id"), *filter(None, own_sudo.mapped("number")), self.display_name]
        if not jobs_sudo:
            return self.env["xero.call"]
        times = Domain.OR(
            Domain("started", ">=", job.sent_at - AROUND) & Domain("started", "<=", max(job.sent_at, job.write_date) + AROUND)
            for job in jobs_sudo
        )
        about = Domain.OR(Domain(field, "like", name) for name in names for field in ("path", "request_body", "response_body"))
        return self.env["xero.call"].search(Domain("connection_id", "=", connection_sudo.id) & times & about, limit=SHOWN_CALLS)

    # === WHAT DECIDES === #

    @api.depends("xero_problem_id", "xero_missing", "xero_state")
    def _compute_xero_decision_label(self):
        for record in self:
            problem = record.xero_problem_id
            held = problem and record.xero_state in HELD
            by_setting = record.xero_missing in BY_SETTING
            mapping = self.env._("Open the Mapping")
            record.xero_decision_label = problem.fix_label if held else self.env._("Open the Settings") if by_setting else mapping

    def action_xero_why(self):
        """The page that says why this document is, or is not, in Xero as it is."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        if self._name not in PAGES:
            return self.action_xero_open()
        return {**self.env["ir.actions.act_window"]._for_xml_id(PAGES[self._name]), "res_id": self.id}

    def action_xero_versions(self):
        """What was sent of this document, and what Xero answered, each time; for administrators."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        own_sudo, _beside = self._xero_counterparts()
        action = self.env["ir.actions.actions"]._for_xml_id("xero_connector.xero_version_action")
        name = self.env._("Versions of %s", self.display_name)
        return {**action, "name": name, "domain": [("binding_id", "in", own_sudo.ids)]}

    def action_xero_decision(self):
        """Open what has decided: the fix of what holds it, the settings, or the mapping."""
        self.ensure_one()
        self.check_access("read")
        Connection = self.env["xero.connection"]
        Connection._check_xero_user()
        if self.xero_problem_id and self.xero_state in HELD:
            return self.xero_problem_id.action_fix()
        [(connection, _records)] = self._xero_by_connection()
        if not connection:
            return Connection._notify(self._xero_not_connected(self), "warning")
        if self.xero_missing in BY_SETTING:
            return connection.action_open_settings()
        return connection.action_open_mapping()
