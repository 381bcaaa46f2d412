"""GET /Reports/TrialBalance: what moved in the month of the day, and what each account comes to at its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from ...access import check_report
from ...arithmetic import ZERO
from ...call import Call, Route
from ...idempotency import Answer
from ...ledger import entries
from ...ledger.balances import Balance, per_account, year_start
from ...ledger.books import Books
from ...store import Record
from . import shape

SECTIONS = {"REVENUE": "Revenue", "EXPENSE": "Expenses", "ASSET": "Assets", "LIABILITY": "Liabilities", "EQUITY": "Equity"}
_DEBIT_BY_NATURE = ("ASSET", "EXPENSE")
_COLUMNS = ("Account", "Debit", "Credit", "YTD Debit", "YTD Credit")


def trial_balance(call: Call) -> Answer:
    """Of any day; `fromDate` and `toDate` change nothing, as in Xero [MEAS-3P]."""
    check_report(call.organisation, "TrialBalance")
    day = shape.day(call, "date", call.organisation.today(call.now))
    books = Books(call.organisation, call.switches, cash=call.flag("paymentsOnly", False))
    found = per_account(books, entries(books), day)
    sections = [shape.section(call, title, rows) for name, title in SECTIONS.items() if (rows := list(_rows(call, name, found, day)))]
    total = shape.line(call, "SummaryRow", ["Total", *_totals(found)])
    rows = [shape.line(call, "Header", _COLUMNS), *sections, shape.section(call, "", [total])]
    return shape.report(call, "Trial Balance", f"As at {shape.long_date(day)}", rows)


def _rows(call: Call, of_class: str, found: dict[str, Balance], day: date) -> Iterator[shape.Row]:
    accounts = [account for account in call.organisation.accounts if account["Class"] == of_class]
    for account in sorted(accounts, key=lambda account: account["Name"].lower()):
        balance = found.get(account["AccountID"], Balance())
        if shape.is_shown(call, account, (balance.movement, balance.amount)):
            yield _row(call, account, balance, day)


def _row(call: Call, account: Record, balance: Balance, day: date) -> shape.Row:
    ids = {"account": account["AccountID"]}
    of_amounts = ids
    if account["SystemAccount"] == "RETAINEDEARNINGS":  # recorded: they go back to the beginning, up to the end of the last year
        ended = year_start(call.organisation.region.year_end, day) - timedelta(days=1)
        of_amounts = {**ids, "fromDate": "", "toDate": f"{ended.month}/{ended.day}/{ended.year}"}
    natural = account["Class"] in _DEBIT_BY_NATURE
    texts = [*_sides(balance.movement, natural), *_sides(balance.amount, natural)]
    cells = [shape.cell(call, shape.account_name(account), **ids), *(shape.cell(call, text, **of_amounts) for text in texts)]
    return {"RowType": "Row", "Cells": cells}


def _sides(amount: Decimal, debit_by_nature: bool) -> tuple[str, str]:
    """Debit and credit, one of them blank; nothing is a 0.00 on the side of the account's class (recorded)."""
    text = shape.money(abs(amount))
    return (text, "") if amount > 0 or (not amount and debit_by_nature) else ("", text)


def _totals(found: dict[str, Balance]) -> Iterator[str]:
    for amounts in ([one.movement for one in found.values()], [one.amount for one in found.values()]):
        yield shape.money(sum((amount for amount in amounts if amount > 0), ZERO))
        yield shape.money(-sum((amount for amount in amounts if amount < 0), ZERO))


ROUTES = [
    Route("GET", "/Reports/TrialBalance", trial_balance, "accounting.reports.trialbalance", ("date", "paymentsOnly", "fromDate", "toDate")),
]
