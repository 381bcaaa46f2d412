"""Sales invoices and purchase bills (Xero's page "Invoices")."""

from decimal import Decimal
from urllib.parse import urlsplit

from ..documents import Invoice, Line, RemoteInvoice
from ..values import clean_guid, clean_lines, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from .fields import filled, nested, rows

NUMBER_LIMIT = 255
DESCRIPTION_LIMIT = 4000
RATE_STEP = Decimal("0.000001")
MAX_TRACKING = 2


def to_xero(invoice: Invoice) -> dict:
    """The payload that creates or (with `xero_id`) updates an invoice.

    Only the contact's id is sent: anything more would change the contact and delete its contact persons. An update names no number: a
    POST with a number edits whichever invoice has it.

    :raise ValueError: without a contact, a number (sales invoice) or a line
    """
    _check(invoice)
    payload = {
        "InvoiceID": invoice.xero_id,
        "Type": invoice.kind,
        "InvoiceNumber": "" if invoice.xero_id else clean_text(invoice.number, NUMBER_LIMIT),
        "Contact": {"ContactID": invoice.contact_id},
        "Date": format_date(invoice.date),
        "DueDate": format_date(invoice.due_date),
        "LineAmountTypes": invoice.line_amount_types,
        "Status": invoice.status,
        "CurrencyCode": invoice.currency,
        "CurrencyRate": currency_rate(invoice.currency_rate),
        "Reference": _reference(invoice),
        "Url": _url(invoice.url),
        "LineItems": [_line(line) for line in invoice.lines],
    }
    return filled(payload)


def _check(invoice: Invoice) -> None:
    if not invoice.contact_id:
        raise ValueError("An invoice needs a contact.")
    if not invoice.lines:
        raise ValueError("An invoice needs a line.")
    if invoice.kind == "ACCREC" and not invoice.xero_id and not clean_text(invoice.number, NUMBER_LIMIT):
        raise ValueError("A sales invoice needs a number.")


def _reference(invoice: Invoice) -> str:
    """Sales invoices only: bills have no reference, their number is shown as one."""
    return clean_text(invoice.reference, NUMBER_LIMIT) if invoice.kind == "ACCREC" else ""


def currency_rate(rate: Decimal | None) -> Decimal | None:
    """Xero keeps six decimals."""
    return rate.quantize(RATE_STEP) if rate is not None else None


def _url(url: str) -> str:
    """Xero refuses a link back that contains its own name or is no web address."""
    parts = urlsplit(url)
    return url if parts.scheme in ("http", "https") and parts.netloc and "xero" not in url.lower() else ""


def _line(line: Line) -> dict:
    """One line. The line amount is never sent: Xero refuses the invoice if it disagrees with its own."""
    description = clean_lines(line.description, DESCRIPTION_LIMIT) or "-"
    if line.quantity is None:
        return filled({"LineItemID": line.line_item_id, "Description": description})
    payload = filled(
        {
            "LineItemID": line.line_item_id,
            "Description": description,
            "Quantity": line.quantity,
            "UnitAmount": line.unit_amount,
            "ItemCode": line.item_code,
            # Xero keeps what is not sent of a line that exists, so a discount that is gone has to be said
            "DiscountRate": line.discount_rate if line.discount_rate or line.line_item_id else None,
            "AccountCode": line.account_code,
            "TaxType": line.tax_type,
            "TaxAmount": line.tax_amount,
            "Tracking": [_tracking(pair) for pair in line.tracking[:MAX_TRACKING]],
        }
    )
    # so have options that are gone
    return {**payload, "Tracking": []} if line.line_item_id and not line.tracking else payload


def _tracking(pair: tuple[str, str]) -> dict:
    return {"TrackingCategoryID": pair[0], "TrackingOptionID": pair[1]}


def _option_ids(line: dict) -> tuple[str, ...]:
    return tuple(sorted(filter(None, (clean_guid(entry.get("TrackingOptionID")) for entry in rows(line, "Tracking")))))


def from_xero(payload: dict) -> RemoteInvoice:
    """Read an invoice or bill; lines are only there in paged and single answers."""
    return RemoteInvoice(
        xero_id=clean_guid(payload.get("InvoiceID")),
        kind=to_text(payload.get("Type")),
        number=to_text(payload.get("InvoiceNumber")),
        status=to_text(payload.get("Status")),
        contact_id=clean_guid(nested(payload, "Contact").get("ContactID")),
        currency=to_text(payload.get("CurrencyCode")),
        date=parse_date(payload.get("DateString")) or parse_date(payload.get("Date")),
        total=to_decimal(payload.get("Total")),
        total_tax=to_decimal(payload.get("TotalTax")),
        amount_due=to_decimal(payload.get("AmountDue")),
        reference=to_text(payload.get("Reference")),
        url=to_text(payload.get("Url")),
        line_item_ids=tuple(filter(None, (clean_guid(row.get("LineItemID")) for row in rows(payload, "LineItems")))),
        tracking=tuple(_option_ids(row) for row in rows(payload, "LineItems")),
        updated=parse_datetime(payload.get("UpdatedDateUTCString")) or parse_datetime(payload.get("UpdatedDateUTC")),
    )
