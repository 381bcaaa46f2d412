"""Contacts."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from ..documents import RemoteContact
from ..mapping import contact
from ..values import clean_guid
from .base import UNQUOTABLE, Calls, each_once, equal, key, split, with_id
from .batches import Kind, Written, chunks, folded

CONTACT_ID = ("ContactID", clean_guid)
CONTACTS = Kind("Contacts", "ContactID", (CONTACT_ID, ("ContactNumber", folded), ("Name", folded)), contact.from_xero)


class ContactCalls(Calls):
    """Contacts, read and written in batches."""

    def contacts(self, ids: Iterable[str] = (), numbers: Iterable[str] = (), names: Iterable[str] = ()) -> list[RemoteContact]:
        """Contacts with any of these ids, contact numbers or names (case and accents do not count), archived ones included, each once."""
        ask = partial(self._pages, self._api.get_contacts, "Contacts", include_archived=True)
        quotable, others = split(names, UNQUOTABLE)
        found = [row for group in chunks(ids, ",") for row in ask(i_ds=[group])]
        found += [row for where in chunks(equal("ContactNumber", numbers), " OR ") for row in ask(where=where)]
        found += [row for where in chunks(equal("Name", quotable), " OR ") for row in ask(where=where)]
        found += [row for name in others for row in ask(search_term=name) if folded(row.get("Name")) == folded(name)]
        return each_once(map(contact.from_xero, found))

    def contacts_archived_since(self, moment: datetime) -> list[RemoteContact]:
        """Contacts that are archived now and were changed since ``moment`` (aware, to the second); merged ones are among them."""
        ask = partial(self._pages, self._api.get_contacts, "Contacts", include_archived=True)
        return [contact.from_xero(row) for row in ask(where='ContactStatus=="ARCHIVED"', if_modified_since=moment)]

    def create_contacts(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create contacts; PUT, so that a name or number that exists is an error and not a change to someone else's contact."""
        return self._write(self._api.create_contacts, CONTACTS, payloads, idempotency_key=key(idempotency_key))

    def update_contacts(self, payloads: list[dict]) -> list[Written]:
        """Update contacts by id. Without a key: replaying an earlier answer would hide a later change.

        :raise ValueError: a payload has no id (Xero would then change whichever contact has that name)
        """
        return self._write(self._api.update_or_create_contacts, CONTACTS, with_id(payloads, CONTACTS))
