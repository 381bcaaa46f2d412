"""Repeating invoices: templates, and the ordinary invoices that come of them by themselves."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from .. import history, wire
from .desk import Desk, Impossible
from .documents import write_bill, write_invoice

Shown = dict[str, Any]
_WRITE = {"ACCREC": write_invoice, "ACCPAY": write_bill}
_UNITS = ("WEEKLY", "MONTHLY")


def repeat_invoice(
    desk: Desk,
    contact: str,
    amount: Any = None,
    kind: str = "ACCREC",
    unit: str = "MONTHLY",
    period: Any = 1,
    next_date: str = "",
    **how: Any,
) -> Shown:
    """`how` as in write_invoice; nothing is written before it is run."""
    if kind not in _WRITE or unit not in _UNITS or int(period) < 1:
        raise Impossible(f"kind is one of {', '.join(_WRITE)}, unit of {', '.join(_UNITS)}, period a number from 1")
    record = {
        "RepeatingInvoiceID": desk.organisation.new_id(),
        "Type": kind,
        "ContactID": desk.contact(contact)["ContactID"],
        "Unit": unit,
        "Period": int(period),
        "NextScheduledDate": wire.parse_day(next_date) if next_date else desk.organisation.today(desk.call().now),
        "Template": {**how, "amount": amount},
    }
    return desk.organisation.repeating.put(record)


def run_repeating(desk: Desk, template: str) -> Shown:
    """[DOC] What comes of it is an ordinary document that names its template, made by nobody."""
    table = desk.organisation.repeating
    record = table.get(template)
    if record is None:
        raise Impossible(f"there is no repeating invoice {template}")
    day = record["NextScheduledDate"]
    nobody = Desk(desk.world, desk.organisation, history.BY_ITSELF)
    made = _WRITE[record["Type"]](nobody, record["ContactID"], **{**record["Template"], "date": day.isoformat()})
    invoices = desk.organisation.invoices
    invoice = invoices.get(made["InvoiceID"])
    assert invoice is not None
    invoices.put({**invoice, "RepeatingInvoiceID": template})
    table.put({**record, "NextScheduledDate": _next(day, record["Unit"], record["Period"])})
    return {**made, "RepeatingInvoiceID": template}


def _next(day: date, unit: str, period: int) -> date:
    if unit == "WEEKLY":
        return day + timedelta(weeks=period)
    months = day.year * 12 + day.month - 1 + period
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


VERBS: dict[str, Callable[..., Any]] = {"repeat_invoice": repeat_invoice, "run_repeating": run_repeating}
