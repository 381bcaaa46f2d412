from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ... import words
from ...const import HELD
from .document_order import ORDERS, join_facts
from .document_rows import REASON_ID, of_parts
from .xero_binding import CORRECTIONS
from .xero_document_mixin import STATES

# by the context's ``xero_documents``: what the screen has without being asked is what Xero has, or is to have
PARTS = {
    "open": ("open",),
    "synced": ("synced",),
    "few": ("open", "voided"),
    None: ("open", "synced", "voided"),
    "missing": ("open", "missing"),
    "all": ("open", "synced", "voided", "missing"),
}


class XeroDocument(models.Model):
    """Every Odoo record that has, or is on its way to, a counterpart in Xero: one row each, for the Documents screen. A database view."""

    _name = "xero.document"
    _inherit = "xero.state.filters"
    _description = "Xero Document"
    _auto = False
    _order = "touched desc, id desc"

    connection_id = fields.Many2one("xero.connection", readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id")
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    name = fields.Char("Document", compute="_compute_name", search="_search_name")
    payment_id = fields.Many2one("account.payment", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    touched = fields.Datetime(readonly=True, help="When it was last asked for, or sent.")
    reason = fields.Char(readonly=True)
    about = fields.Integer(readonly=True)
    reason_id = fields.Many2one("xero.reason", "Why It Is Not in Xero", readonly=True)
    message = fields.Text(readonly=True)
    why = fields.Text(compute="_compute_why")
    document_company_id = fields.Many2one(
        "res.company",
        "Company of the Document",
        compute="_compute_facts",
        help="The document's own, which may be a branch of the connection's.",
    )
    partner_id = fields.Many2one("res.partner", compute="_compute_facts")
    date = fields.Date(compute="_compute_facts")
    amount = fields.Monetary(compute="_compute_facts")
    currency_id = fields.Many2one("res.currency", compute="_compute_facts")
    fix_label = fields.Char(compute="_compute_fix_label", help="What leads on, by name.")
    versions_label = fields.Char(compute="_compute_fix_label")
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
    bank = fields.Selection(words.selection(words.MONEY), "Bank in Xero", readonly=True)
    xero_url = fields.Char("Xero Link", compute="_compute_xero_url")

    @property
    def _table_query(self):
        connections_sudo = self.env["xero.connection"].sudo().search([("tenant_id", "!=", False)])
        rows = of_parts(self.env, connections_sudo, PARTS[self.env.context.get("xero_documents")])
        return SQL("SELECT v.*, CASE WHEN v.reason IS NOT NULL THEN %s END AS reason_id FROM (%s) v", SQL(REASON_ID), rows)

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """For a page of the list not all that was ever sent needs to be sorted: each part is read in the order of its index."""
        if not limit or (order or self._order) != self._order or self.env.context.get("xero_documents"):
            return super().search_fetch(domain, field_names, offset, limit, order)
        few = self.with_context(xero_documents="few")._search(domain, 0, offset + limit, self._order)
        synced = self.with_context(xero_documents="synced")._search(domain, 0, offset + limit, "last_sync desc, id desc")
        found = [(touched, id_) for query in (few, synced) for id_, touched in self._touched(query)]
        found.sort(key=lambda each: (each[0] is not None, each), reverse=True)
        documents = self.browse(id_ for _touched, id_ in found[offset : offset + limit])
        documents.fetch(field_names)
        return documents

    @api.model
    def _touched(self, query):
        """``(id, when it was last touched)`` of the rows of a query."""
        alias = SQL.identifier(query.table)
        return self.env.execute_query(query.select(SQL("%s.id", alias), SQL("%s.touched", alias)))

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

    @api.model
    def _xero_none_context(self):
        return {"xero_documents": "all"}

    # === WHAT IS SHOWN OF THE RECORD === #

    @api.depends("res_model", "res_id", "payment_id")
    def _compute_facts(self):
        records = self._records()
        readable = self._readable(records.values())
        for document in self:
            record = records.get(document.id)
            is_read = record in readable
            facts = self._facts(record) if is_read else {}
            for name in ("partner_id", "date", "amount", "currency_id"):
                document[name] = facts.get(name, False)
            own = is_read and "company_id" in record._fields and record.company_id
            document.document_company_id = own or document.connection_id.sudo().company_id

    @api.model
    def _facts(self, record):
        """Partner, day and amount of a record of Odoo, as far as it has them."""
        names = record._fields
        amount = next((name for name in ("amount_total_in_currency_signed", "amount_signed", "amount") if name in names), None)

        def of(name):
            return record[name] if name in names else False

        partner = record if record._name == "res.partner" else of("partner_id")
        if record._name == "account.move":
            partner = record.commercial_partner_id
        return {
            "partner_id": partner,
            "date": of("invoice_date") or of("date"),
            "amount": of(amount),
            "currency_id": of("currency_id") if amount else False,
        }

    @api.depends("message", "reason", "about", "state", "problem_id")
    def _compute_why(self):
        for document in self:
            held = document.problem_id if document.state in HELD else document.problem_id.browse()
            document.why = held.name or document.message or document._why_none()

    def _why_none(self):
        """The sentence of a document that has no message of its own."""
        if self.state == "pending":
            return self.connection_id.sudo()._waiting_words(self.job_id.sudo())
        if self.state or not self.reason:
            return False
        handler = self.env["xero.handler"]._of(self.kind)
        return handler._why_missing(self.reason, self.connection_id.sudo(), self.about)

    @api.depends("problem_id", "state", "job_id", "reason", "xero_id")
    def _compute_fix_label(self):
        labels = {"ignored": self.env._("Put Back In"), "blocked": self.env._("Retry"), "failed": self.env._("Retry")}
        ways = {"before": self.env._("Send This One"), **dict.fromkeys(("turn", "manual"), self.env._("Sync to Xero"))}
        for document in self:
            held = document.problem_id and document.state in HELD
            own = labels.get(document.state) if document.job_id else ways.get(document.reason)
            own = {"rule": self.env._("Open the Rule"), "approval": self.env._("Look"), "back": self.env._("Open the Document")}.get(
                document.reason, own
            )
            document.fix_label = document.problem_id.fix_label if held else own
            document.versions_label = document.xero_id and self.env._("Versions")

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Of what is equal the newest first, so that no row stands on two pages."""
        named = {part.split()[0] for part in (order or "").split(",") if part.strip()}
        order = f"{order}, id desc" if named & set(ORDERS) and "id" not in named else order
        return super()._order_to_sql(order, query, alias, reverse)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Partner, day and amount are the record's: its table is joined once for the order, and only then."""
        if field_name not in ORDERS:
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        self._check_field_access(self._fields[field_name], "read")
        join_facts(self.env, alias, query, field_name)
        return SQL("%s %s NULLS LAST", ORDERS[field_name], direction)

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
        return self.env["xero.connection"]._notify(self.env._("On their way: %s", len(self.job_id)))

    def action_sync(self):
        """Send these documents now, those in Xero if they have changed; in every company that they belong to."""
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        records = {}
        for record in self._records().values():
            if self._is_sendable(record):
                records.setdefault(record._name, set()).add(record.id)
        sent = left = 0
        for model, ids in records.items():
            chosen = self.env[model].browse(ids)
            chosen.check_access("read")
            _asked, reasons = chosen._xero_demand(chosen._xero_by_connection())
            sent, left = sent + len(chosen) - len(reasons), left + len(reasons)
        return self.env["xero.document.mixin"]._xero_counts(sent, left)

    def action_ignore(self):
        """Ask for the reason for which these documents stay out of Xero."""
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        return self.env["xero.leave.out"]._open(self.job_id)

    def action_versions(self):
        """What was sent to Xero for this document, and what Xero answered, each time."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("xero_connector.xero_version_action")
        binding = self.env["xero.binding"]._by_xero_id(self.connection_id, self.kind, [self.xero_id]).get(self.xero_id)
        name = self.env._("Versions of %s", self.name)
        return {**action, "name": name, "domain": [("binding_id", "=", binding.id if binding else False)]}

    def action_fix(self):
        """Lead to the fix of what holds this document; what nothing holds is sent, even if it is dated before the first day."""
        self.ensure_one()
        if self.problem_id and self.state in HELD:
            return self.problem_id.action_fix()
        if self.reason == "rule":
            return self.job_id.sudo().rule_id._open_form()
        if self.reason == "back":
            return self.action_open_document()
        if self.reason == "approval":
            return self.connection_id.action_open_approvals()
        if self.job_id:
            return self.action_retry()
        record = self._records().get(self.id)
        return record.action_xero_send_early() if record and self._is_sendable(record) else self.action_open_document()

    @api.model
    def _is_sendable(self, record):
        return isinstance(record, self.env.registry["xero.document.mixin"])
