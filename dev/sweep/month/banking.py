"""Lines of bank statements, booked as an accountant books them."""

from dev.demo_books import MOVES
from dev.sweep.month.trade import Trade

BANK_LINE, ITEM = "account.bank.statement.line", "account.move.line"


class Banking(Trade):
    title = "Bank lines"

    def enter_line_matched_with_invoice(self):
        invoice = self._enter("out_invoice", [(2, 110.1)])
        self._match(self._debt(invoice), self._residual(invoice))

    def enter_line_matched_with_part_of_bill(self):
        bill = self._enter("in_invoice", [(1, 300)])
        self._match(self._debt(bill), -120)

    def enter_line_matched_with_payment(self):
        invoice = self._enter("out_invoice", [(1, 47.5)])
        self.person.pay(invoice, self._residual(invoice))
        domain = [("reconciled_invoice_ids", "in", [invoice])]
        [payment] = self.person.search_read("account.payment", domain, ["move_id", "amount", "outstanding_account_id"])
        domain = [("move_id", "=", payment["move_id"][0]), ("account_id", "=", payment["outstanding_account_id"][0])]
        [item] = self.person.search_read(ITEM, domain, ["id"])
        self._match(item["id"], payment["amount"])

    def enter_lines_booked_directly(self):
        """Interest earned, and charges of the bank with no document."""
        for amount, kind in ((3.21, "income_other"), (-12.5, "expense")):
            self._bank_line(self.bank, amount, self._account(kind))

    def enter_line_less_fee(self):
        """The bank keeps a fee of what the customer paid."""
        invoice = self._enter("out_invoice", [(1, 500)])
        due, fee = self._residual(invoice), 7.75
        line = self._create(
            BANK_LINE, journal_id=self.bank, amount=due - fee, date=self._day(22), payment_ref="Less fee", partner_id=self.customers[0]
        )
        move = self._read(BANK_LINE, line, "move_id")[0]
        [debt] = self.person.search_read(ITEM, [("id", "=", self._debt(invoice))], ["account_id", "partner_id"])
        [other] = self.person.search_read(ITEM, [("move_id", "=", move), ("account_id.account_type", "!=", "asset_cash")], ["id"])
        values = {"account_id": debt["account_id"][0], "partner_id": debt["partner_id"][0], "credit": due, "debit": 0}
        charge = {"name": "Fee", "account_id": self._account("expense"), "debit": fee}
        self.person.call(MOVES, "button_draft", [move])
        self._write(MOVES, move, line_ids=[(1, other["id"], values), (0, 0, charge)])
        self.person.call(MOVES, "action_post", [move])
        self._reconcile(other["id"], self._debt(invoice))

    def enter_line_not_booked_yet(self):
        self._create(BANK_LINE, journal_id=self.bank, amount=77, date=self._day(27), payment_ref="Who is this?")

    def enter_line_of_customer_without_document(self):
        """Booked on what the customer owes, matched with nothing."""
        self._bank_line_of(
            self._one("account.account", ("account_type", "=", "asset_receivable"), ("company_ids", "in", [self.company_id])), 210
        )

    # === HOW THINGS ARE DONE === #

    def _match(self, item, amount):
        """A line of this amount, matched with a journal item."""
        [found] = self.person.search_read(ITEM, [("id", "=", item)], ["account_id", "partner_id"])
        other = self._bank_line_of(found["account_id"][0], amount, found["partner_id"][0])
        self._reconcile(other, item)

    def _bank_line_of(self, account, amount, partner=None):
        """A line of a partner, its other side on this account; returns that journal item."""
        other = self._bank_line(self.bank, amount, account)
        self._write(ITEM, other, partner_id=partner or self.customers[1])
        return other
