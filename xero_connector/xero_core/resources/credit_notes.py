"""Credit notes."""

import re
from collections.abc import Iterable
from functools import partial

from ..documents import RemoteInvoice
from ..mapping import credit_note
from ..values import clean_guid
from .base import UNITDP, UNQUOTABLE, Calls, each_once, equal, key, split, with_id
from .batches import Kind, Written, chunks, folded

NOTE_ID = ("CreditNoteID", clean_guid)
CREDIT_NOTES = Kind(
    "CreditNotes", "CreditNoteID", (NOTE_ID, ("CreditNoteNumber", folded), ("Contact.ContactID", clean_guid)), credit_note.from_xero
)


class CreditNoteCalls(Calls):
    """Credit notes of both sides, read and written in batches."""

    def credit_notes(self, ids: Iterable[str] = (), numbers: Iterable[str] = ()) -> list[RemoteInvoice]:
        """Credit notes with any of these ids or numbers, whatever their status, each once and with their lines' ids."""
        ask = partial(self._pages, self._api.get_credit_notes, "CreditNotes", unitdp=UNITDP)
        quotable, others = split(numbers, UNQUOTABLE)
        terms = [f'CreditNoteID==guid("{xero_id}")' for xero_id in ids] + equal("CreditNoteNumber", quotable)
        found = [row for where in chunks(terms, " OR ") for row in ask(where=where)]
        for number in others:
            alike = ask(where=f'CreditNoteNumber.Contains("{_longest_part(number)}")')
            found += [row for row in alike if folded(row.get("CreditNoteNumber", "")) == folded(number)]
        return each_once(map(credit_note.from_xero, found))

    def create_credit_notes(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create credit notes; PUT, so that a number that exists is an error and not a change to that credit note."""
        return self._write(self._api.create_credit_notes, CREDIT_NOTES, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def update_credit_notes(self, payloads: list[dict]) -> list[Written]:
        """Update credit notes by id; lines that are not sent are deleted in Xero, if any are.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_credit_notes, CREDIT_NOTES, with_id(payloads, CREDIT_NOTES), unitdp=UNITDP)


def _longest_part(number: str) -> str:
    """The longest piece of a number that can stand in a filter."""
    return max(re.split(f"[{re.escape(UNQUOTABLE)}]", number), key=len)
