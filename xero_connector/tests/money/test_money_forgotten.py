from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestMoneyForgotten(MoneyInCase):
    """Rows of money that is settled are pruned as other logs are; nothing is booked, taken back or asked about again for that."""

    def _prepare(self):
        super()._prepare()
        self.connection.version_days = 20  # a consent that is not used for sixty is none any more

    def _prune(self, days):
        self._pass(days=days)
        self.env["xero.money"].sudo()._gc_settled()

    def _rows(self):
        return {row.xero_id: row.state for row in self.env["xero.money"].search([])}

    def test_settled_and_open(self):
        invoices = [self._sent(self._invoice(price)) for price in (100, 50, 30, 20)]
        booked, gone = (self._rita("pay", document=invoice.xero_id, date="2026-10-05")["PaymentID"] for invoice in invoices[:2])
        self._read()
        self._rita("delete_payment", payment=gone)
        self._read()
        self._record_in(False)
        left, asked = (self._rita("pay", document=invoice.xero_id, date="2026-10-05")["PaymentID"] for invoice in invoices[2:])
        self._read()
        self._money_of(invoices[2]).action_leave_out()
        states = {booked: "booked", gone: "gone", left: "ignored", asked: "asked"}
        self.assertEqual(self._rows(), states)
        self._prune(self.connection.version_days - 1)
        self.assertEqual(self._rows(), states)
        self._prune(2)
        self.assertEqual(self._rows(), {left: "ignored", asked: "asked"})
        before = [invoice.amount_residual for invoice in invoices]
        for _again in range(2):
            self._pass(days=1, minutes=1)
            self._run()
        self.assertEqual(self._rows(), {left: "ignored", asked: "asked"}, "the whole reading tells of all of it again")
        self.assertEqual([invoice.amount_residual for invoice in invoices], before)

    def test_removed_in_xero_after_its_row_was_pruned(self):
        """The pair remembers it, so it is taken back."""
        invoice = self._sent(self._invoice(100))
        made = self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        self._prune(self.connection.version_days + 1)
        self.assertFalse(self._rows())
        self._rita("delete_payment", payment=made["PaymentID"])
        self._read()
        self.assertEqual((invoice.amount_residual, self._rows()), (110, {made["PaymentID"]: "gone"}))

    def test_what_is_only_in_xero(self):
        """It is listed every day anew; to forget it would be to make it again."""
        self._sent(self._invoice(100))
        given = {"contact": self.partner.xero_id, "amount": 70, "account": self.account_code, "date": "2026-10-03"}
        self._rita("receive_money", **given)
        self._pass(minutes=61)
        self._run()
        [row] = self.env["xero.money"].search([])
        self.assertEqual(row.state, "seen")
        row.sudo().looked_at = fields.Datetime.now() - timedelta(days=self.connection.version_days + 1)
        self.env["xero.money"].sudo()._gc_settled()
        self.assertTrue(row.exists())
