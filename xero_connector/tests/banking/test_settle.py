from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...handlers.banking.settle import Match, NotSettled
from ...handlers.banking.settle_lines import Part
from ..common.money import XeroMoneyCommon


class SettlingCommon(XeroMoneyCommon):
    def _prepare(self):
        super()._prepare()
        self.bank = self.company_data["default_journal_bank"]
        self.expense = self.company_data["default_account_expense"]
        self.savings = self.env["account.journal"].create({"name": "Savings", "type": "bank", "code": "SAVE"})
        self.settling = self.env["xero.bank.settling"]

    def _open(self, *records):
        return self._debts(*records).filtered(lambda line: not line.reconciled)

    def _settle_with(self, line, *matches, parts=()):
        self.settling._settle(line, [match if isinstance(match, tuple) else (match, None) for match in matches], parts)
        self.env.flush_all()

    def _outstanding(self, payment):
        return payment.move_id.line_ids - self._debts(payment)

    def _items(self, line):
        """``[(account, amount in its currency, balance)]`` of a bank line's entry."""
        return sorted((each.account_id.id, each.amount_currency, each.balance) for each in line.move_id.line_ids)

    def _refused(self, words, line, *matches, parts=()):
        before = self._items(line)
        with self.assertRaisesRegex(NotSettled, words):
            self._settle_with(line, *matches, parts=parts)
        self.assertEqual(self._items(line), before)


