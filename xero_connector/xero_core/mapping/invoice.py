"""Sales invoices and purchase bills (Xero's page "Invoices")."""

from decimal import Decimal
from urllib.parse import urlsplit

from ..documents import Invoice, Line, RemoteInvoice
from ..values import clean_guid, clean_lines, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from .fields import filled, nested, rows

NUMBER_LIMIT = 255
DESCRIPTION_LIMIT = 4000
ID, NUMBER = "InvoiceID", "InvoiceNumber"
SALES = ("ACCREC", "ACCRECCREDIT")
# Xero's help, "Edit an invoice": what can be changed while payments or credits are allocated
FREE = frozenset((ID, NUMBER, "Contact", "Reference", "DueDate", "BrandingThemeID", "Url", "SentToContact"))
RATE_STEP = Decimal("0.000001")
MAX_TRACKING = 2


def to_xero(invoice: Invoice) -> dict:
    """The payload that creates or (with `xero_id`) updates an invoice.

    Only the contact's id is sent: anything more would change the contact and delete its contact persons. An update names no number: a
    POST with a number edits whichever invoice has it.

    :raise ValueError: without a contact, a number (sales side) or a line
    """
    return payload(
        invoice,
        ID,
        NUMBER,
        {"DueDate": format_date(invoice.due_date), "Url": _url(invoice.url), "SentToContact": invoice.sent or None},
    )


def payload(document: Invoice, id_key: str, number_key: str, own: dict) -> dict:
    """What invoices and credit notes have in common, and what is `own` to one of them."""
    _check(document)
    number = "" if document.xero_id else clean_text(document.number, NUMBER_LIMIT)
    sale = document.kind in SALES
    named = {id_key: document.xero_id, "Type": document.kind, number_key: number, "Contact": {"ContactID": document.contact_id}}
    about = {
        "Date": format_date(document.date),
        "LineAmountTypes": document.line_amount_types,
        "Status": document.status,
        "CurrencyCode": document.currency,
        "CurrencyRate": currency_rate(document.currency_rate),
        "BrandingThemeID": document.branding_theme_id if sale else "",
    }
    # bills have no reference, their number is shown as one; Xero keeps what is not sent, so one that is gone has to be said
    reference = {"Reference": clean_text(document.reference, NUMBER_LIMIT)} if sale else {}
    said = reference if document.xero_id else filled(reference)
    return {**filled({**named, **about, **own}), **said, "LineItems": [line_payload(line) for line in document.lines]}


def _check(document: Invoice) -> None:
    if not document.contact_id:
        raise ValueError("A document needs a contact.")
    if not document.lines:
        raise ValueError("A document needs a line.")
    if document.kind in SALES and not document.xero_id and not clean_text(document.number, NUMBER_LIMIT):
        raise ValueError("A document of the sales side needs a number.")


def without_items(payload: dict) -> dict:
    """The payload without the codes of items: these come with a document, but are no reason to change one that is in Xero."""
    lines = [{key: value for key, value in line.items() if key != "ItemCode"} for line in rows(payload, "LineItems")]
    return {**payload, "LineItems": lines}


def figures(payload: dict, free: frozenset) -> dict:
    """What Xero allows no change of while money is allocated; `free` are the keys of the kind's mapping that it does."""
    return {key: value for key, value in without_items(payload).items() if key not in free and key != "Status"}


def currency_rate(rate: Decimal | None) -> Decimal | None:
    """Xero keeps six decimals."""
    return rate.quantize(RATE_STEP) if rate is not None else None


def _url(url: str) -> str:
    """Xero refuses a link back that contains its own name or is no web address."""
    parts = urlsplit(url)
    return url if parts.scheme in ("http", "https") and parts.netloc and "xero" not in url.lower() else ""


def line_payload(line: Line) -> dict:
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


def _options(line: dict) -> tuple[tuple[str, str], ...]:
    found = ((clean_guid(entry.get("TrackingOptionID")), to_text(entry.get("Option"))) for entry in rows(line, "Tracking"))
    return tuple(sorted(pair for pair in found if any(pair)))


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
        amount_settled=to_decimal(payload.get("AmountPaid")) + to_decimal(payload.get("AmountCredited")),
        reference=to_text(payload.get("Reference")),
        url=to_text(payload.get("Url")),
        tracking=tracking(payload),
        sent=payload.get("SentToContact") is True,
        line_item_ids=line_item_ids(payload),
        updated=parse_datetime(payload.get("UpdatedDateUTCString")) or parse_datetime(payload.get("UpdatedDateUTC")),
    )


def line_item_ids(payload: dict) -> tuple[str, ...]:
    """Xero's ids of the lines, in order."""
    return tuple(filter(None, (clean_guid(row.get("LineItemID")) for row in rows(payload, "LineItems"))))


def tracking(payload: dict, key: str = "LineItems") -> tuple[tuple[tuple[str, str], ...], ...]:
    """Of each line the tracking options, as pairs of id and name; Xero's lists name them without their ids, which are '' then."""
    return tuple(_options(row) for row in rows(payload, key))


def rename(xero_id: str, number: str) -> dict:
    """The payload that gives an invoice another number."""
    return {ID: xero_id, NUMBER: number}


def ending(xero_id: str, status: str) -> dict:
    """The payload that voids or deletes an invoice."""
    return {ID: xero_id, "Status": status}
