"""Invoices: sales invoices (ACCREC) and bills (ACCPAY)."""

from __future__ import annotations

from typing import Any

from ... import elements, look_ups, wire
from ...call import Call, Route
from ...errors import Invalid, NotFound, NotSimulated
from ...idempotency import Answer
from ...listing import Listing, answer, words
from ...look_ups import LookUps
from ...selection import Selection
from ...store import Record
from ...where import Getter
from ...writes import Kind, write
from ..files import attachments
from . import document_refused
from . import document_view as show
from .documents import DocumentKind, save

Element = dict[str, Any]
NOT_FOUND = "An existing Invoice with the specified InvoiceID could not be found"
INVOICE = DocumentKind(
    envelope="Invoices",
    id_field="InvoiceID",
    number_field="InvoiceNumber",
    types=("ACCREC", "ACCPAY"),
    sale="ACCREC",
    prefix="INV",
    known=(
        "InvoiceID", "Type", "Contact", "LineItems", "Date", "DueDate", "LineAmountTypes", "InvoiceNumber", "Reference",
        "BrandingThemeID", "Url", "CurrencyCode", "CurrencyRate", "Status", "SentToContact", "ExpectedPaymentDate",
        "PlannedPaymentDate", "SubTotal", "TotalTax", "Total",
    ),
    read_only=(
        "AmountDue", "AmountPaid", "AmountCredited", "TotalDiscount", "HasAttachments", "IsDiscounted", "Payments", "Prepayments",
        "Overpayments", "CreditNotes", "UpdatedDateUTC", "UpdatedDateUTCString", "FullyPaidOnDate", "HasErrors",
        "StatusAttributeString", "ValidationErrors", "Warnings", "DateString", "DueDateString", "InvoicePaymentServices",
        "Attachments", "RepeatingInvoiceID",
    ),
    free_when_paid=frozenset((
        "Reference", "DueDate", "InvoiceNumber", "BrandingThemeID", "Url", "Contact", "PlannedPaymentDate",
        "ExpectedPaymentDate", "SentToContact",
    )),
)  # fmt: skip


def _create(call: Call, element: Element) -> Record:
    if "InvoiceID" in element:
        raise NotSimulated("PUT /Invoices with an InvoiceID: what Xero does is not known; POST updates", 400)
    return save(call, INVOICE, element, None)


def _create_or_update(call: Call, element: Element) -> Record:
    found = INVOICE.target(call, element)
    if found is None and element.get("InvoiceID"):
        raise Invalid(NOT_FOUND)
    if found and not element.get("InvoiceID") and call.switches.post_by_number == "error":
        raise Invalid("Invoice # must be unique.")
    return save(call, INVOICE, element, found)


def _head(record: Record) -> dict:
    same = {"Type": record["Type"], "InvoiceID": record["DocumentID"], "InvoiceNumber": record["Number"]}
    template = {"RepeatingInvoiceID": record["RepeatingInvoiceID"]} if record.get("RepeatingInvoiceID") else {}
    return {**same, "Reference": record["Reference"], **template}


def _tail(call: Call, record: Record, full_contact: bool, with_lines: bool) -> dict:
    shown = {
        "Contact": show.contact(call, record, full_contact),
        **show.own_days(call, record, "Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate"),
    }
    if record["Type"] == "ACCREC":
        shown["BrandingThemeID"] = record["BrandingThemeID"]
    if record["Url"]:
        shown["Url"] = record["Url"]
    shown |= {"Status": record["Status"], "LineAmountTypes": record["LineAmountTypes"]}
    shown["LineItems"] = show.lines(call, record, listed=not full_contact) if with_lines else []
    shown |= {} if full_contact else {"InvoiceAddresses": []}
    shown |= show.totals(record)
    shown |= {"UpdatedDateUTC": wire.ms_date(record["UpdatedDateUTC"]), "CurrencyCode": record["CurrencyCode"]}
    if record["FullyPaidOnDate"]:
        shown["FullyPaidOnDate"] = wire.ms_date(record["FullyPaidOnDate"])
    return shown


def written(call: Call, record: Record) -> dict:
    """After a write: no payments, credits or attachments are told."""
    return {
        **_head(record),
        "Prepayments": [],
        "Overpayments": [],
        "AmountDue": record["AmountDue"],
        "AmountPaid": record["AmountPaid"],
        "SentToContact": record["SentToContact"],
        "CurrencyRate": record["CurrencyRate"],
        "IsDiscounted": bool(record["TotalDiscount"]),
        "HasErrors": False,
        "InvoicePaymentServices": [],
        "UpdatedDateUTCString": wire.utc_string(record["UpdatedDateUTC"]),
        **_tail(call, record, full_contact=True, with_lines=True),
        **show.warnings(record),
    }


