from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from ... import words
from ...const import HELD, PARTIAL
from .xero_document_mixin import USER

SHOWN = 40  # moments; the versions have all
SECOND_LOOK = 2  # seconds after the last change from which a look at Xero is another event than the change


class XeroDocumentMixin(models.AbstractModel):
    """What has happened to a document and its money in Xero, newest first, and what became of its files.

    Told from versions, jobs and bindings, for whoever may read the document: when, who and what, never what was sent.
    """

    _inherit = "xero.document.mixin"

    xero_timeline = fields.Json(compute="_compute_xero_story", groups=USER)
    xero_files = fields.Json(compute="_compute_xero_story", groups=USER)

    @api.depends("xero_state", "xero_last_sync")
    @api.depends_context("uid", "lang", "tz")
    def _compute_xero_story(self):
        for record in self:
            document = record._origin
            record.xero_timeline = [document._xero_timeline_section()] if document else []
            record.xero_files = document._xero_files_section() if document else []

    # === SECTIONS: what the widget ``xero_sections`` shows === #

    @api.model
    def _xero_section(self, title="", columns=(), rows=(), lines=(), empty=""):
        """A heading, sentences, and rows of cells (texts, or ``{text, state, muted, open}``)."""
        cells = [[cell if isinstance(cell, dict) else {"text": cell or ""} for cell in row] for row in rows]
        return {"title": title, "columns": list(columns), "rows": cells, "lines": [line for line in lines if line], "empty": empty}

    def _xero_timeline_section(self):
        rows = [
            ({"text": words.moment(self.env, when), "muted": True, "short": True}, {"text": who, "short": True}, what)
            for when, who, what in self._xero_story()
        ]
        columns = (self.env._("When"), self.env._("Who"), self.env._("What"))
        return self._xero_section(self.env._("Timeline"), columns, rows, empty=self.env._("Nothing has happened in Xero yet."))

    def _xero_files_section(self):
        [(connection, _records)] = self._xero_by_connection()
        files = self.env["xero.handler.attachment"].sudo()._files_told(connection.sudo(), self) if connection else []
        if not files:
            return []
        rows = [(name, {"state": state, "family": "document", "short": True}, why) for name, state, why in files]
        return [self._xero_section(self.env._("Files"), (self.env._("File"), self.env._("In Xero"), self.env._("Why")), rows)]

    # === THE STORY === #

    def _xero_own_domain(self):
        """The counterparts, or the jobs, of this very record."""
        return Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)

    def _xero_counterparts(self):
        """``(its own counterparts, those of its money and files)``, those that have left Xero too; superuser's."""
        Binding_sudo = self.env["xero.binding"].sudo()
        connected = Domain("connection_id", "in", self._xero_connections().ids)
        own_sudo = Binding_sudo.search(connected & self._xero_own_domain())
        beside = Domain("parent_xero_id", "in", own_sudo.mapped("xero_id"))
        if "xero_money_ids" in self._fields:
            beside |= Domain("res_model", "=", PARTIAL) & Domain("res_id", "in", self.xero_money_ids.ids)
        return own_sudo, Binding_sudo.search(connected & beside) - own_sudo

    def _xero_story(self):
        """``(when, who, what)``, newest first."""
        own_sudo, beside_sudo = self._xero_counterparts()
        versions_sudo = self.env["xero.version"].sudo().search([("binding_id", "in", (own_sudo | beside_sudo).ids)], limit=SHOWN)
        moments = self._xero_changes(versions_sudo, own_sudo) + self._xero_looks(own_sudo, versions_sudo)
        moments += self._xero_matches(own_sudo | beside_sudo) + self._xero_waits()
        return sorted(moments, key=lambda moment: moment[0], reverse=True)[:SHOWN]

    def _xero_changes(self, versions_sudo, own_sudo):
        """What was made, changed and removed in Xero, and who had asked for it."""
        asked = self._xero_asked(versions_sudo.binding_id)
        contents, moments = versions_sudo.filtered(lambda version: version.binding_id in own_sudo)._sent_before_and_then(), []
        for version_sudo in versions_sudo:
            binding_sudo = version_sudo.binding_id
            handler = self.env["xero.handler"]._of(binding_sudo.kind)
            if handler is None:
                continue
            name = "" if binding_sudo in own_sudo else self._xero_name_of(binding_sudo)
            what = handler._happened_words(version_sudo.operation, name, *contents.get(version_sudo.id, ()))
            sent = [job for job in asked.get(binding_sudo._decider(), ()) if job.sent_at <= version_sudo.changed_at]
            moments.append((version_sudo.changed_at, self._xero_person(sent[-1].create_uid) if sent else "", what))
        return moments

    def _xero_asked(self, bindings_sudo):
        """``{(kind, model, id): jobs that were sent}``, oldest first, of what decides about these counterparts."""
        deciders = {binding_sudo._decider() for binding_sudo in bindings_sudo}
        each = [
            Domain("kind", "=", kind) & Domain("res_model", "=", model) & Domain("res_id", "=", res_id) for kind, model, res_id in deciders
        ]
        domain = Domain.OR(each) & Domain("connection_id", "in", bindings_sudo.connection_id.ids) & Domain("sent_at", "!=", False)
        jobs_sudo = self.env["xero.job"].sudo().search(domain, order="sent_at, id") if each else self.env["xero.job"]
        return jobs_sudo.grouped(lambda job: (job.kind, job.res_model, job.res_id))

    def _xero_person(self, user):
        """Who has asked for something; what the server does, it does by itself."""
        return self.env._("By itself") if user.id == SUPERUSER_ID else user.sudo().name

    def _xero_name_of(self, binding_sudo):
        """Name and amount by which people know what stands beside the document in Xero."""
        match = self.env[PARTIAL].browse(binding_sudo.res_id if binding_sudo.res_model == PARTIAL else []).exists()
        if not match:
            return binding_sudo.number or "-"
        amount = match.xero_money_currency_id.format(match.xero_money_amount)
        return ", ".join(filter(None, (match.xero_money_name, amount)))

    def _xero_looks(self, own_sudo, versions_sudo):
        """When it was last compared with Xero, after the last change, and what was found."""
        changed = {binding: max(versions.mapped("changed_at")) for binding, versions in versions_sudo.grouped("binding_id").items()}
        moments = []
        for binding_sudo in own_sudo.filtered("is_there"):
            differs = binding_sudo.state == "drift"
            when = binding_sudo.due_read_at or binding_sudo.last_sync if differs else binding_sudo.last_sync
            last = changed.get(binding_sudo)
            if not when or (last and (when - last).total_seconds() < SECOND_LOOK):
                continue
            said = binding_sudo.message if differs else self.env._("Checked: the same in Xero.")
            moments.append((when, "", said or self.env._("It is different in Xero.")))
        return moments

    def _xero_matches(self, bindings_sudo):
        """Money that was matched with a line of the bank statement in Xero."""
        matched = bindings_sudo.filtered(lambda binding: binding.is_there and binding.bank_read_at and binding.is_reconciled)
        return [
            (each.bank_read_at, self.env._("In Xero"), self.env._("Matched on the bank: %s", self._xero_name_of(each))) for each in matched
        ]

    def _xero_waits(self):
        """What is still to come of the document itself."""
        jobs_sudo = self.env["xero.job"].sudo().search(self._xero_own_domain() & Domain("is_open", "=", True))
        return [self._xero_wait(job_sudo) for job_sudo in jobs_sudo]

    def _xero_wait(self, job_sudo):
        who = self._xero_person(job_sudo.create_uid)
        if job_sudo.state == "ignored":
            return job_sudo.write_date, who, job_sudo.message or self.env._(words.DOCUMENT["ignored"].label)
        if job_sudo.state in HELD:
            word = self.env._(words.DOCUMENT[job_sudo.state].label)
            why = job_sudo.problem_id.name or job_sudo.message or ""
            return job_sudo.write_date, who, self.env._("%(state)s: %(why)s", state=word, why=why)
        return job_sudo.requested_at, who, self.env._("Asked for. %s", job_sudo.message or job_sudo.connection_id._waiting_words(job_sudo))
