"""Manual journals (Xero's page "Manual journals"): what the books say that is no invoice, bill, credit note or payment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from .. import errors
from ..arithmetic import rounding
from ..values import clean_guid, clean_lines, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from .base import ZERO, Calls, Date, Moment, each_once, filled, key, rows, with_id
from .batches import Kind, Written, chunks, folded
from .lines import DESCRIPTION_LIMIT, MAX_TRACKING, line_tracking, tracking_pair, web_address

# Xero names no limit; this is what its lists show of one
NARRATION_LIMIT = 500
MIN_LINES = 2
REMOVED = ("VOIDED", "DELETED")


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line: `amount` in the organisation's base currency and without tax, debits positive, credits negative.

    `tax_rate` is the effective percentage of `tax_type`: in a journal with line amounts 'Exclusive' Xero adds that tax and books it on its
    own account. `tracking` holds pairs of category id and option id.
    """

    account_code: str
    amount: Decimal
    description: str = ""
    tax_type: str = ""
    tax_rate: Decimal = ZERO
    tracking: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ManualJournal:
    """A manual journal to create (no `xero_id`) or update; always in the base currency. `line_amount_types` is 'NoTax' or 'Exclusive'."""

    narration: str
    date: Date
    lines: tuple[JournalLine, ...]
    line_amount_types: str = "NoTax"
    status: str = "POSTED"
    on_cash_basis: bool = True
    url: str = ""
    xero_id: str = ""


@dataclass(frozen=True, slots=True)
class RemoteManualJournal:
    """A manual journal as Xero holds it; `total` is the sum of its debits with tax, None where Xero shows no lines.

    `tracking` holds of each line the options as pairs of id ('' in Xero's lists) and name; None where Xero shows no lines.
    """

    xero_id: str
    narration: str
    status: str
    date: Date | None
    total: Decimal | None
    url: str = ""
    tracking: tuple[tuple[tuple[str, str], ...], ...] | None = None
    updated: Moment | None = None

    @property
    def number(self) -> str:
        """Manual journals have no number; people know them by their narration."""
        return self.narration


def to_xero(journal: ManualJournal) -> dict:
    """The payload that creates or (with `xero_id`) updates a manual journal. Lines are replaced as a whole; they have no ids.

    :raise ValueError: without a narration or two lines
    """
    narration = clean_text(journal.narration, NARRATION_LIMIT)
    if not narration:
        raise ValueError("A manual journal needs a narration.")
    if len(journal.lines) < MIN_LINES:
        raise ValueError("A manual journal needs two lines.")
    payload = {
        "ManualJournalID": journal.xero_id,
        "Narration": narration,
        "Date": format_date(journal.date),
        "LineAmountTypes": journal.line_amount_types,
        "Status": journal.status,
        "ShowOnCashBasisReports": journal.on_cash_basis,
        "Url": web_address(journal.url),
        "JournalLines": [_line(line) for line in journal.lines],
    }
    return filled(payload)


def _line(line: JournalLine) -> dict:
    """One line. Its tax is never sent: whether Xero takes another than its own is not known."""
    return filled(
        {
            "LineAmount": line.amount,
            "AccountCode": line.account_code,
            "Description": clean_lines(line.description, DESCRIPTION_LIMIT),
            "TaxType": line.tax_type,
            "Tracking": [tracking_pair(pair) for pair in line.tracking[:MAX_TRACKING]],
        }
    )


def removal(xero_id: str, status: str) -> dict:
    """The payload that ends a manual journal: a posted one is voided, a draft is deleted."""
    return {"ManualJournalID": xero_id, "Status": "DELETED" if status == "DRAFT" else "VOIDED"}


def tax(line: JournalLine, types: str, ties: str = "half_up") -> Decimal:
    """What Xero adds to the line as tax; negative on credits."""
    return rounding.rounded(line.amount * line.tax_rate / 100, ties=ties) if types == "Exclusive" else Decimal(0)


def imbalance(journal: ManualJournal, ties: str = "half_up") -> Decimal:
    """By how much the debits exceed the credits in Xero, tax included; Xero posts a journal only if it is 0."""
    return sum((line.amount + tax(line, journal.line_amount_types, ties) for line in journal.lines), Decimal(0))


def debits(journal: ManualJournal, ties: str = "half_up") -> Decimal:
    """The sum of the debits in Xero, tax included: what a journal is known by beside its narration."""
    amounts = (line.amount + tax(line, journal.line_amount_types, ties) for line in journal.lines)
    return sum((amount for amount in amounts if amount > 0), Decimal(0))


def from_xero(payload: dict) -> RemoteManualJournal:
    """Read a manual journal; lines are only there in paged and single answers and in those to a write."""
    lines = rows(payload, "JournalLines")
    # without tax a line may come with a tax amount of 0 or none at all
    amounts = [to_decimal(line.get("LineAmount")) + to_decimal(line.get("TaxAmount")) for line in lines]
    return RemoteManualJournal(
        xero_id=clean_guid(payload.get("ManualJournalID")),
        narration=to_text(payload.get("Narration")),
        status=to_text(payload.get("Status")),
        date=parse_date(payload.get("Date")),
        total=sum((amount for amount in amounts if amount > 0), Decimal(0)) if lines else None,
        url=to_text(payload.get("Url")),
        tracking=line_tracking(payload, "JournalLines") if lines else None,
        updated=parse_datetime(payload.get("UpdatedDateUTC")),
    )


MANUAL_JOURNALS = Kind("ManualJournals", "ManualJournalID", (("ManualJournalID", clean_guid), ("Narration", folded)), from_xero)


class ManualJournalCalls(Calls):
    """Manual journals, read and written in batches.

    Every method may raise `NotAllowed`: since June 2026 the person who connected needs Xero's permission to see reports.
    """

    def manual_journals(self, dates: Iterable[Date]) -> list[RemoteManualJournal]:
        """Manual journals of these days, whatever their status, each once."""
        terms = [f"Date==DateTime({day.year},{day.month:02},{day.day:02})" for day in sorted(set(dates))]
        ask = partial(self._permitted, self._pages, self._api.get_manual_journals, "ManualJournals")
        return each_once(from_xero(row) for where in chunks(terms, " OR ") for row in ask(where=where))

    def manual_journal(self, xero_id: str) -> RemoteManualJournal | None:
        """The manual journal with this id, None if there is none."""
        try:
            found = self._permitted(self._list, self._api.get_manual_journal, "ManualJournals", manual_journal_id=xero_id)
        except errors.NotFound:
            return None
        return from_xero(found[0]) if found else None

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
