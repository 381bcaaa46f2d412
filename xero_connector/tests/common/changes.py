from odoo import Command, fields

from ..invoicing.test_documents import DocumentsCommon

RECONCILABLE = ("asset_receivable", "liability_payable")


class ChangesCommon(DocumentsCommon):
    """Documents that are edited, cancelled or deleted after they were sent."""

    def _edit(self, move, *prices):
        """Reset to draft, give the lines other prices, post again."""
        move.button_draft()
        lines = zip(move.invoice_line_ids, prices, strict=False)
        move.write({"invoice_line_ids": [Command.update(line.id, {"price_unit": price}) for line, price in lines]})
        move.action_post()

    def _runs(self, count=3):
        for _number in range(count):
            self._later()
            self._run()

    def _live_payments(self, move):
        return [payment for payment in self._xero().payments([self._remote(move).xero_id]) if payment.status == "AUTHORISED"]

    def _in_xero(self, move):
        """The record of the simulator."""
        organisation = self.xero.organisation("AU")
        return (organisation.credit_notes if "refund" in move.move_type else organisation.invoices).get(self._binding(move).xero_id)

    def _lock(self, day):
        self.xero.organisation("AU").period_lock_date = fields.Date.to_date(day)
        self.connection._read_reference_data()

    def _assert_same(self, move):
        remote = self._remote(move)
        self.assertEqual((float(remote.total), float(remote.total_tax)), (move.amount_total, move.amount_tax))
        self.assertEqual(float(remote.amount_due), move.amount_residual)
        self.assertEqual(move.xero_state, "synced", move.xero_message)
        return remote
