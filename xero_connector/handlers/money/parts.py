"""What reconciliations say as money: functions of Odoo's records, which write nothing and know no connection."""

from dataclasses import dataclass
from decimal import Decimal

from ...const import DEBTS
from .facts import ENTRY


@dataclass(frozen=True)
class PaymentParts:
    """What a reconciliation says as a payment: which document, from which journal, how much.

    ``invoice`` is the document that is paid or, if it is a credit note, refunded; or the entry of money on account that is paid back.
    ``payment`` is empty if a bank statement line was matched directly, or an entry that moves no money. ``line`` is the money's own line.
    ``amount`` is in the document's currency, without what was ``written_off`` of it; ``company_amount`` is what the bank booked for it, in
    the company's;
    ``bank_amount`` the same in whole cents, so that all that the money pays makes what moved (``handlers.money.reading``).
    """

    partial: object
    invoice: object
    payment: object
    journal: object
    date: object
    name: str
    amount: float
    company_amount: float
    written_off: float
    line: object
    bank_amount: Decimal = Decimal(0)


# --- reconciliations ---------------------------------------------------------------------------------


def sides_of(partial):
    """``(the document's line, the other line)``; of two documents the one that is not a credit note comes first; else ``None``."""
    handlers, debit, credit = partial.env["xero.handler"], partial.debit_move_id, partial.credit_move_id
    if handlers._is_document(debit.move_id):
        is_credit = handlers._is_credit_note(debit.move_id) and handlers._is_document(credit.move_id)
        return (credit, debit) if is_credit else (debit, credit)
    return (credit, debit) if handlers._is_document(credit.move_id) else _refund_sides(debit, credit)


def _refund_sides(debit, credit):
    """``(the line of money on account, the line of what takes it from there)``, or ``None``: other money pays it back, an entry uses it."""
    moves = debit.move_id | credit.move_id
    if len(moves) < 2 or any(move.state != "posted" for move in moves):
        return None
    sides = {"asset_receivable": (credit, debit), "liability_payable": (debit, credit)}.get(debit.account_id.account_type)
    if not sides or not money_of(sides[0].move_id):
        return None
    return sides if money_of(sides[1].move_id) or settles(sides[1].move_id) else None


def shown_entry(partial):
    """The entry under which people know a reconciliation: that of the money, or the credit note."""
    sides = sides_of(partial)
    return (sides[1] if sides else partial.credit_move_id).move_id


def payment_parts(partial, written_off=0.0, company_written_off=0.0):
    """The reconciliation as a match of money with a document, or ``None`` if it is something else (credit note, entry, exchange).

    :param float written_off: how much of it the money's entry writes off, in the document's currency; and the same in the company's
    :rtype: PaymentParts or None
    """
    sides = sides_of(partial)
    if not sides:
        return None
    line, money_line = sides
    entry = money_line.move_id
    if entry.state != "posted" or not (money_of(entry) or settles(entry)):
        return None
    payment = entry.origin_payment_id
    return PaymentParts(
        partial=partial,
        invoice=line.move_id,
        payment=payment,
        journal=entry.journal_id,
        date=entry.date,
        name=entry.name or payment.name or "",
        amount=amount_of(partial, line) - written_off,
        company_amount=_company_amount(partial, money_line) - company_written_off,
        written_off=written_off,
        line=money_line,
    )


def is_beside(partial, entry):
    """Whether what this takes of the money of ``entry`` is nothing that Xero could know as paid: it is matched with an entry.

    Exchange differences are none of the money.
    """
    other = (partial.debit_move_id | partial.credit_move_id).move_id - entry
    moved = amount_of(partial, partial.debit_move_id if partial.debit_move_id.move_id == entry else partial.credit_move_id)
    exchange = other.journal_id == other.company_id.currency_exchange_journal_id
    return bool(other) and not exchange and not partial.company_currency_id.is_zero(moved)