def fetched(call: Call, record: Record, full_contact: bool, with_lines: bool) -> dict:
    """From a GET: alone, or in a listing (without `full_contact`)."""
    organisation, sent = call.organisation, record["SentToContact"]
    return {
        **_head(record),
        **show.paid(call, record, alone=full_contact),
        "CreditNotes": show.credit_notes(call, record),
        "Prepayments": show.prepaid("PrepaymentID", organisation.allocations_from(organisation.prepayments, record["DocumentID"])),
        "Overpayments": show.prepaid("OverpaymentID", organisation.allocations_from(organisation.overpayments, record["DocumentID"])),
        "AmountDue": show.due(record),
        "AmountPaid": record["AmountPaid"],
        "AmountCredited": record["AmountCredited"],
        # lists tell it where it is true, and never of bills (recorded of 79 documents); else it is always told (recorded of 85)
        **({"SentToContact": sent} if full_contact or (sent and record["Type"] == "ACCREC") else {}),
        "CurrencyRate": record["CurrencyRate"],
        "IsDiscounted": bool(record["TotalDiscount"]),
        "HasAttachments": bool(attachments.of(call, record["DocumentID"])),
        "HasErrors": False,
        "InvoicePaymentServices": [],
        "UpdatedDateUTCString": wire.utc_string(record["UpdatedDateUTC"]),
        **_tail(call, record, full_contact, with_lines),
    }


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    return document_refused.refused(call, INVOICE, element, invalid)


def document_fields(call: Call, id_field: str, number_field: str) -> dict[str, Getter]:
    """The fields `where` and `order` know of a document."""
    contacts = call.organisation.contacts
    same = ("Type", "Status", "Reference", "Date", "DueDate", "CurrencyCode", "CurrencyRate", "UpdatedDateUTC", "SentToContact")
    money = (
        "SubTotal",
        "TotalTax",
        "Total",
        "AmountDue",
        "AmountPaid",
        "AmountCredited",
        "FullyPaidOnDate",
        "ExpectedPaymentDate",
        "PlannedPaymentDate",
    )
    fields: dict[str, Getter] = {name: (lambda record, name=name: record.get(name)) for name in (*same, *money)}
    fields |= {
        id_field: lambda record: record["DocumentID"],
        number_field: lambda record: record["Number"] or None,
        "Contact.ContactID": lambda record: record["ContactID"],
        "Contact.Name": lambda record: contacts.get(record["ContactID"])["Name"],
        "Contact.ContactNumber": lambda record: contacts.get(record["ContactID"]).get("ContactNumber") or None,
    }
    return fields


def _selected(call: Call, found_by: LookUps) -> Selection:
    ids, numbers, contacts, statuses = (words(call, name) for name in ("IDs", "InvoiceNumbers", "ContactIDs", "Statuses"))
    selection = Selection(call.organisation.invoices)
    selection.only("DocumentID", ids, look_ups.by_id).only("Number", numbers, found_by["InvoiceNumber"])
    selection.only("ContactID", contacts, found_by["Contact.ContactID"]).only("Status", statuses)
    if call.flag("createdByMyApp", False):
        selection.that(lambda record: record.get("App", call.token.client_id) == call.token.client_id)
    if term := call.query.get("searchTerm", "").lower():
        selection.that(lambda record: _names(record, term))
    return selection


def _names(record: Record, term: str) -> bool:
    return any(term in record[name].lower() for name in ("Number", "Reference"))


def _summary(shown: dict, summary: bool) -> dict:
    """[DOC] What summaryOnly leaves out."""
    return {name: value for name, value in shown.items() if not summary or name not in ("Payments", "LineItems", "HasAttachments")}


def list_invoices(call: Call) -> Answer:
    summary = call.flag("summaryOnly", False)
    found_by = look_ups.documents(call.organisation, call.organisation.invoices, "InvoiceID", "InvoiceNumber", INVOICE.types)
    listing = Listing(
        "Invoices",
        "Invoice",
        document_fields(call, "InvoiceID", "InvoiceNumber"),
        lambda call, record, full: _summary(fetched(call, record, False, with_lines=full and not summary), summary),
        look_ups=found_by,
    )
    return answer(call, listing, _selected(call, found_by), force_page=summary or "Statuses" in call.query)


def get_invoice(call: Call) -> Answer:
    """By id or by number."""
    record = call.organisation.invoices.get(INVOICE.named(call, call.path["id"]))
    if record is None:
        raise NotFound()
    shown = fetched(call, record, full_contact=True, with_lines=True)
    return call.envelope("Invoices", [{**shown, "Attachments": attachments.views(call, record["DocumentID"])}])


def create_invoices(call: Call) -> Answer:
    return write(call, Kind("Invoices", _create, written, _refused))


def save_invoices(call: Call) -> Answer:
    return write(call, Kind("Invoices", _create_or_update, written, _refused))


def save_invoice(call: Call) -> Answer:
    """By id or, recorded too, by number."""
    row = {**elements.read(call, "Invoices", single=True)[0], "InvoiceID": INVOICE.named(call, call.path["id"])}
    return write(call, Kind("Invoices", _create_or_update, written, _refused), [row], summarize=True)


_SCOPE = "accounting.invoices"
_WRITE = ("summarizeErrors", "unitdp", "allowBackorders")
_LIST = (
    "where", "order", "IDs", "InvoiceNumbers", "ContactIDs", "Statuses", "page", "pageSize", "includeArchived", "createdByMyApp", "unitdp",
    "summaryOnly", "searchTerm",
)  # fmt: skip
ROUTES = [
    Route("GET", "/Invoices", list_invoices, _SCOPE, _LIST, modified_since=True),
    Route("GET", "/Invoices/{id}", get_invoice, _SCOPE, ("unitdp",)),
    Route("PUT", "/Invoices", create_invoices, _SCOPE, _WRITE),
    Route("POST", "/Invoices", save_invoices, _SCOPE, _WRITE),
    Route("POST", "/Invoices/{id}", save_invoice, _SCOPE, ("unitdp", "allowBackorders")),
]
