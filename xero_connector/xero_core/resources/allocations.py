"""Allocations of credit notes, overpayments and prepayments (Xero's page "Credit Notes"): made and removed, never changed."""

from dataclasses import dataclass
from decimal import Decimal

from .. import errors
from ..values import clean_guid, format_date, to_decimal
from .base import ZERO, Calls, Date, day, key, nested, rows
from .batches import Kind, Written, number
from .remote import Remote, as_told

SOURCES = ("CreditNote", "Overpayment", "Prepayment")
REMOVED = "DELETED"


@dataclass(frozen=True, slots=True)
class Allocation:
    """Credit used for an invoice or bill. `source` is 'CreditNote', 'Overpayment' or 'Prepayment', `credit_id` its id."""

    source: str
    credit_id: str
    invoice_id: str
    amount: Decimal
    date: Date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAllocation(Remote[Allocation]):
    """An allocation as Xero holds it; a removed one is no longer listed, only the answer to its removal says 'DELETED'."""

    invoice_id = as_told("invoice_id")
    amount = as_told("amount")
    date = as_told("date")
    credit_id = as_told("credit_id")
    source = as_told("source")


def to_xero(allocation: Allocation) -> dict:
    """The payload that allocates; what is allocated is named by the address.

    :raise ValueError: of another source, without credit or invoice, or with an amount that is not positive
    """
    if allocation.source not in SOURCES or not allocation.credit_id or not allocation.invoice_id:
        raise ValueError("An allocation needs a credit and an invoice.")
    if allocation.amount <= 0:
        raise ValueError("An allocation needs a positive amount.")
    invoice = {"InvoiceID": allocation.invoice_id}
    return {"Amount": allocation.amount, "Invoice": invoice, "Date": format_date(allocation.date)}


def from_xero(payload: dict, source: str = "", credit_id: str = "") -> RemoteAllocation:
    """Read an allocation, as listed with its credit or answered to a change."""
    invoice_id = clean_guid(nested(payload, "Invoice").get("InvoiceID"))
    return RemoteAllocation(
        xero_id=clean_guid(payload.get("AllocationID")),
        told=Allocation(source, credit_id, invoice_id, to_decimal(payload.get("Amount")), day(payload)),
        status=REMOVED if payload.get("IsDeleted") is True else "AUTHORISED",
        complete=bool(source and credit_id and invoice_id),
    )


def removed(source: str, credit_id: str, xero_id: str) -> RemoteAllocation:
    """One that Xero does not list any more; only where it was is known."""
    return RemoteAllocation(xero_id=xero_id, told=Allocation(source, credit_id, "", ZERO, None), status=REMOVED, complete=False)


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
        return [from_xero(row, source, credit_id) for row in rows(credit, "Allocations") if row.get("IsDeleted") is not True]

    def create_allocations(self, source: str, credit_id: str, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Allocate one credit to invoices or bills."""
        kind = Kind(
            "Allocations",
            "AllocationID",
            (("Invoice.InvoiceID", clean_guid), ("Amount", number)),
            lambda row: from_xero(row, source, credit_id),
        )
        body = {**self._of(source, credit_id), "allocations": {"Allocations": payloads}}
        answer = self._endpoint(source, "create")(self._tenant_id, summarize_errors=False, idempotency_key=key(idempotency_key), **body)
        return self._written(kind, payloads, answer)

    def delete_allocation(self, source: str, credit_id: str, allocation_id: str) -> RemoteAllocation:
        """Undo an allocation; one that is gone already is fine.

        :raise ValidationRefused: it may not be undone (locked period)
        """
        try:
            self._endpoint(source, "delete")(self._tenant_id, allocation_id=allocation_id, **self._of(source, credit_id))
        except (errors.NotFound, errors.ValidationRefused):
            # what Xero says to a second removal is not known, so ask instead of reading its text
            if any(each.xero_id == allocation_id for each in self.allocations(source, credit_id)):
                raise
        return removed(source, credit_id, allocation_id)
