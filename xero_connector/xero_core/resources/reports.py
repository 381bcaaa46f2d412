"""Reports (Xero's page "Reports"): rows of cells, of which only what bears the id of an account is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ..values import clean_guid, to_text
from .base import Calls, Date, rows

# the account's id on a cell: the bank summary calls it by the first name beside the account's, and by the second beside its figures
ACCOUNT_IDS = ("accountid", "account")


@dataclass(frozen=True, slots=True)
class BankBalance:
    """What a bank account had before a period and has at its end, in the ledger; in the currency of which the report does not tell."""

    account_id: str
    opening: Decimal
    closing: Decimal


def bank_balances(report: dict) -> list[BankBalance]:
    """Opening and closing balance of each account of a bank summary: its first and its last figure, however many stand between them."""
    found = []
    for row in _lines(report):
        cells = rows(row, "Cells")
        account_id = next(filter(None, map(_account_id, cells)), "")
        figures = [figure for figure in map(_figure, cells[1:]) if figure is not None]  # the first is the name, which may be a number
        if account_id and len(figures) >= 2:
            found.append(BankBalance(account_id, figures[0], figures[-1]))
    return found


def _lines(row: dict) -> Iterator[dict]:
    """The plain rows, however deep; heads and sums are none."""
    for child in rows(row, "Rows"):
        if child.get("RowType") == "Row":
            yield child
        yield from _lines(child)


def _account_id(cell: dict) -> str:
    attributes = {to_text(each.get("Id")).lower(): clean_guid(each.get("Value")) for each in rows(cell, "Attributes")}
    return next(filter(None, map(attributes.get, ACCOUNT_IDS)), "")


def _figure(cell: dict) -> Decimal | None:
    """The cell as a figure, None if it is a name or blank."""
    try:
        figure = Decimal(to_text(cell.get("Value")))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() else None


class ReportCalls(Calls):
    """Reports; one call each, and none of them tells what changed.

    Every method may raise `NotAllowed`: since June 2026 the person who connected needs Xero's permission to see reports.
    """

    def bank_balances(self, first: Date, last: Date) -> list[BankBalance]:
        """Of each bank account: what it had before `first`, and has at the end of `last`; drafts and statement lines are not in it."""
        report = self._permitted(self._one, self._api.get_report_bank_summary, "Reports", from_date=first, to_date=last)
        return bank_balances(report)
