"""Payments (Xero's page "Payments"): they can be made and removed, never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .. import errors
from ..values import clean_guid, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from .base import Calls, Date, Moment, each_once, filled, key, nested
from .batches import Kind, Written, chunks, folded, number
from .lines import currency_rate

REFERENCE_LIMIT = 118  # Xero names no limit; the one integrator who does cuts here
REMOVED = "DELETED"
TARGETS = ("Invoice", "CreditNote", "Overpayment", "Prepayment")


@dataclass(frozen=True, slots=True)
class Payment:
    """Money against one document: `amount` in the document's currency, `bank_amount` in the bank account's when that differs.

    `invoice_id` is the id of the document that is paid or refunded; `target` says what it is: 'Invoice' (also a bill), 'CreditNote',
    'Overpayment' or 'Prepayment'.
    """

    invoice_id: str
    account_id: str
    date: Date
    amount: Decimal
    reference: str = ""
    bank_amount: Decimal | None = None
    currency_rate: Decimal | None = None
    target: str = "Invoice"


@dataclass(frozen=True, slots=True)
class RemotePayment:
    """A payment as Xero holds it; removed ones stay, with `status` 'DELETED'. `invoice_id` is the document's, whatever it is."""

    xero_id: str
    invoice_id: str
    account_id: str
    amount: Decimal
    date: Date | None
    reference: str = ""
    status: str = ""
    is_reconciled: bool = False
    updated: Moment | None = None
    batch_id: str = ""


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


PAYMENTS = Kind(
    "Payments",
    "PaymentID",
    (("Invoice.InvoiceID", clean_guid), ("Account.AccountID", clean_guid), ("Amount", number), ("Reference", folded)),
    from_xero,
)


class PaymentCalls(Calls):
    """Payments: made in batches, removed one by one."""

    def payments(self, invoice_ids: Iterable[str]) -> list[RemotePayment]:
        """Payments against any of these invoices; removed ones that Xero still lists have status DELETED."""
        terms = (f'Invoice.InvoiceID==guid("{xero_id}")' for xero_id in invoice_ids)
        found = [row for where in chunks(terms, " OR ") for row in self._pages(self._api.get_payments, "Payments", where=where)]
        return each_once(map(from_xero, found))

    def create_payments(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make payments."""
        return self._write(self._api.create_payments, PAYMENTS, payloads, idempotency_key=key(idempotency_key))

    def delete_payment(self, xero_id: str) -> RemotePayment:
        """Remove a payment; one that is removed already is fine.

        :raise ValidationRefused: it may not be removed (part of a batch, reconciled)
        """
        try:
            removed = self._one(self._api.delete_payment, "Payments", payment_id=xero_id, payment_delete=removal())
        except errors.ValidationRefused:
            # what Xero says to a second removal is not known, so ask instead of reading its text
            removed = self._one(self._api.get_payment, "Payments", payment_id=xero_id)
            if removed.get("Status") != REMOVED:
                raise
        return from_xero(removed)
