"""Credit notes given and received (Xero's page "Credit Notes"): as invoices are, without due date, discounts and link back."""

import re
from collections.abc import Iterable
from functools import partial

from ..values import clean_guid, to_decimal
from . import invoices
from .base import UNITDP, UNQUOTABLE, Calls, each_once, equal, key, split, stamp, with_id
from .batches import Kind, Written, chunks, folded
from .credits import used
from .invoices import Invoice, RemoteInvoice

ID, NUMBER = "CreditNoteID", "CreditNoteNumber"
# what can be changed while the credit is used
FREE = frozenset((ID, NUMBER, "Reference", "BrandingThemeID", "SentToContact"))


def to_xero(note: Invoice) -> dict:
    """The payload that creates or (with `xero_id`) updates a credit note; see `invoices.to_xero`.

    :raise ValueError: without a contact, a number (sales side) or a line
    """
    return invoices.payload(note, ID, NUMBER, {})


def from_xero(payload: dict) -> RemoteInvoice:
    """Read a credit note; lines are only there in paged and single answers."""
    told = invoices.read(payload, ID, NUMBER)
    remaining = to_decimal(payload.get("RemainingCredit"), told.total)
    return RemoteInvoice(
        xero_id=told.xero_id,
        told=told,
        status=told.status,
        updated=stamp(payload),
        complete=bool(told.lines),
        amount_due=remaining,
        amount_settled=told.total - remaining,
        has_attachments=payload.get("HasAttachments") is True,
        allocations=used(payload, "CreditNote", told.xero_id),
    )


def rename(xero_id: str, number: str) -> dict:
    """The payload that gives a credit note another number."""
    return {ID: xero_id, NUMBER: number}


def ending(xero_id: str, status: str) -> dict:
    """The payload that voids or deletes a credit note."""
    return {ID: xero_id, "Status": status}


NOTE_ID = ("CreditNoteID", clean_guid)
CREDIT_NOTES = Kind("CreditNotes", "CreditNoteID", (NOTE_ID, ("CreditNoteNumber", folded), ("Contact.ContactID", clean_guid)), from_xero)


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
        return each_once(map(from_xero, found))

    def credit_note(self, xero_id: str) -> RemoteInvoice | None:
        """The credit note with this id, with all that Xero knows of it; None if there is none."""
        found = self._found(self._api.get_credit_note, "CreditNotes", credit_note_id=xero_id, unitdp=UNITDP)
        return from_xero(found) if found else None

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
