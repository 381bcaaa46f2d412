"""Bank summaries: which account had and has what, in the shapes that were seen of them."""

import datetime
from decimal import Decimal

import pytest
from test_client_simulator import Wired
from xero_core.resources.reports import BankBalance, bank_balances

BANK = "03f9cf1e-2deb-4bf1-b0a8-b57f08672eb8"
D = Decimal


def cell(value, **attributes):
    named = [{"Value": text, "Id": name} for name, text in attributes.items()]
    return {"Value": value, **({"Attributes": named} if named else {})}


def summary(*cells):
    total = {"RowType": "SummaryRow", "Cells": [cell("Total", accountID=BANK), cell("1.00"), cell("2.00")]}
    return {
        "Rows": [
            {"RowType": "Header", "Cells": [cell("Bank Accounts")]},
            {"RowType": "Section", "Rows": [{"RowType": "Row", "Cells": list(cells)}, total]},
        ]
    }


def test_the_example_of_the_description():
    moved = [cell(text, account=BANK) for text in ("110.00", "100.00")]
    report = summary(cell("Big City Bank", accountID=BANK), cell("0.00"), *moved, cell("10.00"))
    assert bank_balances(report) == [BankBalance(BANK, D("0.00"), D("10.00"))]


@pytest.mark.parametrize(
    "cells",
    [
        (cell("2026", accountID=BANK), cell("5.00"), cell(""), cell("-7.50")),  # a name that is a figure; a blank
        (cell("Bank", accountID=BANK.upper()), cell("5.00"), {}, cell("1.00"), cell("0.00"), cell("-7.50")),  # a column of gains
        (cell("Bank"), cell("5.00"), cell("1.00", account=BANK), cell("-7.50")),  # named beside what it got only
    ],
)
def test_other_shapes(cells):
    assert bank_balances(summary(*cells)) == [BankBalance(BANK, D("5.00"), D("-7.50"))]


@pytest.mark.parametrize(
    "report", [{}, {"Rows": []}, {"Rows": None}, summary(cell("Bank"), cell("5.00"), cell("7.00")), summary(cell("Bank", accountID=BANK))]
)
def test_what_says_nothing(report):
    assert bank_balances(report) == []


@pytest.mark.parametrize("switches", [{}, {"bank_summary_gain_column": True}, {"report_blank": "missing"}])
def test_of_the_simulator(switches):
    wired = Wired(**switches)
    day = datetime.date.today()  # noqa: DTZ011 - the organisation's day, near enough
    found = {each.account_id: each for each in wired.client.bank_balances(day.replace(day=1), day)}
    banks = {row.account_id for row in wired.client.accounts() if row.type == "BANK"}
    assert banks and set(found) == banks
