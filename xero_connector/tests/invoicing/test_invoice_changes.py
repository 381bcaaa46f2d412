from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from ..common.engine import EngineCase
from ..common.every_value import every_value


@tagged("post_install", "-at_install")
class TestInvoiceChanges(EngineCase):
    def test_paid_invoice_cancelled(self):
        invoice = self._invoice(100)
        self._pay(invoice)
        self._run()
        invoice.button_draft()
        invoice.button_cancel()
        self._runs(2)
        self.assertEqual(self._remote(invoice).status, "VOIDED", self._job(invoice).message)

    @every_value("voided_date_epoch")
    def test_void_without_answer(self):
        invoice = self._invoice(100)
        self._run()
        invoice.button_draft()
        invoice.button_cancel()
        self._order_fault("timeout_after", method="POST", path="Invoices", times=1)
        self._runs(4)
        self.assertEqual((self._job(invoice).state, self._binding(invoice).xero_status), ("done", "VOIDED"))

    def test_deleted_invoice_is_voided(self):
        invoice = self._invoice(100)
        self._run()
        name = invoice.name
        invoice.button_draft()
        invoice.unlink()
        self._run()
        [remote] = self._xero().invoices(numbers=[f"{name} void 1"])
        self.assertEqual(remote.status, "VOIDED")

    @every_value("reuse_voided_numbers")
    def test_cancelled_and_posted_again(self):
        """VOIDED is the end in Xero: the invoice is made anew under its number, which the void one has given up."""
        invoice = self._invoice(100)
        self._run()
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        invoice.button_draft()
        invoice.action_post()
        self._run()
        self.assertEqual(self._assert_in_step(invoice).status, "AUTHORISED")
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        invoice.button_draft()
        invoice.action_post()
        self._run()
        self.assertEqual(self._assert_in_step(invoice).status, "AUTHORISED")
        voided = self._xero().invoices(numbers=[f"{invoice.name} void 1", f"{invoice.name} void 2"])
        self.assertEqual([remote.status for remote in voided], ["VOIDED", "VOIDED"])

    def test_renamed(self):
        invoice = self._invoice(100)
        self._run()
        invoice.button_draft()
        invoice.name = "INV/2026/77777"
        invoice.action_post()
        self._run()
        remote = self._xero().invoices(ids=[invoice.xero_id])[0]
        self.assertEqual(remote.number, "INV/2026/77777")

    def test_edit_while_sending_is_not_lost(self):
        invoice = self._invoice(100, ref="old")
        with self._while_sending("PUT", "Invoices", lambda: invoice.write({"ref": "new"})):
            self._run()
        self._runs(1)
        self.assertEqual(self._assert_in_step(invoice).reference, "new")

    def test_correction_while_sending_survives_the_refusal(self):
        """The answer to the old version must not swallow the request to send the corrected one."""
        self.xero.organisation("AU").period_lock_date = date(2026, 10, 31)
        invoice = self._invoice(100)

        def correct():
            self.xero.organisation("AU").period_lock_date = None
            invoice.ref = "corrected"

        refused = {"done": False}
        handler = type(self)._request_handler.__func__

        def late(cls, s, r, /, **kw):
            answer = handler(cls, s, r, **kw)
            if r.method == "PUT" and "Invoices" in r.url and not refused["done"]:
                refused["done"] = True
                correct()
                self.env.flush_all()
            return answer

        with patch.object(type(self), "_request_handler", classmethod(late)):
            self._run()
        self._runs(1)
        self._assert_in_step(invoice)
        self.assertFalse(self._open_problems())

    def test_number_that_xero_tidies(self):
        invoice = self._invoice(100, post=False)
        invoice.name = "INV  2026 <1>"
        invoice.action_post()
        self._order_fault("timeout_after", method="PUT", path="Invoices", times=1)
        self._runs(3)
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)


@tagged("post_install", "-at_install")
class TestEditsOfSentInvoices(EngineCase):
    def test_discount_that_is_gone(self):
        """Xero keeps what is not sent of a line that exists."""
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.discount = 10
        invoice.action_post()
        self._run()
        invoice.button_draft()
        invoice.invoice_line_ids.discount = 0
        invoice.action_post()
        self._run()
        self._assert_in_step(invoice)

    def test_edit_of_a_partly_paid_invoice(self):
        """Odoo unreconciles when the amount changes: the payment leaves Xero first, then the invoice can be changed there."""
        invoice = self._invoice(100)
        self._pay(invoice, 30)
        self._run()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 200
        invoice.action_post()
        self._run()
        self._later()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(len(self._xero_payments(invoice)), len(self._partials(invoice)))

    def test_refused_change_does_not_hold_up_payments(self):
        """The first payment cannot leave Xero, so the document cannot be changed there; a further payment still reaches it."""
        invoice = self._invoice(100)
        self._pay(invoice, 30)
        self._run()
        [stuck] = self.xero.organisation("AU").payments
        self.xero.organisation("AU").payments.put({**stuck, "IsReconciled": True})
        invoice.invoice_line_ids.name = "another text"
        invoice.ref = "another reference"
        for _number in range(4):
            self._later()
            self._run()
        self.assertEqual((invoice.xero_state, invoice.xero_problem_id.code), ("failed", "paid_in_xero"), invoice.xero_message)
        payment = self._pay(invoice, 40)
        self._runs(2)
        self.assertEqual(payment.xero_state, "synced")
