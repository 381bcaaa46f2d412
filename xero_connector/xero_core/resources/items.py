"""Products (Xero's page "Items"): untracked items only, so that Xero's stock is never touched."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from ..values import clean_guid, clean_lines, clean_text, parse_datetime, to_text
from .base import UNITDP, UNQUOTABLE, Calls, Moment, each_once, equal, filled, key, split, with_id
from .batches import Kind, Written, chunks, folded

CODE_LIMIT, NAME_LIMIT, DESCRIPTION_LIMIT = 30, 50, 4000
PRICE_STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class ItemSide:
    """What a line takes from an item when it is sold, or bought: the price without tax in base currency, account and tax."""

    unit_price: Decimal | None = None
    account_code: str = ""
    tax_type: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An untracked item to create (no `xero_id`) or update. A side that is None is switched off: not sold, or not bought."""

    code: str
    name: str
    sales: ItemSide | None = None
    purchase: ItemSide | None = None
    xero_id: str = ""


@dataclass(frozen=True, slots=True)
class RemoteItem:
    """An item as Xero holds it; `is_tracked` says that Xero keeps its stock."""

    xero_id: str
    code: str
    name: str = ""
    is_tracked: bool = False
    is_sold: bool = True
    is_purchased: bool = True
    updated: Moment | None = None


def to_xero(item: Item) -> dict:
    """The payload that creates or (with `xero_id`) updates an item. Nothing of inventory is ever sent: that would make it a tracked one.

    :raise ValueError: no code, or one that is longer than Xero takes (a cut code is another item)
    """
    if not 0 < len(item_code(item.code)) <= CODE_LIMIT:
        raise ValueError(f"The code of an item has 1 to {CODE_LIMIT} characters.")
    sales, purchase = item.sales or ItemSide(), item.purchase or ItemSide()
    return filled(
        {
            "ItemID": item.xero_id,
            "Code": item_code(item.code),
            "Name": clean_text(item.name, NAME_LIMIT),
            "Description": clean_lines(sales.description, DESCRIPTION_LIMIT),
            "PurchaseDescription": clean_lines(purchase.description, DESCRIPTION_LIMIT),
            "IsSold": item.sales is not None,
            "IsPurchased": item.purchase is not None,
            "SalesDetails": _side(sales),
            "PurchaseDetails": _side(purchase),
        }
    )


def item_code(code: str) -> str:
    """The code as Xero keeps it."""
    return clean_text(code, CODE_LIMIT + 1)


def _side(side: ItemSide) -> dict | None:
    price = side.unit_price.quantize(PRICE_STEP) if side.unit_price is not None else None
    return filled({"UnitPrice": price, "AccountCode": side.account_code, "TaxType": side.tax_type}) or None


def from_xero(payload: dict) -> RemoteItem:
    """Read an item."""
    return RemoteItem(
        xero_id=clean_guid(payload.get("ItemID")),
        code=to_text(payload.get("Code")),
        name=to_text(payload.get("Name")),
        is_tracked=payload.get("IsTrackedAsInventory") is True or bool(payload.get("InventoryAssetAccountCode")),
        is_sold=payload.get("IsSold") is not False,
        is_purchased=payload.get("IsPurchased") is not False,
        updated=parse_datetime(payload.get("UpdatedDateUTC")),
    )


ITEMS = Kind("Items", "ItemID", (("ItemID", clean_guid), ("Code", folded)), from_xero)


class ItemCalls(Calls):
    """Items, read and written in batches."""

    def items(self, ids: Iterable[str] = (), codes: Iterable[str] = ()) -> list[RemoteItem]:
        """Items with any of these ids or codes (case does not count), each once. The list is not paged."""
        ask = partial(self._list, self._api.get_items, "Items", unitdp=UNITDP)
        quotable, others = split(codes, UNQUOTABLE)
        terms = [f'ItemID==guid("{xero_id}")' for xero_id in ids if xero_id] + equal("Code", quotable)
        found = [row for where in chunks(terms, " OR ") for row in ask(where=where)]
        if others:
            wanted = {folded(code) for code in others}
            found += [row for row in ask() if folded(row.get("Code") or "") in wanted]
        return each_once(map(from_xero, found))

    def create_items(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create items; PUT, so that a code that exists is an error: a POST would change that item."""
        return self._write(self._api.create_items, ITEMS, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def update_items(self, payloads: list[dict]) -> list[Written]:
        """Update items by id.

        :raise ValueError: a payload has no id (Xero would then change whichever item has that code)
        """
        return self._write(self._api.update_or_create_items, ITEMS, with_id(payloads, ITEMS), unitdp=UNITDP)
