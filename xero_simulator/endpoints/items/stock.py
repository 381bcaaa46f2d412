"""Tracked inventory: how many are on hand, and what they cost (average). Told by the documents in force, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...arithmetic import ZERO
from ...errors import Invalid
from ...organisation import Organisation, fold
from ...store import Record

INSUFFICIENT = "Insufficient stock. Items are eligible for backorder."
HAS_TRANSACTIONS = "The item could not be deleted because it is associated with inventory transactions"
_IN_FORCE = ("AUTHORISED", "PAID")
_COMES_IN = ("ACCPAY", "ACCRECCREDIT")


def on_hand(organisation: Organisation, item: Record) -> tuple[Decimal, Decimal]:
    """(quantity, value) of a tracked item."""
    quantity, pool = item["Opening"] or (Decimal(0), ZERO)
    for document, line in _movements(organisation, item):
        if document["Type"] == "ACCPAY":
            pool += _cost(document, line)
            quantity += line["Quantity"]
            continue
        average = pool / quantity if quantity else ZERO
        moved = line["Quantity"] if document["Type"] in _COMES_IN else -line["Quantity"]
        quantity += moved
        pool += moved * average
    return quantity, pool.quantize(Decimal("0.01"))


def has_transactions(organisation: Organisation, item: Record) -> bool:
    return bool(item["Opening"]) or any(True for _movement in _movements(organisation, item))


def _movements(organisation: Organisation, item: Record) -> Iterator[tuple[Record, Record]]:
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
