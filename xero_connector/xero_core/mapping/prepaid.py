"""Overpayments and prepayments; Xero makes them of bank transactions (its page "Bank Transactions")."""

from ..documents import Prepaid, RemotePrepaid
from ..values import clean_guid, clean_lines, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from .fields import filled, nested, rows
from .invoice import currency_rate

KINDS = ("RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT", "RECEIVE-PREPAYMENT", "SPEND-PREPAYMENT")
ENDED = ("VOIDED", "DELETED")
REFERENCE_LIMIT = 255
DESCRIPTION_LIMIT = 4000


def to_xero(prepaid: Prepaid) -> dict:
    """The payload that makes an overpayment or prepayment.

    Its currency is only sent of an overpayment, that of a prepayment is the bank account's. Neither can be changed afterwards.

    :raise ValueError: of another kind, without contact or bank account, or with an amount that is not positive
    """
    if prepaid.kind not in KINDS or not prepaid.contact_id or not prepaid.account_id:
        raise ValueError("Money on account needs a kind, a contact and a bank account.")
    if prepaid.amount <= 0:
        raise ValueError("Money on account needs a positive amount.")
    free = prepaid.kind.endswith("OVERPAYMENT")
    return filled(
        {
            "Type": prepaid.kind,
            "Contact": {"ContactID": prepaid.contact_id},
            "BankAccount": {"AccountID": prepaid.account_id},
            "Date": format_date(prepaid.date),
            "LineAmountTypes": "NoTax",
            "CurrencyCode": prepaid.currency if free else "",
            "CurrencyRate": currency_rate(prepaid.currency_rate),
            "Reference": clean_text(prepaid.reference, REFERENCE_LIMIT),
            "Url": prepaid.url,
            "LineItems": [_line(prepaid)],
        }
    )


def _line(prepaid: Prepaid) -> dict:
    return filled(
        {
            "Description": clean_lines(prepaid.description, DESCRIPTION_LIMIT) or "-",
            "Quantity": 1,
            "UnitAmount": prepaid.amount,
            "AccountCode": prepaid.account_code,
        }
    )


def removal(xero_id: str) -> dict:
    """The payload that removes one; whether Xero allows that is not known."""
    return {"BankTransactionID": xero_id, "Status": "DELETED"}


def from_xero(payload: dict) -> RemotePrepaid:
    """Read the bank transaction of an overpayment or prepayment."""
    return RemotePrepaid(
        xero_id=clean_guid(payload.get("BankTransactionID")),
        prepaid_id=clean_guid(payload.get("OverpaymentID")) or clean_guid(payload.get("PrepaymentID")),
        kind=to_text(payload.get("Type")),
        status=to_text(payload.get("Status")),
        contact_id=clean_guid(nested(payload, "Contact").get("ContactID")),
        account_id=clean_guid(nested(payload, "BankAccount").get("AccountID")),
        date=parse_date(payload.get("DateString")) or parse_date(payload.get("Date")),
        total=to_decimal(payload.get("Total")),
        currency=to_text(payload.get("CurrencyCode")),
        reference=to_text(payload.get("Reference")),
        descriptions=tuple(to_text(row.get("Description")) for row in rows(payload, "LineItems")),
        is_reconciled=payload.get("IsReconciled") is True,
        updated=parse_datetime(payload.get("UpdatedDateUTC")),
    )
