"""What all reports look like: titles, rows, and cells that are all text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from ... import wire
from ...call import Call
from ...errors import NotSimulated
from ...idempotency import Answer
from ...store import Record

Row = dict[str, Any]


def day(call: Call, name: str, default: date) -> date:
    """A date of the query; how Xero refuses what is none is not known."""
    text = call.query.get(name)
    try:
        return wire.parse_day(text) if text else default
    except ValueError as error:
        raise NotSimulated(f"query parameter {name} is a date like 2026-09-30, not {text!r}", 400) from error


def long_date(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def account_name(account: Record) -> str:
    """A bank account need not have a code."""
    return f"{account['Name']} ({account['Code']})" if account["Code"] else account["Name"]


def is_shown(call: Call, account: Record, amounts: Iterable[Decimal]) -> bool:
    """Without amounts an account is left out, an archived one perhaps even with (switches `report_zero_accounts`, `..archived..`)."""
    switches = call.switches
    if account["Status"] != "ACTIVE" and switches.report_archived_accounts == "absent":
        return False
    return any(amounts) or (account["Status"] == "ACTIVE" and switches.report_zero_accounts == "listed")


def cell(call: Call, value: str, **attributes: str) -> Row:
    """A value with ids to join on."""
    named = [{**_value(call, text), "Id": name} for name, text in attributes.items()]
    return {**_value(call, value), **({"Attributes": named} if named else {})}


def _value(call: Call, text: str) -> dict[str, str]:
    """What is blank is an empty text, or not there at all (switch `report_blank`)."""
    return {"Value": text} if text or call.switches.report_blank == "empty" else {}


def line(call: Call, kind: str, texts: Iterable[str]) -> Row:
    """A Header or a SummaryRow: cells without ids."""
    return {"RowType": kind, "Cells": [cell(call, text) for text in texts]}


def section(call: Call, title: str, rows: list[Row]) -> Row:
    titled = {"Title": title} if title or call.switches.report_blank == "empty" else {}
    return {"RowType": "Section", **titled, "Rows": rows}


def report(call: Call, name: str, period: str, rows: list[Row]) -> Answer:
    """The answer: one report."""
    kind = name.replace(" ", "")
    named = {"ReportID": kind} if call.switches.report_id else {}
    shown = {
        **named,
        "ReportName": name,
        "ReportType": kind,
        "ReportTitles": [name, call.organisation.name, period],
        "ReportDate": long_date(call.organisation.today(call.now)),
        "UpdatedDateUTC": wire.bare_ms_date(call.now),
        "Fields": [],
        "Rows": rows,
    }
    return call.envelope("Reports", [shown])
