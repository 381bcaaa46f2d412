"""Payments."""

from collections.abc import Iterable

from .. import errors
from ..documents import RemotePayment
from ..mapping import payment
from ..values import clean_guid
from .base import Calls, each_once, key
from .batches import Kind, Written, chunks, folded, number

PAYMENTS = Kind(
    "Payments",
    "PaymentID",
    (("Invoice.InvoiceID", clean_guid), ("Account.AccountID", clean_guid), ("Amount", number), ("Reference", folded)),
    payment.from_xero,
)


class PaymentCalls(Calls):
    """Payments: made in batches, removed one by one."""

    def payments(self, invoice_ids: Iterable[str]) -> list[RemotePayment]:
        """Payments against any of these invoices; removed ones that Xero still lists have status DELETED."""
        terms = (f'Invoice.InvoiceID==guid("{xero_id}")' for xero_id in invoice_ids)
        found = [row for where in chunks(terms, " OR ") for row in self._pages(self._api.get_payments, "Payments", where=where)]
        return each_once(map(payment.from_xero, found))

    def create_payments(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make payments."""
        return self._write(self._api.create_payments, PAYMENTS, payloads, idempotency_key=key(idempotency_key))

    def delete_payment(self, xero_id: str) -> RemotePayment:
        """Remove a payment; one that is removed already is fine.

        :raise ValidationRefused: it may not be removed (part of a batch, reconciled)
        """
        try:
            removed = self._one(self._api.delete_payment, "Payments", payment_id=xero_id, payment_delete=payment.removal())
        except errors.ValidationRefused:
            # what Xero says to a second removal is not known, so ask instead of reading its text
            removed = self._one(self._api.get_payment, "Payments", payment_id=xero_id)
            if removed.get("Status") != payment.REMOVED:
                raise
        return payment.from_xero(removed)
