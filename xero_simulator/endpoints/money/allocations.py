"""Allocating a credit note, an overpayment or a prepayment to invoices, and undoing it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ... import elements, history, wire
from ...call import Call, Route
from ...errors import Invalid, NotFound
from ...idempotency import Answer
from ...store import Record
from ...webhooks import events
from ...writes import NOT_FOUND, Kind, refused_element, write
from ..invoicing.credit_notes import CREDIT_NOTE, allocation_view
from ..invoicing.document_states import lock_message
from ..invoicing.documents import DocumentKind, resettle
from ..invoicing.invoices import INVOICE
from .prepaid import OVERPAYMENT, PREPAYMENT

Element = dict[str, Any]
_SIDES = {
    "ACCRECCREDIT": "ACCREC", "RECEIVE-OVERPAYMENT": "ACCREC", "RECEIVE-PREPAYMENT": "ACCREC",
    "ACCPAYCREDIT": "ACCPAY", "SPEND-OVERPAYMENT": "ACCPAY", "SPEND-PREPAYMENT": "ACCPAY",
}  # fmt: skip
_NOUNS = {"CN": "credit note", "OP": "overpayment", "PP": "prepayment"}


def _credit(call: Call, kind: DocumentKind) -> Record:
    credit = kind.table(call).get(call.path["id"].lower())
    if credit is None:
        raise NotFound()
    return credit


def _save(call: Call, kind: DocumentKind, element: Element) -> Record:
    read_only = ("AllocationID", "IsDeleted", "CreditNote", "Overpayment", "Prepayment")
    elements.check_fields(call, element, "Allocation", ("Amount", "AppliedAmount", "Invoice", "Date"), read_only)
    credit, invoice = _credit(call, kind), _invoice(call, element)
    amount = elements.number(element, "Amount" if "Amount" in element else "AppliedAmount")  # its name of old
    messages = [*_party_problems(call, kind, credit, invoice), *_problems(kind, credit, invoice, amount)]
    # [DOC] the date is read-only: the later one of both documents
    day = elements.day(element, "Date") or max(credit["Date"], invoice["Date"])
    if locked := lock_message(call, day):
        messages.append(locked)
    if messages or amount is None:
        raise Invalid(messages or ["Amount must be given."])
    part = {"AllocationID": call.organisation.new_id(), "InvoiceID": invoice["DocumentID"], "Amount": amount, "Date": day}
    kind.table(call).put({**credit, "Allocations": (*credit["Allocations"], part)})
    _resettle(call, kind, credit["DocumentID"], invoice["DocumentID"])
    history.add(call, invoice["DocumentID"], "Credited", f"{amount} of {_NOUNS[kind.prefix]} {credit['Number']}".strip())
    return part


def _invoice(call: Call, element: Element) -> Record:
    target = elements.nested(element, "Invoice")
    invoice = call.organisation.invoices.get(str(target.get("InvoiceID", "")).lower())
    if invoice is None and target.get("InvoiceNumber"):
        invoice = next(iter(call.organisation.invoices.find("number", ("ACCREC", str(target["InvoiceNumber"]).lower()))), None)
    if invoice is None:
        if target.get("InvoiceID") and call.switches.unknown_id_refuses_batch:
            raise NotFound()
        raise Invalid(NOT_FOUND)
    return invoice


def _problems(kind: DocumentKind, credit: Record, invoice: Record, amount: Decimal | None) -> list[str]:
    noun = _NOUNS[kind.prefix]
    messages = []
    if credit["Status"] != "AUTHORISED":
        messages.append(f"Only authorised {noun}s can be allocated.")
    if invoice["Status"] == "PAID" and kind.prefix != "CN":
        messages.append("The invoice you are trying to allocate to has already been paid off")
    elif invoice["Status"] != "AUTHORISED":
        messages.append("Allocations can only be made against Authorised documents")
    if credit["CurrencyCode"] != invoice["CurrencyCode"]:
        messages.append(f"The {noun} and the invoice must be in the same currency.")
    return messages + _amount_problems(kind, credit, invoice, amount)


def _party_problems(call: Call, kind: DocumentKind, credit: Record, invoice: Record) -> list[str]:
    others = credit["ContactID"] != invoice["ContactID"] and call.switches.allocation_contact == "same"
    if others or _SIDES[credit["Type"]] != invoice["Type"]:
        return [f"The {_NOUNS[kind.prefix]} and the invoice must be of the same contact and side."]
    return []


def _amount_problems(kind: DocumentKind, credit: Record, invoice: Record, amount: Decimal | None) -> list[str]:
    if amount is None or amount <= 0:
        return ["Amount must be greater than 0."]
    if amount > credit["AmountDue"]:
        return [f"The amount exceeds the remaining credit of this {_NOUNS[kind.prefix]}."]
    return [_too_much(kind)] if amount > invoice["AmountDue"] else []


def _too_much(kind: DocumentKind) -> str:
    if kind.prefix == "CN":
        return "Allocation amount exceeds the amount outstanding on this document"
    return f"{_NOUNS[kind.prefix].capitalize()} cannot be allocated as amount is greater than amount outstanding"


def _resettle(call: Call, kind: DocumentKind, credit_id: str, invoice_id: str) -> None:
    resettle(call, kind, credit_id, call.switches.allocation_moves_stamp == "both")
    resettle(call, INVOICE, invoice_id, call.switches.allocation_moves_stamp != "none")
    for prefix, key in ((kind.prefix, credit_id), (INVOICE.prefix, invoice_id)):
        events.to_document(call, prefix, key, call.switches.allocation_fires)


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    shown = refused_element(element, invalid, call, "AllocationID")
    shown.pop("HasValidationErrors")
    return shown


def _allocator(kind: DocumentKind) -> Callable[[Call], Answer]:
    def written(call: Call, part: Record) -> dict:
        key = call.path["id"].lower()
        return {**allocation_view(call, part), kind.id_field[:-2]: {kind.id_field: key, "ID": key, "LineItems": []}}

    def handler(call: Call) -> Answer:
        _credit(call, kind)
        return write(call, Kind("Allocations", lambda call, element: _save(call, kind, element), written, _refused))

    return handler


def _remover(kind: DocumentKind) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        credit = _credit(call, kind)
        part = next((part for part in credit["Allocations"] if part["AllocationID"] == call.path["child"].lower()), None)
        if part is None:
            raise NotFound()
        if locked := lock_message(call, part["Date"]):
            raise Invalid(locked)
        kept = tuple(other for other in credit["Allocations"] if other is not part)
        with call.organisation.transaction():
            kind.table(call).put({**credit, "Allocations": kept})
            _resettle(call, kind, credit["DocumentID"], part["InvoiceID"])
        invoice = {"InvoiceID": part["InvoiceID"]}
        named = {"AllocationID": part["AllocationID"], "Amount": part["Amount"], "Date": wire.ms_date(part["Date"])}
        return Answer(body={**named, "Invoice": invoice, "IsDeleted": True})

    return handler


ROUTES = [
    route
    for kind, scope in ((CREDIT_NOTE, "accounting.invoices"), (OVERPAYMENT, "accounting.payments"), (PREPAYMENT, "accounting.payments"))
    for route in (
        Route("PUT", f"/{kind.envelope}/{{id}}/Allocations", _allocator(kind), scope, ("summarizeErrors",)),
        Route("DELETE", f"/{kind.envelope}/{{id}}/Allocations/{{child}}", _remover(kind), scope),
    )
]
