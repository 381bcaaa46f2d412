"""Pages' dataclasses as JSON keeps them, and back: nothing of money or time is rounded on the way."""

import json
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import TypeVar, get_args, get_origin

from .fingerprint import as_text

T = TypeVar("T")


def to_json(value) -> dict:
    """All fields of a dataclass, those of others in it likewise; amounts as text, days and times as in ISO 8601."""
    return json.loads(as_text(value))


def from_json(kind: type[T], values: dict, **others) -> T:
    """The dataclass again. What is not known any more is left out, what was not known then is as if nothing had been said.

    :param others: fields that are given as they are
    :raise ValueError, TypeError, ArithmeticError: something is not what it should be
    """
    said = {each.name: typed(each.type, values[each.name]) for each in fields(kind) if each.name in values and each.name not in others}
    return kind(**said, **others)


def typed(kind, value):
    """A value of JSON as what a field's type says; None stays None."""
    if get_origin(kind) is UnionType:
        kind = get_args(kind)[0]  # or None
    if value is None:
        return None
    if is_dataclass(kind):
        return from_json(kind, value)
    parts = get_args(kind)
    if get_origin(kind) is tuple:
        return tuple(typed(parts[0], each) for each in value)
    if get_origin(kind) is dict:
        return {name: typed(parts[1], each) for name, each in value.items()}
    return kind.fromisoformat(value) if hasattr(kind, "fromisoformat") else kind(value)
