"""Payments (Xero's page "Payments"): they can be made and removed, never changed."""

from ..documents import Payment, RemotePayment
from ..values import clean_guid, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from .fields import filled, nested
from .invoice import currency_rate

REFERENCE_LIMIT = 118  # Xero names no limit; the one integrator who does cuts here

REMOVED = "DELETED"


def to_xero(payment: Payment) -> dict:
    """The payload that makes a payment.

    :raise ValueError: without invoice or account, or with an amount that is not positive
    """
    if not payment.invoice_id or not payment.account_id:
        raise ValueError("A payment needs an invoice and an account.")
    if payment.amount <= 0:
        raise ValueError("A payment needs a positive amount.")
    return filled(
        {
            "Invoice": {"InvoiceID": payment.invoice_id},
            "Account": {"AccountID": payment.account_id},
            "Date": format_date(payment.date),
            "Amount": payment.amount,
            "BankAmount": payment.bank_amount,
            "CurrencyRate": currency_rate(payment.currency_rate),
            "Reference": clean_text(payment.reference, REFERENCE_LIMIT),
        }
    )


def removal() -> dict:
    """The payload that removes a payment."""
    return {"Status": REMOVED}


def from_xero(payload: dict) -> RemotePayment:
    """Read a payment."""
    return RemotePayment(
        xero_id=clean_guid(payload.get("PaymentID")),
        invoice_id=clean_guid(nested(payload, "Invoice").get("InvoiceID")),
        account_id=clean_guid(nested(payload, "Account").get("AccountID")),
        amount=to_decimal(payload.get("Amount")),
        date=parse_date(payload.get("Date")),
        reference=to_text(payload.get("Reference")),
        status=to_text(payload.get("Status")),
        is_reconciled=payload.get("IsReconciled") is True,
        updated=parse_datetime(payload.get("UpdatedDateUTCString")) or parse_datetime(payload.get("UpdatedDateUTC")),
    )
