"""Manual journals (Xero's page "Manual journals"): what the books say that is no invoice, bill, credit note or payment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from ..arithmetic import rounding
from ..values import clean_guid, clean_lines, clean_text, format_date, to_decimal, to_text
from .base import NOT_CONTENT, ZERO, Calls, Date, day, each_once, filled, key, rows, stamp, with_id
from .batches import Kind, Written, chunks, folded
from .lines import DESCRIPTION_LIMIT, Tracked, tracked, tracking_payload, web_address
from .remote import Remote, as_told

# Xero names no limit; this is what its lists show of one
NARRATION_LIMIT = 500
MIN_LINES = 2
REMOVED = ("VOIDED", "DELETED")


@dataclass(frozen=True, slots=True)
class JournalLine(Tracked):
    """One line: `amount` in the organisation's base currency and without tax, debits positive, credits negative.

    `tax_rate` is the effective percentage of `tax_type`: in a journal with line amounts 'Exclusive' Xero adds that tax and books it on its
    own account; which tax it added is the `tax_amount` of what was read. In journals that people enter with line amounts 'Inclusive' the
    amount contains the tax. `account_id` is the account that Xero booked it on: a code may come to name another one.
    """

    account_code: str
    amount: Decimal
    description: str = ""
    tax_type: str = ""
    tax_rate: Decimal = field(default=ZERO, metadata=NOT_CONTENT)
    tax_amount: Decimal | None = None
    account_id: str = field(default="", metadata=NOT_CONTENT)


@dataclass(frozen=True, slots=True)
class ManualJournal:
    """A manual journal to create (no `xero_id`) or update; always in the base currency. `line_amount_types` is 'NoTax' or 'Exclusive'."""

    narration: str
    date: Date | None
    lines: tuple[JournalLine, ...]
    line_amount_types: str = "NoTax"
    status: str = "POSTED"
    on_cash_basis: bool = True
    url: str = ""
    xero_id: str = field(default="", metadata=NOT_CONTENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteManualJournal(Remote[ManualJournal]):
    """A manual journal as Xero holds it; complete is an answer with lines."""

    narration = as_told("narration")
    date = as_told("date")
    url = as_told("url")
    # manual journals have no number; people know them by their narration
    number = as_told("narration")

    @property
    def total(self) -> Decimal | None:
        """The sum of its debits with tax, None where Xero shows no lines."""
        # without tax a line may come with a tax amount of 0 or none at all
        amounts = (line.amount + (line.tax_amount or ZERO) for line in self.told.lines)
        return sum((amount for amount in amounts if amount > 0), ZERO) if self.complete else None

    @property
    def tracking(self) -> tuple[tuple[tuple[str, str], ...], ...] | None:
        """Of each line the options as pairs of id ('' in Xero's lists) and name; None where Xero shows no lines."""
        return tuple(line.options for line in self.told.lines) if self.complete else None


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
            "Tracking": tracking_payload(line),
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
    told = ManualJournal(
        xero_id=clean_guid(payload.get("ManualJournalID")),
        narration=to_text(payload.get("Narration")),
        date=day(payload),
        lines=tuple(map(_line_from_xero, rows(payload, "JournalLines"))),
        line_amount_types=to_text(payload.get("LineAmountTypes")),
        status=to_text(payload.get("Status")),
        on_cash_basis=payload.get("ShowOnCashBasisReports") is not False,
        url=to_text(payload.get("Url")),
    )
    return RemoteManualJournal(xero_id=told.xero_id, told=told, status=told.status, updated=stamp(payload), complete=bool(told.lines))


def _line_from_xero(row: dict) -> JournalLine:
    return JournalLine(
        account_code=to_text(row.get("AccountCode")),
        account_id=clean_guid(row.get("AccountID")),
        amount=to_decimal(row.get("LineAmount")),
        description=to_text(row.get("Description")),
        tax_type=to_text(row.get("TaxType")),
        tax_amount=to_decimal(row.get("TaxAmount"), None),
        **tracked(row),
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
        found = self._permitted(self._found, self._api.get_manual_journal, "ManualJournals", manual_journal_id=xero_id)
        return from_xero(found) if found else None

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
