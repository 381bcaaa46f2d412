"""Batch payments."""

import datetime
from collections.abc import Iterable

from ..documents import RemoteBatch
from ..mapping import batch
from ..values import clean_guid
from .base import Calls, each_once, key, with_id
from .batches import Kind, Written, chunks, folded

BATCHES = Kind(
    "BatchPayments",
    "BatchPaymentID",
    (("BatchPaymentID", clean_guid), ("Account.AccountID", clean_guid), ("Details", folded), ("Reference", folded)),
    batch.from_xero,
)


class BatchPaymentCalls(Calls):
    """Batches: made together, removed one by one with all their payments."""

    def batch_payments(self, days: Iterable[datetime.date] = (), ids: Iterable[str] = ()) -> list[RemoteBatch]:
        """Batches of any of these days or ids, whatever their status."""
        terms = [f"Date==DateTime({day.year},{day.month},{day.day})" for day in sorted(set(days))]
        terms += [f'BatchPaymentID==guid("{xero_id}")' for xero_id in ids]
        wheres = chunks(terms, " OR ", most=20)
        found = [row for where in wheres for row in self._list(self._api.get_batch_payments, "BatchPayments", where=where)]
        return each_once(map(batch.from_xero, found))

    def create_batch_payments(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make batches."""
        return self._write(self._api.create_batch_payment, BATCHES, payloads, idempotency_key=key(idempotency_key))

    def delete_batch_payment(self, xero_id: str) -> RemoteBatch:
        """Remove a batch and its payments.

        :raise ValidationRefused: it may not be removed (reconciled, locked period)
        """
        payload = with_id([batch.removal(xero_id)], BATCHES)
        return batch.from_xero(self._one(self._api.delete_batch_payment, "BatchPayments", batch_payment_delete=payload[0]))
