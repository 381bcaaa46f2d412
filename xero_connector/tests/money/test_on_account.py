from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ..common.every_value import every_value
from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestOnAccount(XeroMoneyCommon):
    def test_unmatched_payment_is_an_overpayment(self):
        payment = self._money(100)
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 100.0, 100.0)])
        self.assertEqual(payment.xero_state, "synced")
        self.assertIn("ViewTransaction", payment.xero_url)
        self._assert_balances()

    def test_vendor_payment_is_spent(self):
        payment = self._money(80, "outbound", "supplier")
        self._run()
        self.assertEqual(self._on_account(payment), [("SPEND-OVERPAYMENT", 80.0, 80.0)])
        self._assert_balances()

    def test_what_pays_older_documents_stands_on_account(self):
        """The bank's line is of the whole amount: what documents from before the start were paid is not forgotten."""
        self.connection.sync_from = "2026-10-05"
        old, new = self._invoice(40, date="2026-10-01"), self._invoice(100, date="2026-10-06")
        payment = self._money(154, date="2026-10-07")
        self._match(payment, old, new)
        self._run()
        self._later()
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 154.0, 44.0)])
        self.assertEqual((self._xero_bank(), self._xero_invoice(new).status), (154, "PAID"))
        self.assertEqual(payment.xero_state, "synced")

    def test_follows_its_partner_when_that_is_merged(self):
        self.xero.switches.void_prepaid = "allowed"
        other = self.env["res.partner"].create({"name": "Azure Interiors Pty"})
        payment, closed = self._money(100, partner_id=other.id, date="2026-10-07"), self._money(30, partner_id=other.id, date="2026-08-07")
        self._invoice(70)
        self._run()
        self._organisation().period_lock_date = fields.Date.to_date("2026-08-31")
        self.connection._read_reference_data()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.partner + other).ids, self.partner)
        self._settle(2)
        rows = {row["DocumentID"]: row["ContactID"] for row in self._organisation().overpayments}
        contact = rows[self._of_kind(payment, "on_account").on_account_xero_id]
        self.assertEqual((contact, payment.xero_state), (self.partner.xero_id, "synced"))
        self.assertNotEqual(rows[self._of_kind(closed, "on_account").on_account_xero_id], contact, "the closed period stays as it is")
        self.assertEqual(self._xero_bank(), 130)

    def test_two_that_are_held_do_not_wake_each_other(self):
        """One pays the other back, and neither can leave Xero: each says why, once, and the run ends."""
        payment = self._money(100)
        back = self._money(100, "outbound", "customer")
        self._match(payment, back)
        self._settle()
        self._organisation().period_lock_date = fields.Date.to_date("2026-10-31")
        self.connection._read_reference_data()
        (payment + back).action_draft()
        looked = []
        decide = type(self.env["xero.handler.payment"])._decide
        with patch.object(
            type(self.env["xero.handler.payment"]), "_decide", lambda s, job, reading: looked.append(job) or decide(s, job, reading)
        ):
            self._settle()
        self.assertEqual((payment + back).mapped("xero_state"), ["blocked", "blocked"])
        self.assertLess(len(looked), 12)

    def test_matched_while_the_overpayment_is_on_the_wire(self):
        payment, invoice = self._money(110), self._invoice(100)
        self._order_fault("timeout_after", method="PUT", path="BankTransactions", times=1)
        self._run()
        self._match(payment, invoice)
        for _number in range(5):
            self._later()
            self._run()
        self.assertEqual(self._xero_bank(), 110, "once, however it was recorded first")
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        self._assert_balances()

    def test_two_instalments_of_one_invoice(self):
        """Two parts of the same amount, of the same money for the same document: both are allocated."""
        half = {"value": "percent", "value_amount": 50}
        lines = [Command.create({**half, "nb_days": 0}), Command.create({**half, "nb_days": 30})]
        terms = self.env["account.payment.term"].create({"name": "halves", "line_ids": lines})
        invoice = self._invoice(100, invoice_payment_term_id=terms.id, invoice_date_due=False)
        payment = self._money(150)
        self._match(payment, invoice)
        for _number in range(4):
            self._later()
            self._run()
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        self._assert_balances()

    @every_value("prepayment_number")
    def test_as_prepayment(self):
        accounts = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("type", "=", "CURRLIAB")])
        account = accounts.filtered("can_post")[:1]
        self.assertTrue(account)
        self.connection.write({"unmatched_payments": "prepayment", "prepayment_account_id": account.id})
        payment = self._money(100)
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-PREPAYMENT", 100.0, 100.0)])
        invoice = self._invoice(50)
        self._match(payment, invoice)
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-PREPAYMENT", 100.0, 45.0)])
        self._assert_balances()

    def test_prepayment_without_an_account_is_held(self):
        self.connection.unmatched_payments = "prepayment"
        payment = self._money(100)
        self._run()
        self.assertEqual((payment.xero_state, payment.xero_problem_id.code), ("blocked", "account_unmapped"))

    def test_waits_if_so_decided(self):
        self.connection.unmatched_payments = "wait"
        payment = self._money(100)
        self._run()
        self.assertFalse(list(self._organisation().bank_transactions))
        self.assertFalse(payment.xero_state)
        self._match(payment, self._invoice(50))
        self._run()
        self.assertFalse(list(self._organisation().bank_transactions))
        self.assertEqual(self._xero_bank(), 55, "what is matched is a payment, the rest waits")

    def test_allocated_when_matched_later(self):
        payment = self._money(100)
        self._run()
        invoice = self._invoice(50)
        self._run()
        self._match(payment, invoice)
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 100.0, 45.0)])
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        self.assertFalse(self._xero_payments(invoice))
        self._assert_balances()

    def test_matched_in_part_at_first(self):
        invoice = self._invoice(50)
        payment = self._money(100)
        self._match(payment, invoice)
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 100.0, 45.0)])
        self._assert_balances()

    def test_unmatched_again(self):
        payment, invoice = self._money(100), self._invoice(50)
        self._match(payment, invoice)
        self._run()
        self._unmatch(payment)
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 100.0, 100.0)])
        self.assertEqual(self._xero_invoice(invoice).status, "AUTHORISED")
        self._assert_balances()
        self._match(payment, self._invoice(60))
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 100.0, 34.0)])
        self._assert_balances()

    def test_payment_of_an_invoice_set_free(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        self._assert_balances()
        self._unmatch(payment)
        self._run()
        self.assertFalse(self._xero_payments(invoice))
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 110.0, 110.0)])
        self._assert_balances()
        self._match(payment, invoice)
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 110.0, 0.0)])
        self._assert_balances()

    @every_value("void_prepaid")
    def test_reset_and_void_allowed(self):
        payment, invoice = self._money(100), self._invoice(50)
        self._match(payment, invoice)
        self._run()
        binding = self._of_kind(payment, "on_account")
        payment.action_draft()
        self._run()
        if self.xero.switches.void_prepaid == "refused":
            self._void(binding)
        self.assertEqual(bool(self._of_kind(payment, "on_account")), self.xero.switches.void_prepaid == "refused")
        self._assert_amounts()
        payment.amount = 70
        payment.action_post()
        self._run()
        self.assertEqual(self._on_account(payment)[0][:2], ("RECEIVE-OVERPAYMENT", 70.0))
        self._assert_balances()

    def test_reset_and_void_refused(self):
        payment, invoice = self._money(100), self._invoice(50)
        self._match(payment, invoice)
        self._run()
        binding = self._of_kind(payment, "on_account")
        payment.action_draft()
        payment.action_cancel()
        self._run()
        self.assertEqual((payment.xero_state, payment.xero_problem_id.code), ("failed", "money_in_use"), payment.xero_message)
        self.assertEqual(self._xero_invoice(invoice).status, "AUTHORISED", "what could be undone was undone")
        self._void(binding)
        payment.xero_problem_id.action_retry()
        self._run()
        self._assert_balances()
        self.assertFalse(payment.xero_state)

    def _void(self, binding):
        from xero_simulator.control_bank import CHANGES

        organisation = self._organisation()
        CHANGES["void_prepaid"](organisation, [binding.xero_id], self.xero.clock.now())

    def test_changed_amount_waits_for_the_void(self):
        payment = self._money(100)
        self._run()
        binding = self._of_kind(payment, "on_account")
        payment.action_draft()
        payment.amount = 90
        payment.action_post()
        self._run()
        self.assertEqual(payment.xero_problem_id.code, "money_in_use")
        self._void(binding)
        payment.xero_problem_id.action_retry()
        self._settle()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 90.0, 90.0)])
        self._assert_balances()

    def test_reset_and_posted_unchanged_costs_nothing(self):
        payment = self._money(100)
        self._run()
        calls = self._calls("PUT") + self._calls("POST")
        payment.action_draft()
        payment.action_post()
        self._run()
        self.assertEqual(self._calls("PUT") + self._calls("POST"), calls)
        self._assert_balances()

    def test_deleted_payment(self):
        self.xero.switches.void_prepaid = "allowed"
        payment = self._money(100)
        self._run()
        payment.action_draft()
        payment.unlink()
        self._run()
        self.assertEqual(self._xero_bank(), 0)
        self._assert_balances()

    def test_no_answer(self):
        for kind in ("timeout_after", "timeout_before"):
            with self.subTest(kind):
                self._order_fault(kind, path="/BankTransactions", method="PUT")
                payment = self._money(100)
                self._settle(2)
                self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 100.0, 100.0)])
                self._assert_balances()

    def test_allocation_without_answer(self):
        payment = self._money(100)
        self._run()
        invoices = self._invoice(10) + self._invoice(10)
        self._run()
        self._order_fault("timeout_after", path="Allocations", method="PUT")
        self._match(payment, *invoices)
        self._settle(2)
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 100.0, 78.0)])
        self._assert_balances()
        self._order_fault("timeout_after", path="Allocations", method="DELETE")
        self._unmatch(payment)
        self._settle(2)
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 100.0, 100.0)])
        self._assert_balances()

    @every_value("prepaid_reference", "bank_reference_filter", "transfers_listed")
    def test_forgotten_here_is_found_there(self):
        payment = self._money(100)
        self._run()
        self._binding(payment).unlink()
        self.env["xero.handler.payment"]._ask_for_money({payment._name: payment}, manual=True)
        self._run()
        self.assertTrue(self._of_kind(payment, "on_account"))
        self._assert_balances()

    def test_statement_line_on_account(self):
        invoice = self._invoice(50)
        line = self._statement_line(100)
        self._match_line(line, invoice, on_account=45)
        self._run()
        self.assertEqual(self._on_account(line), [("RECEIVE-OVERPAYMENT", 100.0, 45.0)])
        self._assert_balances()

    def test_statement_line_matched_directly(self):
        invoice = self._invoice(100)
        line = self._statement_line(110)
        self._match_line(line, invoice)
        self._run()
        self.assertEqual([float(p.amount) for p in self._xero_payments(invoice)], [110])
        self._assert_balances()

    def test_outstanding_payment_is_sent_once(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        line = self._statement_line(110)
        _liquidity, suspense, _other = line._seek_for_lines()
        outstanding = payment._seek_for_lines()[0]
        suspense.account_id = outstanding.account_id
        (suspense + outstanding).reconcile()
        self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual(self._xero_bank(), 110)
        self.assertFalse(list(self._organisation().bank_transactions))

    def test_money_paid_back_without_a_document_is_held(self):
        payment = self._money(30, "outbound", "customer")
        self._run()
        self.assertEqual((payment.xero_state, payment.xero_problem_id.code), ("blocked", "not_ready"))

    def test_money_on_account_paid_back(self):
        for incoming, kinds in ((True, ("inbound", "outbound", "customer")), (False, ("outbound", "inbound", "supplier"))):
            first, back, partner_type = kinds
            for sent_before in (True, False):
                with self.subTest(partner_type=partner_type, sent_before=sent_before):
                    payment = self._money(100, first, partner_type)
                    if sent_before:
                        self._run()
                    refund = self._money(40, back, partner_type, date="2026-10-03")
                    self._match(payment, refund)
                    self._settle()
                    self.assertEqual(self._on_account(payment)[0][1:], (100.0, 60.0))
                    self.assertEqual(refund.xero_state, "synced")
                    self._assert_balances()
                    self.assertEqual(incoming, self._on_account(payment)[0][0].startswith("RECEIVE"))

    def test_paid_back_and_set_free(self):
        self.xero.switches.void_prepaid = "allowed"
        payment, refund = self._money(100), self._money(100, "outbound", "customer")
        self._match(payment, refund)
        self._settle()
        self._assert_balances()
        payment.action_draft()
        refund.action_draft()
        self._settle()
        self.assertEqual(self._xero_bank(), 0)
        self._assert_balances()

    def test_lock_date(self):
        self.connection.sudo().period_lock_date = "2026-10-31"
        payment = self._money(30)
        self._run()
        self.assertEqual(payment.xero_problem_id.code, "lock_date")
        self.connection.sudo().period_lock_date = False
        payment.xero_problem_id.action_retry()
        self._run()
        self._assert_balances()
