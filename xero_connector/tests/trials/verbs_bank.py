from ...handlers.banking.settle_lines import Match

SUGGESTED = ("all", "all", "part", "two", "late")


class Bank:
    """What people do on the bank's page and with a till: lines booked straight to accounts, deposits, suggestions that are followed."""

    def _lines(self, journals, *conditions):
        found = self.env["account.bank.statement.line"].search([("journal_id", "in", journals.ids), *conditions], order="id desc", limit=30)
        return found.filtered(lambda line: line.move_id.state == "posted")

    def _straight(self, journals):
        """Lines that are booked to accounts and to nothing else."""
        apart = self.company.transfer_account_id

        def is_straight(line):
            rest = line.move_id.line_ids - line._seek_for_lines()[0]
            return apart not in rest.account_id and not (rest.matched_debit_ids | rest.matched_credit_ids) and not self._debts(line.move_id)

        return self._lines(journals, ("is_reconciled", "=", True)).filtered(is_straight)

    def _book(self, line):
        """Said on the bank's page, with or without tax."""
        data, taxes = self.desk.data, self.env["account.tax"]
        is_out = line.amount < 0
        if self.random.random() < 0.6:
            taxes = data["default_tax_purchase"] if is_out else data["default_tax_sale"]
        account = self.desk.expense if is_out else self.desk.revenue
        partner = self._one(self._partners()) if self.random.random() < 0.5 else self.env["res.partner"]
        self.env["xero.bank.booking"]._book(line, account, taxes, partner)
        return f"{account.code} {taxes.mapped('name')}"

    # === STRAIGHT TO AN ACCOUNT === #

    def _do_till_line(self):
        """Something is bought from the till, or sold into it."""
        amount = round(self.random.uniform(1, 200) * self.random.choice((1, -1)), 2)
        line = self._line_of(self.desk.till, amount)
        return f"{line.move_id.name} ({line.id}) {amount}: {self._book(line)}"

    def _do_book_otherwise(self):
        """Of the till, or what came from Xero: taken back, and mostly booked to something else, or deleted."""
        line = self._one(self._straight(self.desk.till | self.desk.bank | self.desk.savings))
        told = f"{line.move_id.name} ({line.id}) {line.amount} {line.payment_ref}"
        self.env["xero.bank.settling"]._undo(line)
        what = self.random.choice(("book", "book", "open", "delete"))
        if what == "book":
            what = self._book(line)
        elif what == "delete":
            line.unlink()
        return f"{told}: {what}"

    def _do_delete_line(self):
        """As it is booked."""
        line = self._one(self._lines(self.desk.till | self.desk.bank | self.desk.savings))
        told = f"{line.move_id.name} ({line.id}) {line.amount} {line.payment_ref}"
        line.unlink()
        return told

    def _do_book_open(self):
        """A line that waits is booked to an account."""
        waiting = self._lines(self.desk.till | self.desk.bank | self.desk.savings, ("is_reconciled", "=", False))
        line = self._one(waiting.filtered(lambda line: not line._seek_for_lines()[2]))
        return f"{line.move_id.name} ({line.id}) {line.amount}: {self._book(line)}"

    # === DEPOSITS === #

    def _do_deposit(self):
        """What is in the till goes to the bank, or change is fetched: both lines meet on the transfer account."""
        amount = round(self.random.uniform(5, 300), 2) * self.random.choice((1, 1, -1))
        taken, brought = self._line_of(self.desk.till, -amount), self._line_of(self.desk.bank, amount)
        self.env["xero.bank.settling"]._settle(brought, matches=[Match(taken._seek_for_lines()[1])])
        return f"{amount}: {taken.move_id.name} to {brought.move_id.name}"

    def _do_undo_deposit(self):
        transfer = self.company.transfer_account_id
        lines = self._lines(self.desk.till, ("is_reconciled", "=", True))
        line = self._one(lines.filtered(lambda line: transfer in line.move_id.line_ids.account_id))
        self.env["xero.bank.settling"]._undo(line)
        return f"{line.move_id.name} ({line.id}) {line.amount}"

    # === SUGGESTIONS === #

    def _do_suggestion(self):
        """The bank tells of money for a document: by its number, all or part of it, or two lines at once; what is suggested is followed."""
        foreign = self.random.random() < 0.3
        currency, bank = (self.desk.foreign, self.desk.foreign_bank) if foreign else (self.company.currency_id, self.desk.bank)
        move = self._one(self._open_moves(("currency_id", "=", currency.id)))
        owed = sum(self._open_lines(move).mapped("amount_residual_currency"))
        if not owed:
            raise self.Nothing()
        how = self.random.choice(SUGGESTED)
        amounts = {"part": [round(owed * 0.4, 2)], "two": [round(owed * 0.5, 2), round(owed * 0.5, 2)]}.get(how, [owed])
        lines = self.env["account.bank.statement.line"]
        for amount in filter(None, amounts):
            lines += self._line_of(bank, amount, move.partner_id if self.random.random() < 0.5 else None)
        lines.payment_ref = f"{move.partner_id.name} {move.ref or ''} {move.name}"
        told = self._follow(lines) if how != "late" else "not looked at"
        return f"{amounts} {currency.name} for {move.name} ({move.id}), {how}: {told}"

    def _follow(self, lines):
        """What is suggested first is taken, all of it at once, as somebody who ticks the rows does."""
        rows = self.env["xero.bank.match"]
        rows._refresh(self.desk.connection)
        rows = rows.search([("line_id", "in", lines.ids)])
        suggested = rows.mapped("suggestion")
        said = rows.action_match()["params"]["message"]
        return f"{suggested} {said}"

    def _do_follow(self):
        """What waits on the banks is looked at, and what is suggested followed."""
        banks = self.desk.bank | self.desk.savings | self.desk.foreign_bank | self.desk.till
        lines = self._lines(banks, ("is_reconciled", "=", False))
        if not lines:
            raise self.Nothing()
        return f"{lines.ids[:3]}: {self._follow(lines[:3])}"

    def _do_undo_suggestion(self):
        own = [("connection_id", "=", self.desk.connection.id), ("state", "in", ("matched", "booked"))]
        row = self._one(self.env["xero.bank.match"].search(own, order="id desc", limit=20))
        told = f"{row.line_id.move_id.name} ({row.line_id.id}) {row.amount} {row.suggestion}"
        return f"{told}: {row.action_undo()['params']['message']}"