@tagged("post_install", "-at_install")
class TestSettling(SettlingCommon):
    """A bank line is matched with what it was for, to the cent or not at all; undone, all stands as before."""

    def test_invoice(self):
        invoice, line = self._invoice(100), self._statement_line(110, partner_id=False)
        self._settle_with(line, self._open(invoice))
        self.assertEqual((invoice.payment_state, invoice.amount_residual, line.is_reconciled), ("paid", 0, True))
        self.assertEqual(line.partner_id, self.partner, "the bank did not say whose money it is, the invoice does")

    def test_bill(self):
        bill, line = self._bill(100), self._statement_line(-110)
        self._settle_with(line, self._open(bill))
        self.assertEqual((bill.payment_state, bill.amount_residual, line.is_reconciled), ("paid", 0, True))

    def test_part(self):
        invoice, line = self._invoice(100), self._statement_line(60)
        self._settle_with(line, (self._open(invoice), 60))
        self.assertEqual((invoice.payment_state, invoice.amount_residual, line.is_reconciled), ("partial", 50, True))

    def test_several_and_a_credit_note(self):
        first, second, credit = self._invoice(100), self._invoice(200), self._credit_note(50)
        line = self._statement_line(110 + 220 - 55)
        self._settle_with(line, *(self._open(each) for each in (first, second, credit)))
        self.assertEqual({each.payment_state for each in (first, second, credit)}, {"paid"})
        self.assertTrue(line.is_reconciled)

    def test_payment(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        line = self._statement_line(110)
        self.assertFalse(payment.is_matched)
        self._settle_with(line, self._outstanding(payment))
        self.assertTrue(payment.is_matched and line.is_reconciled)
        self.settling._undo(line)
        self.env.flush_all()
        self.assertTrue(payment.exists(), "it was there before the match")
        self.assertEqual((payment.is_matched, invoice.payment_state, line.is_reconciled), (False, "paid", False))

    def test_payment_that_odoo_made_of_the_line(self):
        """What Odoo keeps as made of the line is not deleted with the match either: it may be in Xero."""
        payment = self._pay(self._invoice(100))
        line = self._statement_line(110)
        self._settle_with(line, self._outstanding(payment))
        line.payment_ids = [Command.link(payment.id)]
        self.settling._undo(line)
        self.assertEqual(payment.exists().state, "paid")

    def test_fee(self):
        invoice, line = self._invoice(100), self._statement_line(107.5)
        self._settle_with(line, self._open(invoice), parts=[Part(self.expense, -2.5, label="Card fee")])
        self.assertEqual(invoice.payment_state, "paid")
        [fee] = line.move_id.line_ids.filtered(lambda each: each.account_id == self.expense)
        self.assertEqual((fee.balance, fee.name), (2.5, "Card fee"))

    def test_tax_to_the_cent(self):
        line = self._statement_line(-11, partner_id=False)
        self._settle_with(line, parts=[Part(self.expense, -11, self.purchase_tax, partner=self.partner)])
        [base] = line.move_id.line_ids.filtered(lambda each: each.account_id == self.expense)
        [tax] = line.move_id.line_ids.filtered("tax_repartition_line_id")
        self.assertEqual((base.balance, base.tax_ids, tax.balance, tax.tax_line_id), (10, self.purchase_tax, 1, self.purchase_tax))
        self.assertEqual((tax.tax_base_amount, line.is_reconciled, line.partner_id), (10, True, self.partner))
        bill = self._bill(10)
        [like] = bill.line_ids.filtered("tax_repartition_line_id")
        self.assertEqual((tax.account_id, tax.tax_tag_ids), (like.account_id, like.tax_tag_ids))
        self.assertEqual(base.tax_tag_ids, bill.invoice_line_ids.tax_tag_ids)

    def test_tax_that_is_given(self):
        for given, net in ((-1.01, -9.99), (-0.99, -10.01), (0, -11)):
            with self.subTest(given=given):
                line = self._statement_line(-11)
                self._settle_with(line, parts=[Part(self.expense, -11, self.purchase_tax, tax_amount=given)])
                taxes = line.move_id.line_ids.filtered("tax_repartition_line_id")
                [base] = line.move_id.line_ids.filtered(lambda each: each.account_id == self.expense)
                self.assertEqual((-sum(taxes.mapped("balance")), -base.balance), (given, net))

    def test_tax_of_money_that_comes_back(self):
        line = self._statement_line(11)
        self._settle_with(line, parts=[Part(self.expense, 11, self.purchase_tax)])
        [tax] = line.move_id.line_ids.filtered("tax_repartition_line_id")
        self.assertEqual((tax.balance, tax.tax_repartition_line_id.document_type), (-1, "refund"))

    def test_own_transfer(self):
        left, arrived = self._statement_line(-1000), self._statement_line(1000, journal_id=self.savings.id, partner_id=False)
        before = self._items(left), self._items(arrived)
        self._settle_with(left, arrived._seek_for_lines()[1])
        self.assertTrue(left.is_reconciled and arrived.is_reconciled)
        transfer = self.env.company.transfer_account_id
        [partial] = left.move_id.line_ids.matched_credit_ids
        self.assertEqual((partial.debit_move_id | partial.credit_move_id).account_id, transfer)
        for undone in (left, arrived):
            self.settling._undo(undone)
            self.env.flush_all()
            self.assertEqual((self._items(left), self._items(arrived)), before)
            self.assertFalse(left.is_reconciled or arrived.is_reconciled)
            self._settle_with(left, arrived._seek_for_lines()[1])

    def test_counterpart_on_the_transfer_account(self):
        """What somebody has put there before stays there when the match is undone."""
        arrived = self._statement_line(1000, journal_id=self.savings.id, counterpart_account_id=self.env.company.transfer_account_id.id)
        waiting = arrived._seek_for_lines()[2]
        left = self._statement_line(-1000)
        self._settle_with(left, waiting)
        self.assertTrue(left.is_reconciled and waiting.reconciled)
        self.settling._undo(left)
        self.assertEqual((waiting.account_id, waiting.reconciled), (self.env.company.transfer_account_id, False))

    def test_undone(self):
        invoice, line = self._invoice(100), self._statement_line(110, partner_id=False)
        before = self._items(line)
        self._settle_with(line, self._open(invoice))
        self.settling._undo(line)
        self.env.flush_all()
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("not_paid", 110))
        self.assertEqual((self._items(line), line.is_reconciled, line.partner_id.id), (before, False, False))
        self._settle_with(line, (self._open(invoice), 100), parts=[Part(self.expense, 10, self.purchase_tax)])
        self.settling._undo(line)
        self.assertEqual(self._items(line), before)

    def test_partner_of_the_bank_stays(self):
        other = self.env["res.partner"].create({"name": "Payer"})
        invoice, line = self._invoice(100), self._statement_line(110, partner_id=other.id)
        self._settle_with(line, self._open(invoice))
        self.assertEqual(line.partner_id, other)
        self.settling._undo(line)
        self.assertEqual(line.partner_id, other)


