from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .xero_binding import CORRECTIONS
from .xero_document_mixin import STATES
from .xero_job import SHOWN_STATE

OPEN_JOBS = """o.res_model = b.res_model AND o.res_id = b.res_id AND o.connection_id = b.connection_id AND o.kind = b.kind
           AND o.is_open"""
# What somebody may have to look at: documents with an open job, and the few in Xero that are not simply synced.
OPEN = f"""
    SELECT COALESCE(b.id * 2, j.id * 2 + 1) AS id, j.connection_id, j.kind, j.res_model, j.res_id,
           COALESCE(b.payment_id, j.payment_id) AS payment_id, b.xero_id, b.xero_type, b.number,
           b.parent_xero_id, b.last_sync, b.correction,
           {SHOWN_STATE} AS state,
           COALESCE(j.message, b.message) AS message, j.xero_messages, j.problem_id, j.id AS job_id, j.next_try, j.tries
      FROM (SELECT DISTINCT ON (connection_id, kind, res_model, res_id) * FROM xero_job
             WHERE is_open ORDER BY connection_id, kind, res_model, res_id, id) j
 LEFT JOIN xero_binding b ON b.connection_id = j.connection_id AND b.res_model = j.res_model AND b.res_id = j.res_id
        AND b.kind = j.kind
 UNION ALL
    SELECT b.id * 2, b.connection_id, b.kind, b.res_model, b.res_id, b.payment_id, b.xero_id, b.xero_type, b.number,
           b.parent_xero_id, b.last_sync, b.correction,
           b.state, b.message, NULL, NULL, NULL, NULL, NULL
      FROM xero_binding b
     WHERE b.state <> 'synced' AND b.is_there
       AND NOT EXISTS (SELECT 1 FROM xero_job o WHERE {OPEN_JOBS})
"""
# All the rest: as many as the books are old. A plain query with constants, so that PostgreSQL sees at once when nothing in it can match,
# and can read it in the order of its index (``xero.binding``).
SYNCED = f"""
    SELECT b.id * 2 AS id, b.connection_id, b.kind, b.res_model, b.res_id, b.payment_id, b.xero_id, b.xero_type, b.number,
           b.parent_xero_id, b.last_sync, b.correction,
           'synced'::varchar AS state, b.message, NULL::text AS xero_messages, NULL::integer AS problem_id, NULL::integer AS job_id,
           NULL::timestamp AS next_try, NULL::integer AS tries
      FROM xero_binding b
     WHERE b.state = 'synced' AND b.is_there
       AND NOT EXISTS (SELECT 1 FROM xero_job o WHERE {OPEN_JOBS})
"""
PARTS = {"open": OPEN, "synced": SYNCED, None: f"{OPEN} UNION ALL {SYNCED}"}
URGENCY = ["failed", "blocked", "drift", "approval", "pending", "ignored", "synced"]


