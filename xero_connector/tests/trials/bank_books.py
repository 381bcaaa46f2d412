from collections import defaultdict
from decimal import Decimal

from xero_simulator.control_balances import entries_by_source

from .odoo_books import OdooBooks, cents
from .xero_books import XeroBooks

ELSEWHERE = ("Payment", "Prepayment", "Overpayment")  # what the till's account has of these is told as money that moved


class BankOdooBooks(OdooBooks):
    """With bank lines that are booked straight to accounts: those of the till, and those that Xero tells of or was told of.

    ``coded``: of each of these that is not held, what it is booked to.
    """

    def _movements(self):
        lines = self.env["account.bank.statement.line"].search([("company_id", "=", self.company.id)])
        straight = lines.filtered(lambda line: not self._debts(line.move_id) and self._is_for_xero(line))
        return [*super()._movements(), *straight]

    def _is_for_xero(self, line):
        """All that is booked to accounts at a till without feed; at a bank, what Xero tells of or was told of."""
        rest = line.move_id.line_ids - line._seek_for_lines()[0]
        if not line.is_reconciled or line.move_id.state != "posted" or self.company.transfer_account_id in rest.account_id:
            return False
        if self._paid_by(rest):
            return False
        chosen = self.connection.journal_mapping_ids.filtered(lambda mapping: mapping.journal_id == line.journal_id)
        return chosen.bank_lines == "none" or line.xero_as_transaction

    def _paid_by(self, items):
        """Which of them are matched with payments that stand for the money already."""
        partials = items.matched_debit_ids | items.matched_credit_ids
        payments = (partials.debit_move_id | partials.credit_move_id).filtered(lambda item: item.move_id.origin_payment_id)
        found = payments.matched_debit_ids.debit_move_id | payments.matched_credit_ids.credit_move_id
        return items & found

    def _moved(self, record):
        """Of a bank line what came or went, in the bank's currency, without what waits, went to another bank, or is a payment's."""
        if record._name != "account.bank.statement.line":
            return super()._moved(record)
        own, rest = record._seek_for_lines()[0], record.move_id.line_ids - record._seek_for_lines()[0]
        items = rest.filtered(lambda item: item.account_id in record.journal_id.suspense_account_id | self.company.transfer_account_id)
        return sum((cents(item.amount_currency) for item in own | items | self._paid_by(rest)), Decimal(0))

    def _is_transfer_open(self, partial):
        """Of a deposit the bank's line is what is held or waits."""
        lines = (partial.debit_move_id | partial.credit_move_id).move_id.statement_line_id
        return super()._is_transfer_open(partial) or any(self.is_open(line, "payment") for line in lines)

    def booked(self, line, account_of):
        """``{Xero id of the account: what was booked there}`` of a line, in the company's currency."""
        found = defaultdict(Decimal)
        for item in line.move_id.line_ids:
            found[account_of(item)] += cents(item.balance)
        return {key: amount for key, amount in found.items() if amount}


class BankXeroBooks(XeroBooks):
    """With what the till's account has, which is none of its banks. ``by_source``: what each transaction and journal books, by account."""

    def __init__(self, organisation, world, till):
        super().__init__(organisation)
        self.till, self.by_source, self.days = till, defaultdict(lambda: defaultdict(Decimal)), {}
        for row in entries_by_source(world, organisation, {})["entries"]:
            self.by_source[row["source_id"]][row["account_id"]] += row["amount"]
            self.days[row["source_id"]] = row["date"]
            if row["account_id"] == till and row["source"] not in ELSEWHERE:
                self.moved.append((till, row["amount"], row["source_id"]))

    def is_bank(self, account_id):
        return account_id == self.till or super().is_bank(account_id)
