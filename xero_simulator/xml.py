"""The same answers as XML: what a client gets that does not say `Accept: application/json`."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any
from xml.sax.saxutils import escape

_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
_MEMBERS = {"Tracking": "TrackingCategory", "Elements": "DataContractBase", "Allocations": "Allocation"}


def write(payload: dict[str, Any]) -> str:
    """An answer, or an error under its own root."""
    return _element("ApiException" if "ErrorNumber" in payload else "Response", payload)


def _element(name: str, value: Any) -> str:
    """What is empty is left out, and so are the twins of dates that JSON has (recorded 2011 to 2015)."""
    if isinstance(value, dict):
        inner = "".join(_element(key, part) for key, part in value.items() if not _is_left_out(key, part))
    elif isinstance(value, list):
        inner = "".join(_element(_member(name), part) for part in value)
    else:
        inner = escape(_text(value))
    return f"<{name}>{inner}</{name}>"


def _is_left_out(name: str, value: Any) -> bool:
    return value in (None, "", [], {}) or name.endswith(("DateString", "UTCString"))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    date = _DATE.match(value) if isinstance(value, str) else None
    if date is None:
        return str(value)
    moment = datetime.fromtimestamp(int(date[1]) / 1000, tz=timezone.utc).replace(tzinfo=None)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def _member(name: str) -> str:
    """What an element of the list of this name is called."""
    if name in _MEMBERS:
        return _MEMBERS[name]
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith("sses"):
        return name[:-2]
    return name[:-1] if name.endswith("s") else f"{name}Item"
