from odoo.tests import tagged

from ...handlers.banking.settle_lines import Part
from ..common.bank import BankCase


@tagged("post_install", "-at_install")
class TestMadeToMatch(BankCase):
    """What goes to Xero stands there as the line of the bank does: its day, its text, its amount, one thing for one line."""

    source = "odoo"

    def _settle(self, line, *matched, fee=0):
        """A person matches a line: with documents or payments, and what lacks is a fee."""
        items = self.env["account.move.line"].union(*(self._open_item(record) for record in matched))
        parts = [Part(self.company_data["default_account_expense"], fee)] if fee else []
        self.env["xero.bank.settling"]._settle(line, matches=[(item, None) for item in items], parts=parts)

    def _open_item(self, record):
        if record._name == "account.move":
            return self._debts(record)
        return record.move_id.line_ids.filtered(lambda line: line.account_id == record.outstanding_account_id)

    def _on_the_bank_there(self):
        """All that moved at the bank in Xero: ``[(what, amount, day)]``; what is in a batch counts as that."""
        found = [("batch", float(row["TotalAmount"]), str(row["Date"])[:10]) for row in self._live("batch_payments")]
        single = [row for row in self._live("payments") if not row.get("BatchPaymentID")]
        found += [("payment", float(row["BankAmount"]), str(row["Date"])[:10]) for row in single]
        for row in self._live("bank_transactions"):
            found.append(("money", float(row["Total"]) * (1 if row["Type"].startswith("RECEIVE") else -1), str(row["Date"])[:10]))
        return sorted(found)

    def _live(self, table):
        return [row for row in getattr(self.organisation, table) if row["Status"] in ("AUTHORISED", "PAID")]

    def _invoices(self, *prices):
        invoices = self.env["account.move"].union(*(self._invoice(price) for price in prices))
        self._run()
        return invoices

    def test_matched_before_it_is_sent(self):
        payment = self._pay(self.invoice, date="2026-10-02")
        self._settle(self._statement_line(110, date="2026-10-06", payment_ref="E2E-4711 AZURE"), payment)
        self._run()
        self.assertEqual(self._on_the_bank_there(), [("payment", 110.0, "2026-10-06")])
        [row] = self._live("payments")
        self.assertTrue(row["Reference"].startswith(f"E2E-4711 AZURE {payment.name} #"), row["Reference"])
        self._assert_quiet()
        self._assert_ledgers()

    def test_matched_after_it_was_sent(self):
        """What the bank says later changes no payment."""
        payment = self._pay(self.invoice, date="2026-10-02")
        self._run()
        before = self._changes()
        self._settle(self._statement_line(110, date="2026-10-06"), payment)
        self._run()
        self.assertEqual((self._changes(), self._on_the_bank_there()), (before, [("payment", 110.0, "2026-10-02")]))
        self._assert_quiet()
        self._assert_ledgers()

    def test_the_banks_day_is_closed_in_xero(self):
        self.connection.sudo().period_lock_date = "2026-09-30"
        payment = self._pay(self.invoice, date="2026-10-02")
        self._settle(self._statement_line(110, date="2026-09-29"), payment)
        self._run()
        self.assertEqual(self._on_the_bank_there(), [("payment", 110.0, "2026-10-02")])

    def test_memo_of_a_payment(self):
        payment = self._money(50, memo="RF18 5390 0754")
        self._match(payment, self.invoice)
        self._run()
        [row] = self._live("payments")
        self.assertTrue(row["Reference"].startswith(f"RF18 5390 0754 {payment.name} #"), row["Reference"])

    def test_two_alike_of_one_invoice_are_two(self):
        self._match(self._money(50, memo="same") + self._money(50, memo="same"), self.invoice)
        self._run()
        self.assertEqual([row[:2] for row in self._on_the_bank_there()], [("payment", 50.0)] * 2)
        self._assert_quiet()

    def test_one_receipt_for_several_is_one_batch(self):
        invoices = self._invoices(100, 200)
        self._settle(self._statement_line(330, date="2026-10-06"), *invoices)
        self._run()
        self.assertEqual(self._on_the_bank_there(), [("batch", 330.0, "2026-10-06")])
        self._assert_quiet()
        self._assert_ledgers()

    def test_payout_less_a_fee_is_one_batch(self):
        """The fee is credit for what was paid that much less, so that the batch is what the bank moved."""
        invoices = self._invoices(100, 200)
        self._settle(self._statement_line(321, date="2026-10-06"), *invoices, fee=-9)
        for _run in range(3):
            self._run()
        self.assertEqual(self._on_the_bank_there(), [("batch", 321.0, "2026-10-06")])
        self.assertEqual([self._remote(invoice).amount_due for invoice in invoices], [0, 0])
        self._assert_quiet()
        self._assert_ledgers()

    def test_payout_of_payments_less_a_fee(self):
        """Payments that stand there already are what they are; the fee is spent beside them, so that the bank comes to the line."""
        for early in (True, False):
            with self.subTest(early=early):
                invoices = self._invoices(100, 200)
                payments = [self._pay(invoice, date="2026-10-02") for invoice in invoices]
                if early:
                    self._run()
                line = self._statement_line(321, date="2026-10-06", partner_id=False, payment_ref="Card payout")
                before = 0 if early else 321
                self._settle(line, *payments, fee=-9)
                for _run in range(2):
                    self._run()
                self.assertEqual(sum(row[1] for row in self._on_the_bank_there()) - before, 321.0)
                self._assert_quiet()
                self._assert_ledgers()
                self.env["xero.bank.settling"]._undo(line)
                self._run()
                self.assertEqual(sum(row[1] for row in self._on_the_bank_there()) - before, 330.0)
                self._settle(line, *payments, fee=-9)
                self._run()
        self._assert_ledgers()