def is_allocation(partial):
    """Whether it settles one document with another: a credit note with an invoice or a bill. Only debts do, not cash-basis taxes.

    Nor does one that takes nothing but a gain or loss off a foreign debt.
    """
    sides = sides_of(partial) if partial.debit_move_id.account_id.account_type in DEBTS else None
    handlers = partial.env["xero.handler"]
    is_one = bool(sides) and handlers._is_credit_note(sides[1].move_id) and not handlers._is_credit_note(sides[0].move_id)
    return is_one and not sides[0].currency_id.is_zero(amount_of(partial, sides[0]))


def amount_of(partial, line):
    """The amount in the currency of ``line``, one of the two."""
    return partial.debit_amount_currency if line == partial.debit_move_id else partial.credit_amount_currency


def _company_amount(partial, line):
    """What the bank booked, in the company's currency: at the rate of the payment. ``amount`` is at the invoice's if that is lower.

    :param line: the money's line
    """
    if not line.amount_currency:
        return partial.amount
    taken = amount_of(partial, line) + sum(amount_of(other, line) for other in _exchange_of(partial, line))
    return abs(line.balance * taken / line.amount_currency)


def _exchange_of(partial, line):
    """What else this match takes of the money's ``line``, in the company's currency: the gain or loss on a foreign debt."""
    entry = partial.exchange_move_id
    others = partials_of(line) if entry else partial.browse()
    return others.filtered(lambda other: entry in (other.debit_move_id | other.credit_move_id).move_id)


# --- entries -----------------------------------------------------------------------------------------


def money_of(entries):
    """The payments that these entries are of, else their bank statement lines."""
    return entries.origin_payment_id or entries.statement_line_id


def settles(entry):
    """Whether an entry may settle documents by itself: it moves no money, and is no gain or loss on a foreign debt, nor cash-basis tax."""
    if entry.move_type != "entry" or money_of(entry):
        return False
    return entry.journal_id not in entry.company_id.currency_exchange_journal_id | entry.company_id.tax_cash_basis_journal_id


def entries_of(money):
    """The entries of these payments or bank statement lines; an entry that settles documents is its own."""
    return money if money._name == ENTRY else money.move_id


def debt_lines(entries):
    """What customers owe and suppliers are owed, of these entries."""
    return entries.line_ids.filtered(lambda line: line.account_id.account_type in DEBTS)


def partials_of(lines):
    """The reconciliations of these lines."""
    return lines.matched_debit_ids | lines.matched_credit_ids


def settling_partials(documents):
    """The reconciliations of these documents that are payments, or allocations of credit notes."""
    return partials_of(debt_lines(documents)).filtered(lambda partial: payment_parts(partial) or is_allocation(partial))


def matched_entries_of(document):
    """The entries and documents that a document is matched with, whatever their state."""
    lines = debt_lines(document)
    return (lines.matched_debit_ids.debit_move_id | lines.matched_credit_ids.credit_move_id).move_id


def matched_entries(money):
    """The documents, and entries of other money, that these payments, bank statement lines or entries are matched with."""
    return matched_entries_of(entries_of(money))


def is_unmatched(money):
    """Whether part of a payment or bank statement line is matched with no document."""
    entry = entries_of(money)
    lines = debt_lines(entry)
    if entry.state != "posted" or not lines:
        return False
    if any(line.amount_residual or line.amount_residual_currency for line in lines):
        return True
    return any(not payment_parts(partial) and is_beside(partial, entry) for partial in partials_of(lines))


def written_off(entry):
    """How much of what the entry of some money takes off a debt never reached the bank, in the company's currency."""
    liquidity = money_of(entry)._seek_for_lines()[0]
    received = sum(liquidity.mapped("balance"))
    settled = -sum(debt_lines(entry).mapped("balance"))
    sign = -1 if received < 0 else 1
    return max(0, entry.company_currency_id.round(sign * (settled - received)))
