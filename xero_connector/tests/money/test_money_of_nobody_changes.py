from odoo.tests import tagged

from .test_money_of_nobody import NobodyCommon


@tagged("post_install", "-at_install")
class TestMoneyOfNobodyChanges(NobodyCommon):
    """What happens to nobody's money later: its match undone and made otherwise, its entry reset, somebody named; and other currencies."""

    def test_match_undone_and_made_anew(self):
        debt = self._close(110)
        line = self._paid_in(110, debt)
        self._settle(3)
        debt.remove_move_reconcile()
        self._settle(3)
        self.assertEqual(self._moved(), [])
        (self._other_side(line) | debt).reconcile()
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 110.0)])], 0))
        self._assert_done()

    def test_matched_with_another_session(self):
        """Nothing of it changes in Xero."""
        debt = self._close(110)
        line = self._paid_in(110, debt)
        self._settle(3)
        xero_id = self._of_kind(line.move_id, "bank_transaction").xero_id
        debt.remove_move_reconcile()
        (self._other_side(line) | self._close(110)).reconcile()
        self._settle(3)
        self.assertEqual(self._of_kind(line.move_id, "bank_transaction").xero_id, xero_id)
        self.assertEqual(self._cleared(), 110, "what the first session says is open again")
        self._assert_done()

    def test_matched_with_an_invoice_after_all(self):
        """It pays that; the bank has it once at any time."""
        debt = self._close(110)
        line = self._paid_in(110, debt)
        self._settle(3)
        invoice = self._matched_after_all(line, debt)
        for _time in range(4):
            self._settle(1)
            self.assertIn(float(self._xero_bank()), (0.0, 110.0))
        self.assertEqual((self._moved(), self._xero_invoice(invoice).amount_due), ([], 0))
        self._assert_done()

    def test_somebody_named(self):
        """Then it is money of that customer, on account."""
        self._clearing_takes_payments()
        debt = self._close(110, partner=self.partner)
        line = self._paid_in(110, debt)
        self._settle(3)
        self.assertEqual(self._moved(), [("RECEIVE", [("850", 110.0)])])
        line.action_undo_reconciliation()
        line.partner_id = self.partner
        self._book(line)
        self.assertEqual(self._other_side(line).partner_id, self.partner)
        (self._other_side(line) | debt).reconcile()
        self._settle(4)
        self.assertEqual(self._on_account(line), [("RECEIVE-OVERPAYMENT", 110, 0)], "the entry has taken it")
        self.assertFalse(self._of_kind(line.move_id, "bank_transaction"))
        self._assert_at_rest()

    def _book(self, line):
        line._seek_for_lines()[1].account_id = self.till

    def _clearing_takes_payments(self):
        [row] = self.organisation.accounts.find("code", "850")
        self.organisation.accounts.put({**row, "EnablePaymentsToAccount": True})
        self.connection._read_reference_data()

    def test_entry_reset_and_posted_again(self):
        debt = self._close(110)
        self._paid_in(110, debt)
        self._settle(3)
        debt.move_id.button_draft()
        self._settle(2)
        debt.move_id.action_post()
        lines = self.env["account.bank.statement.line"].search([], order="id desc", limit=1)
        open_lines = (self._other_side(lines) | debt).filtered(lambda each: not each.reconciled)
        if open_lines:
            open_lines.reconcile()
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 110.0)])], 0))
        self._assert_done()

    def test_line_deleted(self):
        debt = self._close(110)
        line = self._paid_in(110, debt)
        self._settle(3)
        line.with_context(force_delete=True).unlink()
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([], 110.0))

    def test_another_amount(self):
        debt = self._close(110)
        line = self._paid_in(110, debt)
        self._settle(3)
        line.action_undo_reconciliation()
        line.amount = 100
        self._book(line)
        (self._other_side(line) | debt).reconcile()
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 100.0)])], 10.0))
        self._assert_done()

    def test_entry_that_is_not_sent(self):
        """Then the other side is missing in Xero: it is said; and goes when the journal is sent."""
        self.policy.policy = "none"
        line = self._paid_in(110, self._close(110))
        self._settle(2)
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(self._moved(), [])
        self.policy.policy = "each"
        self.connection.action_confirm_mapping()
        self.connection.action_sync_now()
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 110.0)])], 0), self._shown(line).mapped("message"))
        self._assert_done()

    def test_entry_that_is_left_out(self):
        """Somebody has entered it in Xero by hand, and so the money: it is held, until the entry is sent after all."""
        clearing, self.connection.clearing_account_id = self.connection.clearing_account_id, False
        debt = self._close(110)
        self._settle(1)
        self._job(debt.move_id).action_ignore()
        self.connection.clearing_account_id = clearing
        line = self._paid_in(110, debt)
        self._settle(2)
        self.assertEqual((self._moved(), self._job(line).problem_id.code), ([], "not_ready"))
        debt.move_id.action_xero_sync()
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 110.0)])], 0))
        self._assert_done()

    def test_matched_with_nothing_or_with_somebodys(self):
        """Xero's money on account is somebody's: held, and why."""
        line = self._cash(110)
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(self._moved(), [])
        self.assertEqual(self._job(line).problem_id.code, "not_ready")
        self.assertIn("names nobody", self._shown(line).message)
        (self._other_side(line) | self._close(110)).reconcile()
        self._settle(3)
        self.assertEqual(self._moved(), [("RECEIVE", [("850", 110.0)])])
        self._assert_done()

    def test_reconciled_in_xero(self):
        """It cannot leave then; a payment instead of it waits, or the bank would have it twice."""
        self.xero.switches.reconciled_delete = "refused"
        debt = self._close(110)
        line = self._paid_in(110, debt)
        self._settle(3)
        [row] = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        self.organisation.bank_transactions.put({**row, "IsReconciled": True})
        invoice = self._invoice(100)
        debt.remove_move_reconcile()
        side = self._other_side(line)
        side.write({"account_id": self._debts(invoice).account_id.id})
        (side | self._debts(invoice)).reconcile()
        self._settle(3)
        self.assertEqual((len(self._moved()), self._xero_invoice(invoice).amount_due), (1, 110))
        self.assertEqual(self._job(line).problem_id.code, "money_in_use")

    # === OTHER CURRENCIES === #

    def _dollars(self):
        self.organisation.add_currency("USD")
        return self.setup_other_currency("USD", rates=[("2020-01-01", 0.5)])

    def test_foreign_drawer(self):
        """Of a drawer in dollars, in dollars; the clearing account has the base amounts of both."""
        dollars = self._dollars()
        journal = self.env["account.journal"].create({"name": "Dollars", "type": "cash", "code": "USDT", "currency_id": dollars.id})
        self._map_bank(journal, "USD")
        self._paid_in(55, self._close(55, currency=dollars), journal_id=journal.id)
        self._settle(3)
        jobs = self.env["xero.job"].search([("is_open", "=", True)])
        self.assertFalse([(job.kind, job.state, job.message, job.problem_id.read()) for job in jobs])
        [row] = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        self.assertEqual((row["CurrencyCode"], float(row["Total"]), float(row["CurrencyRate"])), ("USD", 55.0, 0.5))

    def _map_bank(self, journal, currency):
        organisation = self.organisation
        template = next(row for row in organisation.accounts if row["Type"] == "BANK")
        account = {**template, "AccountID": organisation.new_id(), "Code": "399", "Name": journal.name, "BankAccountNumber": "399399",
                   "CurrencyCode": currency}  # fmt: skip
        organisation.accounts.put(account)
        self.connection.action_refresh_reference_data()
        target = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("xero_id", "=", account["AccountID"])])
        lines = self.env["xero.journal.mapping"].sudo()
        line = lines.search([("connection_id", "=", self.connection.id), ("journal_id", "=", journal.id)])
        values = {"xero_account_id": target.id, "confirmed": True}
        line.write(values) if line else lines.create({"connection_id": self.connection.id, "journal_id": journal.id, **values})

    def test_debt_in_another_currency_than_the_drawer(self):
        """Xero books money without a document in its bank's currency only: held, and why."""
        dollars = self._dollars()
        debt = self._close(55, currency=dollars)
        line = self._cash(110, amount_currency=55, foreign_currency_id=dollars.id)
        (self._other_side(line) | debt).reconcile()
        self._settle(3)
        self.assertEqual(self._moved(), [])
        self.assertEqual(self._job(line).problem_id.code, "written_off")
