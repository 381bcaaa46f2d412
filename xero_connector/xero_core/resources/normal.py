"""The normal form: what two snapshots have to have in common to say the same, whichever side and whichever answer they were read from.

The fields' metadata tell what does not count (`NOT_CONTENT`), what has no order (`UNORDERED`), and where Xero fills in what was left out
(`normal`). Beyond that: nothing is nothing ('' as None, no discount as one of 0), numbers count by their value, and an option of a line by
its id. Xero's lists name options without ids; so `options` finds them, and one that it does not know stands by its name.

What Xero drops or changes on the way from the one side to the other is in `docs/kept-by-xero.md`.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from .batches import folded
from .lines import Tracked

Options = Mapping[tuple[str, str], str]  # (category id, name in small letters) -> option id
NO_OPTIONS: Options = MappingProxyType({})
BY_NAME: Options = MappingProxyType({("", ""): ""})  # options stand by their names, which every answer tells
# what the payload does not say, as Xero computes it
TOTALS = ("total", "total_tax")
# what tells our records apart rather than saying something about them
MARKS = ("url", "marker")
MARKED = re.compile(r"\s#\w+$")


def option_ids(options: Iterable) -> Options:
    """The ids of options by their names; `options` are `tracking.RemoteOption`s."""
    return {(option.category_id, folded(option.name)): option.xero_id for option in options}


def form(snapshot, options: Options = NO_OPTIONS) -> dict:
    """The normal form of what was read from Xero; fields with nothing in them are left out."""
    found = {}
    for name, ordered, normal in _content(type(snapshot)):
        value = getattr(snapshot, name)
        found[name] = _value(normal(value) if normal else value, options, ordered)
    if isinstance(snapshot, Tracked):
        found["tracking"] = sorted(_option(*tag, options) for tag in snapshot.tags)
    return {name: value for name, value in found.items() if value or isinstance(value, dict)}


def repeats(ours, theirs, names: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Whether what was read from Xero says all that a payload says (both as snapshots), but for what tells records of ours apart.

    :param names: of the options that the payload names by their ids
    """
    tags = (tag for line in getattr(ours, "lines", ()) for tag in getattr(line, "tracking", ()))
    options = {(category, folded(names[option])): option for category, option in tags if option in names}
    return _is_within(form(ours, options), form(theirs, options))


def differing(ours, theirs, names: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """The fields of a line of ours that one read from Xero does not repeat; where ours is empty, it may have been filled in."""
    options = {(category, folded(names[option])): option for category, option in ours.tracking if option in names}
    mine, other = form(ours, options), form(theirs, options)
    return [name for name, value in mine.items() if name not in MARKS and not _is_within(value, other.get(name))]


def _is_within(ours, theirs) -> bool:
    """What is filled in on the other side does not count; of texts, what follows the last ' #'."""
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and all(_is_within(value, theirs.get(name)) for name, value in ours.items() if name not in MARKS)
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(_is_within, ours, theirs))
    if isinstance(ours, str):
        return isinstance(theirs, str) and MARKED.sub("", ours) == MARKED.sub("", theirs)
    return ours == theirs


def form_of_sent(page, snapshot, options: Options = NO_OPTIONS) -> dict:
    """The normal form of what `page.to_xero` sends of it: cleaned, cut, and without what is never sent.

    :raise ValueError: as `to_xero` does
    """
    ours = {field.name for field in fields(snapshot)}
    # of a document that exists not everything is sent
    new = replace(snapshot, xero_id="") if "xero_id" in ours else snapshot
    sent = page.from_xero(page.to_xero(new)).told
    return form(replace(sent, **{name: getattr(snapshot, name) for name in TOTALS if name in ours}), options)


@lru_cache
def _content(kind: type) -> tuple:
    """Name, whether its order counts, and how Xero's defaults are evened out, of each field that counts."""
    counting = (field for field in fields(kind) if field.metadata.get("content", True))
    return tuple((field.name, field.metadata.get("ordered", True), field.metadata.get("normal")) for field in counting)


def _value(value, options: Options, ordered: bool = True):
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, Decimal):
        return value.normalize() + 0
    if isinstance(value, tuple):
        found = [_value(each, options) for each in value]
        return found if ordered else sorted(found, key=repr)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return form(value, options) if is_dataclass(value) else value


def _option(ids: tuple[str, str], name: str, options: Options) -> list[str]:
    """The category's id, and the option's or else its name."""
    category_id, option_id = ids
    if options is BY_NAME and name:
        return [category_id, folded(name)]
    return [category_id, option_id or options.get((category_id, folded(name))) or f"? {folded(name)}"]
