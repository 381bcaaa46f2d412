from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class AccountPayment(models.Model):
    """A payment shows the sum of its parts in Xero: payments, allocations, a batch, or what stands on account."""

    _name = "account.payment"
    _inherit = ["account.payment", "xero.bank.mixin"]

    def unlink(self):
        with self.env["xero.trigger"]._leaving(self):
            return super().unlink()

    @api.model
    def _xero_none_domain(self):
        return super()._xero_none_domain() & Domain("state", "in", ("in_process", "paid"))

    def _xero_own_domain(self):
        return Domain("payment_id", "=", self.id)

    def _xero_row_key(self, row):
        return SQL("%s.payment_id", row), SQL("%s.payment_id IS NOT NULL", row)
