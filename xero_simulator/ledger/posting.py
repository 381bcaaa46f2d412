"""Entries, and how those of one source are gathered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..arithmetic import ZERO

Source = tuple[str, str]  # what it is ("Invoice", "Payment", ...), and its id


@dataclass(frozen=True)
class Entry:
    """One amount on one account: debits positive, credits negative."""

    account: str  # AccountID
    day: date
    amount: Decimal  # base currency
    currency: str
    foreign: Decimal  # the same in `currency`
    contact: str  # ContactID, or "" of what concerns nobody
    source: Source


class Posting:
    """What one source books on one day, put together per account and currency."""

    def __init__(self, source: Source, day: date, contact: str = ""):
        self._source, self._day, self._contact = source, day, contact
        self._sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}

    def add(self, account: str, amount: Decimal, currency: str, foreign: Decimal) -> None:
        before = self._sums.get((account, currency), (ZERO, ZERO))
        self._sums[account, currency] = (before[0] + amount, before[1] + foreign)

    def close(self, remainder: str, base: str) -> list[Entry]:
        """The entries; what they lack to nothing (in `base` currency) is booked to the account `remainder`."""
        lacking = -sum((amount for amount, _foreign in self._sums.values()), ZERO)
        if lacking:
            self.add(remainder, lacking, base, lacking)
        return [
            Entry(account, self._day, amount, currency, foreign, self._contact, self._source)
            for (account, currency), (amount, foreign) in self._sums.items()
            if amount or foreign
        ]
