"""Manual journals (Xero's page "Manual journals")."""

from decimal import Decimal

from ..arithmetic import rounding
from ..documents import JournalLine, ManualJournal, RemoteManualJournal
from ..values import clean_guid, clean_lines, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from .fields import filled, rows
from .invoice import DESCRIPTION_LIMIT, MAX_TRACKING, _tracking, _url, tracking

# Xero names no limit; this is what its lists show of one
NARRATION_LIMIT = 500
MIN_LINES = 2

REMOVED = ("VOIDED", "DELETED")


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
        "Url": _url(journal.url),
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
            "Tracking": [_tracking(pair) for pair in line.tracking[:MAX_TRACKING]],
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
        tracking=tracking(payload, "JournalLines") if lines else None,
        updated=parse_datetime(payload.get("UpdatedDateUTC")),
    )
