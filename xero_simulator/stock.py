"""Tracked inventory: how many are on hand, and what they cost (average). Told by the documents in force, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from .arithmetic import ZERO
from .errors import Invalid
from .organisation import Organisation, fold
from .store import Record

INSUFFICIENT = "Insufficient stock. Items are eligible for backorder."
HAS_TRANSACTIONS = "The item could not be deleted because it is associated with inventory transactions"
CENT = Decimal("0.01")
_IN_FORCE = ("AUTHORISED", "PAID")
_COMES_IN = ("ACCPAY", "ACCRECCREDIT")


def on_hand(organisation: Organisation, item: Record) -> tuple[Decimal, Decimal]:
    """(quantity, value) of a tracked item."""
    quantity, pool = item["Opening"] or (Decimal(0), ZERO)
    for _document, _line, moved, cost in movements(organisation, item):
        quantity += moved
        pool += cost
    return quantity, pool


def has_transactions(organisation: Organisation, item: Record) -> bool:
    return bool(item["Opening"]) or any(True for _line in _lines(organisation, item))


def movements(organisation: Organisation, item: Record) -> Iterator[tuple[Record, Record, Decimal, Decimal]]:
    """(document, line, quantity, value) of what came in, and of what went out (negative) at the average it had then; in whole cents."""
    quantity, pool = item["Opening"] or (Decimal(0), ZERO)
    for document, line in _lines(organisation, item):
        moved = line["Quantity"] if document["Type"] in _COMES_IN else -line["Quantity"]
        average = pool / quantity if quantity else ZERO
        cost = (_cost(document, line) if document["Type"] == "ACCPAY" else moved * average).quantize(CENT, ROUND_HALF_UP)
        yield document, line, moved, cost
        quantity += moved
        pool += cost


def _lines(organisation: Organisation, item: Record) -> Iterator[tuple[Record, Record]]:
    code = fold(item["Code"])
    documents = (row for table in (organisation.invoices, organisation.credit_notes) for row in table if row["Status"] in _IN_FORCE)
    for document in sorted(documents, key=lambda row: row["Date"]):
        for line in document["Lines"]:
            if line["Quantity"] is not None and fold(line.get("ItemCode")) == code:
                yield document, line


def _cost(document: Record, line: Record) -> Decimal:
    """Without tax, in base currency."""
    net = line["LineAmount"] - line["TaxAmount"] if document["LineAmountTypes"] == "Inclusive" else line["LineAmount"]
    return net / document["CurrencyRate"]


def check(organisation: Organisation, document: Record) -> None:
    """Nothing is sold that is not there, after this document is in force."""
    if document["Status"] not in _IN_FORCE or document["Type"] in _COMES_IN:
        return
    for code in {fold(line.get("ItemCode")) for line in document["Lines"] if line.get("ItemCode")}:
        for item in organisation.items.find("code", code):
            if item["InventoryAssetAccountCode"] and on_hand(organisation, item)[0] < 0:
                raise Invalid(INSUFFICIENT)
