from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...handlers.banking.settle_lines import Part
from ..banking.test_settle import SettlingCommon


class MatchCommon(SettlingCommon):
    def _prepare(self):
        super()._prepare()
        self._map_purchases()
        self.mapping = self.env["xero.journal.mapping"].search([("journal_id", "=", self.bank.id)])
        self.assertTrue(self.mapping)

    def _look(self):
        self.env["xero.bank.match"]._refresh(self.connection)

    def _row(self, line):
        return self.env["xero.bank.match"].search([("line_id", "=", line.id)])

    def _shown(self, line):
        row = self._row(line)
        return row.suggestion, row.reason, row.sureness, row.state


@tagged("post_install", "-at_install")
class TestMatch(MatchCommon):
    """Lines that wait are listed with what they were probably for, in words; one click matches, another takes it back."""

    def test_number_in_the_text(self):
        invoice = self._invoice(1200)
        line = self._statement_line(1320, payment_ref=f"CUSTOMER A PTY {invoice.name}", partner_id=False)
        self._look()
        self.assertEqual(self._shown(line), (invoice.name, "Same amount, number in the text.", "sure", "open"))
        self.assertEqual(self._row(line).partner_id, self.partner)
        self._row(line).action_match()
        self.assertEqual((invoice.payment_state, line.is_reconciled), ("paid", True))
        self.assertEqual(self._shown(line), (invoice.name, "", "sure", "matched"))
        self._row(line).action_undo()
        self.assertEqual((invoice.payment_state, line.is_reconciled), ("not_paid", False))
        self.assertEqual(self._shown(line)[2:], ("sure", "open"))

    def test_due(self):
        bill = self._bill(2500, invoice_date_due="2026-10-02")
        line = self._statement_line(-2750, payment_ref="RENT OCT")
        self._look()
        self.assertEqual(self._shown(line), (bill.name, "Same amount, same supplier, 1 day before due.", "sure", "open"))

    def test_several_and_a_part(self):
        one, two = self._invoice(1000), self._invoice(1100)
        both = self._statement_line(2310, payment_ref=f"DIRECT CREDIT {one.name} {two.name}")
        self._look()
        self.assertEqual(
            self._shown(both), (f"{one.name} + {two.name}", "Both numbers in the text, sum is the same.", "sure", "open")
        )  # fmt: skip
        self._row(both).action_match()
        self.assertEqual({one.payment_state, two.payment_state}, {"paid"})
        third = self._invoice(1000, 136.36)
        part = self._statement_line(500, payment_ref=f"PART PMT {third.name}")
        self._look()
        suggestion, reason, sureness, _state = self._shown(part)
        self.assertEqual((suggestion, sureness), (f"{third.name}, a part", "likely"))
        self.assertRegex(reason, r"Open: .*1,250\.00\. Left afterwards: .*750\.00\.")
        self._row(part).action_match()
        self.assertEqual(third.amount_residual, 750)

    def test_payment_that_is_there(self):
        payment = self._pay(self._invoice(100))
        line = self._statement_line(110, payment_ref="AZURE INTERIOR", date="2026-10-02")
        self._look()
        self.assertEqual((self._shown(line)[0], self._shown(line)[2]), (payment.move_id.name, "sure"))
        self._row(line).action_match()
        self.assertTrue(payment.is_matched)

    def test_transfer(self):
        left = self._statement_line(-1000, payment_ref="TRF TO SAVINGS", partner_id=False)
        arrived = self._statement_line(1000, journal_id=self.savings.id, payment_ref="TRANSFER", partner_id=False)
        self._look()
        self.assertEqual(
            self._shown(left), ("Transfer to Savings", "The same amount came in there on the same day.", "sure", "open")
        )  # fmt: skip
        self._row(left).action_match()
        self.assertTrue(left.is_reconciled and arrived.is_reconciled)

    def test_fee_as_before(self):
        fees = self.env["account.account"].create({"name": "Bank Fees", "code": "FEES1", "account_type": "expense"})
        first, second = self._invoice(1000), self._invoice(1000)
        for invoice in (first, second):
            before = self._statement_line(1080.1, payment_ref=f"AZURE {invoice.name}")
            self.settling._settle(before, [(self._open(invoice), None)], [Part(fees, -19.9)])
        invoice = self._invoice(1000)
        line = self._statement_line(1080.1, payment_ref=f"AZURE {invoice.name}")
        self._look()
        suggestion, reason, sureness, _state = self._shown(line)
        self.assertEqual((suggestion, sureness), (invoice.name, "likely"))
        self.assertRegex(reason, r"^Less .*19\.90 to Bank Fees, as before\.$")
        self._row(line).action_match()
        self.assertEqual((invoice.payment_state, line.is_reconciled), ("paid", True))

    def test_rule(self):
        own = {"connection_id": self.connection.id, "account_id": self.expense.id, "name": "Card fees"}
        self.env["xero.rule"].create({**own, "domain": "[('payment_ref', 'ilike', 'CARD FEE')]"})
        line = self._statement_line(-9.5, payment_ref="CARD FEE NOV", partner_id=False)
        self._look()
        self.assertEqual(self._shown(line), (f"{self.expense.name}, no tax", "Your rule “Card fees”.", "likely", "open"))
        self._row(line).action_match()
        self.assertEqual((line.is_reconciled, self._row(line).state), (True, "booked"))

    def test_nothing_fits(self):
        line = self._statement_line(290, payment_ref="DEPOSIT 44871", partner_id=False)
        self._look()
        self.assertEqual(self._shown(line), ("Nothing fits", "", "none", "open"))
        told = self._row(line).action_match()
        self.assertEqual(told["params"]["type"], "warning")
        self.assertFalse(line.is_reconciled)

    def test_second_click_and_what_is_taken(self):
        invoice = self._invoice(100)
        one = self._statement_line(110, payment_ref=invoice.name)
        self._look()
        row = self._row(one)
        self._pay(invoice)
        told = row.action_match()
        self.assertEqual(told["params"]["type"], "warning")
        self.assertIn("settled already", told["params"]["message"])
        self.assertFalse(one.is_reconciled)

    def test_sure_ones(self):
        sure = [self._invoice(100), self._bill(200)]
        lines = [self._statement_line(110, payment_ref=sure[0].name), self._statement_line(-220, payment_ref="RENT")]
        doubtful = self._statement_line(77, payment_ref="DEPOSIT", partner_id=False)
        self._look()
        action = self.env["xero.bank.match"].with_context(xero_bank=self.mapping.id).action_match_sure()
        wizard = self.env["xero.bank.sure"].with_context(**action["context"]).create({})
        self.assertRegex(wizard.effect, r"^Lines: 2 · In .*110\.00 · Out .*220\.00$")
        wizard.action_match()
        self.assertTrue(all(line.is_reconciled for line in lines))
        self.assertFalse(doubtful.is_reconciled)
        again = self.env["xero.bank.match"].with_context(xero_bank=self.mapping.id).action_match_sure()
        self.assertEqual(again["params"]["type"], "warning")

    def test_other(self):
        one, two = self._invoice(100), self._invoice(300)
        line = self._statement_line(430, payment_ref="AZURE INTERIOR")
        self._look()
        other = self.env["xero.bank.other"].browse(self._row(line).action_other()["res_id"])
        self.assertEqual(other.line_ids.item_id, self._open(one, two))
        self.assertEqual((other.left, other.is_left), (430, True))
        other.line_ids.chosen = True
        self.assertEqual((other.left, other.is_left), (-10, True))
        with self.assertRaisesRegex(UserError, r"Left: .*10\.00"):
            other.action_match()
        other.account_id = self.expense
        self.assertEqual((other.rest, other.left, other.is_left), (-10, 0, False))
        other.action_match()
        self.assertEqual(({one.payment_state, two.payment_state}, line.is_reconciled), ({"paid"}, True))

    def test_rows_follow_their_lines(self):
        line = self._statement_line(10)
        self._look()
        row = self._row(line)
        self.settling._settle(line, parts=[Part(self.expense, 10)])
        self.env.flush_all()
        self.assertEqual(row.state, "booked")
        line.action_undo_reconciliation()
        self.env.flush_all()
        self.assertEqual(row.state, "open")
        line.unlink()
        self.assertFalse(row.exists())

    def test_only_what_has_changed_is_looked_at(self):
        self._statement_line(10)
        self.connection._suggest_now()
        seen = self.connection.bank_lines_seen
        self.connection._suggest_now()
        self.assertEqual(self.connection.bank_lines_seen, seen)
        invoice = self._invoice(100)
        line = self._statement_line(110, payment_ref=invoice.name)
        self.connection._suggest_now()
        self.assertNotEqual(self.connection.bank_lines_seen, seen)
        self.assertEqual(self._row(line).sureness, "sure")

    def test_as_many_queries_for_many_lines(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._look()
            return self.env.cr.sql_log_count - before

        self._statement_line(10, payment_ref=self._invoice(100).name)
        self._look()
        few = queries()
        for _ in range(25):
            invoice = self._invoice(100)
            self._statement_line(110, payment_ref=invoice.name)
        self.assertLessEqual(queries(), few + 2)
        self.assertEqual(self.env["xero.bank.match"].search_count([("sureness", "=", "sure")]), 25)

    def test_another_company(self):
        line = self._statement_line(10)
        self._look()
        other = self.setup_other_company()["company"]
        stranger = new_test_user(self.env, "stranger", groups="xero_connector.group_xero_user", company_id=other.id)
        row = self._row(line).with_user(stranger).with_context(allowed_company_ids=other.ids)
        for button in ("action_match", "action_undo", "action_other", "action_book"):
            with self.assertRaises(AccessError):
                getattr(row, button)()
        self.assertFalse(row.search([]))

    def test_foreign_currency(self):
        """An invoice in dollars is no match for as many of another money."""
        dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 0.5)])
        foreign = self._invoice(100, currency_id=dollars.id)
        line = self._statement_line(110, payment_ref=foreign.name)
        self._look()
        self.assertEqual(self._row(line).sureness, "none")
