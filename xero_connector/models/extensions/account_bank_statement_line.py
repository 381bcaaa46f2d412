from odoo import models


class AccountBankStatementLine(models.Model):
    """A bank line that is matched directly is money that moved, as a payment is."""

    _inherit = "account.bank.statement.line"

    def unlink(self):
        with self.env["xero.trigger"]._leaving(self):
            return super().unlink()
