"""Credit notes given and received (Xero's page "Credit Notes"): as invoices are, without due date, discounts and link back."""

from ..documents import Invoice, RemoteInvoice
from ..values import clean_guid, parse_date, parse_datetime, to_decimal, to_text
from . import invoice
from .fields import nested

ID, NUMBER = "CreditNoteID", "CreditNoteNumber"
# what can be changed while the credit is used
FREE = frozenset((ID, NUMBER, "Reference", "BrandingThemeID", "SentToContact"))


def to_xero(note: Invoice) -> dict:
    """The payload that creates or (with `xero_id`) updates a credit note; see `invoice.to_xero`.

    :raise ValueError: without a contact, a number (sales side) or a line
    """
    return invoice.payload(note, ID, NUMBER, {})


def from_xero(payload: dict) -> RemoteInvoice:
    """Read a credit note; lines are only there in paged and single answers."""
    total, remaining = to_decimal(payload.get("Total")), to_decimal(payload.get("RemainingCredit"), None)
    return RemoteInvoice(
        xero_id=clean_guid(payload.get(ID)),
        kind=to_text(payload.get("Type")),
        number=to_text(payload.get(NUMBER)),
        status=to_text(payload.get("Status")),
        contact_id=clean_guid(nested(payload, "Contact").get("ContactID")),
        currency=to_text(payload.get("CurrencyCode")),
        date=parse_date(payload.get("DateString")) or parse_date(payload.get("Date")),
        total=total,
        total_tax=to_decimal(payload.get("TotalTax")),
        amount_due=total if remaining is None else remaining,
        amount_settled=total - (total if remaining is None else remaining),
        reference=to_text(payload.get("Reference")),
        sent=payload.get("SentToContact") is True,
        tracking=invoice.tracking(payload),
        line_item_ids=invoice.line_item_ids(payload),
        updated=parse_datetime(payload.get("UpdatedDateUTCString")) or parse_datetime(payload.get("UpdatedDateUTC")),
    )


def rename(xero_id: str, number: str) -> dict:
    """The payload that gives a credit note another number."""
    return {ID: xero_id, NUMBER: number}


def ending(xero_id: str, status: str) -> dict:
    """The payload that voids or deletes a credit note."""
    return {ID: xero_id, "Status": status}
