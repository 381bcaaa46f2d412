"""Money received and spent (Xero's page "Bank Transactions"); here always without a tax of its own: Xero takes only what it computes."""

from dataclasses import replace

from ..documents import BankTransaction, RemoteBankTransaction
from ..values import clean_guid, clean_text, format_date, parse_date, to_decimal, to_text
from .fields import filled, nested
from .invoice import currency_rate, line_payload

KINDS = ("RECEIVE", "SPEND")
REMOVED = "DELETED"
REFERENCE_LIMIT = 255


def to_xero(transaction: BankTransaction) -> dict:
    """The payload that makes a transaction.

    :raise ValueError: of another kind, or without contact, bank account or lines
    """
    if transaction.kind not in KINDS or not transaction.contact_id or not transaction.account_id or not transaction.lines:
        raise ValueError("A bank transaction needs a kind, a contact, a bank account and a line.")
    return filled(
        {
            "Type": transaction.kind,
            "Contact": {"ContactID": transaction.contact_id},
            "BankAccount": {"AccountID": transaction.account_id},
            "Date": format_date(transaction.date),
            "LineAmountTypes": "Exclusive",
            "CurrencyRate": currency_rate(transaction.currency_rate),
            "Reference": clean_text(transaction.reference, REFERENCE_LIMIT),
            "Url": transaction.url,
            "LineItems": [line_payload(replace(line, tax_amount=None)) for line in transaction.lines],
        }
    )


def removal(xero_id: str) -> dict:
    """The payload that removes a transaction."""
    return {"BankTransactionID": xero_id, "Status": REMOVED}


def from_xero(payload: dict) -> RemoteBankTransaction:
    """Read a transaction."""
    return RemoteBankTransaction(
        xero_id=clean_guid(payload.get("BankTransactionID")),
        kind=to_text(payload.get("Type")),
        status=to_text(payload.get("Status")),
        contact_id=clean_guid(nested(payload, "Contact").get("ContactID")),
        account_id=clean_guid(nested(payload, "BankAccount").get("AccountID")),
        date=parse_date(payload.get("DateString")) or parse_date(payload.get("Date")),
        total=to_decimal(payload.get("Total")),
        total_tax=to_decimal(payload.get("TotalTax")),
        reference=to_text(payload.get("Reference")),
        is_reconciled=payload.get("IsReconciled") is True,
    )
