from odoo.tests import tagged

from ..common.bank import BankCase


@tagged("post_install", "-at_install")
class TestBesideOca(BankCase):
    """Beside the OCA's ``account_reconcile_oca``, if that is installed: either's matches are the other's, and its guesses do not stay.

    Its guesses when a line is made need a context key in tests.
    """

    def setUp(self):
        super().setUp()
        if "reconcile_data_info" not in self.env["account.bank.statement.line"]._fields:
            self.skipTest("account_reconcile_oca is not installed")

    def _match_theirs(self, line, document):
        """What a person does in its screen."""
        self.env.invalidate_all()  # a request of its own
        line.clean_reconcile()  # what it had proposed by itself
        line._add_account_move_line(self._debts(document))
        line.reconcile_bank_line()
        self.env.flush_all()

    def _look(self, line):
        self.env["xero.bank.match"]._refresh(self.connection)
        return self.env["xero.bank.match"].search([("line_id", "=", line.id)])

    def _paid_there(self, document):
        self._settle(2)
        return sum(payment.amount for payment in self._xero_payments(document))

    def test_its_guess_does_not_stay(self):
        """It matches a new line with any item whose number contains the line's text, whatever the amount."""
        guesses = {"_test_account_reconcile_oca": True}
        invoice = self._invoice(500)
        savings = self.env["account.journal"].create({"name": "Savings", "type": "bank", "code": "SAVE"})
        values = {"journal_id": savings.id, "date": "2026-10-01", "payment_ref": invoice.name, "amount": 55}
        by_hand = self.env["account.bank.statement.line"].with_context(**guesses).create(values)
        self.assertEqual((by_hand.is_reconciled, invoice.amount_residual), (True, 495), "it guesses, or this test shows nothing")
        by_hand.unreconcile_bank_line()
        self._spent(55, "receive_money", line_account="200", tax_type="EXEMPTOUTPUT", reference=invoice.name)
        self.connection = self.connection.with_context(**guesses)
        self._hour()
        [line] = self._lines() - by_hand
        self.assertEqual((line.payment_ref, line.is_reconciled, invoice.amount_residual), (invoice.name, True, 550))
        self.assertEqual([(account, -balance) for account, balance, _tax in self._booked(line)], [(self._revenue(), 55.0)])

    def _revenue(self):
        return self.company_data["default_account_revenue"]

    def test_matched_in_its_screen(self):
        self._lines_from("odoo")
        line = self._statement_line(110, payment_ref="CUSTOMER PAYS")
        row = self._look(line)
        self.assertEqual((row.state, row.sureness), ("open", "sure"))
        self._match_theirs(line, self.invoice)
        self.assertEqual((self._look(line).state, self.invoice.payment_state), ("matched", "paid"))
        self._look(line).action_undo()
        self.assertEqual((line.is_reconciled, self.invoice.payment_state), (False, "not_paid"))
        self.assertEqual(self._look(line).state, "open")

    def test_undone_in_its_screen(self):
        self._lines_from("odoo")
        line = self._statement_line(110, payment_ref="CUSTOMER PAYS")
        self._look(line).action_match()
        self.assertEqual(self.invoice.payment_state, "paid")
        line.unreconcile_bank_line()
        self.assertEqual((line.is_reconciled, self.invoice.payment_state), (False, "not_paid"))
        self.assertEqual(self._look(line).state, "open")
        self._match_theirs(line, self.invoice)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_its_matches_reach_xero_once(self):
        self._lines_from("odoo")
        line = self._statement_line(110, payment_ref="CUSTOMER PAYS")
        self._match_theirs(line, self.invoice)
        self.assertEqual((self.invoice.payment_state, self._paid_there(self.invoice)), ("paid", 110), self.invoice.xero_message)
        line.unreconcile_bank_line()
        self.assertEqual((self.invoice.payment_state, self._paid_there(self.invoice)), ("not_paid", 0), self.invoice.xero_message)
        self._assert_quiet()

    def test_an_entry_beside_the_line_is_told(self):
        """Its other way leaves the line's entry as it is and settles the debt by an entry of its own, through the suspense account."""
        self.bank.suspense_account_id.reconcile = True
        self.bank.reconcile_mode = "keep"
        self._lines_from("odoo")
        line = self._statement_line(110, payment_ref="CUSTOMER PAYS")
        self._match_theirs(line, self.invoice)
        self.assertEqual((self.invoice.payment_state, line.is_reconciled), ("paid", True))
        self.assertEqual(self._paid_there(self.invoice), 0)
        self.assertEqual((self.invoice.xero_state, self.invoice.xero_problem_id.code), ("blocked", "settled_by_entry"))
        line.unreconcile_bank_line()
        self._settle(2)
        self.assertEqual((self.invoice.payment_state, self.invoice.xero_state), ("not_paid", "synced"), self.invoice.xero_message)
