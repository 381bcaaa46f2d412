"""Sales invoices and purchase bills (Xero's page "Invoices")."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from urllib.parse import urlsplit

from .. import errors
from ..fingerprint import fingerprint
from ..kept import from_json, to_json
from ..values import clean_guid, clean_text, format_date, to_decimal, to_text
from .allocations import RemoteAllocation
from .base import NOT_CONTENT, UNITDP, ZERO, Calls, Date, day, each_once, filled, key, nested, rows, split, stamp, with_id
from .batches import Kind, Written, chunks, folded
from .lines import Line, currency_rate, line_from_xero, line_payload, same_rate, web_address
from .remote import Remote, as_told

NUMBER_LIMIT = 255
ID, NUMBER = "InvoiceID", "InvoiceNumber"
SALES = ("ACCREC", "ACCRECCREDIT")
CREDITS = ("CreditNote", "Overpayment", "Prepayment")
# Xero's help, "Edit an invoice": what can be changed while payments or credits are allocated
FREE = frozenset((ID, NUMBER, "Contact", "Reference", "DueDate", "BrandingThemeID", "Url", "SentToContact"))


def same_status(status: str) -> str:
    """The status by which two documents are compared: payments make it 'PAID', and none that is given is Xero's 'DRAFT'."""
    return {"PAID": "AUTHORISED", "": "DRAFT"}.get(status, status)


