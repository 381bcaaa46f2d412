"""Batch payments (Xero's page "Batch Payments"): they can be made and removed, never changed."""

from ..documents import BatchPayment, Payment, RemoteBatch, RemotePayment
from ..values import clean_guid, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from . import payment as single
from .fields import filled, nested, rows

REMOVED = single.REMOVED
TEXT_LIMIT = 18
TEXTS = ("Details", "Reference", "Narrative", "Particulars", "Code")


def to_xero(batch: BatchPayment) -> dict:
    """The payload that makes a batch.

    New Zealand's batches have a reference, the others' details of 18 characters.

    :raise ValueError: without account or payments, or with a payment that is not positive
    """
    if not batch.account_id or not batch.payments:
        raise ValueError("A batch needs an account and payments.")
    return filled(
        {
            "Account": {"AccountID": batch.account_id},
            "Date": format_date(batch.date),
            "Reference" if batch.country == "NZ" else "Details": clean_text(batch.marker, TEXT_LIMIT),
            "Payments": [_payment(payment) for payment in batch.payments],
        }
    )


def _payment(payment: Payment) -> dict:
    """One payment of it, without what is the batch's."""
    return {key: value for key, value in single.to_xero(payment).items() if key not in ("Account", "Date")}


def removal(xero_id: str) -> dict:
    """The payload that removes a batch with all its payments."""
    return {"BatchPaymentID": xero_id, "Status": REMOVED}


def from_xero(payload: dict) -> RemoteBatch:
    """Read a batch."""
    return RemoteBatch(
        xero_id=clean_guid(payload.get("BatchPaymentID")),
        account_id=clean_guid(nested(payload, "Account").get("AccountID")),
        date=parse_date(payload.get("DateString")) or parse_date(payload.get("Date")),
        status=to_text(payload.get("Status")),
        amount=to_decimal(payload.get("TotalAmount")),
        payments=tuple(_read(row) for row in rows(payload, "Payments")),
        texts=tuple(filter(None, (to_text(payload.get(name)) for name in TEXTS))),
        is_reconciled=payload.get("IsReconciled") is True,
        updated=parse_datetime(payload.get("UpdatedDateUTC")),
    )


def _read(row: dict) -> RemotePayment:
    return single.from_xero(row)
