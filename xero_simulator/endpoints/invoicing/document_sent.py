"""Whether a document was sent to its contact, and what that does to its stamp."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ... import elements
from ...call import Call
from ...errors import Invalid
from ...store import Record

APPROVED = ("AUTHORISED", "PAID")
# [DOC] Changes of these alone do not move UpdatedDateUTC once something is paid or credited.
QUIET = frozenset(("DueDate", "SentToContact", "UpdatedDateUTC"))


def read(call: Call, element: dict[str, Any], new: Record) -> bool:
    """[DOC] The flag can be set on approved documents only; what becomes of it elsewhere is a switch."""
    if "SentToContact" not in element:
        return new["SentToContact"]
    wanted, rule = elements.flag(element, "SentToContact"), call.switches.sent_to_contact_on_draft
    if not wanted or new["Status"] in APPROVED or rule == "kept":
        return wanted
    if rule == "refused":
        raise Invalid("SentToContact can only be set on approved documents.")
    return new["SentToContact"]


def stamp(call: Call, old: Record | None, new: Record, settled: bool) -> datetime:
    if old and settled and {name for name in new if new[name] != old.get(name)} <= QUIET:
        return old["UpdatedDateUTC"]
    return call.now
