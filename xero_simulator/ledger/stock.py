"""Tracked items: what goes out is an expense at its average cost, and the inventory account is worth what is on hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ..arithmetic import ZERO
from ..stock import movements
from ..store import Record
from .books import SIGNS, Books
from .posting import Entry, Posting

# [?] What was there before the first document has no day of its own: it is booked before all of them, as a conversion balance is.
OPENING = date.min


def entries(books: Books) -> Iterator[Entry]:
    """The same on a cash basis [?]."""
    for item in books.organisation.items:
        if item["InventoryAssetAccountCode"]:
            yield from _item(books, item)


def _item(books: Books, item: Record) -> Iterator[Entry]:
    inventory = _account(books, item["InventoryAssetAccountCode"])
    cost_of_sales = _account(books, item["PurchaseDetails"]["COGSAccountCode"])
    if item["Opening"] and item["Opening"][1]:
        posting = Posting(("Item", item["ItemID"]), OPENING)
        posting.add(inventory, item["Opening"][1], books.currency, item["Opening"][1])
        yield from posting.close(books.system["HISTORICAL"], books.currency)
    for document, line, _quantity, value in movements(books.organisation, item):
        missing = value - _booked(books, inventory, document, line)
        posting = Posting(("Stock", line["LineItemID"]), document["Date"])
        posting.add(inventory, missing, books.currency, missing)
        yield from posting.close(cost_of_sales, books.currency)


def _booked(books: Books, inventory: str, document: Record, line: Record) -> Decimal:
    """What the line itself puts onto the inventory account, as that of a bill does."""
    if line["AccountID"] != inventory:
        return ZERO
    net = line["LineAmount"] - (line["TaxAmount"] if document["LineAmountTypes"] == "Inclusive" else ZERO)
    return -SIGNS[document["Type"]] * books.base(net, document["CurrencyRate"])


def _account(books: Books, code: str) -> str:
    account = books.organisation.account_by_code(code)
    assert account is not None
    return account["AccountID"]
