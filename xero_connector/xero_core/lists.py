"""Xero's lists as they are read to learn what has changed, a page at a time ("Modified After" and paging on the pages of each)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime

from .http.answers import Answer
from .resources import (
    bank_transactions,
    bank_transfers,
    base,
    batch_payments,
    batches,
    contacts,
    credit_notes,
    credits,
    invoices,
    manual_journals,
    payments,
)
from .resources.base import UNITDP, Calls, Moment
from .resources.remote import Remote

ROWS = 1000  # the most that Xero puts on a page
SECOND = timedelta(seconds=1)  # as exact as stamps and "since" are
BY_CHANGE = "UpdatedDateUTC"
WITH_PRICES = {"unitdp": UNITDP}


@dataclass(frozen=True)
class Listing:
    """How one list is read: by the SDK's `endpoint`, each row with `read`.

    Not `paged`: all of it comes at once. Not `ordered`: an order would make it come unpaged (Xero's bug with journals). Not `stamped`: its
    rows tell no change, so all there are are read each time. `needs_reports`: it takes the permission to see reports.
    """

    endpoint: str
    read: Callable[[dict], Remote]
    paged: bool = True
    ordered: bool = True
    stamped: bool = True
    params: Mapping = field(default_factory=dict)
    needs_reports: bool = False


LISTINGS = {
    # without the archived ones nobody would hear that a contact was archived, or merged into another
    "Contacts": Listing("get_contacts", contacts.from_xero, params={"include_archived": True}),
    "Invoices": Listing("get_invoices", invoices.from_xero, params=WITH_PRICES),
    "CreditNotes": Listing("get_credit_notes", credit_notes.from_xero, params=WITH_PRICES),
    "Overpayments": Listing("get_overpayments", credits.reader("Overpayment"), params=WITH_PRICES),
    "Prepayments": Listing("get_prepayments", credits.reader("Prepayment"), params=WITH_PRICES),
    "Payments": Listing("get_payments", payments.from_xero),
    "BatchPayments": Listing("get_batch_payments", batch_payments.from_xero, paged=False),
    "BankTransactions": Listing("get_bank_transactions", bank_transactions.from_xero, params=WITH_PRICES),
    "BankTransfers": Listing("get_bank_transfers", bank_transfers.from_xero, paged=False, stamped=False, params={"include_deleted": True}),
    "ManualJournals": Listing("get_manual_journals", manual_journals.from_xero, ordered=False, needs_reports=True),
}


@dataclass(frozen=True)
class Page:
    """One page of a list, in Xero's order.

    `has_more` tells whether another follows, `asked_at` when it was read by Xero's clock (None if the answer does not say). `newest` is the
    newest stamp on it, None where the rows are not in the order of their stamps: then nothing follows from them.
    """

    remotes: tuple[Remote, ...]
    has_more: bool = False
    newest: Moment | None = None
    asked_at: Moment | None = None


class ListCalls(Calls):
    """What was changed, list by list."""

    def changed(self, name: str, since: Moment | None = None, page: int = 1) -> Page:
        """One call: a page of the rows that were changed since then (aware, to the second), all there are if `since` is None.

        What was voided, deleted or archived is among them; what is not among them is not therefore gone.
        """
        listing = LISTINGS[name]
        params = {**listing.params, **({"if_modified_since": since} if since and listing.stamped else {})}
        if listing.paged:
            params |= {"page": page, "page_size": ROWS, **({"order": BY_CHANGE} if listing.ordered else {})}
        ask = getattr(self._api, listing.endpoint)
        answer = self._permitted(ask, self._tenant_id, **params) if listing.needs_reports else ask(self._tenant_id, **params)
        remotes = tuple(map(listing.read, base.elements(answer, name)))
        return Page(remotes, listing.paged and _has_more(answer, page, len(remotes)), _newest(remotes), _asked_at(answer))


def _has_more(answer: Answer, page: int, size: int) -> bool:
    """Xero says how many pages there are; where it does not, a full page promises another."""
    count = batches.at(answer.payload, "pagination.pageCount")
    return bool(size) and (page < count if isinstance(count, int) else size >= ROWS)


def _newest(remotes: tuple[Remote, ...]) -> Moment | None:
    stamps = [remote.updated for remote in remotes]
    if not stamps or None in stamps or any(later < earlier for earlier, later in zip(stamps, stamps[1:], strict=False)):
        return None
    return stamps[-1]


def _asked_at(answer: Answer) -> Moment | None:
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


# --- seeking -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a reading stands: at a page of what was changed since a moment (aware; None: of all there is)."""

    since: Moment | None = None
    page: int = 1

    def after(self, page: Page) -> "Place | None":
        """Where to read on after `page` was read here; None at the end of the list.

        Rows that change while the list is read move to its end, and all others a place forward: going on by page numbers would skip one. So
        it goes on from the newest stamp, and by number only where a full page has no newer one (a thousand rows of one second). A second
        before that stamp: nobody knows whether Xero's "since" includes the moment itself.
        """
        if not page.has_more:
            return None
        newest = page.newest - SECOND if page.newest else None
        if newest and (self.since is None or newest > self.since):
            return Place(newest)
        return Place(self.since, self.page + 1)
