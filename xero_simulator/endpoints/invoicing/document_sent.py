"""Whether a document was sent to its contact, and what that does to its stamp."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ... import elements
from ...call import Call
from ...errors import Invalid
from ...store import Record

APPROVED = ("AUTHORISED", "PAID")
# [DOC] Changes of these alone do not move UpdatedDateUTC once something is paid or credited, as the switch has it.
_QUIET = {"due_date": "DueDate", "sent": "SentToContact", "line_account": "Lines"}


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
    return old["UpdatedDateUTC"] if old and settled and _is_silent(call, old, new) else call.now


def _is_silent(call: Call, old: Record, new: Record) -> bool:
    words = call.switches.silent_edits.split("+")
    quiet = {_QUIET[word] for word in words if word in _QUIET} | {"UpdatedDateUTC"}
    if {name for name in new if new[name] != old.get(name)} - quiet:
        return False
    return new["Lines"] == old["Lines"] or (old["Status"] == "PAID" and _same_but_account(old, new))


def _same_but_account(old: Record, new: Record) -> bool:
    coding = ("AccountID", "AccountCode")
    rows = [[{name: value for name, value in line.items() if name not in coding} for line in each["Lines"]] for each in (old, new)]
    return rows[0] == rows[1]
