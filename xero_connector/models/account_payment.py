from odoo import models
from odoo.tools import SQL


class AccountPayment(models.Model):
    """A payment shows the sum of its parts: the reconciliations with invoices, each a payment of its own in Xero."""

    _name = "account.payment"
    _inherit = ["account.payment", "xero.document.mixin"]

    def _xero_row_key(self, row):
        return SQL("%s.payment_id", row), SQL("%s.payment_id IS NOT NULL", row)

    def _xero_partials(self):
        """The reconciliations of these payments with customer invoices."""
        lines = self.move_id.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        return lines.matched_debit_ids.filtered(lambda partial: partial._xero_payment_parts())

    def _xero_reason_against(self, connection):
        """Why this payment is not for Xero, in a sentence; empty if it is."""
        if self.company_id != connection.company_id:
            return self.env._(
                "%(document)s belongs to %(company)s; switch to that company first.", document=self.name, company=self.company_id.name
            )
        if self.state not in ("in_process", "paid"):
            return self.env._("Confirm the payment first.")
        partials = self._xero_partials()
        if not partials:
            return self.env._("%s is not matched with a customer invoice; only payments of invoices are sent to Xero so far.", self.name)
        if not connection._known_ids("account.move", partials.debit_move_id.move_id.ids):
            return self.env._("The invoice of %s is not in Xero yet; send the invoice first.", self.name)
        return connection._reason_against_kind("payment")

    def _xero_send(self, connection):
        reasons = {payment: reason for payment in self if (reason := payment._xero_reason_against(connection))}
        wanted = self.filtered(lambda payment: payment not in reasons)
        wanted._xero_partials()._xero_enqueue(manual=True)
        return reasons
