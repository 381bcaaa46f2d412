from odoo.tests import tagged

from ..common.every_value import every_value
from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestBatchPayments(XeroMoneyCommon):
    def _pay_together(self, *prices):
        """One payment of several invoices; returns the invoices and the payment."""
        invoices = self.env["account.move"].union(*(self._invoice(price) for price in prices))
        payment = self._money(sum(invoices.mapped("amount_total")))
        self._match(payment, *invoices)
        return invoices, payment

    def _batches(self, status="AUTHORISED"):
        return [float(b["TotalAmount"]) for b in self._organisation().batch_payments if b["Status"] == status]

    @every_value("batch_details")
    def test_one_batch(self):
        invoices, payment = self._pay_together(100, 200, 300)
        self._run()
        self.assertEqual(self._batches(), [660.0])
        self.assertEqual({self._xero_invoice(invoice).status for invoice in invoices}, {"PAID"})
        self.assertEqual(payment.xero_state, "synced")
        self._assert_balances()

    def test_nothing_twice(self):
        _invoices, payment = self._pay_together(100, 200)
        self._run()
        calls = self._calls("PUT") + self._calls("POST")
        payment.action_xero_sync()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(self._calls("PUT") + self._calls("POST"), calls)
        self._assert_balances()

    def test_switched_off(self):
        self.connection.batch_payments = False
        invoices, _payment = self._pay_together(100, 200)
        self._run()
        self.assertFalse(self._batches())
        self.assertEqual([len(self._xero_payments(invoice)) for invoice in invoices], [1, 1])
        self._assert_balances()

    def test_one_taken_out(self):
        invoices, payment = self._pay_together(100, 200)
        self._run()
        self._unmatch(invoices[0])
        self._settle()
        self.assertEqual((self._batches(), self._batches("DELETED")), ([], [330.0]))
        self.assertEqual([self._xero_invoice(invoice).status for invoice in invoices], ["AUTHORISED", "PAID"])
        self.assertEqual(self._xero_bank(), 330, "the bank has moved it all the same")
        self._assert_balances()
        self._match(payment, invoices[0])
        self._settle()
        self.assertEqual({self._xero_invoice(invoice).status for invoice in invoices}, {"PAID"})
        self._assert_balances()

    def test_single_payments_one_taken_out(self):
        self.connection.batch_payments = False
        invoices, _payment = self._pay_together(100, 200)
        self._run()
        self._unmatch(invoices[0])
        self._settle()
        self.assertEqual([self._xero_invoice(invoice).status for invoice in invoices], ["AUTHORISED", "PAID"])
        self._assert_balances()

    def test_exchanged_before_the_run(self):
        invoices, payment = self._pay_together(100, 200)
        self._run()
        self._unmatch(payment)
        others = self._invoice(250) + self._invoice(50)
        self._match(payment, *others)
        self._settle()
        self.assertEqual({self._xero_invoice(invoice).status for invoice in invoices}, {"AUTHORISED"})
        self.assertEqual({self._xero_invoice(invoice).status for invoice in others}, {"PAID"})
        self.assertEqual(self._batches(), [330.0])
        self._assert_balances()

    def test_reset(self):
        invoices, payment = self._pay_together(100, 200)
        self._run()
        payment.action_draft()
        self._settle()
        self.assertFalse(self._batches())
        self.assertEqual({self._xero_invoice(invoice).status for invoice in invoices}, {"AUTHORISED"})
        self._assert_balances()
        payment.date = "2026-10-05"
        payment.action_post()
        self._match(payment, *invoices)
        self._settle()
        self.assertEqual(self._batches(), [330.0])
        self._assert_balances()

    def test_no_answer(self):
        for kind in ("timeout_after", "timeout_before"):
            with self.subTest(kind):
                self._order_fault(kind, path="/BatchPayments", method="PUT")
                self._pay_together(100, 200)
                self._settle(2)
                self._assert_balances()
        self.assertEqual(self._batches(), [330.0, 330.0])

    def test_removal_without_answer(self):
        _invoices, payment = self._pay_together(100, 200)
        self._run()
        self._order_fault("timeout_after", path="/BatchPayments", method="POST")
        payment.action_draft()
        self._settle(2)
        self.assertFalse(self._batches())
        self._assert_balances()

    def test_invoice_paid_by_hand_in_xero(self):
        invoices = self._invoice(100) + self._invoice(200)
        first = invoices[0]
        self._run()
        self._by_hand_payment(first, 110)
        payment = self._money(330)
        self._match(payment, *invoices)
        self._run()
        self.assertEqual(payment.xero_problem_id.code, "payment_too_large", payment.xero_message)
        self.assertIn(first.name, payment.xero_message)

    def _by_hand_payment(self, invoice, amount):
        client = self._xero()
        remote = self._xero_invoice(invoice)
        bank = next(a for a in client.accounts() if a.type == "BANK")
        payload = {"Invoice": {"InvoiceID": remote.xero_id}, "Account": {"AccountID": bank.account_id}, "Amount": amount}
        self.assertTrue(client.create_payments([payload], "by-hand")[0].ok)

    def test_waits_for_all_documents(self):
        invoices, payment = self._pay_together(100, 200)
        held = invoices[1]
        self.env["xero.account.mapping"].search([]).write({"confirmed": True})
        held_account = self.company_data["default_account_revenue"].copy({"name": "Not mapped", "code": "X999"})
        held.button_draft()
        held.invoice_line_ids.account_id = held_account
        held.action_post()
        self._match(payment, held)
        self._run()
        self.assertFalse(self._batches())
        self.assertEqual(payment.xero_state, "blocked")

    def test_statement_line_pays_several(self):
        invoices = self._invoice(100) + self._invoice(200)
        line = self._statement_line(330)
        self._match_line(line, *invoices)
        self._run()
        self.assertEqual(self._batches(), [330.0])
        self._assert_balances()
