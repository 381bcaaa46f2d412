from odoo.tests import tagged

from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestMoneyGone(MoneyInCase):
    """What people remove in Xero is taken back here, once, and nothing of that is sent there."""

    def test_deleted_in_xero(self):
        invoice = self._sent(self._invoice(100))
        made = self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        payment = self._payments(invoice)
        self._rita("delete_payment", payment=made["PaymentID"])
        self._read()
        self.assertEqual((payment.state, invoice.amount_residual, invoice.payment_state), ("canceled", 110, "not_paid"))
        self.assertIn("removed in Xero", " ".join(invoice.message_ids.mapped("body")))
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)
        self._assert_quiet()

    def test_removed_and_made_anew(self):
        """Another amount in its place: first it goes, else there would be no room."""
        invoice = self._sent(self._invoice(100))
        made = self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        self._rita("delete_payment", payment=made["PaymentID"])
        self._rita("pay", document=invoice.xero_id, amount=90, date="2026-10-06")
        self._read()
        there = self._payments(invoice).filtered(lambda each: each.state != "canceled")
        self.assertEqual((invoice.amount_residual, there.amount), (20, 90))
        self._assert_quiet()

    def test_made_and_deleted_between_two_readings(self):
        invoice = self._sent(self._invoice(100))
        made = self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._rita("delete_payment", payment=made["PaymentID"])
        self._read()
        self.assertEqual((invoice.amount_residual, len(self._payments(invoice))), (110, 0))

    def test_batch_deleted_in_xero(self):
        first, second = self._sent(self._invoice(100)), self._sent(self._invoice(200))
        made = self._rita("batch_deposit", payments=[{"document": each.xero_id} for each in (first, second)], date="2026-10-06")
        self._read()
        self.assertEqual((first.amount_residual, second.amount_residual), (0, 0))
        self._rita("remove_and_redo", item=made["BatchPaymentID"])
        self._read()
        self.assertEqual((first.amount_residual, second.amount_residual), (110, 220))
        self.assertEqual(set(self.env["xero.money"].search([]).mapped("state")), {"gone"}, "the batch's own row, too")
        for invoice in (first, second):
            said = [body for body in invoice.message_ids.mapped("body") if "removed in Xero" in body]
            self.assertEqual((len(said), "330" in said[0]), (1, True), "once, with what was removed")
        self._assert_quiet()

    def test_one_of_a_batch_deleted_in_xero(self):
        """The others are still paid there, so the payment here stays, and says so; Odoo's again is the whole batch, once."""
        first, second = self._sent(self._invoice(100)), self._sent(self._invoice(200))
        self._rita("batch_deposit", payments=[{"document": each.xero_id} for each in (first, second)], date="2026-10-06")
        self._read()
        payment = self._payments(first)
        row = next(row for row in self.organisation.payments if row["DocumentID"] == first.xero_id)
        self._rita("delete_payment", payment=row["PaymentID"])
        self._read()
        self.assertEqual((payment.state in ("paid", "in_process"), first.amount_residual, second.amount_residual), (True, 0, 0))
        self.assertEqual((payment.xero_state, self._money_of(first).filtered("is_gone").cause), ("drift", "gone_part"))
        self._money_of(first).filtered("is_gone").action_send_again()
        self._run()
        self._run()
        self.assertEqual([self._xero_invoice(each).amount_due for each in (first, second)], [0, 0])
        self.assertEqual(sum(row["Amount"] for row in self.organisation.payments if row["Status"] == "AUTHORISED"), 330)
        self._assert_quiet()

    def test_a_batch_like_ours(self):
        first, second = self._sent(self._invoice(100)), self._sent(self._invoice(200))
        context = {"active_model": "account.move", "active_ids": (first + second).ids}
        values = {"payment_date": "2026-10-05", "group_payment": True}
        payment = self.env["account.payment.register"].with_context(**context).create(values)._create_payments()
        self._rita("batch_deposit", payments=[{"document": each.xero_id} for each in (first, second)], date="2026-10-06")
        self._read()
        [money] = self.env["xero.money"].search([])
        self.assertEqual((money.state, money.payment_id), ("proposed", payment))
        money.action_same()
        self._run()
        self.assertEqual((payment.xero_state, self._binding_of(payment).kind), ("synced", "batch_payment"), payment.xero_message)
        self._assert_quiet()

    def test_deleted_after_it_was_matched_on_the_bank(self):
        invoice = self._sent(self._invoice(100))
        made = self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        payment = self._payments(invoice)
        statement_line = self._statement_line(110)
        outstanding = payment._seek_for_lines()[0]
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        suspense.account_id = outstanding.account_id
        (suspense + outstanding).reconcile()
        self._run()
        self._rita("delete_payment", payment=made["PaymentID"])
        self._read()
        self.assertEqual((payment.xero_state, invoice.amount_residual), ("drift", 0))
        self.assertIn("line of the bank", payment.xero_message)

    def test_ours_deleted_in_xero(self):
        """What Odoo has made is taken back by itself only where Xero records; else a person says so."""
        self._record_in("odoo")
        first, second = self._sent(self._invoice(100)), self._sent(self._invoice(200))
        payments = [self._pay(invoice) for invoice in (first, second)]
        self._run()
        for payment in payments:
            self._rita("delete_payment", payment=self._binding_of(payment).xero_id)
        self._read()
        self.assertEqual([payment.xero_state for payment in payments], ["drift", "drift"])
        self._money_of(first).action_book()
        self._money_of(second).action_send_again()
        self._run()
        self.assertEqual((payments[0].state, first.amount_residual), ("canceled", 110))
        self.assertEqual((payments[1].xero_state, second.amount_residual), ("synced", 0), payments[1].xero_message)
        self._assert_quiet()

    def test_ours_deleted_where_xero_records(self):
        self._record_in("both")
        invoice = self._sent(self._invoice(100))
        payment = self._pay(invoice)
        self._run()
        self._rita("delete_payment", payment=self._binding_of(payment).xero_id)
        self._read()
        self.assertEqual((payment.state, invoice.amount_residual), ("canceled", 110))
        self._assert_quiet()