@dataclass(frozen=True, slots=True)
class Invoice:
    """A sales invoice (`kind` 'ACCREC'), purchase bill ('ACCPAY') or credit note of either side ('ACCRECCREDIT', 'ACCPAYCREDIT') to create
    (no `xero_id`) or update.

    `total` (with tax) and `total_tax` are what the books in Odoo say and what Xero has to arrive at. `currency_rate` is units of `currency`
    per one unit of the organisation's base currency. `line_amount_types` is 'Exclusive', 'Inclusive' or 'NoTax'. `status` '' leaves it
    to Xero: as it stands. `sent`: the customer has it. `branding_theme_id` is Xero's, of sales documents. Credit notes have no due date;
    Xero's drafts may be without either date.
    """

    kind: str
    number: str
    contact_id: str
    date: Date | None
    due_date: Date | None
    currency: str
    lines: tuple[Line, ...]
    total: Decimal
    total_tax: Decimal
    reference: str = ""
    currency_rate: Decimal | None = field(default=None, metadata={"normal": same_rate})
    line_amount_types: str = "Exclusive"
    status: str = field(default="AUTHORISED", metadata={"normal": same_status})
    url: str = ""
    sent: bool = False
    branding_theme_id: str = ""
    xero_id: str = field(default="", metadata=NOT_CONTENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteInvoice(Remote[Invoice]):
    """An invoice, bill or credit note as Xero holds it. Read `status`, never infer it from `amount_due`: a voided one keeps its amount due.

    `amount_due` is what is open, of a credit note what remains of it; `amount_settled` what payments and credits have taken off.
    `allocations` are what a credit note was used for, `credits` what was used for an invoice, as pairs of 'CreditNote', 'Overpayment' or
    'Prepayment' and its id; both may be left out although there are some, and so may `payment_ids`. `cis` is the UK's construction
    deduction: what is due is less by it. Complete is an answer with lines.
    """

    amount_due: Decimal
    amount_settled: Decimal = ZERO
    has_attachments: bool = False
    allocations: tuple[RemoteAllocation, ...] = ()
    credits: tuple[tuple[str, str], ...] = ()
    cis: Decimal = ZERO
    payment_ids: tuple[str, ...] = ()

    kind = as_told("kind")
    number = as_told("number")
    contact_id = as_told("contact_id")
    currency = as_told("currency")
    date = as_told("date")
    total = as_told("total")
    total_tax = as_told("total_tax")
    reference = as_told("reference")
    url = as_told("url")
    sent = as_told("sent")

    @property
    def line_item_ids(self) -> tuple[str, ...]:
        """Xero's ids of the lines, in order."""
        return tuple(line.line_item_id for line in self.told.lines if line.line_item_id)

    @property
    def tracking(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Of each line the tracking options, as pairs of id ('' in Xero's lists) and name."""
        return tuple(line.options for line in self.told.lines)


def to_xero(invoice: Invoice) -> dict:
    """The payload that creates or (with `xero_id`) updates an invoice.

    Only the contact's id is sent: anything more would change the contact and delete its contact persons. An update names no number: a
    POST with a number edits whichever invoice has it.

    :raise ValueError: without a contact, a number (sales side) or a line
    """
    # the flag is one of sales documents
    sent = True if invoice.sent and invoice.kind in SALES else None
    own = {"DueDate": _day(invoice.due_date), "Url": web_address(invoice.url), "SentToContact": sent}
    return payload(invoice, ID, NUMBER, own)


def payload(document: Invoice, id_key: str, number_key: str, own: dict) -> dict:
    """What invoices and credit notes have in common, and what is `own` to one of them."""
    _check(document)
    number = "" if document.xero_id else clean_text(document.number, NUMBER_LIMIT)
    sale = document.kind in SALES
    named = {id_key: document.xero_id, "Type": document.kind, number_key: number, "Contact": {"ContactID": document.contact_id}}
    about = {
        "Date": _day(document.date),
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


def _day(value: Date | None) -> str:
    return format_date(value) if value else ""


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


def content(document: Invoice) -> str:
    """Fingerprint of what makes two documents of one number the same, beside their totals; of a payload as it reads, or of Xero's answer.

    Without what Xero fills in by itself (types and amounts of tax, the codes of items), and with options by the ids of their categories:
    lists name options, payloads have their ids.
    """
    about = (document.kind, document.contact_id, str(document.date), document.currency, document.line_amount_types)
    return fingerprint({"about": about, "lines": [_said(line) for line in document.lines]})


def _said(line: Line) -> tuple:
    amounts = (line.quantity, line.unit_amount, line.discount_rate, line.discount_amount)
    text = line.description.replace("\r\n", "\n").strip()
    return (text, line.account_code, sorted(category for category, _option in line.tracking), *(amount or "" for amount in amounts))


def from_xero(payload: dict) -> RemoteInvoice:
    """Read an invoice; lines are only there in paged and single answers."""
    told = read(payload, ID, NUMBER)
    return RemoteInvoice(
        xero_id=told.xero_id,
        told=told,
        status=told.status,
        updated=stamp(payload),
        complete=bool(told.lines),
        amount_due=to_decimal(payload.get("AmountDue")),
        amount_settled=to_decimal(payload.get("AmountPaid")) + to_decimal(payload.get("AmountCredited")),
        has_attachments=payload.get("HasAttachments") is True,
        credits=tuple((source, clean_guid(row.get(f"{source}ID"))) for source in CREDITS for row in rows(payload, f"{source}s")),
        cis=to_decimal(payload.get("CISDeduction")),
        payment_ids=tuple(clean_guid(row.get("PaymentID")) for row in rows(payload, "Payments")),
    )


def kept(remote: RemoteInvoice) -> dict:
    """As JSON keeps it, without its allocations: what is used where is asked for when it is wanted."""
    return {name: value for name, value in to_json(remote).items() if name != "allocations"}


def recalled(values: dict) -> RemoteInvoice:
    """What was kept.

    :raise ValueError, TypeError, ArithmeticError: something is not what it should be
    """
    return from_json(RemoteInvoice, values, told=from_json(Invoice, values["told"]))


def read(payload: dict, id_key: str, number_key: str) -> Invoice:
    """What an answer says of an invoice or a credit note."""
    kind, types = to_text(payload.get("Type")), to_text(payload.get("LineAmountTypes"))
    return Invoice(
        xero_id=clean_guid(payload.get(id_key)),
        kind=kind,
        number=to_text(payload.get(number_key)),
        status=to_text(payload.get("Status")),
        contact_id=clean_guid(nested(payload, "Contact").get("ContactID")),
        date=day(payload),
        due_date=day(payload, "DueDate"),
        currency=to_text(payload.get("CurrencyCode")),
        currency_rate=to_decimal(payload.get("CurrencyRate"), None),
        line_amount_types=types,
        lines=tuple(line_from_xero(row, types) for row in rows(payload, "LineItems")),
        total=to_decimal(payload.get("Total")),
        total_tax=to_decimal(payload.get("TotalTax")),
        reference=to_text(payload.get("Reference")),
        url=to_text(payload.get("Url")),
        # of a bill it is told in answers to writes only
        sent=payload.get("SentToContact") is True and kind != "ACCPAY",
        branding_theme_id=clean_guid(payload.get("BrandingThemeID")),
    )


def rename(xero_id: str, number: str) -> dict:
    """The payload that gives an invoice another number."""
    return {ID: xero_id, NUMBER: number}


def ending(xero_id: str, status: str) -> dict:
    """The payload that voids or deletes an invoice."""
    return {ID: xero_id, "Status": status}


INVOICE_ID = ("InvoiceID", clean_guid)
INVOICES = Kind("Invoices", "InvoiceID", (INVOICE_ID, ("InvoiceNumber", folded), ("Contact.ContactID", clean_guid)), from_xero)


class InvoiceCalls(Calls):
    """Invoices and bills, read and written in batches."""

    def invoices(self, ids: Iterable[str] = (), numbers: Iterable[str] = ()) -> list[RemoteInvoice]:
        """Invoices and bills with any of these ids or numbers, whatever their status, each once and with their lines' ids."""
        ask = partial(self._pages, self._api.get_invoices, "Invoices", unitdp=UNITDP)
        listable, others = split(numbers, ",")
        found = [row for group in chunks(ids, ",") for row in ask(i_ds=[group])]
        found += [row for group in chunks(listable, ",") for row in ask(invoice_numbers=[group])]
        found += [row for text in others for row in ask(search_term=text) if folded(row.get("InvoiceNumber")) == folded(text)]
        return each_once(map(from_xero, found))

    def invoice(self, xero_id: str) -> RemoteInvoice | None:
        """The invoice or bill with this id, with all that Xero knows of it; None if there is none."""
        found = self._found(self._api.get_invoice, "Invoices", invoice_id=xero_id, unitdp=UNITDP)
        return from_xero(found) if found else None

    def online_invoice(self, xero_id: str) -> str:
        """Address of the page on which whoever has it sees a sales invoice and may pay it; '' if Xero has none for this one.

        :raise AnswerLost: it leads elsewhere than to Xero
        """
        try:
            found = self._list(self._api.get_online_invoice, "OnlineInvoices", invoice_id=xero_id)
        except (errors.NotFound, errors.ValidationRefused):  # which of them Xero says of a draft, a bill or one that is gone is not known
            return ""
        address = next(filter(None, (to_text(row.get("OnlineInvoiceUrl")) for row in found)), "")
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        if address and (parts.scheme != "https" or not (host == "xero.com" or host.endswith(".xero.com"))):
            raise errors.AnswerLost("Xero's answer leads elsewhere.")
        return address

    def create_invoices(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create invoices; PUT, so that a number that exists is an error and not a change to that invoice."""
        return self._write(self._api.create_invoices, INVOICES, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def update_invoices(self, payloads: list[dict]) -> list[Written]:
        """Update invoices by id; lines that are not sent are deleted in Xero.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_invoices, INVOICES, with_id(payloads, INVOICES), unitdp=UNITDP)
