"""Allocations of credit notes, overpayments and prepayments (Xero's page "Credit Notes"): made and removed, never changed."""

from ..documents import Allocation, RemoteAllocation
from ..values import clean_guid, format_date, parse_date, to_decimal
from .fields import nested

SOURCES = ("CreditNote", "Overpayment", "Prepayment")
REMOVED = "DELETED"


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
