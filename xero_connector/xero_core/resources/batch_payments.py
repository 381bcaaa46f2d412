"""Batch payments (Xero's page "Batch Payments"): they can be made and removed, never changed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..values import clean_guid, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from . import payments as single
from .base import Calls, Date, Moment, each_once, filled, key, nested, rows, with_id
from .batches import Kind, Written, chunks, folded
from .payments import Payment, RemotePayment

REMOVED = single.REMOVED
TEXT_LIMIT = 18
TEXTS = ("Details", "Reference", "Narrative", "Particulars", "Code")


@dataclass(frozen=True, slots=True)
class BatchPayment:
    """One movement on a bank account for several invoices, or for several bills; account and day of its payments are the batch's.

    `marker` (18 characters at most) goes where the organisation's `country` has a text of its own for batches.
    """

    account_id: str
    date: Date
    payments: tuple[Payment, ...]
    marker: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class RemoteBatch:
    """A batch as Xero holds it; a removed one keeps its total and tells no payments."""

    xero_id: str
    account_id: str
    date: Date | None
    status: str
    amount: Decimal
    payments: tuple[RemotePayment, ...] = ()
    texts: tuple[str, ...] = ()
    is_reconciled: bool = False
    updated: Moment | None = None


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


BATCHES = Kind(
    "BatchPayments",
    "BatchPaymentID",
    (("BatchPaymentID", clean_guid), ("Account.AccountID", clean_guid), ("Details", folded), ("Reference", folded)),
    from_xero,
)


class BatchPaymentCalls(Calls):
    """Batches: made together, removed one by one with all their payments."""

    def batch_payments(self, days: Iterable[datetime.date] = (), ids: Iterable[str] = ()) -> list[RemoteBatch]:
        """Batches of any of these days or ids, whatever their status."""
        terms = [f"Date==DateTime({day.year},{day.month},{day.day})" for day in sorted(set(days))]
        terms += [f'BatchPaymentID==guid("{xero_id}")' for xero_id in ids]
        wheres = chunks(terms, " OR ", most=20)
        found = [row for where in wheres for row in self._list(self._api.get_batch_payments, "BatchPayments", where=where)]
        return each_once(map(from_xero, found))

    def create_batch_payments(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make batches."""
        return self._write(self._api.create_batch_payment, BATCHES, payloads, idempotency_key=key(idempotency_key))

    def delete_batch_payment(self, xero_id: str) -> RemoteBatch:
        """Remove a batch and its payments.

        :raise ValidationRefused: it may not be removed (reconciled, locked period)
        """
        payload = with_id([removal(xero_id)], BATCHES)
        return from_xero(self._one(self._api.delete_batch_payment, "BatchPayments", batch_payment_delete=payload[0]))
