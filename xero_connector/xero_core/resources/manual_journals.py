"""Manual journals."""

from collections.abc import Callable, Iterable
from functools import partial

from .. import errors
from ..documents import RemoteManualJournal
from ..documents.base import Date
from ..mapping import manual_journal
from ..values import clean_guid
from .base import Calls, each_once, key, with_id
from .batches import Kind, Written, chunks, folded

MANUAL_JOURNALS = Kind(
    "ManualJournals", "ManualJournalID", (("ManualJournalID", clean_guid), ("Narration", folded)), manual_journal.from_xero
)


class ManualJournalCalls(Calls):
    """Manual journals, read and written in batches.

    Every method may raise `NotAllowed`: since June 2026 the person who connected needs Xero's permission to see reports.
    """

    def manual_journals(self, dates: Iterable[Date]) -> list[RemoteManualJournal]:
        """Manual journals of these days, whatever their status, each once."""
        terms = [f"Date==DateTime({day.year},{day.month:02},{day.day:02})" for day in sorted(set(dates))]
        ask = partial(self._permitted, self._pages, self._api.get_manual_journals, "ManualJournals")
        return each_once(manual_journal.from_xero(row) for where in chunks(terms, " OR ") for row in ask(where=where))

    def manual_journal(self, xero_id: str) -> RemoteManualJournal | None:
        """The manual journal with this id, None if there is none."""
        try:
            found = self._permitted(self._list, self._api.get_manual_journal, "ManualJournals", manual_journal_id=xero_id)
        except errors.NotFound:
            return None
        return manual_journal.from_xero(found[0]) if found else None

    def create_manual_journals(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create manual journals; PUT, so that nothing is ever changed by it."""
        return self._permitted(
            self._write, self._api.create_manual_journals, MANUAL_JOURNALS, payloads, idempotency_key=key(idempotency_key)
        )

    def update_manual_journals(self, payloads: list[dict]) -> list[Written]:
        """Change or end manual journals by id.

        :raise ValueError: a payload has no id (Xero would make another journal)
        """
        payloads = with_id(payloads, MANUAL_JOURNALS)
        return self._permitted(self._write, self._api.update_or_create_manual_journals, MANUAL_JOURNALS, payloads)

    def _permitted(self, call: Callable, *args, **kwargs):
        """What `call` returns. Xero answers a missing permission as it answers a connection that has ended; only another question tells."""
        try:
            return call(*args, **kwargs)
        except (errors.ConsentLost, errors.PermissionDenied) as error:
            if error.status != 403:
                raise
            self._list(self._api.get_organisations, "Organisations")
            raise errors.NotAllowed(
                "Xero does not let the person who connected see or make manual journals.",
                details=error.details, status=403, correlation_id=error.correlation_id,
            ) from error  # fmt: skip
