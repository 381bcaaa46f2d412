from odoo.tests import tagged

from ..common.bank import BankCase
from ..common.every_value import every_value
from .test_transfers import TransferCommon


@tagged("post_install", "-at_install")
class TestTransfersIn(BankCase, TransferCommon):
    """A transfer that was made in Xero is a bank line on each side here, matched with each other; once, and nothing goes back."""

    def _prepare(self):
        super()._prepare()
        self._lines_from("xero", self.savings)
        self._run()
        self.before = self._changes()

    def _moved_there(self, amount=100, date="2026-10-05", **values):
        names = {"source": self.account_code, "target": self._code_of(self.savings), **values}
        return self._rita("transfer", amount=amount, date=date, reference="To the savings", **names)["BankTransferID"]

    def _code_of(self, journal):
        return self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == journal).xero_account_id.code

    @every_value("transfers_listed")
    def test_both_sides(self):
        """Also where Xero lists its two bank transactions: these are no money of their own."""
        self._moved_there()
        self._hour()
        left, arrived = self._lines()
        self.assertEqual([(each.journal_id, each.amount) for each in left | arrived], [(self.bank, -100.0), (self.savings, 100.0)])
        self.assertEqual([line.is_reconciled for line in left | arrived], [True, True])
        self.assertEqual((left._seek_for_lines()[2].account_id, left.payment_ref), (self.transfer_account, "To the savings"))
        self.assertEqual(self._changes(), self.before)
        self._assert_quiet()
        self._assert_ledgers()

    def test_removed_there(self):
        key = self._moved_there()
        self._hour()
        self._rita("remove_and_redo", item=key)
        self._hour()
        self.assertFalse(self._lines())
        self.assertEqual(self._rows().mapped("state"), ["gone"])
        self._assert_quiet()
        self._assert_ledgers()

    def test_matched_there_is_checked_here(self):
        key = self._moved_there()
        self._rita("reconcile", items=[key])
        self._hour()
        self.assertEqual(self._lines().move_id.mapped("checked"), [True, True])
        self._rita("unreconcile", items=[key])
        self._hour()
        self.assertEqual(self._lines().move_id.mapped("checked"), [False, False])

    def test_one_bank_has_statements_here(self):
        self._lines_from("odoo", self.savings)
        self._moved_there()
        self._hour()
        row = self._rows()
        self.assertEqual((row.state, row.cause, len(self._lines())), ("held", "one_side", 0))
        self.assertIn("Savings", row.message)
        self._lines_from("xero", self.savings)
        self._run()
        self.assertEqual((row.state, len(self._lines())), ("booked", 2))
        self._assert_ledgers()

    def test_neither_bank_was_chosen(self):
        self._lines_from("odoo")
        self._lines_from("odoo", self.savings)
        self._moved_there()
        self._hour()
        self.assertFalse(self._rows())
        self.assertFalse(self._lines())

    def test_closed_period_and_before_the_day(self):
        self.env.company.sudo().fiscalyear_lock_date = "2026-10-31"
        self._moved_there()
        self._moved_there(date="2026-09-05")
        self._hour()
        self.assertEqual([(row.state, row.cause) for row in self._rows()], [("held", "locked")])
        self.assertFalse(self._lines())

    def test_a_line_that_is_here_already(self):
        line = self._statement_line(-100, date="2026-10-04", partner_id=False)
        self._moved_there()
        self._hour()
        row = self._rows()
        self.assertEqual((row.state, row.alike_id), ("proposed", line.id))
        row.action_same()
        self._run()
        self.assertEqual((row.state, len(self._lines()), line.is_reconciled), ("booked", 2, True), row.message)

    def test_undone_here(self):
        """Nothing is removed in Xero before a person has said so."""
        self._moved_there()
        self._hour()
        self.env["xero.bank.settling"]._undo(self._lines()[:1])
        self._run()
        job = self.env["xero.job"].search([("kind", "=", "transfer"), ("is_open", "=", True)])
        self.assertEqual((job.state, job.problem_id.code, self._changes()), ("blocked", "made_in_xero", self.before))
        job.problem_id.action_fix()
        self._run()
        self.assertEqual(self._there(), [])

    def test_our_own_transfer_removed_there(self):
        partial = self._transfer(100)
        self._run()
        self._rita("remove_and_redo", item=self._binding(partial).xero_id)
        self._hour()
        row = self._rows("asked")
        self.assertEqual(row.cause, "gone")
        row.action_send_again()
        self._run()
        self.assertEqual(len(self._there()), 1)
        self._assert_quiet()
        self._assert_ledgers()

    @every_value("transfer_currencies")
    def test_two_currencies(self):
        if self.xero.switches.transfer_currencies != "any":
            return
        dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 0.5)])
        self.organisation.currencies.put({"Code": "USD", "Description": "Dollar"})
        abroad = self._bank_journal("Dollars", dollars)
        self._lines_from("xero", abroad)
        self._moved_there(target=self._code_of(abroad))
        self._hour()
        self.assertEqual((self._rows().cause, len(self._lines())), ("two_currencies", 0))
