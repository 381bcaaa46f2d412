"""What reconciliations on the transfer account say: functions of Odoo's records, which write nothing.

Odoo 19 has no document for a transfer between two banks: each bank has its own statement line (or payment), and only their reconciliation
says that it was the same money. So that is the unit: one reconciliation, one bank transfer.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TransferParts:
    """What a reconciliation on the transfer account says: how much went from which bank journal to which; ``currency`` None if of two."""

    partial: object
    source: object
    target: object
    date: object
    name: str
    amount: float
    currency: object


def transfer_parts(partial):
    """The reconciliation as a transfer between two banks, or ``None`` if it is something else.

    :rtype: TransferParts or None
    """
    left, arrived = partial.debit_move_id.move_id, partial.credit_move_id.move_id
    if not on_transfer_account(partial) or left.journal_id == arrived.journal_id:
        return None
    if not (_is_bank_movement(left) and _is_bank_movement(arrived)):
        return None
    currency = _currency_of(left.journal_id)
    return TransferParts(
        partial=partial,
        source=left.journal_id,
        target=arrived.journal_id,
        date=left.date,
        name=left.name or "",
        amount=partial.amount if currency == partial.company_currency_id else partial.debit_amount_currency,
        currency=currency if _is_in(partial, currency) else None,
    )


def on_transfer_account(partials):
    """Those of these reconciliations, of one company, that are on its transfer account."""
    account = partials.company_id.sudo().transfer_account_id
    return partials.filtered(lambda partial: partial.debit_move_id.account_id == account) if account else partials.browse()


def _is_bank_movement(entry):
    """Whether this entry, as it stands, says that money came or went: a bank statement line or a payment."""
    return entry.state == "posted" and bool(entry.statement_line_id or entry.origin_payment_id)


def _is_in(partial, currency):
    """Whether both banks, and what they booked, are in this currency."""
    if _currency_of(partial.credit_move_id.journal_id) != currency:
        return False
    return currency == partial.company_currency_id or partial.debit_move_id.currency_id == partial.credit_move_id.currency_id == currency


def _currency_of(journal):
    """The currency of the bank account."""
    return journal.currency_id or journal.company_id.currency_id
