from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import format_time

from ...const import HELD
from ...xero_core import values
from ..audit.xero_audit import RETRY


class XeroProblem(models.Model):
    """What a person does about a problem: the way to its fix, by name, and looking again."""

    _inherit = "xero.problem"

    fix_label = fields.Char("Fix", compute="_compute_fix_label")
    outcome = fields.Char(compute="_compute_outcome", help="What came of looking again.")
    is_admin = fields.Boolean(compute="_compute_is_admin")

    @api.depends("fix", "code", "key", "res_model", "res_id")
    def _compute_fix_label(self):
        labels = {
            "reference": self.env._("Read from Xero"),
            "contact": self.env._("Choose the Contact"),
            "record": self.env._("Open the Document"),
            "settings": self.env._("Open the Settings"),
            "xero": self.env._("Open the Contact in Xero"),
            "money": self.env._("Compare the Two"),
            "send": self.env._("Send the Changes"),
            "made": self.env._("Compare the Two"),
        }
        records = {"res.partner": self.env._("Open the Contact"), "product.product": self.env._("Open the Product")}
        records["xero.rule"] = self.env._("Open the Rule")
        for problem in self:
            fix = problem.fix
            if fix == "lock":
                problem.fix_label = problem._lock_label(labels)
            elif fix == "mapping":
                problem.fix_label = problem._mapping_label()
            else:
                problem.fix_label = records.get(problem.res_model, labels[fix]) if fix == "record" else labels[fix]

    def _mapping_label(self):
        return {
            "xero.account.mapping": self.env._("Choose the Account"),
            "xero.tax.mapping": self.env._("Choose the Tax Rate"),
            "xero.journal.mapping": self.env._("Choose the Bank Account"),
        }.get(self._mapping_model(), self.env._("Open the Mapping"))

    def _mapping_model(self):
        """The kind of line on which a person chooses; None if it is about the mapping as a whole."""
        if self.code == "journal_unmapped" or (self.key or "").startswith("journal,"):
            return "xero.journal.mapping"
        return next((f"xero.{kind}.mapping" for kind in ("account", "tax") if self.code.startswith(f"{kind}_")), None)

    @api.depends("state", "looked_at", "job_count")
    def _compute_outcome(self):
        for problem in self:
            problem.outcome = problem._outcome()

    def _outcome(self):
        if self.state == "looking":
            return self.env._("Looking again…")
        if self.state == "solved":
            count = len(self.tried or ())
            return self.env._("Solved. On their way: %s", count) if count else self.env._("Solved.")
        return self.env._("Still there. Last looked: %s", self._said(self.looked_at)) if self.looked_at else False

    @api.model
    def _said(self, moment):
        """A moment in a sentence, in the reader's time zone: the time today, with the day before that."""
        time, day = format_time(self.env, moment, time_format="short"), fields.Datetime.context_timestamp(self, moment).date()
        return time if day == fields.Date.context_today(self) else f"{format_date(self.env, day, date_format='d MMM')}, {time}"

    def _compute_is_admin(self):
        self.is_admin = self.env.user.has_group("xero_connector.group_xero_admin")

    # === BUTTONS === #

    def action_retry(self):
        """Look whether the causes are gone, and try all documents behind these problems again."""
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        jobs_sudo = self.sudo().job_ids.filtered(lambda job: job.state in HELD)
        before = jobs_sudo._state_words()
        self.sudo()._look_again()
        jobs_sudo._keep_trail(RETRY, before, jobs_sudo._state_words())
        return self.env["xero.connection"]._notify(self.env._("Looking again…"), "info")

    def action_look(self):
        """The same, for whoever comes back from the fix."""
        self.action_retry()
        return True

    def action_fix(self):
        """Lead to the screen where the cause can be removed."""
        self.ensure_one()
        self.check_access("read")
        return getattr(self, f"_fix_{self.fix}")()

    def action_leave_out(self):
        """Leave all documents behind this problem out of Xero, for a reason."""
        self.ensure_one()
        self.check_access("read")
        return self.env["xero.leave.out"]._open(self.job_ids)

    def _is_fixed_on(self, record):
        """Whether the fix is to change ``record`` itself."""
        return bool(self) and self.fix == "record" and self._fix_target() == (record._name, record.id)

    def action_open_jobs(self):
        """The documents behind this problem."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_document_action")
        return {**action, "domain": [("problem_id", "=", self.id)], "context": {}}

    def _fix_mapping(self):
        """The very line, or the mapping if it is about more."""
        line = self._mapping_line()
        if len(line) != 1 or not self.connection_id.may_administer:
            return self.connection_id.action_open_mapping()
        return {
            "type": "ir.actions.act_window",
            "name": self._mapping_label(),
            "res_model": line._name,
            "res_id": line.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _mapping_line(self):
        """The line of the mapping on which a person removes the cause; empty if it is not about one."""
        model = self._mapping_model()
        if not model or not self.connection_id.reference_read_at:
            return self.env["xero.account.mapping"]
        self.connection_id.sudo()._propose_mapping()
        key = (self.key or "").removeprefix("journal,").split("/")[0]
        name, target = {
            "xero.account.mapping": ("account_id", "xero_account_id.code"),
            "xero.journal.mapping": ("journal_id", "xero_account_id.code"),
            "xero.tax.mapping": ("tax_key", "xero_tax_rate_id.tax_type"),
        }[model]
        by_xero = self.code.endswith(("_refused", "_recoded"))
        value = key if by_xero or name == "tax_key" else int(key) if key.isdigit() else 0
        lines = self.env[model].search([("connection_id", "=", self.connection_id.id), (target if by_xero else name, "=", value)])
        account_class = (self.key or "").partition("/")[2]
        exact = lines.filtered(lambda line: model == "xero.tax.mapping" and (line.account_class or "") == account_class)
        return exact or lines

    def _fix_reference(self):
        answer = self.connection_id.action_refresh_reference_data()
        return self.action_retry() if self.connection_id.state == "connected" else answer

    def _locked_document(self):
        """The document that Odoo no longer has as it stands in a closed period of Xero; empty if new documents wait."""
        return self.env["account.move"].browse(self.res_id if self.res_model == "account.move" else []).exists()

    def _lock_label(self, labels):
        document = self._locked_document()
        if not document:
            return self.env._("Open Xero's Lock Date")
        return labels["record"] if document.state == "posted" else self.env._("Restore It and Make a Credit Note")

    def _fix_lock(self):
        document = self._locked_document()
        if not document:
            return self._open_url(values.lock_dates_url(self.connection_id.short_code or ""))
        posted = document.state == "posted"
        return self._fix_record() if posted else document._xero_restore_and_credit(self.connection_id._last_locked_day())

    def _fix_settings(self):
        return self.connection_id._open_form()

    def _fix_money(self):
        """What Xero has that looks like it."""
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_money_action")
        model, _comma, res_id = (self.key or "").partition(",")
        alike = [("alike_model", "=", model), ("alike_id", "=", int(res_id) if res_id.isdigit() else 0)]
        return {**action, "domain": [("connection_id", "=", self.connection_id.id), *alike], "context": {}}

    def _fix_made(self):
        """What somebody has made in Xero that looks like it."""
        return {**self.connection_id.action_open_made(), "domain": [("alike_id", "=", self.res_id)], "context": {}}

    def _fix_send(self):
        """A person says that what was changed here goes to Xero."""
        self.env["xero.connection"]._check_xero_user()
        trigger_sudo = self.env["xero.trigger"].sudo()
        for model, jobs in self.sudo().job_ids.grouped("res_model").items():
            for kind, group in jobs.grouped("kind").items():
                self.env["xero.handler"].sudo()._of(kind)._let_all_follow(self.connection_id.sudo(), group.mapped("res_id"))
            trigger_sudo._demanded(self.env[model].browse(jobs.mapped("res_id")).exists().sudo(), self.connection_id.sudo())
        return self.env["xero.connection"]._notify(self.env._("On their way to Xero."))

    def _fix_contact(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which contact in Xero is it?"),
            "res_model": "xero.contact.match",
            "view_mode": "form",
            "target": "new",
            "context": {"default_problem_id": self.id},
        }

    def _fix_xero(self):
        """The page in Xero of the contact."""
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model else None
        url = record and record.xero_url
        return self._open_url(url) if url else self._fix_record()

    def _open_url(self, url):
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def _fix_target(self):
        """Model and id of the record to change; a reconciliation is changed on its payment."""
        if self.res_model == "account.partial.reconcile":
            partial = self.env[self.res_model].browse(self.res_id).exists()
            shown = self.job_ids.payment_id[:1] or (partial and self.env["xero.handler.money"]._known_as(partial)[partial.id])
            return (shown._name, shown.id) if shown else ("account.payment", False)
        return self.res_model, self.res_id

    def _fix_record(self):
        model, res_id = self._fix_target()
        if not res_id:
            return self.action_open_jobs()
        return {"type": "ir.actions.act_window", "res_model": model, "res_id": res_id, "view_mode": "form", "views": [(False, "form")]}

    # === HOW THINGS STAND === #

    @api.model
    def standing(self, looked=()):
        """What the list of problems says above its rows, in sentences: ``[{text, kind, buttons}]``; for its script.

        :param looked: ids of problems that somebody has come back from fixing: what came of each is said, too

        | connection                    | problems                  | then                                          |
        | ----------------------------- | ------------------------- | --------------------------------------------- |
        | asks for consent again        | any                       | nothing can be sent; Reconnect, or who can do it |
        | interrupted for another reason| any                       | that reason                                   |
        | works                         | none open or looked at    | "No problems", and when it was last checked   |
        """
        self.env["xero.connection"]._check_xero_user()
        connections = self.env["xero.connection"].search([("tenant_id", "!=", False)])
        lines = self.env["xero.connection"].trouble_lines()
        if not lines and connections and not self.search_count([("state", "!=", "solved")], limit=1):
            checked = max(filter(None, connections.sudo().mapped("cron_id.lastcall")), default=fields.Datetime.now())
            lines.append({"text": self.env._("No problems. Checked %s", self._said(checked)), "kind": "success", "buttons": []})
        return lines + [problem._looked_line() for problem in self.search([("id", "in", list(looked))])]

    def _looked_line(self):
        """What came of looking again, with the cause's name, as it stands above the rows of which it may be none any more."""
        if self.state == "open":
            return {"text": self.env._("Still there: %s", self.name), "kind": "warning", "buttons": []}
        kind = "info" if self.state == "looking" else "success"
        return {"text": self.env._("%(outcome)s · %(problem)s", outcome=self.outcome, problem=self.name), "kind": kind, "buttons": []}
