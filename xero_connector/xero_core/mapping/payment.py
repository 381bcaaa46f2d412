"""Payments (Xero's page "Payments"): they can be made and removed, never changed."""

from ..documents import Payment, RemotePayment
from ..values import clean_guid, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from .fields import filled, nested
from .invoice import currency_rate

REFERENCE_LIMIT = 118  # Xero names no limit; the one integrator who does cuts here

REMOVED = "DELETED"
TARGETS = ("Invoice", "CreditNote", "Overpayment", "Prepayment")


def to_xero(payment: Payment) -> dict:
    """The payload that makes a payment.

    :raise ValueError: without document or account, or with an amount that is not positive
    """
    if not payment.invoice_id or not payment.account_id:
        raise ValueError("A payment needs a document and an account.")
    if payment.amount <= 0:
        raise ValueError("A payment needs a positive amount.")
    return filled(
        {
            payment.target: {f"{payment.target}ID": payment.invoice_id},
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


def _document_id(payload: dict) -> str:
    """Lists name every paid document as an invoice, single answers may name a credit note or overpayment as what it is."""
    return next(filter(None, (clean_guid(nested(payload, target).get(f"{target}ID")) for target in TARGETS)), "")


def from_xero(payload: dict) -> RemotePayment:
    """Read a payment."""
    return RemotePayment(
        xero_id=clean_guid(payload.get("PaymentID")),
        invoice_id=_document_id(payload),
        account_id=clean_guid(nested(payload, "Account").get("AccountID")),
        amount=to_decimal(payload.get("Amount")),
        date=parse_date(payload.get("Date")),
        reference=to_text(payload.get("Reference")),
        status=to_text(payload.get("Status")),
        is_reconciled=payload.get("IsReconciled") is True,
        batch_id=clean_guid(payload.get("BatchPaymentID")),
        updated=parse_datetime(payload.get("UpdatedDateUTCString")) or parse_datetime(payload.get("UpdatedDateUTC")),
    )
