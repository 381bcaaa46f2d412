"""The `order` language: fields and directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .errors import QueryParseError
from .store import Record
from .where import Getter, normal


def order(text: str, fields: Mapping[str, Getter], kind: str) -> Callable[[list[Record]], list[Record]]:
    """The sort that `Field ASC, Other DESC` describes; raises QueryParseError."""
    known = {name.lower(): getter for name, getter in fields.items()}
    keys: list[tuple[Getter, bool]] = []
    for part in text.split(","):
        words = part.split()
        if not words or len(words) > 2 or words[0].lower() not in known:
            raise QueryParseError(f"No property or field '{part.strip()}' exists in type '{kind}'")
        direction = words[1].lower() if len(words) == 2 else "asc"
        if direction not in ("asc", "desc", "ascending", "descending"):
            raise QueryParseError(f"Syntax error at '{words[1]}'")
        keys.append((known[words[0].lower()], direction.startswith("desc")))

    def sort(records: list[Record]) -> list[Record]:
        for getter, descending in reversed(keys):
            records = sorted(records, key=lambda record, getter=getter: _sort_key(getter(record)), reverse=descending)
        return records

    return sort


def _sort_key(value: Any) -> tuple:
    return (value is not None, normal(value)) if value is not None else (False, 0)
