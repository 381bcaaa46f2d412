"""Allocations of credit notes, overpayments and prepayments."""

from .. import errors
from ..documents import RemoteAllocation
from ..mapping import allocation
from ..mapping.fields import rows
from ..values import clean_guid
from .base import Calls, key
from .batches import Kind, Written, number


class AllocationCalls(Calls):
    """Made for one credit at a time, removed one by one."""

    def _endpoint(self, source: str, verb: str):
        """The SDK's method; it says "allocation" of a credit note and "allocations" of the others."""
        names = {
            ("CreditNote", "get"): "get_credit_note",
            ("Overpayment", "get"): "get_overpayment",
            ("Prepayment", "get"): "get_prepayment",
            ("CreditNote", "create"): "create_credit_note_allocation",
            ("Overpayment", "create"): "create_overpayment_allocations",
            ("Prepayment", "create"): "create_prepayment_allocations",
            ("CreditNote", "delete"): "delete_credit_note_allocations",
            ("Overpayment", "delete"): "delete_overpayment_allocations",
            ("Prepayment", "delete"): "delete_prepayment_allocations",
        }
        return getattr(self._api, names[source, verb])

    def _of(self, source: str, credit_id: str) -> dict[str, str]:
        return {{"CreditNote": "credit_note_id", "Overpayment": "overpayment_id", "Prepayment": "prepayment_id"}[source]: credit_id}

    def allocations(self, source: str, credit_id: str) -> list[RemoteAllocation]:
        """What that credit is allocated to now; one call."""
        credit = self._one(self._endpoint(source, "get"), f"{source}s", **self._of(source, credit_id))
        return [allocation.from_xero(row, source, credit_id) for row in rows(credit, "Allocations") if row.get("IsDeleted") is not True]

    def create_allocations(self, source: str, credit_id: str, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Allocate one credit to invoices or bills."""
        kind = Kind(
            "Allocations",
            "AllocationID",
            (("Invoice.InvoiceID", clean_guid), ("Amount", number)),
            lambda row: allocation.from_xero(row, source, credit_id),
        )
        body = {**self._of(source, credit_id), "allocations": {"Allocations": payloads}}
        answer = self._endpoint(source, "create")(self._tenant_id, summarize_errors=False, idempotency_key=key(idempotency_key), **body)
        return self._written(kind, payloads, answer)

    def delete_allocation(self, source: str, credit_id: str, allocation_id: str) -> RemoteAllocation:
        """Undo an allocation; one that is gone already is fine.

        :raise ValidationRefused: it may not be undone (locked period)
        """
        gone = RemoteAllocation(allocation_id, "", 0, None, allocation.REMOVED, credit_id, source)
        try:
            self._endpoint(source, "delete")(self._tenant_id, allocation_id=allocation_id, **self._of(source, credit_id))
        except (errors.NotFound, errors.ValidationRefused):
            # what Xero says to a second removal is not known, so ask instead of reading its text
            if any(each.xero_id == allocation_id for each in self.allocations(source, credit_id)):
                raise
        return gone
