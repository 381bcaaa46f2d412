"""Reading the elements of a write: the envelope in any case, known fields only, values in their types."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from . import wire
from .call import Call
from .errors import Invalid, NotSimulated, Refused

Element = dict[str, Any]
LARGEST = Decimal(10) ** 15  # beyond what any amount of Xero's may be, so that computing with it stays exact


def read(call: Call, envelope: str, single: bool = False) -> list[Element]:
    """The elements of the body: `{"Invoices": [...]}`, `{"Invoices": {...}}` or one element bare."""
    body = {envelope: call.body} if isinstance(call.body, list) else call.body
    if not isinstance(body, dict):
        raise Refused(400, {"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": "Invalid Json data"})
    rows = next((value for key, value in body.items() if key.lower() == envelope.lower()), body)
    rows = [rows] if isinstance(rows, dict) else rows
    if not rows or not _are_elements(rows):
        raise Refused(400, {"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": f"No {envelope} in the request"})
    if single and len(rows) != 1:
        raise NotSimulated(f"{envelope} are written one at a time", 400)
    return _cleaned(call, rows)


def _cleaned(call: Call, rows: list[Element]) -> list[Element]:
    rows = [_without_nulls(row) for row in rows]
    return [_without_emoji(row) for row in rows] if call.switches.emoji == "stripped" else rows


def _are_elements(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _without_nulls(value: Any) -> Any:
    """null says the same as leaving the field out."""
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


def _without_emoji(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_emoji(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_emoji(inner) for inner in value]
    return "".join(char for char in value if ord(char) < 0x10000) if isinstance(value, str) else value


def check_fields(call: Call, element: Element, kind: str, known: Iterable[str], ignored: Iterable[str] = ()) -> None:
    """Fields nobody knows: Xero overlooks them (recorded 2018), tests of our own have them refused (switch `unknown_fields`).

    `ignored` ones are Xero's own to fill.
    """
    unknown = set(element) - set(known) - set(ignored)
    if unknown and call.switches.unknown_fields == "refused":
        raise NotSimulated(f"unknown field {', '.join(sorted(unknown))} of {kind}", 400)


def text(element: Element, name: str, limit: int | None = None, default: str = "") -> str:
    value = element.get(name, default)
    if isinstance(value, (dict, list, bool)):
        raise Invalid(f"{name} is not text")
    value = str(value)
    if limit is not None and len(value) > limit:
        raise Invalid(f"The length of {name} must not exceed {limit} characters.")
    return value


def number(element: Element, name: str) -> Decimal | None:
    if name not in element:
        return None
    try:
        value = wire.parse_decimal(element[name])
    except ValueError as error:
        raise Invalid(f"{name} is not a number: {element[name]}") from error
    if abs(value) > LARGEST:
        raise Invalid(f"{name} is too large: {element[name]}")
    return value


def day(element: Element, name: str) -> date | None:
    """Also from the twin that answers carry, as in DateString: Xero reads it (recorded 2018)."""
    value = element.get(name) or element.get(f"{name}String")
    if not value:
        return None
    try:
        return wire.parse_day(str(value))
    except ValueError as error:
        raise Invalid(f"{name} is not a date: {value}") from error


def flag(element: Element, name: str, default: bool = False) -> bool:
    value = element.get(name, default)
    if isinstance(value, bool):
        return value
    try:
        return wire.parse_bool(str(value))
    except ValueError as error:
        raise Invalid(f"{name} is true or false") from error


def choice(element: Element, name: str, allowed: Iterable[str], default: str) -> str:
    """One of Xero's words, read in any case and kept as Xero writes it."""
    value = str(element.get(name, default))
    for word in allowed:
        if word.lower() == value.lower():
            return word
    raise Invalid(f"{name} {value!r} is not one of {', '.join(allowed)}")


def nested(element: Element, name: str) -> Element:
    value = element.get(name, {})
    if not isinstance(value, dict):
        raise Invalid(f"{name} is not an object")
    return value


def rows(element: Element, name: str) -> list[Element]:
    value = element.get(name, [])
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Invalid(f"{name} is not a list")
    return value
