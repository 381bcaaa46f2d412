"""A short name for the content of a payload, to tell whether a document changed since it was last sent."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal


def fingerprint(payload: dict) -> str:
    """SHA-256 (hex) of the payload's canonical JSON: keys sorted, and numbers by value, so that 10, 10.0 and 10.00 are the same."""
    canonical = json.dumps(_canonical(payload), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def of_form(form: dict) -> str:
    """The same of a normal form (`resources.normal`), whose numbers are equal if their text is."""
    return hashlib.sha256(json.dumps(form, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()


def as_text(value) -> str:
    """Payloads and pages' dataclasses as JSON: numbers of money as text, so that nothing is rounded; of files only how large they are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_as_json)


def _as_json(value):
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return sorted(value, key=str) if isinstance(value, set | frozenset) else value.isoformat()


def _canonical(value):
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return {"#": format(Decimal(str(value)).normalize() + 0, "f")}
    return value
