"""A short name for the content of a payload, to tell whether a document changed since it was last sent."""

import hashlib
import json
from dataclasses import fields
from decimal import Decimal
from functools import lru_cache


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
    if isinstance(value, Decimal):
        return format(value, "f")
    if names := _names(type(value)):
        return {name: getattr(value, name) for name in names}
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return sorted(value, key=str) if isinstance(value, set | frozenset) else value.isoformat()


@lru_cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of anything else."""
    return tuple(field.name for field in fields(kind)) if hasattr(kind, "__dataclass_fields__") else ()


def _canonical(value):
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, int | float | Decimal):
        return {"#": format(Decimal(str(value)).normalize() + 0, "f")}
    return value
