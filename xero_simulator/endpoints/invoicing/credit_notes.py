"""Credit notes, on the sales side (ACCRECCREDIT) and the purchase side (ACCPAYCREDIT)."""

from __future__ import annotations

from typing import Any

from ... import elements, look_ups, wire
from ...call import Call, Route
from ...errors import Invalid, NotFound, NotSimulated
from ...idempotency import Answer
from ...listing import Listing, answer
from ...store import Record
from ...writes import Kind, unknown, write
from ..files import attachments
from . import document_refused
from . import document_view as show
from .documents import DocumentKind, save
from .invoices import document_fields

Element = dict[str, Any]
NOT_FOUND = "An existing Credit Note with the specified CreditNoteID could not be found"
CREDIT_NOTE = DocumentKind(
    envelope="CreditNotes",
    id_field="CreditNoteID",
    number_field="CreditNoteNumber",
    types=("ACCRECCREDIT", "ACCPAYCREDIT"),
    sale="ACCRECCREDIT",
    prefix="CN",
    known=(
        "CreditNoteID", "Type", "Contact", "LineItems", "Date", "DueDate", "LineAmountTypes", "CreditNoteNumber", "Reference",
        "BrandingThemeID", "CurrencyCode", "CurrencyRate", "Status", "SentToContact", "SubTotal", "TotalTax", "Total",
    ),
    read_only=(
        "RemainingCredit", "Allocations", "AppliedAmount", "Payments", "HasAttachments", "UpdatedDateUTC", "UpdatedDateUTCString",
        "FullyPaidOnDate", "HasErrors", "StatusAttributeString", "ValidationErrors", "Warnings", "DateString", "DueDateString", "ID",
    ),
    free_when_paid=frozenset(("Reference", "CreditNoteNumber", "BrandingThemeID", "SentToContact")),
)  # fmt: skip


def _create(call: Call, element: Element) -> Record:
    if "CreditNoteID" in element:
        raise NotSimulated("PUT /CreditNotes with a CreditNoteID: what Xero does is not known; POST updates", 400)
    return save(call, CREDIT_NOTE, element, None)


def _create_or_update(call: Call, element: Element) -> Record:
    found = CREDIT_NOTE.target(call, element)
    if found is None and element.get("CreditNoteID"):
        raise unknown(call, NOT_FOUND)
    if found and not element.get("CreditNoteID") and call.switches.post_by_number == "error":
        raise Invalid("Credit note # must be unique.")
    return save(call, CREDIT_NOTE, element, found)


def allocation_view(call: Call, part: Record, listed: bool = False) -> dict:
    """`listed`: inside of a document that was listed."""
    invoice = call.organisation.invoices.get(part["InvoiceID"])
    assert invoice is not None
    named = {"InvoiceID": part["InvoiceID"], "InvoiceNumber": invoice["Number"], "Payments": [], "CreditNotes": [], "Prepayments": []}
    named |= {"Overpayments": [], "HasErrors": False, "IsDiscounted": False, "LineItems": [], "ValidationErrors": []}
    return {
        "AllocationID": part["AllocationID"],
        "Amount": part["Amount"],
        "Date": wire.ms_date(part["Date"]),
        "Invoice": named,
        **({} if listed else {"IsDeleted": False}),
        "ValidationErrors": [],
    }


def view(
    call: Call, record: Record, full_contact: bool = True, with_lines: bool = True, fetched: bool = False, listed: bool = False
) -> dict:
    alone = fetched and not listed
    shown: dict[str, Any] = {
        "CreditNoteID": record["DocumentID"],
        "CreditNoteNumber": record["Number"],
        **show.paid(call, record, alone),
        "ID": record["DocumentID"],
        "CurrencyRate": record["CurrencyRate"],
        "Type": record["Type"],
        "Reference": record["Reference"],
        "RemainingCredit": show.due(record) if fetched else record["AmountDue"],
        "Allocations": [allocation_view(call, part, listed) for part in record["Allocations"]],
        "SentToContact": record["SentToContact"],
        "HasErrors": False,
        "UpdatedDateUTCString": wire.utc_string(record["UpdatedDateUTC"]),
        "Contact": show.contact(call, record, full_contact),
        **show.own_days(call, record, "Date", "DueDate"),
        "Status": record["Status"],
        "LineAmountTypes": record["LineAmountTypes"],
        "LineItems": show.lines(call, record, listed) if with_lines else [],
        **show.totals(record),
        "UpdatedDateUTC": wire.ms_date(record["UpdatedDateUTC"]),
        "CurrencyCode": record["CurrencyCode"],
    }
    if record["Type"] == "ACCRECCREDIT":
        shown["BrandingThemeID"] = record["BrandingThemeID"]
    if record["FullyPaidOnDate"]:
        shown["FullyPaidOnDate"] = wire.ms_date(record["FullyPaidOnDate"])
    files = bool(attachments.of(call, record["DocumentID"]))
    if not fetched:
        return {**shown, **show.warnings(record)}
    shown["HasAttachments"] = files
    return {**shown, "InvoiceAddresses": []} if listed else {**shown, "Attachments": attachments.views(call, record["DocumentID"])}


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    return document_refused.refused(call, CREDIT_NOTE, element, invalid)


def _listed(call: Call, record: Record, full: bool) -> dict:
    return view(call, record, False, full, True, True)


def list_credit_notes(call: Call) -> Answer:
    fields = document_fields(call, "CreditNoteID", "CreditNoteNumber")
    fields["RemainingCredit"] = lambda record: record["AmountDue"]
    notes = call.organisation.credit_notes
    found_by = look_ups.documents(call.organisation, notes, "CreditNoteID", "CreditNoteNumber", CREDIT_NOTE.types)
    return answer(call, Listing("CreditNotes", "CreditNote", fields, _listed, look_ups=found_by), notes)


def get_credit_note(call: Call) -> Answer:
    record = call.organisation.credit_notes.get(CREDIT_NOTE.named(call, call.path["id"]))
    if record is None:
        raise NotFound()
    return call.envelope("CreditNotes", [view(call, record, fetched=True)])


def create_credit_notes(call: Call) -> Answer:
    return write(call, Kind("CreditNotes", _create, view, _refused))


def save_credit_notes(call: Call) -> Answer:
    return write(call, Kind("CreditNotes", _create_or_update, view, _refused))


def save_credit_note(call: Call) -> Answer:
    row = {**elements.read(call, "CreditNotes", single=True)[0], "CreditNoteID": CREDIT_NOTE.named(call, call.path["id"])}
    return write(call, Kind("CreditNotes", _create_or_update, view, _refused), [row], summarize=True)


_SCOPE = "accounting.invoices"
_WRITE = ("summarizeErrors", "unitdp")
ROUTES = [
    Route("GET", "/CreditNotes", list_credit_notes, _SCOPE, ("where", "order", "page", "pageSize", "unitdp"), modified_since=True),
    Route("GET", "/CreditNotes/{id}", get_credit_note, _SCOPE, ("unitdp",)),
    Route("PUT", "/CreditNotes", create_credit_notes, _SCOPE, _WRITE),
    Route("POST", "/CreditNotes", save_credit_notes, _SCOPE, _WRITE),
    Route("POST", "/CreditNotes/{id}", save_credit_note, _SCOPE, ("unitdp",)),
]
