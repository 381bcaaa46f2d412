"""GET /Reports/BankSummary: what each bank account had, got, spent and has."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ...access import check_report
from ...arithmetic import ZERO
from ...call import Call, Route
from ...errors import NotSimulated
from ...idempotency import Answer
from ...ledger import entries
from ...ledger.books import Books
from ...store import Record
from . import shape


@dataclass
class Figures:
    opening: Decimal = ZERO
    received: Decimal = ZERO
    spent: Decimal = ZERO

    def add(self, amount: Decimal, before: bool) -> None:
        if before:
            self.opening += amount
        elif amount > 0:
            self.received += amount
        else:
            self.spent -= amount

    def texts(self) -> list[str]:
        return [shape.money(amount) for amount in (self.opening, self.received, self.spent, self.opening + self.received - self.spent)]


def bank_summary(call: Call) -> Answer:
    """Of the current month unless told otherwise."""
    check_report(call.organisation, "BankSummary")
    first, last = _period(call)
    banks = sorted((row for row in call.organisation.accounts if row["Type"] == "BANK"), key=lambda row: row["Name"].lower())
    found = {account["AccountID"]: Figures() for account in banks}
    total = Figures()
    foreign = call.switches.bank_summary_currency == "account"
    for entry in entries(Books(call.organisation, call.switches)):
        if entry.account in found and entry.day <= last:
            found[entry.account].add(entry.foreign if foreign else entry.amount, entry.day < first)
            total.add(entry.amount, entry.day < first)
    rows = [_row(call, account, found[account["AccountID"]]) for account in banks if _is_shown(call, account)]
    rows.append(_line(call, "SummaryRow", ["Total", *total.texts()], "0.00"))
    head = _line(call, "Header", ["Bank Accounts", "Opening Balance", "Cash Received", "Cash Spent", "Closing Balance"], "FX Gain")
    period = f"From {shape.long_date(first)} to {shape.long_date(last)}"
    return shape.report(call, "Bank Summary", period, [head, shape.section(call, "", rows)])


def _period(call: Call) -> tuple[date, date]:
    today = call.organisation.today(call.now)
    first = shape.day(call, "fromDate", today.replace(day=1))
    last = shape.day(call, "toDate", today.replace(day=calendar.monthrange(today.year, today.month)[1]))
    if first > last:
        raise NotSimulated(f"BankSummary from {first} to {last}: what Xero does is not known", 400)
    return first, last


def _is_shown(call: Call, account: Record) -> bool:
    """Without movements too [?]."""
    return account["Status"] == "ACTIVE" or call.switches.report_archived_accounts == "listed"


def _row(call: Call, account: Record, figures: Figures) -> shape.Row:
    """Recorded: the account is called accountID beside its name, account beside what it got and spent, and not at all elsewhere."""
    opening, received, spent, closing = figures.texts()
    key = account["AccountID"]
    moved = [shape.cell(call, text, account=key) for text in (received, spent)]
    cells = [shape.cell(call, account["Name"], accountID=key), shape.cell(call, opening), *moved, shape.cell(call, closing)]
    return {"RowType": "Row", "Cells": _with_gain(call, cells, shape.cell(call, "0.00"))}


def _line(call: Call, kind: str, texts: Iterable[str], gain: str) -> shape.Row:
    return shape.line(call, kind, _with_gain(call, list(texts), gain))


def _with_gain(call: Call, cells: list, gain: object) -> list:
    """[?] Some answers are said to have a column of gains before the last one; nothing is revalued here, so there are none."""
    return [*cells[:-1], gain, cells[-1]] if call.switches.bank_summary_gain_column else cells


ROUTES = [Route("GET", "/Reports/BankSummary", bank_summary, "accounting.reports.banksummary", ("fromDate", "toDate"))]
