"""The history of a record: what Xero notes by itself, and the notes of apps (`endpoints/files/history.py`), in one list."""

from __future__ import annotations

from .call import Call
from .store import Record

BY_ITSELF = "System Generated"
_ENDED = {"VOIDED": "Voided", "DELETED": "Deleted", "ARCHIVED": "Archived"}


def add(call: Call, owner: str, changes: str, details: str, user: str = BY_ITSELF) -> Record:
    table = call.organisation.history
    note = {"HistoryID": str(len(table) + 1), "OwnerID": owner, "Details": details, "DateUTC": call.now, "Changes": changes, "User": user}
    return table.put(note)


def saved(call: Call, owner: str, status: str) -> Record:
    """That a record was made or changed by an app. The words are Xero's where its pages have them, else [?]."""
    known = call.organisation.history.find("owner", owner)
    changes = _ENDED.get(status) or ("Edited" if known else "Created")
    return add(call, owner, changes, f"Received through the Xero API from {call.provider}")
