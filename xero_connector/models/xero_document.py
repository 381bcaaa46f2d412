from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .xero_document_mixin import STATES

VIEW = """
    SELECT b.id * 2 AS id, b.connection_id, b.kind, b.res_model, b.res_id, b.payment_id, b.xero_id, b.number, b.parent_xero_id, b.last_sync,
           COALESCE(CASE WHEN j.state IN ('sending', 'uncertain') THEN 'pending' ELSE j.state END, b.state) AS state,
           COALESCE(j.message, b.message) AS message, j.xero_messages, j.problem_id, j.id AS job_id, j.next_try, j.tries
      FROM xero_binding b
 LEFT JOIN LATERAL (SELECT * FROM xero_job o
                     WHERE o.res_model = b.res_model AND o.res_id = b.res_id AND o.connection_id = b.connection_id
                       AND o.state NOT IN ('done', 'cancelled')
                  ORDER BY o.id LIMIT 1) j ON TRUE
     WHERE COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED') OR j.id IS NOT NULL
 UNION ALL
    SELECT j.id * 2 + 1, j.connection_id, j.kind, j.res_model, j.res_id, j.payment_id, NULL, NULL, NULL, NULL,
           CASE WHEN j.state IN ('sending', 'uncertain') THEN 'pending' ELSE j.state END,
           j.message, j.xero_messages, j.problem_id, j.id, j.next_try, j.tries
      FROM xero_job j
     WHERE j.state NOT IN ('done', 'cancelled')
       AND NOT EXISTS (SELECT 1 FROM xero_binding b
                        WHERE b.res_model = j.res_model AND b.res_id = j.res_id AND b.connection_id = j.connection_id)
       AND NOT EXISTS (SELECT 1 FROM xero_job o
                        WHERE o.res_model = j.res_model AND o.res_id = j.res_id AND o.connection_id = j.connection_id
                          AND o.state NOT IN ('done', 'cancelled') AND o.id < j.id)
"""
URGENCY = ["failed", "blocked", "drift", "approval", "pending", "synced", "ignored"]


class XeroDocument(models.Model):
    """Every Odoo record that has, or is on its way to, a counterpart in Xero: one row each, for the Documents screen. A database view."""

    _name = "xero.document"
    _description = "Xero Document"
    _auto = False
    _order = "urgency, last_sync desc, id desc"

    connection_id = fields.Many2one("xero.connection", readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id")
    kind = fields.Selection([("contact", "Customer"), ("invoice", "Invoice"), ("payment", "Payment")], readonly=True)
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
    parent_xero_id = fields.Char(readonly=True)
    last_sync = fields.Datetime(readonly=True)
    xero_url = fields.Char("Xero Link", compute="_compute_xero_url")

    @property
    def _table_query(self):
        return SQL("SELECT v.*, array_position(%s, v.state::text) AS urgency FROM (%s) v", URGENCY, SQL(VIEW))

    @api.depends("res_model", "res_id")
    def _compute_name(self):
        for document in self:
            record = document._record()
            document.name = record.display_name if record else document.number or self.env._("no longer in Odoo")

    @api.model
    def _search_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        payments = self.env["account.payment"].search([("name", operator, value)]).ids
        domain = Domain("payment_id", "in", payments)
        for model in ("account.move", "res.partner"):
            found = self.env[model].search([("display_name", operator, value)]).ids
            domain |= Domain("res_model", "=", model) & Domain("res_id", "in", found)
        return domain

    def _record(self):
        """The record people know: a reconciliation is shown as its payment or bank statement line."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if record and self.res_model == "account.partial.reconcile":
            record = self.payment_id or record.sudo().credit_move_id.move_id
        return record

    def _compute_xero_url(self):
        mixin = self.env["xero.document.mixin"]
        for document in self:
            row = {name: document[name] for name in ("xero_id", "kind", "parent_xero_id")}
            document.xero_url = mixin._xero_link({**row, "short_code": document.connection_id.short_code})

    # === BUTTONS === #

    def action_open_document(self):
        """Open the Odoo record."""
        self.ensure_one()
        record = self._record()
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

    def action_fix(self):
        """Lead to the fix of what holds this document."""
        self.ensure_one()
        return self.problem_id.action_fix() if self.problem_id else self.action_open_document()
