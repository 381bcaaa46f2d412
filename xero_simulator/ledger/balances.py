"""What the entries come to: per account with the year's end, per contact."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..arithmetic import ZERO
from .books import Books
from .posting import Entry

PROFIT_AND_LOSS = ("REVENUE", "EXPENSE")


@dataclass
class Balance:
    """Of one account: what moved in the month up to the day, and what it comes to (base currency; `foreign` in the account's own)."""

    movement: Decimal = ZERO
    amount: Decimal = ZERO
    foreign: Decimal = ZERO


def year_start(year_end: tuple[int, int], day: date) -> date:
    """The first day of the financial year of `day`; `year_end` is (day, month)."""
    end = _year_end(year_end, day.year)
    return (end if day > end else _year_end(year_end, day.year - 1)) + timedelta(days=1)


def _year_end(year_end: tuple[int, int], year: int) -> date:
    day, month = year_end
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def per_account(books: Books, entries: Iterable[Entry], day: date) -> dict[str, Balance]:
    """By AccountID, as of the end of `day`.

    Income and expenses begin anew each financial year: what came before has become retained earnings, though no entry says so.
    """
    found: dict[str, Balance] = defaultdict(Balance)
    first_of_month, first_of_year = day.replace(day=1), year_start(books.organisation.region.year_end, day)
    of_the_year = {row["AccountID"] for row in books.organisation.accounts if row["Class"] in PROFIT_AND_LOSS}
    retained = books.system["RETAINEDEARNINGS"]
    for entry in entries:
        if entry.day > day:
            continue
        if entry.day >= first_of_month:
            found[entry.account].movement += entry.amount
        is_past = entry.account in of_the_year and entry.day < first_of_year
        found[retained if is_past else entry.account].amount += entry.amount
        found[entry.account].foreign += entry.foreign
    return found


def per_contact(books: Books, entries: Iterable[Entry], day: date) -> dict[tuple[str, str, str], tuple[Decimal, Decimal]]:
    """(base, foreign) by (ContactID, SystemAccount DEBTORS or CREDITORS, currency), as of the end of `day`."""
    controls = {books.system[name]: name for name in ("DEBTORS", "CREDITORS")}
    found: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}
    for entry in entries:
        if entry.account in controls and entry.day <= day:
            key = (entry.contact, controls[entry.account], entry.currency)
            base, foreign = found.get(key, (ZERO, ZERO))
            found[key] = (base + entry.amount, foreign + entry.foreign)
    return found
