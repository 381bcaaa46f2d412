"""Batch payments (Xero's page "Batch Payments"): they can be made and removed, never changed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..values import clean_guid, clean_text, format_date, to_decimal, to_text
from . import payments as single
from .base import NOT_CONTENT, UNORDERED, Calls, Date, day, each_once, filled, key, nested, rows, stamp, with_id
from .batches import Kind, Written, chunks, folded
from .payments import Payment
from .remote import Remote, as_told

REMOVED = single.REMOVED
TEXT_LIMIT = 18
TEXTS = ("Details", "Reference", "Narrative", "Particulars", "Code")


@dataclass(frozen=True, slots=True)
class BatchPayment:
    """One movement on a bank account for several invoices, or for several bills; account and day of its payments are the batch's.

    `marker` (18 characters at most) goes where the organisation's `country` has a text of its own for batches.
    """

    account_id: str
    date: Date | None
    payments: tuple[Payment, ...] = field(metadata=UNORDERED)
    marker: str = ""
    country: str = field(default="", metadata=NOT_CONTENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteBatch(Remote[BatchPayment]):
    """A batch as Xero holds it; a removed one keeps its total `amount` and tells no payments, so it is not complete.

    `payment_ids` are Xero's, in the order of the payments; `texts` are all that is said to the bank.
    """

    amount: Decimal
    payment_ids: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    is_reconciled: bool = False

    account_id = as_told("account_id")
    date = as_told("date")
    payments = as_told("payments")


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
    listed, texts = rows(payload, "Payments"), {name: to_text(payload.get(name)) for name in TEXTS}
    account_id, date = clean_guid(nested(payload, "Account").get("AccountID")), day(payload)
    told = BatchPayment(
        account_id=account_id,
        date=date,
        payments=tuple(replace(single.read(row), account_id=account_id, date=date) for row in listed),
        marker=texts["Reference"] or texts["Details"],
        country="NZ" if texts["Reference"] else "",
    )
    return RemoteBatch(
        xero_id=clean_guid(payload.get("BatchPaymentID")),
        told=told,
        status=to_text(payload.get("Status")),
        updated=stamp(payload),
        complete=bool(listed),
        amount=to_decimal(payload.get("TotalAmount")),
        payment_ids=tuple(clean_guid(row.get("PaymentID")) for row in listed),
        texts=tuple(filter(None, texts.values())),
        is_reconciled=payload.get("IsReconciled") is True,
    )


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

    def batch_payment(self, xero_id: str) -> RemoteBatch | None:
        """The batch with this id, removed or not; None if there is none."""
        found = self._found(self._api.get_batch_payment, "BatchPayments", batch_payment_id=xero_id)
        return from_xero(found) if found else None

    def create_batch_payments(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make batches."""
        return self._write(self._api.create_batch_payment, BATCHES, payloads, idempotency_key=key(idempotency_key))

    def delete_batch_payment(self, xero_id: str) -> RemoteBatch:
        """Remove a batch and its payments.

        :raise ValidationRefused: it may not be removed (reconciled, locked period)
        """
        payload = with_id([removal(xero_id)], BATCHES)
        return from_xero(self._one(self._api.delete_batch_payment, "BatchPayments", batch_payment_delete=payload[0]))
