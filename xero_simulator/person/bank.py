"""Reconciling and undoing it: what no app can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .. import history
from ..organisation import Organisation
from ..store import Record, Table
from ..switches import Switches
from ..webhooks import events
from .desk import Desk, Impossible


def find(organisation: Organisation, key: str) -> tuple[Table, Record]:
    for table in (organisation.payments, organisation.bank_transactions, organisation.batch_payments):
        record = table.get(key)
        if record is not None:
            return table, record
    raise Impossible(f"no payment, bank transaction or batch payment {key}")


def mark(organisation: Organisation, key: str, value: bool, now: datetime, switches: Switches) -> list[tuple[Table, Record]]:
    """Of a batch what is in it goes with it; of a transfer each side is a bank transaction. Gives all that was marked."""
    table, record = find(organisation, key)
    stamp = record["UpdatedDateUTC"] if switches.reconcile_moves_stamp == "none" else now
    marked = [(table, table.put({**record, "IsReconciled": value, "UpdatedDateUTC": stamp}))]
    for inner in (*record.get("PaymentIDs", ()), *record.get("TransactionIDs", ())):
        marked += mark(organisation, inner, value, now, switches)
    if table is organisation.payments and switches.reconcile_moves_stamp == "both":
        _restamp(organisation, record["DocumentID"], now)
    return marked


def _restamp(organisation: Organisation, key: str, now: datetime) -> None:
    for table in (organisation.invoices, organisation.credit_notes, organisation.overpayments, organisation.prepayments):
        if document := table.get(key):
            table.put({**document, "UpdatedDateUTC": now})


def reconcile(desk: Desk, items: list[str] | str) -> dict[str, list[str]]:
    return _mark(desk, items, True, "Reconciled")


def unreconcile(desk: Desk, items: list[str] | str) -> dict[str, list[str]]:
    return _mark(desk, items, False, "Unreconciled")


def _mark(desk: Desk, items: list[str] | str, value: bool, word: str) -> dict[str, list[str]]:
    call, done = desk.call(), []
    for key in _keys(desk, [items] if isinstance(items, str) else items):
        _table, record = find(desk.organisation, key)
        if record["Status"] != "AUTHORISED":
            raise Impossible(f"{key} is {record['Status']}")
        for table, marked in mark(desk.organisation, key, value, call.now, call.switches):
            history.add(call, marked[table.id_field], word, "")
            if table is desk.organisation.payments:
                events.to_document(call, marked["Document"], marked["DocumentID"], call.switches.reconcile_fires)
            done.append(marked[table.id_field])
    if not value:
        _reopen(desk.organisation, done)
    return {"ids": done}


def _reopen(organisation: Organisation, keys: list[str]) -> None:
    """The line of the bank that they were matched with is open again."""
    for line in organisation.statement_lines:
        if line["Status"] == "RECONCILED" and set(line["ItemIDs"]) & set(keys):
            organisation.statement_lines.put({**line, "Status": "OPEN", "Jax": "", "Due": None, "ItemIDs": ()})


def _keys(desk: Desk, items: list[str]) -> list[str]:
    """With both sides of a transfer in its place."""
    found = []
    for key in items:
        transfer = desk.organisation.bank_transfers.get(key)
        found += [transfer["FromBankTransactionID"], transfer["ToBankTransactionID"]] if transfer else [key]
    return found


VERBS: dict[str, Callable[..., Any]] = {"reconcile": reconcile, "unreconcile": unreconcile}
