"""Allocations of credit notes, overpayments and prepayments (Xero's page "Credit Notes"): made and removed, never changed."""

from dataclasses import dataclass
from decimal import Decimal

from .. import errors
from ..values import clean_guid, format_date, parse_date, to_decimal
from .base import Calls, Date, key, nested, rows
from .batches import Kind, Written, number

SOURCES = ("CreditNote", "Overpayment", "Prepayment")
REMOVED = "DELETED"


@dataclass(frozen=True, slots=True)
class Allocation:
    """Credit used for an invoice or bill. `source` is 'CreditNote', 'Overpayment' or 'Prepayment', `credit_id` its id."""

    source: str
    credit_id: str
    invoice_id: str
    amount: Decimal
    date: Date


@dataclass(frozen=True, slots=True)
class RemoteAllocation:
    """An allocation as Xero holds it; a removed one is no longer listed, only the answer to its removal says 'DELETED'."""

    xero_id: str
    invoice_id: str
    amount: Decimal
    date: Date | None
    status: str = "AUTHORISED"
    credit_id: str = ""
    source: str = ""


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
    return RemoteAllocation(
        xero_id=clean_guid(payload.get("AllocationID")),
        invoice_id=clean_guid(nested(payload, "Invoice").get("InvoiceID")),
        amount=to_decimal(payload.get("Amount")),
        date=parse_date(payload.get("Date")),
        status=REMOVED if payload.get("IsDeleted") is True else "AUTHORISED",
        credit_id=credit_id,
        source=source,
    )


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
        gone = RemoteAllocation(allocation_id, "", 0, None, REMOVED, credit_id, source)
        try:
            self._endpoint(source, "delete")(self._tenant_id, allocation_id=allocation_id, **self._of(source, credit_id))
        except (errors.NotFound, errors.ValidationRefused):
            # what Xero says to a second removal is not known, so ask instead of reading its text
            if any(each.xero_id == allocation_id for each in self.allocations(source, credit_id)):
                raise
        return gone
