"""Currencies the organisation trades in. They can be added, never removed."""

from __future__ import annotations

import re
from typing import Any

from ... import elements
from ...call import Call, Route
from ...errors import Invalid
from ...idempotency import Answer
from ...listing import Listing, answer
from ...store import Record
from ...where import Getter
from ...writes import Kind, refused_element, write

Element = dict[str, Any]
FIELDS: dict[str, Getter] = {"Code": lambda record: record["Code"], "Description": lambda record: record["Description"]}
_LISTING = Listing("Currencies", "Currency", FIELDS, lambda _call, record, _full: dict(record), paged=False)


def list_currencies(call: Call) -> Answer:
    return answer(call, _LISTING, call.organisation.currencies)


def _save(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "Currency", ("Code",), ("Description",))
    code = elements.text(element, "Code").upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Invalid(f"Currency code {code!r} is not valid.")
    if not call.organisation.multicurrency:
        raise Invalid("Your organisation's plan does not support multiple currencies.")
    return call.organisation.add_currency(code)


_KIND = Kind(
    "Currencies",
    _save,
    lambda _call, record: dict(record),
    lambda row, invalid, call: refused_element(row, invalid, call, "CurrencyID", "Code"),
)


def add_currency(call: Call) -> Answer:
    return write(call, _KIND, elements.read(call, "Currencies", single=True), summarize=True)


ROUTES = [
    Route("GET", "/Currencies", list_currencies, "accounting.settings", ("where", "order")),
    Route("PUT", "/Currencies", add_currency, "accounting.settings"),
]
