import json
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..common.every_value import every_value
from ..common.money_in import MoneyInCase
from .test_webhook import KEY, signed


@tagged("post_install", "-at_install")
class TestBadInputIn(MoneyInCase):
    """What Xero, its people and strangers may send our way that nobody would send on purpose."""

    def _hour(self):
        self._pass(minutes=61)
        self._run()

    # === RINGS === #

    def _heard(self, body, key=KEY, path=None):
        self.env.flush_all()
        stranger = self.env["xero.connection"].with_user(self.env.ref("base.public_user"))
        return stranger._heard(path or self.connection.external_key, body, signed(body, key))

    def _ring_of(self, *xero_ids):
        about = {"tenantId": self.connection.tenant_id, "tenantType": "ORGANISATION", "eventCategory": "INVOICE", "eventType": "UPDATE"}
        events = [{**about, "resourceUrl": "", "resourceId": each, "eventDateUtc": "2026-10-01T10:15:39.902"} for each in xero_ids]
        return json.dumps({"events": events, "firstEventSequence": 1, "lastEventSequence": 1, "entropy": "x"}).encode()

    def test_a_ring_that_is_replayed(self):
        """It is Xero's signature, whoever sends it again: it costs a reading, and changes nothing."""
        self.connection.webhook_key = KEY
        invoice = self._sent(self._invoice(100))
        body = self._ring_of(invoice.xero_id)
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        for _again in range(3):
            self.assertEqual(self._heard(body), 200)
            self._pass(minutes=1)
            self._run()
        self._assert_paid(invoice, "2026-10-05", 110)
        self._assert_quiet()

    def test_rings_for_what_nobody_has(self):
        """A thousand records that were never there: heard, read for, forgotten."""
        self.connection.webhook_key = KEY
        self._sent(self._invoice(100))
        body = self._ring_of(*(f"00000000-0000-4000-8000-{number:012}" for number in range(1000)))
        self.assertEqual(self._heard(body), 200)
        self._pass(minutes=1)
        calls = self._calls()
        self._run()
        self.assertLess(self._calls() - calls, 10)
        self.assertFalse(self.env["xero.event"].sudo().search([("state", "=", "open")]))

    def test_a_ring_of_a_connection_that_is_gone(self):
        self.connection.webhook_key = KEY
        path, body = self.connection.external_key, self._ring_of("00000000-0000-4000-8000-000000000001")
        self.connection.action_disconnect()
        self.connection.sudo().unlink()
        self.assertEqual(self._heard(body, path=path), 401)

    # === LISTS === #

    def test_an_error_in_the_middle_of_the_payments(self):
        """What was read before it is booked, and not booked again when the list is read from where it had been."""
        invoices = [self._sent(self._invoice(price)) for price in (100, 50)]
        for invoice in invoices:
            self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        with patch("odoo.addons.xero_connector.xero_core.lists.ROWS", 1):
            self._order_fault("error_500_before", method="GET", path="Payments", skip=1)
            self._read()
            self._hour()
        for invoice, amount in zip(invoices, (110, 55), strict=True):
            self._assert_paid(invoice, "2026-10-05", amount)
        self._assert_quiet()

    def test_our_clock_is_behind(self):
        """What is newer than now for us is read all the same, and once."""
        invoice = self._sent(self._invoice(100))
        self._skipped -= timedelta(hours=3)
        with patch("odoo.addons.xero_connector.xero_core.lists._asked_at", lambda _answer: self.xero.now()):
            self._rita("pay", document=invoice.xero_id, date="2026-10-05")
            self.connection.action_read_now()
            self._run()
            self._assert_paid(invoice, "2026-10-05", 110)
            self._hour()
        self._assert_paid(invoice, "2026-10-05", 110)

    # === DAYS === #

    @every_value("voided_date_epoch")
    def test_the_day_of_what_was_voided(self):
        """Xero may say that it is of 1970: that is no day to decide by, neither of the document nor of the money."""
        self._skipped = timedelta()
        invoice, paid = self._sent(self._invoice(100)), self._sent(self._invoice(50))
        made = self._rita("pay", document=paid.xero_id, date="2026-10-05")
        self._read()
        day = self._binding(invoice).date
        self._rita("void", item=invoice.xero_id)
        self._rita("delete_payment", payment=made["PaymentID"])
        self._hour()
        self.assertEqual((invoice.xero_state, self._binding(invoice).date, paid.amount_residual), ("drift", day, 55))
        drift = self.env["xero.drift"].search([("res_id", "=", invoice.id)])
        self.assertEqual((drift.is_gone, "1970" in drift.message), (True, False))
        self.env["xero.drift.answer"].browse(drift.action_take()["res_id"]).action_apply()
        self._run()
        self.assertEqual((invoice.state, invoice.xero_state), ("cancel", "voided"))

    # === BOTH AT ONCE === #

    def test_removed_there_and_on_the_bank_here(self):
        """The line of the bank says that the money came; so nothing is taken back until somebody has undone that match."""
        invoice = self._sent(self._invoice(100))
        made = self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        payment = self._payments(invoice)
        line = self._on_the_bank(payment)
        self._run()
        self._rita("delete_payment", payment=made["PaymentID"])
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, money.cause, invoice.amount_residual, line.is_reconciled), ("held", "gone_bank", 0, True))
        self.assertIn("undo that match first", money.message)
        money.action_book()
        self._run()
        self.assertEqual((money.state, money.cause, payment.state), ("held", "gone_bank", "paid"), "whoever asks for it")
        payment._seek_for_lines()[0].remove_move_reconcile()
        self._run()
        self._hour()
        self.assertEqual((money.state, payment.state, invoice.amount_residual), ("gone", "canceled", 110), money.message)
        self._assert_quiet()

    def _on_the_bank(self, payment):
        """The line of the bank for this payment, matched with it."""
        line = self._statement_line(payment.amount, date="2026-10-06", partner_id=payment.partner_id.id)
        suspense, outstanding = line._seek_for_lines()[1], payment._seek_for_lines()[0]
        there = [(1, suspense.id, {"account_id": outstanding.account_id.id})]
        line.move_id.with_context(force_delete=True, skip_readonly_check=True).write({"line_ids": there})
        (suspense + outstanding).reconcile()
        return line

    def test_deleted_here_and_paid_there(self):
        """Odoo's document is gone, Xero's is paid: it stays there with its money, and says why."""
        invoice = self._sent(self._invoice(100))
        xero_id = invoice.xero_id
        self._rita("pay", document=xero_id, date="2026-10-05")
        invoice.button_draft()
        invoice.unlink()
        self._read()
        self._hour()
        row = self.organisation.invoices.get(xero_id)
        self.assertEqual((row["Status"], float(row["AmountPaid"])), ("PAID", 110))
        job = self.env["xero.job"].search([("res_model", "=", "account.move"), ("kind", "=", "invoice"), ("is_open", "=", True)])
        self.assertEqual(len(job), 1)
        self.assertTrue(job.message)
