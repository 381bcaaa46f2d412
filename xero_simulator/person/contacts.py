"""Contacts: made, renamed, merged, archived, and brought back, which no app can."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .. import history
from ..organisation import Organisation
from ..store import Record
from ..webhooks import events
from .desk import Desk, Impossible

Shown = dict[str, Any]


def write_contact(desk: Desk, name: str, fields: Shown | None = None) -> Shown:
    return desk.put("Contacts", {"Name": name, **(fields or {})})


def rename(desk: Desk, contact: str, name: str) -> Shown:
    return desk.post("Contacts", desk.contact(contact)["ContactID"], {"Name": name})


def archive(desk: Desk, contact: str) -> Shown:
    return desk.post("Contacts", desk.contact(contact)["ContactID"], {"ContactStatus": "ARCHIVED"})


def unarchive(desk: Desk, contact: str) -> Shown:
    """By id: names of archived contacts may be anybody's."""
    return desk.post("Contacts", desk.contact(contact)["ContactID"], {"ContactStatus": "ACTIVE"})


def merge(desk: Desk, loser: str, winner: str) -> Shown:
    """The loser is archived and names the winner, who has all documents from now on."""
    call, keys = desk.call(), [desk.contact(key)["ContactID"] for key in (loser, winner)]
    merge_into(desk.organisation, keys[0], keys[1], call.now, call.switches.merge_restamps_documents)
    for key, word in zip(keys, ("Archived", "Edited"), strict=True):
        history.add(call, key, word, "")
        events.happened(call, "CONTACT", key)
    return {"ContactID": keys[0], "MergedToContactID": keys[1]}


def merge_into(organisation: Organisation, loser: str, winner: str, now: datetime, restamps: bool) -> None:
    contact, other = organisation.contacts.get(loser), organisation.contacts.get(winner)
    if contact is None or other is None:
        raise Impossible(f"no contacts {loser}, {winner}")
    if loser == winner or other["ContactStatus"] != "ACTIVE":
        raise Impossible("a contact is merged into another one that is active")
    organisation.contacts.put({**contact, "ContactStatus": "ARCHIVED", "MergedToContactID": winner, "UpdatedDateUTC": now})
    for table in (
        organisation.invoices, organisation.credit_notes, organisation.overpayments, organisation.prepayments,
        organisation.bank_transactions,
    ):  # fmt: skip
        for record in table.find("contact", loser):
            table.put(_moved(record, winner, now if restamps else record["UpdatedDateUTC"]))


def _moved(record: Record, winner: str, stamp: datetime) -> Record:
    return {**record, "ContactID": winner, "UpdatedDateUTC": stamp}


VERBS: dict[str, Callable[..., Any]] = {
    "write_contact": write_contact, "rename": rename, "merge": merge, "archive": archive, "unarchive": unarchive,
}  # fmt: skip