@tagged("post_install", "-at_install")
class TestRefusedSettling(SettlingCommon):
    """What cannot be matched stays as it is, and a sentence says why."""

    def test_something_is_left(self):
        invoice, line = self._invoice(100), self._statement_line(111)
        self._refused(r"Left: .*1\.00", line, self._open(invoice))
        self._refused(r"Left: .*111\.00", line)
        self._refused(r"Left: .*-9\.00", line, self._open(invoice), parts=[Part(self.expense, 10)])

    def test_more_than_is_open(self):
        invoice, line = self._invoice(100), self._statement_line(120)
        self._refused(r"has .*110\.00 open, so .*120\.00", line, (self._open(invoice), 120))
        self._refused(r"has .*110\.00 open, so .*-10\.00", line, (self._open(invoice), -10), parts=[Part(self.expense, 130)])

    def test_second_click(self):
        first, second, line = self._invoice(100), self._invoice(100), self._statement_line(110)
        self._settle_with(line, self._open(first))
        self._refused("matched already", line, self._open(second))
        self.settling._undo(line)
        with self.assertRaisesRegex(NotSettled, "not matched"):
            self.settling._undo(line)
        settled = self._open(first)
        self._settle_with(line, settled)
        self._refused("is settled already", self._statement_line(110), settled)

    def test_two_at_once(self):
        """Who is second finds the line, or the item, in the hands of the first."""
        invoice, line = self._invoice(100), self._statement_line(110)
        for model in (line._name, "account.move.line"):
            with patch.object(self.registry[model], "try_lock_for_update", lambda records, **_how: records.browse()):
                self._refused("Somebody else is matching this", line, self._open(invoice))
        self._settle_with(line, self._open(invoice))

    def test_another_companys_item(self):
        other = self.setup_other_company()["company"]
        account = self.env["account.account"].with_company(other).search(
            [("company_ids", "in", other.ids), ("account_type", "=", "asset_receivable")], limit=1
        )  # fmt: skip
        values = {"move_type": "entry", "journal_id": self.env["account.journal"].search([("company_id", "=", other.id)], limit=1).id}
        lines = [Command.create({"account_id": account.id, "balance": balance}) for balance in (110, -110)]
        entry = self.env["account.move"].with_company(other).create({**values, "line_ids": lines})
        entry.action_post()
        line = self._statement_line(110)
        self._refused("another company", line, entry.line_ids.filtered(lambda each: each.balance > 0))
        self._refused("another company", line, parts=[Part(account, 110)])

    def test_closed_period(self):
        invoice, line, matched = self._invoice(100), self._statement_line(110), self._statement_line(55)
        self._settle_with(matched, (self._open(invoice), 55))
        with patch.object(self.registry["res.company"], "_validate_locks", lambda self, values: None):  # of lines that nobody has explained
            self.env.company.fiscalyear_lock_date = "2026-10-31"
        self._refused("books are closed up to", line, (self._open(invoice), 55), parts=[Part(self.expense, 55)])
        with self.assertRaisesRegex(NotSettled, "books are closed up to"):
            self.settling._undo(matched)
        self.assertTrue(matched.is_reconciled)

    def test_only_the_tax_is_closed(self):
        line = self._statement_line(-11)
        self.env.company.tax_lock_date = "2026-10-31"
        self._refused("books are closed up to", line, parts=[Part(self.expense, -11, self.purchase_tax)])
        self._settle_with(line, parts=[Part(self.expense, -11)])
        self.assertTrue(line.is_reconciled)

    def test_the_banks_own_account(self):
        line = self._statement_line(-11)
        for account in (self.bank.default_account_id, self.bank.suspense_account_id):
            self._refused("bank's own account", line, parts=[Part(account, -11)])

    def test_odoo_refuses_in_the_middle(self):
        """Nothing is half done, and the transaction goes on."""
        invoice, line = self._invoice(100), self._statement_line(110, partner_id=False)
        before = self._items(line)
        refusing = patch.object(self.registry["account.move.line"], "_reconcile_plan", side_effect=UserError("No."))
        with refusing, self.assertRaisesRegex(UserError, "No."):
            self._settle_with(line, self._open(invoice))
        self.assertEqual((self._items(line), line.is_reconciled, line.partner_id.id), (before, False, False))
        self._settle_with(line, self._open(invoice))
        self.assertEqual(invoice.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestForeignSettling(SettlingCommon):
    """Foreign invoices, foreign banks: what the bank had stands, the rest is a gain or loss of Odoo's."""

    def _prepare(self):
        super()._prepare()
        self.dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 0.5), ("2026-10-03", 0.8)])
        self.abroad = self.env["account.journal"].create(
            {"name": "Dollars", "type": "bank", "code": "USD1", "currency_id": self.dollars.id}
        )  # fmt: skip

    def test_foreign_bank_foreign_invoice(self):
        invoice = self._invoice(100, currency_id=self.dollars.id)
        line = self._statement_line(110, journal_id=self.abroad.id, date="2026-10-05")
        self._settle_with(line, self._open(invoice))
        self.assertEqual((invoice.payment_state, invoice.amount_residual, line.is_reconciled), ("paid", 0, True))
        self.assertAlmostEqual(sum(line.move_id.line_ids.mapped("balance")), 0)

    def test_foreign_bank_fee_with_tax(self):
        line = self._statement_line(-33.33, journal_id=self.abroad.id, date="2026-10-05")
        parts = [Part(self.expense, -11, self.purchase_tax), Part(self.expense, -22.33)]
        self._settle_with(line, parts=parts)
        [tax] = line.move_id.line_ids.filtered("tax_repartition_line_id")
        self.assertEqual((tax.amount_currency, tax.balance), (1, 1.25))
        self.assertAlmostEqual(sum(line.move_id.line_ids.mapped("balance")), 0)

    def test_foreign_bank_own_invoice(self):
        invoice = self._invoice(100)
        line = self._statement_line(88, journal_id=self.abroad.id, date="2026-10-05")  # 110.00 at 0.8
        self._settle_with(line, self._open(invoice))
        self.assertEqual((invoice.payment_state, line.is_reconciled), ("paid", True))

    def test_own_bank_foreign_invoice(self):
        """The bank changed the money at a rate of its own: 110 dollars were 139.40."""
        invoice = self._invoice(100, currency_id=self.dollars.id)
        line = self._statement_line(139.4, date="2026-10-05")
        self._settle_with(line, Match(self._open(invoice), 139.4, of_item=110))
        self.assertEqual((invoice.payment_state, invoice.amount_residual, line.is_reconciled), ("paid", 0, True))
        before = invoice.amount_residual
        self.settling._undo(line)
        self.assertEqual((before, invoice.amount_residual), (0, 110))

    def test_own_bank_that_says_what_it_changed(self):
        invoice = self._invoice(100, currency_id=self.dollars.id)
        line = self._statement_line(139.4, date="2026-10-05", foreign_currency_id=self.dollars.id, amount_currency=110)
        before = self._items(line)
        self._settle_with(line, self._open(invoice))
        self.assertEqual((invoice.payment_state, line.is_reconciled), ("paid", True))
        self.settling._undo(line)
        self.assertEqual(self._items(line), before)

    def test_more_than_is_open_at_the_rate(self):
        invoice = self._invoice(100, currency_id=self.dollars.id)
        line = self._statement_line(500, date="2026-10-05")
        with self.assertRaisesRegex(NotSettled, "another amount"):
            self._settle_with(line, (self._open(invoice), 500))
        self.assertEqual((invoice.amount_residual, line.is_reconciled), (110, False))


