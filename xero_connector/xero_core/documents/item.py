"""Products: items of Xero's price list."""

from dataclasses import dataclass
from decimal import Decimal

from .base import Moment


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
