"""Writing a batch: each element by itself (summarizeErrors=false), or all or nothing (the default)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import elements, history, wire
from .call import Call
from .errors import Invalid, NotFound, validation_exception
from .idempotency import Answer
from .store import Record
from .webhooks import events

Element = dict[str, Any]
# What webhooks are told of by envelope; contacts are told where they are stored, since documents store them too.
_TOLD = {"Invoices": "INVOICE", "CreditNotes": "CREDITNOTE"}
NOT_FOUND = "The document with the supplied id was not found for this endpoint."


@dataclass(frozen=True)
class Kind:
    """How a batch of one kind is read, saved, shown, and refused."""

    envelope: str
    save: Callable[[Call, Element], Record]
    view: Callable[[Call, Record], dict]
    refused: Callable[[Element, Invalid, Call], dict]


def write(call: Call, kind: Kind, rows: list[Element] | None = None, summarize: bool | None = None) -> Answer:
    """Save the elements of the body (or `rows`). Raises the 400 that lists the refused ones, nothing saved."""
    if rows is None:
        rows = elements.read(call, kind.envelope)
    if summarize is None:
        summarize = call.flag("summarizeErrors", True)
    with call.organisation.transaction():
        outcomes = [_save(call, kind, row) for row in rows]
        failed = [shown for record, shown in outcomes if record is None]
        if summarize and failed:
            raise validation_exception(failed)
    # shown only now: what one element did to another (a payment to its invoice) must be seen in both answers
    answer = [shown if record is None else _good(call, kind, record, summarize) for record, shown in outcomes]
    return call.envelope(kind.envelope, _ordered(call, answer))


def _save(call: Call, kind: Kind, row: Element) -> tuple[Record | None, dict]:
    try:
        with call.organisation.transaction():
            record = kind.save(call, row)
            _tell(call, kind, record)
            return record, {}
    except Invalid as invalid:
        shown = kind.refused(row, invalid, call)
        if not call.flag("summarizeErrors", True):
            shown["StatusAttributeString"] = "ERROR"
        return None, shown


def _tell(call: Call, kind: Kind, record: Record) -> None:
    key = record.get(f"{kind.envelope[:-1]}ID") or record.get("DocumentID")
    if key and kind.envelope != "Allocations":
        note = history.saved(call, key, record.get("Status") or record.get("ContactStatus") or "")
        if kind.envelope in _TOLD:
            events.happened(call, _TOLD[kind.envelope], key, note["Changes"] == "Created")


def _good(call: Call, kind: Kind, record: Record, summarize: bool) -> dict:
    shown = kind.view(call, record)
    if not summarize:
        shown["StatusAttributeString"] = "WARNING" if shown.get("Warnings") else "OK"
    return shown


def _ordered(call: Call, answer: list[dict]) -> list[dict]:
    if call.switches.mixed_failure_order == "errors_first":
        answer = sorted(answer, key=lambda shown: shown.get("StatusAttributeString") != "ERROR")
    return answer[::-1] if call.switches.element_order == "reversed" else answer


def refused_element(
    row: Element,
    invalid: Invalid,
    call: Call,
    id_field: str,
    number_field: str = "",
    flag: str = "HasValidationErrors",
    stored: dict | None = None,
) -> dict:
    """The echo of a refused element, with its messages (switches `error_elements`, `line_errors`).

    Of a new one what was sent, with a zero id. Of a change (`stored`: the record as it stays) the true id and the record, under the status
    that was asked for: recorded of invoices in 2018.
    """
    echo = {id_field: wire.ZERO_ID, **{key: value for key, value in row.items() if key != "StatusAttributeString"}}
    if isinstance(row.get("LineItems"), list):
        echo["LineItems"] = _echoed_lines(row["LineItems"], invalid, call)
    if stored is not None:
        asked = {name: echo[name] for name in ("Status", "ContactStatus") if name in row}
        echo = {**stored, **asked, **({"LineItems": echo["LineItems"]} if invalid.lines and "LineItems" in row else {})}
    if call.switches.error_elements == "bare":
        echo = {key: value for key, value in echo.items() if key not in (id_field, number_field)}
    return {**echo, flag: True, "ValidationErrors": _errors(_document_messages(invalid, call))}


def unknown(call: Call, message: str) -> Exception:
    """For a change of what does not exist: recorded of invoices it refuses the element; of other kinds it is a switch."""
    return NotFound() if call.switches.unknown_own_id_refuses_batch else Invalid(message)


def _document_messages(invalid: Invalid, call: Call) -> list[str]:
    if call.switches.line_errors == "line":
        return invalid.messages
    return [*invalid.messages, *(message for texts in invalid.lines.values() for message in texts)]


def _echoed_lines(lines: list[Any], invalid: Invalid, call: Call) -> list[Any]:
    told = {} if call.switches.line_errors == "document" else invalid.lines
    return [
        {**line, "ValidationErrors": _errors(told.get(index, []))} if isinstance(line, dict) else line for index, line in enumerate(lines)
    ]


def _errors(messages: list[str]) -> list[dict[str, str]]:
    return [{"Message": message} for message in messages]
