"""Items (Xero's page "Items"): untracked ones only, so that Xero's stock is never touched."""

from decimal import Decimal

from ..documents import Item, ItemSide, RemoteItem
from ..values import clean_guid, clean_lines, clean_text, parse_datetime, to_text
from .fields import filled

CODE_LIMIT, NAME_LIMIT, DESCRIPTION_LIMIT = 30, 50, 4000
PRICE_STEP = Decimal("0.0001")


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
