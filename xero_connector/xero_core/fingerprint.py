"""A short name for the content of a payload, to tell whether a document changed since it was last sent."""

import datetime
import hashlib
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal


def fingerprint(payload: dict) -> str:
    """SHA-256 (hex) of the payload's canonical JSON: keys sorted, and numbers by value, so that 10, 10.0 and 10.00 are the same."""
    canonical = json.dumps(_canonical(payload), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def plain(value):
    """A payload, or a page's dataclass, as what JSON knows: numbers of money as text, so that nothing is rounded."""
    if value is None or isinstance(value, str | int | float):
        return value
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return format(value, "f") if isinstance(value, Decimal) else _plain_other(value)


def _plain_other(value):
    if isinstance(value, bytes):
        return f"{len(value)} bytes"  # of a file; what is in it is kept elsewhere
    return value.isoformat() if isinstance(value, datetime.date) else value


def _canonical(value):
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return {"#": format(Decimal(str(value)).normalize() + 0, "f")}
    return value
