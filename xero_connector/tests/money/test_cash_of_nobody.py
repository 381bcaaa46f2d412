from odoo.tests import tagged

from .test_money_of_nobody import NobodyCommon


@tagged("post_install", "-at_install")
class TestCashOfNobody(NobodyCommon):
    """Cash is mostly an ordinary account in Xero, which takes no bank transactions: there nobody's money is a manual journal."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()
        self.cash = self.company_data["default_journal_cash"]
        [line] = (
            self.env["xero.journal.mapping"].sudo().search([("connection_id", "=", self.connection.id), ("journal_id", "=", self.cash.id)])
        )
        line.with_user(self.env.user).action_create_in_xero() if line.can_create else None
        self.drawer = line.xero_account_id
        self.assertNotEqual(self.drawer.type, "BANK")
        line._confirm()

    def _paid_in_cash(self, amount, debt, **values):
        return self._paid_in(amount, debt, **{"journal_id": self.cash.id, **values})

    def _sums(self):
        """``{code: what posted manual journals have booked on it}``."""
        sums = {}
        for row in self.organisation.manual_journals:
            for line in row["Lines"] if row["Status"] == "POSTED" else ():
                sums[line["AccountCode"]] = sums.get(line["AccountCode"], 0) + float(line["LineAmount"])
        return {code: round(amount, 2) for code, amount in sums.items() if round(amount, 2)}

    def _posted(self):
        return len([row for row in self.organisation.manual_journals if row["Status"] == "POSTED"])

    def test_a_till_closed(self):
        line = self._paid_in_cash(110, self._close(110))
        self._settle(3)
        self.assertEqual(self._sums(), {self.drawer.code: 110.0, "200": -110.0})
        [shown] = self.env["xero.document"].search([("kind", "=", "cash_entry"), ("res_id", "=", line.move_id.id)])
        self.assertEqual((shown.state, shown.xero_url[:4]), ("synced", "http"))
        self._assert_at_rest()

    def test_more_paid_out_than_in_on_another_day(self):
        self._paid_in_cash(-40, self._close(-40), date="2026-10-03")
        self._settle(3)
        self.assertEqual(self._sums(), {self.drawer.code: -40.0, "200": 40.0})
        self.assertIn("2026-10-03", [str(row["Date"])[:10] for row in self.organisation.manual_journals])
        self._assert_at_rest()

    def test_match_undone_and_made_anew(self):
        debt = self._close(110)
        line = self._paid_in_cash(110, debt)
        self._settle(3)
        debt.remove_move_reconcile()
        self._settle(3)
        self.assertEqual(self._sums(), {"850": 110.0, "200": -110.0}, "the closing entry alone")
        (self._other_side(line) | debt).reconcile()
        self._settle(3)
        self.assertEqual((self._sums(), self._posted()), ({self.drawer.code: 110.0, "200": -110.0}, 2))
        self._assert_at_rest()

    def test_another_amount(self):
        debt = self._close(110)
        line = self._paid_in_cash(110, debt)
        self._settle(3)
        line.action_undo_reconciliation()
        line.amount = 100
        line._seek_for_lines()[1].account_id = self.till
        (self._other_side(line) | debt).reconcile()
        self._settle(3)
        self.assertEqual((self._sums(), self._posted()), ({self.drawer.code: 100.0, "850": 10.0, "200": -110.0}, 2))
        self._assert_at_rest()

    def test_matched_with_an_invoice_after_all(self):
        """A payment from the drawer, and no journal; never both."""
        debt = self._close(110)
        line = self._paid_in_cash(110, debt)
        self._settle(3)
        invoice = self._matched_after_all(line, debt)
        for _time in range(4):
            self._settle(1)
            self.assertFalse(self._posted() > 1 and self._xero_payments(invoice))
        self.assertEqual((self._xero_invoice(invoice).amount_due, self._posted()), (0, 1))
        self._assert_at_rest()

    def test_deleted(self):
        line = self._paid_in_cash(110, self._close(110))
        self._settle(3)
        line.with_context(force_delete=True).unlink()
        self._settle(3)
        self.assertEqual(self._sums(), {"850": 110.0, "200": -110.0})

    def test_lost_answers(self):
        for fault in ("timeout_after", "error_500_after", "timeout_before"):
            with self.subTest(fault):
                before, entry = self._posted(), self._close(110)
                self._settle(2)
                self._order_fault(fault, path="ManualJournals", method="PUT")
                self._paid_in_cash(110, entry)
                self._settle(3)
                self.assertEqual(self._posted(), before + 2)
                self._assert_at_rest()

    def test_closed_period(self):
        self.connection.sudo().period_lock_date = "2026-10-31"
        line = self._paid_in_cash(110, self._close(110))
        self._settle(2)
        self.assertEqual((self._sums(), self._job(line).problem_id.code), ({}, "lock_date"))

    def test_mapped_to_a_bank_later(self):
        """What is there stays as it is; what comes goes to the bank."""
        self._paid_in_cash(110, self._close(110))
        self._settle(3)
        bank = self.env["xero.journal.mapping"].search([("connection_id", "=", self.connection.id), ("journal_id", "=", self.bank.id)])
        line = self.env["xero.journal.mapping"].search([("connection_id", "=", self.connection.id), ("journal_id", "=", self.cash.id)])
        line.xero_account_id = bank.xero_account_id
        self._paid_in_cash(22, self._close(22))
        self._settle(3)
        self.assertEqual(self._moved(), [("RECEIVE", [("850", 22.0)])])
        self.assertEqual(self._sums(), {self.drawer.code: 110.0, "850": 22.0, "200": -132.0})
        self._assert_at_rest()
