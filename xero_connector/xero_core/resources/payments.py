"""Payments (Xero's page "Payments"): they can be made and removed, never changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from .. import errors
from ..values import clean_guid, clean_text, format_date, to_decimal, to_text
from .base import Calls, Date, day, each_once, filled, key, nested, stamp
from .batches import Kind, Written, chunks, folded, number
from .lines import currency_rate, same_rate
from .remote import Remote, as_told

REFERENCE_LIMIT = 118  # Xero names no limit; the one integrator who does cuts here
REMOVED = "DELETED"
TARGETS = ("Invoice", "CreditNote", "Overpayment", "Prepayment")
# in Xero's payment types, as 'ARCREDITPAYMENT' or 'APOVERPAYMENTPAYMENT'
REFUNDED = {"CREDIT": "CreditNote", "OVERPAYMENT": "Overpayment", "PREPAYMENT": "Prepayment"}


@dataclass(frozen=True, slots=True)
class Payment:
    """Money against one document: `amount` in the document's currency, `bank_amount` in the bank account's when that differs.

    `invoice_id` is the id of the document that is paid or refunded; `target` says what it is: 'Invoice' (also a bill), 'CreditNote',
    'Overpayment' or 'Prepayment'.
    """

    invoice_id: str
    account_id: str
    date: Date | None
    amount: Decimal
    reference: str = ""
    bank_amount: Decimal | None = None
    currency_rate: Decimal | None = field(default=None, metadata={"normal": same_rate})
    target: str = "Invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemotePayment(Remote[Payment]):
    """A payment as Xero holds it; removed ones stay, with `status` 'DELETED'. `invoice_id` is the document's, whatever it is.

    Complete is an answer that names document, account and day: payments inside of documents do not.
    """

    is_reconciled: bool = False
    batch_id: str = ""

    invoice_id = as_told("invoice_id")
    account_id = as_told("account_id")
    amount = as_told("amount")
    date = as_told("date")
    reference = as_told("reference")


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


def from_xero(payload: dict) -> RemotePayment:
    """Read a payment."""
    told = read(payload)
    return RemotePayment(
        xero_id=clean_guid(payload.get("PaymentID")),
        told=told,
        status=to_text(payload.get("Status")),
        updated=stamp(payload),
        complete=bool(told.invoice_id and told.account_id and told.date),
        is_reconciled=payload.get("IsReconciled") is True,
        batch_id=clean_guid(payload.get("BatchPaymentID")),
    )


def read(payload: dict) -> Payment:
    """What an answer says of a payment."""
    target, document_id = _document(payload)
    return Payment(
        invoice_id=document_id,
        account_id=clean_guid(nested(payload, "Account").get("AccountID")),
        date=day(payload),
        amount=to_decimal(payload.get("Amount")),
        reference=to_text(payload.get("Reference")),
        bank_amount=to_decimal(payload.get("BankAmount"), None),
        currency_rate=to_decimal(payload.get("CurrencyRate"), None),
        target=target,
    )


def _document(payload: dict) -> tuple[str, str]:
    """What was paid, and its id. Lists name every document as an invoice, single answers as what it is; the payment's type always tells."""
    ids = ((target, clean_guid(nested(payload, target).get(f"{target}ID"))) for target in TARGETS)
    named, document_id = next((pair for pair in ids if pair[1]), ("Invoice", ""))
    kind = to_text(payload.get("PaymentType"))
    return next((target for word, target in REFUNDED.items() if word in kind), named), document_id


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

    def payment(self, xero_id: str) -> RemotePayment | None:
        """The payment with this id, removed or not; None if there is none."""
        found = self._found(self._api.get_payment, "Payments", payment_id=xero_id)
        return from_xero(found) if found else None

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
