"""Who has done what to a record (Xero's page "History"): one call for a record."""

import datetime
from dataclasses import dataclass

from ..values import parse_datetime, to_text
from .base import Calls, Moment

KEY = "HistoryRecords"
# by the page of the record: the SDK's endpoint, and what it calls the id
PAGES = {
    "Invoices": ("get_invoice_history", "invoice_id"),
    "CreditNotes": ("get_credit_note_history", "credit_note_id"),
    "Contacts": ("get_contact_history", "contact_id"),
}
NEVER = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
NOTE = "Note"  # somebody has said something, and changed nothing


@dataclass(frozen=True, slots=True)
class Change:
    """One entry. `user` is a person's name; of whatever an app does it is "System Generated", whichever app it is."""

    user: str
    changes: str
    details: str
    moment: Moment | None


class HistoryCalls(Calls):
    """The history of records."""

    def history(self, page: str, xero_id: str) -> list[Change]:
        """What was done to a record of this page, the newest first; without what was only said about it."""
        endpoint, name = PAGES[page]
        found = [_change(row) for row in self._list(getattr(self._api, endpoint), KEY, **{name: xero_id})]
        told = [change for change in found if change.changes != NOTE]
        return sorted(told, key=lambda change: change.moment or NEVER, reverse=True)


def _change(row: dict) -> Change:
    moment = parse_datetime(row.get("DateUTCString")) or parse_datetime(row.get("DateUTC"))
    return Change(to_text(row.get("User")), to_text(row.get("Changes")), to_text(row.get("Details")), moment)
