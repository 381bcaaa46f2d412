"""Allocating a credit note to invoices, and undoing it."""

from __future__ import annotations

from typing import Any

from .. import elements, wire
from ..call import Call, Route
from ..errors import Invalid, NotFound
from ..idempotency import Answer
from ..store import Record
from ..writes import Kind, refused_element, write
from .credit_notes import CREDIT_NOTE, allocation_view
from .documents import lock_message, resettle
from .invoices import INVOICE

Element = dict[str, Any]
_SIDES = {"ACCRECCREDIT": "ACCREC", "ACCPAYCREDIT": "ACCPAY"}


def _note(call: Call) -> Record:
    note = call.organisation.credit_notes.get(call.path["id"].lower())
    if note is None:
        raise NotFound()
    return note


def _save(call: Call, element: Element) -> Record:
    elements.check_fields(element, "Allocation", ("Amount", "Invoice", "Date"), ("AllocationID", "IsDeleted", "CreditNote"))
    note, invoice = _note(call), _invoice(call, element)
    amount = elements.number(element, "Amount")
    messages = _problems(note, invoice, amount)
    # [DOC] the date is read-only: the later one of both documents
    day = elements.day(element, "Date") or max(note["Date"], invoice["Date"])
    if locked := lock_message(call, day):
        messages.append(locked)
    if messages or amount is None:
        raise Invalid(messages or ["Amount must be given."])
    part = {"AllocationID": call.organisation.new_id(), "InvoiceID": invoice["DocumentID"], "Amount": amount, "Date": day}
    call.organisation.credit_notes.put({**note, "Allocations": (*note["Allocations"], part)})
    _resettle(call, note["DocumentID"], invoice["DocumentID"])
    return part


def _invoice(call: Call, element: Element) -> Record:
    target = elements.nested(element, "Invoice")
    invoice = call.organisation.invoices.get(str(target.get("InvoiceID", "")).lower())
    if invoice is None and target.get("InvoiceNumber"):
        invoice = next(iter(call.organisation.invoices.find("number", ("ACCREC", str(target["InvoiceNumber"]).lower()))), None)
    if invoice is None:
        if call.switches.unknown_id_refuses_batch:
            raise NotFound()
        raise Invalid("The document with the supplied id was not found for this endpoint.")
    return invoice


def _problems(note: Record, invoice: Record, amount) -> list[str]:
    messages = []
    if note["Status"] != "AUTHORISED":
        messages.append("Only authorised credit notes can be allocated.")
    if invoice["Status"] != "AUTHORISED":
        messages.append("Allocations can only be made against Authorised documents")
    if _SIDES[note["Type"]] != invoice["Type"] or note["ContactID"] != invoice["ContactID"]:
        messages.append("The credit note and the invoice must be of the same contact and side.")
    if note["CurrencyCode"] != invoice["CurrencyCode"]:
        messages.append("The credit note and the invoice must be in the same currency.")
    if amount is None or amount <= 0:
        messages.append("Amount must be greater than 0.")
    elif amount > note["AmountDue"]:
        messages.append("The amount exceeds the remaining credit of this credit note.")
    elif amount > invoice["AmountDue"]:
        messages.append("Allocation amount exceeds the amount outstanding on this document")
    return messages


def _resettle(call: Call, note_id: str, invoice_id: str) -> None:
    resettle(call, CREDIT_NOTE, note_id)
    resettle(call, INVOICE, invoice_id)


def _written(call: Call, part: Record) -> dict:
    note_id = call.path["id"].lower()
    return {**allocation_view(call, part), "CreditNote": {"CreditNoteID": note_id, "ID": note_id, "LineItems": []}}


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    shown = refused_element(element, invalid, call, "AllocationID")
    shown.pop("HasValidationErrors")
    return shown


def allocate(call: Call) -> Answer:
    _note(call)
    return write(call, Kind("Allocations", _save, _written, _refused))


def unallocate(call: Call) -> Answer:
    note = _note(call)
    part = next((part for part in note["Allocations"] if part["AllocationID"] == call.path["child"].lower()), None)
    if part is None:
        raise NotFound()
    if locked := lock_message(call, part["Date"]):
        raise Invalid(locked)
    kept = tuple(other for other in note["Allocations"] if other is not part)
    with call.organisation.transaction():
        call.organisation.credit_notes.put({**note, "Allocations": kept})
        _resettle(call, note["DocumentID"], part["InvoiceID"])
    invoice = {"InvoiceID": part["InvoiceID"]}
    named = {"AllocationID": part["AllocationID"], "Amount": part["Amount"], "Date": wire.ms_date(part["Date"])}
    return Answer(body={**named, "Invoice": invoice, "IsDeleted": True})


ROUTES = [
    Route("PUT", "/CreditNotes/{id}/Allocations", allocate, "accounting.invoices", ("summarizeErrors",)),
    Route("DELETE", "/CreditNotes/{id}/Allocations/{child}", unallocate, "accounting.invoices"),
]
