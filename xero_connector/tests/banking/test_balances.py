from odoo.tests import tagged

from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestBalances(MoneyInCase):
    """What a bank has on both sides, and of what the difference consists: to the cent, or it is said that it is not known."""

    def _prepare(self):
        super()._prepare()
        self._record_in("both")
        self.line = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == self.bank)

    def _ask(self):
        """Somebody asks, and a run reads."""
        self.line.action_read_balances()
        self._run()
        self.assertFalse(self.connection.balances_note)

    def _figures(self):
        self.line.invalidate_recordset()
        line = self.line
        return (line.odoo_balance, line.xero_balance, line.balance_difference, line.balance_state)

    def _reports(self):
        return [call for call in self.env["xero.call"].sudo().search([]) if "Reports" in call.path]

    def test_nobody_has_looked(self):
        self._run()
        self.assertFalse(self._reports(), "no call that nobody asked for")
        self.assertEqual(self._figures(), (0, 0, 0, False))
        self.assertFalse(self.line.is_balance_read or self.line.balance_sentence)

    def test_empty_banks_agree(self):
        self._ask()
        self.assertEqual(self._figures(), (0, 0, 0, "agrees"))
        self.assertFalse(self.line.balance_sentence)

    def test_account_that_the_report_leaves_out(self):
        """What was read long ago is not shown as read now."""
        self._ask()
        self.line.xero_account_id.sudo().xero_id = "00000000-0000-4000-8000-000000000001"
        self._ask()
        self.assertEqual((self._figures()[3], self.line.is_balance_read), (False, False))

    def test_looking_again_soon_costs_no_call(self):
        for _click in range(3):
            self.line.action_banks()
            self._run()
        self.assertEqual(len(self._reports()), 1)
        self._pass(minutes=61)
        self.line.action_banks()
        self._run()
        self.assertEqual(len(self._reports()), 2)

    def test_what_was_sent_since_is_read_sooner(self):
        self.line.action_banks()
        self._run()
        self._sent(self._invoice(100))
        self._pass(minutes=6)
        self.line.action_banks()
        self._run()
        self.assertEqual(len(self._reports()), 2)

    def test_payment_that_waits_for_its_bank_line(self):
        self._pay(self._sent(self._invoice(100)))
        self._run()
        self._ask()
        self.assertEqual(self._figures(), (0, 110, -110, "explained"))
        self.assertIn("not yet on the bank in Odoo", self.line.balance_sentence)

    def test_bank_line_that_is_matched_with_nothing(self):
        self._statement_line(50)
        self._ask()
        self.assertEqual(self._figures(), (50, 0, 50, "explained"))
        self.assertEqual((self.line.to_match, bool(self.line.oldest_to_match)), (1, True))

    def test_bank_line_matched_with_an_invoice(self):
        invoice = self._sent(self._invoice(100))
        self._match_line(self._statement_line(110), invoice)
        self._run()
        self._ask()
        self.assertEqual(self._figures(), (110, 110, 0, "agrees"))
        self.assertEqual(self.line.to_match, 0)

    def test_bank_line_matched_with_a_payment(self):
        payment = self._pay(self._sent(self._invoice(100)))
        self._run()
        line = self._statement_line(110)
        _liquidity, suspense, _other = line._seek_for_lines()
        outstanding = payment._seek_for_lines()[0]
        suspense.account_id = outstanding.account_id
        (suspense + outstanding).reconcile()
        self._run()
        self._ask()
        self.assertEqual(self._figures(), (110, 110, 0, "agrees"))

    def test_money_that_only_xero_has(self):
        self._sent(self._invoice(100))
        self._rita("receive_money", contact=self.partner.xero_id, amount=33, account=self.account_code, date="2026-10-03")
        self._ask()
        self.assertEqual(self._figures(), (0, 33, -33, "explained"))
        self.assertIn("In Xero only", self.line.balance_sentence)

    def test_money_of_strangers(self):
        """The bank's fee, paid to nobody who is in Odoo, explains the balance as soon as somebody looks at it, whoever records payments."""
        self._record_in("odoo")
        bank = self._rita("write_contact", name="The Bank")["ContactID"]
        self._rita("spend_money", contact=bank, amount=12, account=self.account_code, date="2026-10-03")
        self._ask()
        self._pass(minutes=61)
        self._run()
        self.assertEqual(self._figures(), (0, -12, 12, "explained"))
        self.assertIn("In Xero only", self.line.balance_sentence)

    def test_nothing_is_hidden_in_a_rest(self):
        """What stands in Xero's ledger and no record here accounts for."""
        self._sent(self._invoice(100))
        self._statement_line(50)
        self._rita("receive_money", contact=self.partner.xero_id, amount=20, account=self.account_code, date="2026-10-03")
        self.xero.faults.order([{"kind": "error_500_before", "method": "GET", "path": "/BankTransactions", "times": 9}])
        self._ask()
        self.assertEqual(self._figures()[2:], (30, "unexplained"))
        self.assertIn("Unexplained", self.line.balance_sentence)

    def test_xero_does_not_say(self):
        """No permission for reports: it is said on the page, and everything else goes on."""
        self._organisation().reports_permission = False
        self.line.action_read_balances()
        invoice = self._invoice(100)
        self._run()
        self.assertTrue(self.connection.balances_note)
        self.assertEqual((self.connection.state, invoice.xero_state), ("connected", "synced"))
        self.assertEqual(self.line.balance_sentence, self.connection.balances_note)

    def test_what_an_empty_page_says(self):
        """Where lines could come from, until there are some or it was chosen; then that all is matched."""
        self.line.bank_lines = False
        self.assertIn("No feed", self.line.action_open_bank()["help"])
        self.line.bank_lines = "odoo"
        self.assertIn("Nothing left to match", self.line.action_open_bank()["help"])

    def test_before_the_first_day(self):
        self.connection.sync_from = "2026-09-01"
        self._statement_line(70, date="2026-08-15")
        self._statement_line(50)
        self._ask()
        self.assertEqual(self._figures(), (120, 0, 120, "explained"))
        self.assertIn("Before the first day", self.line.balance_sentence)
