from collections import Counter
from decimal import Decimal

from .bank_books import BankOdooBooks, BankXeroBooks
from .comparison import Comparison

LINE = "account.bank.statement.line"
WHOLE = ("bank_transaction", "cash_entry")
CENTS = Decimal("0.02")  # of tax, that a journal may say on a line of its own


class BankComparison(Comparison):
    """With the lines of banks that came from Xero or went there: each once, of the same day, and booked to the same accounts."""

    def _books(self, desk):
        till = desk._mapping_of(desk.till).xero_account_id.xero_id
        return BankOdooBooks(desk.connection), BankXeroBooks(desk.organisation, desk.test.xero, till)

    def _checks(self):
        return [*super()._checks(), self._once, self._coded]

    def _once(self):
        """What people have entered in Xero, each under a name of its own, is one line here at most, or two of a transfer."""
        lines = self.odoo.env[LINE].search([("company_id", "=", self.odoo.company.id), ("payment_ref", "=like", "Rita %")])
        for (name, journal), count in Counter((line.payment_ref, line.journal_id) for line in lines).items():
            if count > 1:
                self._differs(f"{name} is {count} lines of {journal.name}")
        for row in self.odoo.bindings.filtered(lambda row: row.kind in WHOLE and row.is_there and row.owner_model == LINE):
            if not self.odoo.env[LINE].browse(row.owner_id).exists():
                self._differs(f"{row.kind} {row.number} in Xero is of a bank line that is gone")

    def _coded(self):
        """Every line that is one bank transaction, or one journal of the till's, books what that books."""
        owned = self.odoo.bindings.filtered(lambda row: row.kind in WHOLE and row.is_there and row.owner_model == LINE)
        for line_id, rows in owned.grouped("owner_id").items():
            line = self.odoo.env[LINE].browse(line_id).exists()
            if line and not self.odoo.is_open(line, "payment") and self._is_whole(line):
                self._line(line, rows)

    def _is_whole(self, line):
        rest = line.move_id.line_ids - line._seek_for_lines()[0]
        return not self.odoo._debts(line.move_id) and not self.odoo._paid_by(rest)

    def _line(self, line, rows):
        name = f"{line.move_id.name} ({line.id}) {line.payment_ref}"
        if len(rows) > 1:
            self._differs(name, "is more than one thing in Xero:", rows.mapped("kind"))
        ours = self.odoo.booked(line, self._account_of)
        theirs = self._booked_there(rows[:1])
        if ours != theirs:
            self._differs(name, f"is booked otherwise: Odoo {self._named(ours)}, Xero {self._named(theirs)}")
        if theirs and self.xero.days[rows[:1].xero_id] != line.date:
            self._differs(name, f"is of {line.date} in Odoo, of {self.xero.days[rows[:1].xero_id]} in Xero")

    def _booked_there(self, row):
        """Xero reckons the tax of a journal by itself, and what that differs stands on a line of its own: the two are Odoo's tax."""
        booked, tax, rounding = dict(self.xero.by_source[row.xero_id]), self._system("GST"), self._system("ROUNDING")
        if row.kind == "cash_entry" and tax in booked and abs(booked.get(rounding, 0)) <= CENTS:
            booked[tax] += booked.pop(rounding, 0)
        return {key: amount for key, amount in booked.items() if amount}

    def _system(self, name):
        """Id of the account that Xero keeps for this."""
        return next((row["AccountID"] for row in self.xero.organisation.accounts if row.get("SystemAccount") == name), "")

    def _account_of(self, item):
        """Where an item of a bank line belongs in Xero: a bank, where a deposit came from, or what its account is mapped to."""
        connection = self.odoo.connection
        if item.account_id == self.odoo.company.transfer_account_id:
            partials = item.matched_debit_ids | item.matched_credit_ids
            journal = ((partials.debit_move_id | partials.credit_move_id) - item).journal_id
        else:
            journal = item.journal_id if item.account_id == item.journal_id.default_account_id else item.journal_id.browse()
        if journal:
            found = connection.journal_mapping_ids.filtered(lambda line: line.journal_id == journal)
        else:
            found = connection.account_mapping_ids.filtered(lambda line: line.account_id == item.account_id)
        return found.xero_account_id.xero_id or item.tax_repartition_line_id and self._system("GST") or item.account_id.display_name

    def _named(self, booked):
        names = {row["AccountID"]: row["Name"] for row in self.xero.organisation.accounts}
        return {names.get(key, key): str(amount) for key, amount in booked.items()}
