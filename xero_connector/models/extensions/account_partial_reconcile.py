from odoo import api, fields, models

from ... import words
from ...const import CREATED
from ...handlers.money.parts import amount_of, shown_entry, sides_of
from ..queue.xero_document_mixin import STATES, USER


class AccountPartialReconcile(models.Model):
    """A match of money with documents, of documents with each other, or of two banks: Xero is told of each in the form that it knows."""

    _inherit = "account.partial.reconcile"

    # on the tab Xero of the document that it settles
    xero_money_name = fields.Char("Money", compute="_compute_xero_money", groups=USER)
    xero_money_date = fields.Date("Day of the Money", compute="_compute_xero_money", groups=USER)
    xero_money_amount = fields.Monetary(
        "Amount of the Money", compute="_compute_xero_money", currency_field="xero_money_currency_id", groups=USER
    )
    xero_money_currency_id = fields.Many2one("res.currency", compute="_compute_xero_money", groups=USER)
    xero_money_state = fields.Selection(STATES, "In Xero", compute="_compute_xero_money", groups=USER)
    xero_money_bank = fields.Selection(words.selection(words.MONEY), "On the Bank", compute="_compute_xero_money", groups=USER)
    xero_money_url = fields.Char("Xero Link", compute="_compute_xero_money", groups=USER)

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["xero.trigger"]._touched(partials, CREATED)
        return partials

    def unlink(self):
        with self.env["xero.trigger"]._leaving(self):
            return super().unlink()

    @api.depends("debit_move_id", "credit_move_id", "amount")
    def _compute_xero_money(self):
        own = self.env["xero.document.mixin"]._xero_of_matches(self)
        for partial in self:
            entry, line = shown_entry(partial), (sides_of(partial) or (partial.debit_move_id, None))[0]
            known = own.get(partial.id) or partial._xero_known_as(entry)
            partial.xero_money_name = entry.origin_payment_id.name or entry.display_name
            partial.xero_money_date = entry.date
            partial.xero_money_amount = amount_of(partial, line)
            partial.xero_money_currency_id = line.currency_id
            partial.xero_money_state, partial.xero_money_url, partial.xero_money_bank = known

    def _xero_known_as(self, entry):
        """``(state, link, bank)`` of the payment, or the credit note, that a match without a counterpart of its own belongs to."""
        record = entry.origin_payment_id or entry
        return record.xero_state, record.xero_url, "xero_bank" in record._fields and record.xero_bank

    def action_open_xero_money(self):
        """Open the payment, the bank line's entry or the credit note."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        record = shown_entry(self).origin_payment_id or shown_entry(self)
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "views": [(False, "form")]}
