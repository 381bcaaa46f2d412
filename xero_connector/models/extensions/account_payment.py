from odoo import models
from odoo.tools import SQL


class AccountPayment(models.Model):
    """A payment shows the sum of its parts in Xero: payments, allocations, a batch, or what stands on account."""

    _name = "account.payment"
    _inherit = ["account.payment", "xero.document.mixin", "xero.money"]

    def _xero_row_key(self, row):
        return SQL("%s.payment_id", row), SQL("%s.payment_id IS NOT NULL", row)

    def _xero_reason_against(self, connection):
        """Why this payment is not for Xero, in a sentence; empty if it is."""
        if self.company_id != connection.company_id:
            return self.env._(
                "%(document)s belongs to %(company)s; switch to that company first.", document=self.name, company=self.company_id.name
            )
        if self.state not in ("in_process", "paid"):
            return self.env._("Confirm the payment first.")
        if not self.move_id:
            return self.env._(
                "%s has no journal entry in Odoo; Xero is told of this money when the bank statement line is matched.", self.name
            )
        return connection._reason_against_kind("payment") or self._xero_reason_unmatched(connection)

    def _xero_reason_unmatched(self, connection):
        documents = self._xero_matched_entries()
        if self._xero_is_unmatched():
            waits = connection.unmatched_payments == "wait" and not documents
            return self.env._("%s is not matched with a document yet; unmatched payments wait.", self.name) if waits else ""
        if not documents:
            return self.env._("%s is not matched with an invoice, bill or credit note.", self.name)
        if not connection._known_ids("account.move", documents.ids) and not connection._known_entries_of_money({self: documents}):
            return self.env._("The document of %s is not in Xero yet; send that first.", self.name)
        return ""

    def _xero_send(self, connection):
        reasons = {payment: reason for payment in self if (reason := payment._xero_reason_against(connection))}
        wanted = self.filtered(lambda payment: payment not in reasons)
        wanted._xero_enqueue_money(manual=True)
        return reasons
