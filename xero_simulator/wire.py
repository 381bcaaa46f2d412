"""How values look on the wire, and how they are read from it."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

_MS_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
ZERO_ID = "00000000-0000-0000-0000-000000000000"


def _milliseconds(value: date | datetime) -> int:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min, tzinfo=timezone.utc)
    return int(value.timestamp() * 1000)


def ms_date(value: date | datetime) -> str:
    """`/Date(ms+0000)/`; a calendar date stands for its midnight UTC."""
    return f"/Date({_milliseconds(value)}+0000)/"


def bare_ms_date(value: date | datetime) -> str:
    """The form without offset: envelopes, Organisation.CreatedDateUTC, history notes."""
    return f"/Date({_milliseconds(value)})/"


def day_string(value: date) -> str:
    return f"{value.isoformat()}T00:00:00"


def utc_string(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_moment(text: str) -> datetime:
    """Aware UTC datetime from /Date()/ or ISO 8601; raises ValueError."""
    found = _MS_DATE.match(text)
    if found:
        return datetime.fromtimestamp(int(found[1]) / 1000, tz=timezone.utc)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def parse_day(text: str) -> date:
    """The calendar date of any date form Xero reads; raises ValueError."""
    return parse_moment(text).date()


def parse_decimal(value: Any) -> Decimal:
    """A JSON number or a number in a string; raises ValueError."""
    if isinstance(value, bool) or value is None:
        raise ValueError(value)
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not number.is_finite():
        raise ValueError(value)
    return number


def parse_bool(text: str) -> bool:
    if text.lower() in ("true", "1"):
        return True
    if text.lower() in ("false", "0"):
        return False
    raise ValueError(text)


def loads(body: bytes) -> Any:
    return json.loads(body, parse_float=Decimal)


def plain(value: Any) -> Any:
    """For the control plane: any held value as JSON."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"cannot write {value!r}")


def dumps(payload: Any) -> str:
    return json.dumps(payload, default=plain)
