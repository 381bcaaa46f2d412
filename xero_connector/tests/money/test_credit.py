from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.every_value import every_value
from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestCredit(XeroMoneyCommon):
    def _document(self, move_type, price, **values):
        expense = move_type.startswith("in_")
        account = self.company_data["default_account_expense" if expense else "default_account_revenue"]
        tax = self.company_data["default_tax_purchase"] if expense else self.tax
        line = {"name": "line", "price_unit": price, "account_id": account.id, "tax_ids": [Command.set(tax.ids)]}
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner.id,
                "invoice_date": "2026-10-01",
                "date": "2026-10-01",
                "ref": f"{move_type} {price}",
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        move.action_post()
        return move

    def _status(self, move):
        [binding] = self._binding(move)
        tables = (self._organisation().invoices, self._organisation().credit_notes)
        return next(row["Status"] for table in tables for row in table if row["DocumentID"] == binding.xero_id)

    def test_each_kind_is_paid(self):
        for move_type in ("out_invoice", "in_invoice", "out_refund", "in_refund", "out_receipt", "in_receipt"):
            with self.subTest(move_type):
                move = self._document(move_type, 100)
                payment = self._pay(move)
                self._run()
                self.assertEqual(self._status(move), "PAID", payment.xero_message)
                self.assertEqual(payment.xero_state, "synced")
                self._assert_balances()

    def test_several_payments_of_each_kind(self):
        for move_type in ("in_invoice", "out_refund", "in_refund"):
            with self.subTest(move_type):
                move = self._document(move_type, 100)
                first = self._pay(move, 30)
                self._run()
                self._assert_balances()
                self._pay(move, 80)
                self._run()
                self.assertEqual(self._status(move), "PAID")
                self._assert_balances()
                first.action_draft()
                first.action_cancel()
                self._run()
                self.assertEqual(self._status(move), "AUTHORISED")
                self._assert_balances()

    def test_credit_note_allocated(self):
        for invoice_type, note_type in (("out_invoice", "out_refund"), ("in_invoice", "in_refund")):
            with self.subTest(note_type):
                invoice, note = self._document(invoice_type, 100), self._document(note_type, 40)
                self._run()
                self._match(invoice, note)
                self._run()
                self.assertEqual((self._status(invoice), self._status(note)), ("AUTHORISED", "PAID"))
                self._assert_balances()
                self._unmatch(note)
                self._run()
                self.assertEqual((self._status(invoice), self._status(note)), ("AUTHORISED", "AUTHORISED"))
                self._assert_balances()

    def test_a_match_of_nothing_but_exchange_is_no_allocation(self):
        """Found by a random history, as a match that waited for ever: nothing in the document's currency, cents in the company's."""
        invoice, note = self._document("out_invoice", 100), self._document("out_refund", 100)
        debit, credit = self._debts(invoice), self._debts(note)
        ids = {"debit_move_id": debit.id, "credit_move_id": credit.id}
        partial = self.env["account.partial.reconcile"].create(
            {**ids, "amount": 0.5, "debit_amount_currency": 0, "credit_amount_currency": 0}
        )
        self._settle()
        self.assertFalse(self.env["xero.job"].search([("is_open", "=", True)]))
        self.assertFalse(self._of_kind(partial, "allocation"))

    def test_what_cannot_be_prepared_does_not_wait_for_itself(self):
        """A fault of ours is told; prepared a second time, alone, the match is not its own twin."""
        invoice, note = self._document("out_invoice", 100), self._document("out_refund", 60)
        self._run()
        self._match(invoice, note)
        [partial] = invoice.line_ids.matched_credit_ids
        to_xero = "odoo.addons.xero_connector.handlers.money.allocation.resource.to_xero"
        with patch(to_xero, side_effect=ValueError("odd")), mute_logger("odoo.addons.xero_connector.engine.prepare"):
            self._run()
        job = self.env["xero.job"].search([("res_model", "=", partial._name), ("res_id", "=", partial.id)])
        self.assertEqual((job.state, job.problem_id.code), ("failed", "internal"), job.message)
        job.action_retry()
        self._run()
        self.assertEqual((job.state, self._status(note)), ("done", "PAID"))

    def test_all_in_one_run(self):
        invoice, note = self._document("out_invoice", 100), self._document("out_refund", 40)
        self._match(invoice, note)
        self._pay(invoice)
        self._run()
        self.assertEqual((self._status(invoice), self._status(note)), ("PAID", "PAID"))
        self._assert_balances()

    def test_one_note_for_several_invoices(self):
        invoices = self._document("out_invoice", 10) + self._document("out_invoice", 20)
        note = self._document("out_refund", 100)
        self._match(note, *invoices)
        self._run()
        self.assertEqual([self._status(invoice) for invoice in invoices], ["PAID", "PAID"])
        self._assert_balances()
        self._pay(note)
        self._run()
        self.assertEqual(self._status(note), "PAID")
        self._assert_balances()

    def test_reversed_entry(self):
        invoice = self._document("out_invoice", 100)
        self._run()
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({"journal_id": invoice.journal_id.id, "date": "2026-10-05"}).refund_moves()
        note = invoice.reversal_move_ids
        note.action_post()
        self._match(invoice, note)
        self._run()
        self.assertEqual((self._status(invoice), self._status(note)), ("PAID", "PAID"))
        self._assert_balances()

    def test_allocation_without_answer(self):
        for kind in ("timeout_after", "timeout_before"):
            with self.subTest(kind):
                invoice, note = self._document("out_invoice", 100), self._document("out_refund", 40)
                self._run()
                self._order_fault(kind, path="Allocations", method="PUT")
                self._match(invoice, note)
                self._settle(2)
                self._assert_balances()
                self._order_fault(kind, path="Allocations", method="DELETE")
                self._unmatch(note)
                self._settle(2)
                self._assert_balances()

    def test_forgotten_allocation_is_found(self):
        invoice, note = self._document("out_invoice", 100), self._document("out_refund", 40)
        self._match(invoice, note)
        self._run()
        partial = self._partials(invoice)
        self._binding(partial).unlink()
        self.env["xero.handler.allocation"]._ask_for_matches(partial, manual=True)
        self._run()
        self.assertTrue(self._of_kind(partial, "allocation"))
        self._assert_balances()

    @every_value("allocation_moves_stamp")
    def test_removed_by_hand_in_xero(self):
        invoice, note = self._document("out_invoice", 100), self._document("out_refund", 40)
        self._match(invoice, note)
        self._run()
        binding = self._of_kind(self._partials(invoice), "allocation")
        self._xero().delete_allocation("CreditNote", self._binding(note).xero_id, binding.xero_id)
        self._unmatch(note)
        self._run()
        self._assert_balances()

    def test_cancelled_credit_note(self):
        invoice, note = self._document("out_invoice", 100), self._document("out_refund", 40)
        self._match(invoice, note)
        self._run()
        note.button_draft()
        note.button_cancel()
        self._settle()
        self.assertEqual((self._status(invoice), self._status(note)), ("AUTHORISED", "VOIDED"))
        self._assert_balances()

    def test_cancelled_invoice_of_a_batch(self):
        invoices = self._document("out_invoice", 100) + self._document("out_invoice", 200)
        payment = self._money(330)
        self._match(payment, *invoices)
        self._run()
        invoices[0].button_draft()
        invoices[0].button_cancel()
        self._settle(2)
        self.assertEqual([self._status(invoice) for invoice in invoices], ["VOIDED", "PAID"])
        self._assert_balances()

    def test_money_taken_out_and_in_again(self):
        """The seam for documents that are changed while they are paid."""
        invoices = self._document("out_invoice", 100) + self._document("out_invoice", 200)
        batched, single, note = self._money(330), self._document("out_invoice", 50), self._document("out_refund", 10)
        self._match(batched, *invoices)
        self._match(single, note)
        self._pay(single, 20)
        self._run()
        self._assert_balances()
        made, removed = self._calls("PUT"), self._calls("POST /Payments/") + self._calls("POST /BatchPayments")
        for document in invoices[0] + single:
            document.button_draft()
            document.invoice_line_ids.name = "another text"
            document.action_post()
        self._settle(3)
        self.assertEqual(self._calls("PUT") - made, 3, "a batch, a payment, an allocation")
        self.assertEqual(self._calls("POST /Payments/") + self._calls("POST /BatchPayments") - removed, 2, str(self.xero.calls))
        self._assert_balances()

    def test_vendor_batch(self):
        bills = self._document("in_invoice", 100) + self._document("in_invoice", 200)
        payment = self._money(330, "outbound", "supplier")
        self._match(payment, *bills)
        self._run()
        self.assertEqual([(b["Type"], float(b["TotalAmount"])) for b in self._organisation().batch_payments], [("PAYBATCH", 330.0)])
        self._assert_balances()

    def test_vendor_money_on_account_is_allocated(self):
        payment, bill = self._money(100, "outbound", "supplier"), self._document("in_invoice", 50)
        self._run()
        self._match(payment, bill)
        self._run()
        self.assertEqual(self._status(bill), "PAID")
        self._assert_balances()

    def test_waits_for_approval(self):
        self.connection.bill_approval = "draft"
        bill = self._document("in_invoice", 100)
        payment = self._pay(bill)
        self._run()
        self.assertEqual(payment.xero_problem_id.code, "not_approved", payment.xero_message)
        remote = self._binding(bill).xero_id
        self.assertTrue(self._xero().update_invoices([{"InvoiceID": remote, "Status": "AUTHORISED"}])[0].ok)
        payment.xero_problem_id.action_retry()
        self._run()
        self._assert_balances()

    def test_statement_line_refunds_a_credit_note(self):
        note = self._document("out_refund", 100)
        line = self._statement_line(-110)
        self._match_line(line, note)
        self._run()
        self.assertEqual(self._status(note), "PAID")
        self._assert_balances()

    def test_credit_note_in_another_currency_is_refunded(self):
        self.xero.organisation("AU").add_currency("USD")
        self.connection._read_reference_data()
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids = [Command.create({"name": "2026-01-01", "rate": 0.8, "company_id": self.env.company.id})]
        note = self._document("out_refund", 100, currency_id=usd.id)
        self._pay(note)
        self._run()
        self.assertEqual(self._status(note), "PAID")
        [row] = list(self._organisation().payments)
        self.assertEqual((float(row["Amount"]), float(row["BankAmount"])), (110.0, 137.5))

    def test_lock_date_of_an_allocation(self):
        invoice, note = self._document("out_invoice", 100), self._document("out_refund", 40)
        self._run()
        self.connection.sudo().period_lock_date = "2026-10-31"
        self._match(invoice, note)
        self._run()
        job = self._job(self._partials(invoice))
        self.assertEqual(job.problem_id.code, "lock_date")
        self.connection.sudo().period_lock_date = False
        job.problem_id.action_retry()
        self._run()
        self._assert_balances()
