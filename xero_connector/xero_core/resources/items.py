"""Products (Xero's page "Items"): untracked items only, so that Xero's stock is never touched."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from ..values import clean_guid, clean_lines, clean_text, to_decimal, to_text
from .base import NOT_CONTENT, UNITDP, UNQUOTABLE, Calls, each_once, equal, filled, key, nested, split, stamp, with_id
from .batches import Kind, Written, chunks, folded
from .remote import Remote, as_told

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
    xero_id: str = field(default="", metadata=NOT_CONTENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteItem(Remote[Item]):
    """An item as Xero holds it; `is_tracked` says that Xero keeps its stock. An `Item` cannot say all of such a one: it is not complete."""

    is_tracked: bool = False

    code = as_told("code")
    name = as_told("name")

    @property
    def is_sold(self) -> bool:
        """Whether it is for sale."""
        return self.told.sales is not None

    @property
    def is_purchased(self) -> bool:
        """Whether it can be bought."""
        return self.told.purchase is not None


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
    is_tracked = payload.get("IsTrackedAsInventory") is True or bool(payload.get("InventoryAssetAccountCode"))
    told = Item(
        xero_id=clean_guid(payload.get("ItemID")),
        code=to_text(payload.get("Code")),
        name=to_text(payload.get("Name")),
        sales=_side_from_xero(payload, "IsSold", "SalesDetails", "Description"),
        purchase=_side_from_xero(payload, "IsPurchased", "PurchaseDetails", "PurchaseDescription"),
    )
    return RemoteItem(xero_id=told.xero_id, told=told, updated=stamp(payload), complete=not is_tracked, is_tracked=is_tracked)


def _side_from_xero(payload: dict, switch: str, details: str, description: str) -> ItemSide | None:
    """One side of an item, None if it is switched off."""
    if payload.get(switch) is False:
        return None
    side = nested(payload, details)
    return ItemSide(
        unit_price=to_decimal(side.get("UnitPrice"), None),
        account_code=to_text(side.get("AccountCode")),
        tax_type=to_text(side.get("TaxType")),
        description=to_text(payload.get(description)),
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

    def item(self, xero_id: str) -> RemoteItem | None:
        """The item with this id, None if there is none (any more): Xero keeps nothing of a deleted one."""
        found = self._found(self._api.get_item, "Items", item_id=xero_id, unitdp=UNITDP)
        return from_xero(found) if found else None

    def create_items(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create items; PUT, so that a code that exists is an error: a POST would change that item."""
        return self._write(self._api.create_items, ITEMS, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def update_items(self, payloads: list[dict]) -> list[Written]:
        """Update items by id.

        :raise ValueError: a payload has no id (Xero would then change whichever item has that code)
        """
        return self._write(self._api.update_or_create_items, ITEMS, with_id(payloads, ITEMS), unitdp=UNITDP)
