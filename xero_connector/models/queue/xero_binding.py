from odoo import api, fields, models
from odoo.tools import SQL

from ... import words
from ...const import GONE

# what was done about cents, of a document with totals
CORRECTIONS = [("plain", "None"), ("tax_amounts", "Tax amounts given"), ("rounding_line", "Rounding line")]


class XeroBinding(models.Model):
    """The remembered pair (Odoo record, Xero id), written only after Xero has answered.

    ``res_id`` may name a record that no longer exists: a removed reconciliation still has its payment in Xero until the
    job that removes it there has run. Invariants, by unique index, per connection and kind: one Xero id per
    record and one record per Xero id.
    """

    _name = "xero.binding"
    _description = "Xero Binding"
    _order = "id desc"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), required=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    payment_id = fields.Many2one("account.payment", ondelete="set null", index="btree_not_null")
    xero_id = fields.Char("Xero ID", required=True)
    number = fields.Char()
    xero_status = fields.Char("Status in Xero")
    is_there = fields.Boolean("In Xero", compute="_compute_is_there", store=True, precompute=True, help="Neither voided nor deleted there.")
    state = fields.Selection(
        words.selection(words.DOCUMENT, "synced", "drift", "accepted", "ignored"),
        default="synced",
        required=True,
    )
    message = fields.Text()
    sent = fields.Char(help="Fingerprint of what was last sent; empty if the record was found in Xero, not sent.")
    seen = fields.Char(help="Fingerprint of what Xero last said it holds.")
    came = fields.Char(help="Made in Xero: fingerprint of what it held when it was taken in, to which Odoo may not come of itself.")
    accepted = fields.Char(help="Of what a person left as it is although it differs: what has to stay the same for that.")
    changed_here = fields.Boolean(
        "Changed in Odoo Too", help="Since it differs in Xero: it waits for somebody who says whose side is right."
    )
    xero_updated = fields.Datetime(
        "Updated in Xero", help="Xero's own stamp of what was last seen. It has seconds only, and proves nothing."
    )
    origin = fields.Selection([("odoo", "Odoo"), ("xero", "Xero")], default="odoo", required=True, help="Where the document was made.")
    follows_odoo = fields.Boolean(help="Made in Xero, and a person has said that what is changed here goes there.")
    figures = fields.Char(help="Fingerprint of what Xero allows no change of while payments are allocated.")
    xero_type = fields.Char("Type in Xero", help="Of a document, or of the document that a payment belongs to.")
    contact_xero_id = fields.Char(help="The Xero contact a document belongs to.")
    date = fields.Date("Date in Xero")
    xero_total = fields.Float("Total in Xero", digits=(16, 3))
    xero_due = fields.Float("Due in Xero", digits=(16, 3), help="As it was last read there.")
    due_read_at = fields.Datetime("Due Read")
    look_again = fields.Boolean(help="To be compared with Xero as soon as nothing of it is on its way.")
    correction = fields.Selection(CORRECTIONS, help="What it took for Xero to arrive at Odoo's total.")
    parent_xero_id = fields.Char(help="The Xero invoice a payment belongs to.")
    line_ids = fields.Json("Line IDs", help="Pairs of our line's key and the id of its counterpart, in the order of the document.")
    last_sync = fields.Datetime()
    is_reconciled = fields.Boolean("Matched on the Bank in Xero", help="With a line of the bank statement there, when it last changed.")
    bank_read_at = fields.Datetime("Bank Read", help="Since when that is known; empty of what is no payment, or was never read.")
    credit = fields.Char(help="What an allocation takes its credit from: what it is in Xero, a comma, its id.")
    on_account_xero_id = fields.Char("Xero ID on Account", help="Of the overpayment or prepayment that a bank transaction has made.")
    covers = fields.Json(help="Ids of further matches that a payment stands for: Odoo has one of each instalment that it pays.")
    owner_model = fields.Char(help="With owner_id: the movement of money whose job decides about this; empty if it is the record itself.")
    owner_id = fields.Many2oneReference(model_field="owner_model")
    online_tried_at = fields.Datetime(help="When Xero was asked for that page; whoever has the link may press it again and again.")
    online_url = fields.Char(help="Of a sales invoice: its page in Xero, for whoever has the address.", groups="base.group_system")

    _record_unique = models.UniqueIndex("(connection_id, kind, res_model, res_id)", "This record already has a counterpart in Xero.")
    _xero_unique = models.UniqueIndex("(connection_id, kind, xero_id)", "This Xero record already belongs to another Odoo record.")
    _document_index = models.Index("(res_model, res_id)")
    _credit_index = models.Index("(connection_id, credit) WHERE credit IS NOT NULL")
    _owner_index = models.Index("(owner_model, owner_id) WHERE owner_id IS NOT NULL")
    _parent_index = models.Index("(connection_id, parent_xero_id) WHERE parent_xero_id IS NOT NULL")
    _look_again_index = models.Index("(connection_id, kind) WHERE look_again")
    _payment_index = models.Index("(payment_id) WHERE bank_read_at IS NOT NULL")
    # for the Documents screen: xero.document numbers its rows by twice the binding's id
    _screen_id_index = models.Index("((id * 2))")
    _screen_synced_index = models.Index("(last_sync DESC, (id * 2) DESC) WHERE state = 'synced'")
    _screen_other_index = models.Index("(connection_id, state) WHERE state != 'synced'")

    @api.depends("xero_status")
    def _compute_is_there(self):
        for binding in self:
            binding.is_there = binding.xero_status not in GONE

    def write(self, vals):
        """What no longer differs, or is no longer there or no longer this pair, is no question any more, whatever has ended it."""
        ends = vals.get("state") == "synced" or vals.get("xero_status") in GONE or "res_id" in vals
        if vals.get("state", "drift") != "drift":
            vals = {**vals, "changed_here": False}
        if "xero_id" in vals:
            vals = {**vals, "online_url": False, "online_tried_at": False}
        ended = self.filtered(lambda each: each.state in ("drift", "accepted")) if ends else ()
        res = super().write(vals)
        if ended:
            self.env["xero.drift"].sudo()._close(ended)
        return res

    def _by_record(self, connection, res_model, res_ids, kinds):
        """``{res_id: binding}`` of the given records, of any of these kinds (a record has one of them at most); one query."""
        record = [("res_model", "=", res_model), ("res_id", "in", list(res_ids)), ("kind", "in", list(kinds))]
        found = self.search([("connection_id", "=", connection.id), *record])
        return {binding.res_id: binding for binding in found}

    def _by_xero_id(self, connection, kind, xero_ids):
        """``{Xero id: binding}``; one query."""
        found = self.search([("connection_id", "=", connection.id), ("kind", "=", kind), ("xero_id", "in", list(xero_ids))])
        return {binding.xero_id: binding for binding in found}

    def _xero_documents(self):
        """Xero ids of the documents that this money, or this allocation, is against."""
        self.ensure_one()
        credit = [self.credit.partition(",")[2]] if self.credit else []
        _all, of_several = self.env["xero.handler"]._settling_kinds()
        return [*filter(None, [self.parent_xero_id]), *credit, *(self.line_ids if self.kind in of_several and self.line_ids else [])]

    def _decider(self):
        """``(kind, model, id)`` of the job that decides about this counterpart."""
        self.ensure_one()
        if not self.owner_model:
            return self.kind, self.res_model, self.res_id
        return self.env["xero.handler"]._of(self.kind)._owner_kind, self.owner_model, self.owner_id

    def _money_on(self, connection, xero_ids):
        """Money in Xero on any of these documents; one query."""
        self.flush_model()
        ids, (kinds, of_several) = list(xero_ids), self.env["xero.handler"]._settling_kinds()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM xero_binding
                    WHERE connection_id = %s AND kind = ANY(%s) AND is_there
                      AND (parent_xero_id = ANY(%s) OR credit = ANY(%s) OR kind = ANY(%s) AND line_ids ?| %s)""",
                connection.id, list(kinds), ids, [f"CreditNote,{xero_id}" for xero_id in ids], list(of_several), ids,
            )
        )  # fmt: skip
        return self.browse(row[0] for row in rows)
