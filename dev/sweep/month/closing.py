"""What an accountant books at the month's end, and when a company comes to Odoo with books of its own."""

from dev.demo_books import DAY, MOVES
from dev.sweep.month.trade import Trade


class Closing(Trade):
    title = "Month's end"

    def enter_opening_entries(self):
        """What customers owe, what is owed to vendors, stock, a car and its depreciation, against equity."""
        lines = [
            (self._debts_of(self.customers[0]), self.customers[0], 1250), (self._debts_of(self.customers[1]), self.customers[1], 480.5),
            (self._debts_of(self.vendors[0], "payable"), self.vendors[0], -935.25), (self._account("asset_fixed"), None, 18000),
            (self._account("asset_fixed", 1), None, -4500),
        ]  # fmt: skip
        equity = (self._account("equity"), None, -sum(balance for _account, _partner, balance in lines))
        self._journal_entry("Opening balances", self._day(0), *lines, equity)

    def enter_opening_entry_paid(self):
        """A customer pays what the opening entry says."""
        entry, [debt, _equity] = self._journal_entry(
            "Opening balance of a customer", self._day(0), (self._debts_of(self.customers[1]), self.customers[1], 300),
            (self._account("equity"), None, -300),
        )  # fmt: skip
        payment = self._on_account(300)
        move = self._read("account.payment", payment, "move_id")[0]
        self._reconcile(debt, self._debt(move))

    def enter_netting(self):
        """A customer is a vendor too: what both owe each other is set off."""
        partner = self.customers[0]
        invoice, bill = self._enter("out_invoice", [(1, 150)], partner), self._enter("in_invoice", [(1, 90)], partner)
        amount = min(self._residual(invoice), self._residual(bill))
        _entry, [payable, receivable] = self._journal_entry(
            "Set off", str(DAY), (self._debts_of(partner, "payable"), partner, amount), (self._debts_of(partner), partner, -amount)
        )
        self._reconcile(payable, self._debt(bill))
        self._reconcile(receivable, self._debt(invoice))

    def enter_bad_debt(self):
        """An invoice that nobody will pay, written off by an entry."""
        invoice = self._enter("out_invoice", [(1, 99)], self.customers[1])
        due = self._residual(invoice)
        _entry, [_loss, debt] = self._journal_entry(
            "Bad debt", str(DAY), (self._account("expense", 2), None, due), (self._debts_of(self.customers[1]), self.customers[1], -due)
        )
        self._reconcile(debt, self._debt(invoice))

    def enter_bad_debt_with_tax(self):
        """Another, by a credit note on an expense account, which gives the tax back."""
        invoice = self._enter("out_invoice", [(1, 130)], self.customers[0])
        note = self._note_of_loss(130)
        self.person.call(MOVES, "js_assign_outstanding_line", [invoice], self._debt(note))

    def enter_reversed_entry(self):
        entry, _lines = self._journal_entry(
            "Accrued wages", self._day(26), (self._account("expense", 3), None, 640), (self._account("liability_current"), None, -640)
        )
        values = {"move_ids": [(6, 0, [entry])], "date": self._day(28), "journal_id": self._read(MOVES, entry, "journal_id")[0]}
        context = {"active_model": MOVES, "active_ids": [entry]}
        [wizard] = self.person.call("account.move.reversal", "create", [values], context=context)
        self.person.call("account.move.reversal", "refund_moves", [wizard], context=context)

    def enter_depreciation(self):
        lines = ((self._account("expense_depreciation"), None, 375), (self._account("asset_fixed", 1), None, -375))
        self._journal_entry("Depreciation", self._day(28), *lines)

    def enter_small_write_offs(self):
        """A vendor is paid a little less, a customer pays a little more: the rest is nobody's."""
        for kind, difference in (("in_invoice", -0.8), ("out_invoice", 1.15)):
            move = self._enter(kind, [(1, 61.5)])
            values = {"amount": round(self._residual(move) + difference, 2), "payment_difference_handling": "reconcile"}
            self._pay_together([move], **values, writeoff_account_id=self._account("expense"), writeoff_label="Small difference")

    def enter_payment_returned(self):
        """A payment turns out to be somebody else's: unmatched, and matched with another invoice."""
        first, second = (self._enter("out_invoice", [(1, 70)], self.customers[0]) for _ in range(2))
        self.person.pay(first, self._residual(first))
        self.person.call("account.move.line", "remove_move_reconcile", [self._debt(first)])
        [payment] = self.person.search_read("account.payment", [("invoice_ids", "in", [first])], ["move_id"], limit=1)
        self.person.call(MOVES, "js_assign_outstanding_line", [second], self._debt(payment["move_id"][0]))

    def _note_of_loss(self, price):
        """A credit note on an account of expenses, with the tax of sales."""
        line = {
            "name": "Bad debt",
            "quantity": 1,
            "price_unit": price,
            "account_id": self._account("expense", 2),
            "tax_ids": [(6, 0, self.taxes["sale"])],
        }
        values = {"move_type": "out_refund", "partner_id": self.customers[0], "invoice_line_ids": [(0, 0, line)]}
        return self._post(self._create(MOVES, **values), str(DAY))