class XeroDocument(models.Model):
    """Every Odoo record that has, or is on its way to, a counterpart in Xero: one row each, for the Documents screen. A database view."""

    _name = "xero.document"
    _inherit = "xero.state.filters"
    _description = "Xero Document"
    _auto = False
    _order = "urgency, last_sync desc, id desc"

    connection_id = fields.Many2one("xero.connection", readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id")
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    name = fields.Char("Document", compute="_compute_name", search="_search_name")
    payment_id = fields.Many2one("account.payment", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    urgency = fields.Integer(readonly=True, help="Trouble comes first.")
    message = fields.Text("Why", readonly=True)
    xero_messages = fields.Text("Messages from Xero", readonly=True)
    problem_id = fields.Many2one("xero.problem", readonly=True)
    job_id = fields.Many2one("xero.job", readonly=True)
    next_try = fields.Datetime(readonly=True)
    tries = fields.Integer(readonly=True)
    xero_id = fields.Char("Xero ID", readonly=True)
    number = fields.Char("Number in Xero", readonly=True)
    xero_type = fields.Char(readonly=True)
    parent_xero_id = fields.Char(readonly=True)
    last_sync = fields.Datetime(readonly=True)
    correction = fields.Selection(CORRECTIONS, readonly=True, help="What it took for Xero to arrive at Odoo's total.")
    xero_url = fields.Char("Xero Link", compute="_compute_xero_url")

    @property
    def _table_query(self):
        rows = SQL(PARTS.get(self.env.context.get("xero_documents"), PARTS[None]))
        return SQL("SELECT v.*, array_position(%s, v.state::text) AS urgency FROM (%s) v", URGENCY, rows)

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Trouble stands first, and there is little of it: for a page of the list not all that was ever sent needs to be sorted."""
        if not limit or (order or self._order) != self._order:
            return super().search_fetch(domain, field_names, offset, limit, order)
        found = self.with_context(xero_documents="open")._search(domain, 0, offset + limit, self._order).get_result_ids()
        shown = found[offset:]
        if len(shown) < limit:
            synced = self.with_context(xero_documents="synced")
            rest = synced._search(domain, max(0, offset - len(found)), limit - len(shown), "last_sync desc, id desc")
            shown += rest.get_result_ids()
        documents = self.browse(shown)
        documents.fetch(field_names)
        return documents

    @api.depends("res_model", "res_id", "payment_id", "number")
    def _compute_name(self):
        records = self._records()
        readable = self._readable(records.values())
        for document in self:
            record = records.get(document.id)
            why_none = self.env._("not for you to see") if record else self.env._("no longer in Odoo")
            document.name = record.display_name if record in readable else document.number or why_none

    @api.model
    def _search_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        payments = self.env["account.payment"].search([("name", operator, value)]).ids
        domain = Domain("payment_id", "in", payments)
        for model in self.env["xero.document.mixin"]._xero_models():
            if not self.env[model].has_access("read"):
                continue
            found = self.env[model].search([("display_name", operator, value)]).ids
            domain |= Domain("res_model", "=", model) & Domain("res_id", "in", found)
            for handler in self.env["xero.handler"]._all():
                if under := handler._ids_under(model, found):
                    domain |= Domain("res_model", "=", handler._res_model) & Domain("res_id", "in", under)
        return domain

    def _records(self):
        """``{id: the record people know}`` of those that still exist; of a match its payment or bank line, of a file its document."""
        records = {}
        for (kind, model), documents in self.grouped(lambda document: (document.kind, document.res_model)).items():
            existing = self.env[model].browse(documents.mapped("res_id")).exists() if model in self.env else ()
            handler = self.env["xero.handler"]._of(kind)
            known = handler._known_as(existing) if handler is not None and existing else {record.id: record for record in existing}
            for document in documents:
                record = known.get(document.res_id)
                if record and record._name != model:
                    record = document.payment_id or record
                if record:
                    records[document.id] = record
        return records

    @api.model
    def _readable(self, records):
        """Those of these records, of any models, that the user may read: one that is not must not cost the screen all the others."""
        ids = {}
        for record in records:
            ids.setdefault(record._name, set()).add(record.id)
        return {record for model, found in ids.items() for record in self.env[model].browse(found)._filtered_access("read")}

    @api.depends("xero_id", "kind", "xero_type", "parent_xero_id", "connection_id.short_code")
    def _compute_xero_url(self):
        mixin = self.env["xero.document.mixin"]
        for document in self:
            row = {name: document[name] for name in ("xero_id", "kind", "xero_type", "parent_xero_id")}
            document.xero_url = mixin._xero_link({**row, "short_code": document.connection_id.short_code})

    # === BUTTONS === #

    def action_open_document(self):
        """Open the Odoo record."""
        self.ensure_one()
        record = self._records().get(self.id)
        if not record:
            return self.env["xero.connection"]._notify(self.env._("The document no longer exists in Odoo."), "warning")
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "views": [(False, "form")]}

    def action_retry(self):
        """Send these documents again now."""
        self.job_id.action_retry()
        return self.env["xero.connection"]._notify(self.env._("%s documents will be sent again.", len(self.job_id)))

    def action_ignore(self):
        """Leave these documents out of Xero."""
        self.job_id.action_ignore()
        return self.env["xero.connection"]._notify(self.env._("%s documents are left out of Xero.", len(self.job_id)))

    def action_versions(self):
        """What was sent to Xero for this document, and what Xero answered, each time."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("xero_connector.xero_version_action")
        binding = self.env["xero.binding"]._by_xero_id(self.connection_id, self.kind, [self.xero_id]).get(self.xero_id)
        name = self.env._("Versions of %s", self.name)
        return {**action, "name": name, "domain": [("binding_id", "=", binding.id if binding else False)]}

    def action_fix(self):
        """Lead to the fix of what holds this document."""
        self.ensure_one()
        return self.problem_id.action_fix() if self.problem_id else self.action_open_document()
