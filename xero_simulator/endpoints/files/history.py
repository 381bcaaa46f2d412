"""The history of a record: read, and notes written into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import elements, history, wire
from ...call import Call, Route
from ...errors import Invalid, NotFound
from ...idempotency import Answer
from ...store import Record, Table
from ...writes import Kind, refused_element, write

DETAILS_LENGTH = 2500
_TABLES: dict[str, tuple[str, Callable[[Call], Table]]] = {
    "BankTransactions": ("accounting.banktransactions", lambda call: call.organisation.bank_transactions),
    "BankTransfers": ("accounting.banktransactions", lambda call: call.organisation.bank_transfers),
    "BatchPayments": ("accounting.payments", lambda call: call.organisation.batch_payments),
    "Overpayments": ("accounting.payments", lambda call: call.organisation.overpayments),
    "Prepayments": ("accounting.payments", lambda call: call.organisation.prepayments),
    "Invoices": ("accounting.invoices", lambda call: call.organisation.invoices),
    "CreditNotes": ("accounting.invoices", lambda call: call.organisation.credit_notes),
    "Contacts": ("accounting.contacts", lambda call: call.organisation.contacts),
    "Items": ("accounting.settings", lambda call: call.organisation.items),
    "ManualJournals": ("accounting.manualjournals", lambda call: call.organisation.manual_journals),
    "Payments": ("accounting.payments", lambda call: call.organisation.payments),
}


def _owner(call: Call, table: Callable[[Call], Table]) -> str:
    key = call.path["id"].lower()
    if table(call).get(key) is None:
        raise NotFound()
    return key


def _save(call: Call, element: dict[str, Any], table: Table) -> Record:
    elements.check_fields(call, element, "HistoryRecord", ("Details",), ("DateUTC", "User", "Changes"))
    details, owner = elements.text(element, "Details", DETAILS_LENGTH), table.get(call.path["id"].lower())
    if not details:
        raise Invalid("Details must be given.")
    if owner and call.switches.note_moves_stamp:
        table.put({**owner, "UpdatedDateUTC": call.now})
    return history.add(call, call.path["id"].lower(), "Note", details)


def _written(_call: Call, note: Record) -> dict:
    return {
        "DateUTCString": note["DateUTC"].strftime("%Y-%m-%dT%H:%M:%S"),
        "DateUTC": wire.bare_ms_date(note["DateUTC"]),
        "Details": note["Details"],
        "ValidationErrors": [],
    }


def _listed(note: Record) -> dict:
    return {
        "Changes": note["Changes"],
        "DateUTCString": note["DateUTC"].strftime("%Y-%m-%dT%H:%M:%S"),
        "DateUTC": wire.ms_date(note["DateUTC"]),
        "User": note["User"],
        "Details": note["Details"],
    }


def _kind(table: Table) -> Kind:
    def refused(row: dict[str, Any], invalid: Invalid, call: Call) -> dict:
        return refused_element(row, invalid, call, "HistoryID")

    return Kind("HistoryRecords", lambda call, element: _save(call, element, table), _written, refused)


def _reader(table: Callable[[Call], Table]) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        notes = call.organisation.history.find("owner", _owner(call, table))
        return call.envelope("HistoryRecords", [_listed(note) for note in notes[::-1]])

    return handler


def _writer(table: Callable[[Call], Table]) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        _owner(call, table)
        return write(call, _kind(table(call)), summarize=True)

    return handler


ROUTES = [
    route
    for name, (scope, table) in _TABLES.items()
    for route in (
        Route("GET", f"/{name}/{{id}}/History", _reader(table), scope),
        Route("PUT", f"/{name}/{{id}}/History", _writer(table), scope),
    )
]