@tagged("post_install", "-at_install")
class TestSettledInXero(SettlingCommon):
    """What is matched here reaches Xero as what Odoo's own reconciliation makes: payments, and what they are less or more."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _done(self):
        self._settle(2)
        self._assert_balances()
        self.assertFalse(self.connection.problem_count)

    def test_invoice_and_undo(self):
        invoice, line = self._invoice(100), self._statement_line(110)
        self._run()
        self._settle_with(line, self._open(invoice))
        self._done()
        self.assertEqual([float(payment.amount) for payment in self._xero_payments(invoice)], [110])
        self.settling._undo(line)
        self._done()
        self.assertEqual((self._xero_payments(invoice), self._xero_invoice(invoice).status), ([], "AUTHORISED"))

    def test_several_with_a_fee(self):
        first, second = self._invoice(100), self._invoice(200)
        line = self._statement_line(325)
        self._settle_with(line, self._open(first), self._open(second), parts=[Part(self.expense, -5)])
        self._done()
        self.assertEqual({self._xero_invoice(each).status for each in (first, second)}, {"PAID"})
        self.assertEqual(float(self._xero_bank()), 325)

    def test_payment_that_is_there(self):
        """The payment is what Xero knows of; its line on the bank adds nothing."""
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._settle()
        before = self._calls()
        self._settle_with(self._statement_line(110), self._outstanding(payment))
        self._settle()
        self.assertEqual(self._calls(), before)
        self.assertEqual(float(self._xero_bank()), 110)
        self.assertFalse(self.connection.problem_count)

    def test_payment_and_invoice_in_one_line(self):
        paid, unpaid = self._invoice(100), self._invoice(200)
        payment = self._pay(paid)
        self._settle_with(self._statement_line(330), self._outstanding(payment), self._open(unpaid))
        self._settle(2)
        self.assertFalse(self.connection.problem_count)
        self.assertEqual({self._xero_invoice(each).status for each in (paid, unpaid)}, {"PAID"})
        self.assertEqual(float(self._xero_bank()), 330)
