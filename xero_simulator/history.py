"""The history of a record: what Xero notes by itself, and the notes of apps (`endpoints/files/history.py`), in one list."""

from __future__ import annotations

from .call import Call
from .store import Record

BY_ITSELF = "System Generated"
_ENDED = {"VOIDED": "Voided", "DELETED": "Deleted", "ARCHIVED": "Archived"}


def add(call: Call, owner: str, changes: str, details: str) -> Record:
    """[DOC] A person is named; what apps do, notes too, is the system's, and at most the details name the app."""
    table = call.organisation.history
    user = call.person or (BY_ITSELF if call.switches.history_user_for_other_apps == "system" else call.provider)
    note = {"HistoryID": str(len(table) + 1), "OwnerID": owner, "Details": details, "DateUTC": call.now, "Changes": changes, "User": user}
    return table.put(note)


def saved(call: Call, owner: str, status: str) -> Record:
    """That a record was made or changed. The words are Xero's where its pages have them, else [?]."""
    known = call.organisation.history.find("owner", owner)
    changes = _ENDED.get(status) or ("Edited" if known else "Created")
    return add(call, owner, changes, "" if call.person else f"Received through the Xero API from {call.provider}")
