"""How an invoice or a credit note looks that was refused: a new one as it was sent, a change as the document stays (recorded 2018)."""

from __future__ import annotations

import contextlib
from typing import Any

from ... import elements
from ...call import Call
from ...errors import Invalid
from ...store import Record
from ...writes import refused_element
from ..contacts import contact_view
from . import document_view as show
from .documents import DocumentKind

Element = dict[str, Any]
_LISTS = {"INV": ("Payments", "CreditNotes", "Prepayments", "Overpayments"), "CN": ("Payments", "Allocations")}


def refused(call: Call, kind: DocumentKind, element: Element, invalid: Invalid) -> dict:
    old = kind.target(call, element)
    shown = refused_element(
        _as_read(kind, element), invalid, call, kind.id_field, kind.number_field, "HasErrors", _stored(call, kind, old) if old else None
    )
    empty: dict[str, Any] = {name: [] for name in _LISTS[kind.prefix]}
    return {**empty, "IsDiscounted": False, "LineItems": [], **shown}


def _stored(call: Call, kind: DocumentKind, record: Record) -> dict:
    contact = call.organisation.contacts.get(record["ContactID"])
    assert contact is not None
    bare = {name: value for name, value in contact_view.in_listing(contact).items() if name != "Name"}
    return {
        "Type": record["Type"],
        kind.id_field: record["DocumentID"],
        kind.number_field: record["Number"],
        **({"Reference": record["Reference"]} if record["Reference"] else {}),
        "IsDiscounted": bool(record["TotalDiscount"]),
        "Contact": bare,
        **show.days(record, "Date", "DueDate"),
        "Status": record["Status"],
        "LineAmountTypes": record["LineAmountTypes"],
        "LineItems": show.lines(call, record, listed=True),
        **show.totals(record),
        "CurrencyCode": record["CurrencyCode"],
    }


def _as_read(kind: DocumentKind, element: Element) -> Element:
    """What was sent as Xero tells what it read: no field it does not know, days in its own forms, a contact with all of its lists."""
    read = {name: value for name, value in element.items() if name in kind.known}
    for name in ("Date", "DueDate"):
        with contextlib.suppress(Invalid):
            read |= show.days({name: elements.day(element, name)}, name)
    if isinstance(element.get("Contact"), dict):
        lists = {name: [] for name in ("Addresses", "Phones", "ContactGroups", "ContactPersons")}
        read["Contact"] = {**lists, "HasValidationErrors": False, **element["Contact"]}
    return read
