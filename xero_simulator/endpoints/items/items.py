"""Items: what is sold and bought, with the values a line takes from them."""

from __future__ import annotations

from typing import Any

from ... import elements, look_ups, stock, wire
from ...arithmetic import rounding
from ...call import Call, Route
from ...errors import Invalid, NotFound, NotSimulated, validation_exception
from ...idempotency import Answer
from ...listing import Listing, answer
from ...store import Record
from ...where import Getter
from ...writes import Kind, refused_element, write
from . import item_save

MAX_BATCH = 500


def view(call: Call, record: Record, written: bool = False, listed: bool = False) -> dict:
    tracked = bool(record["InventoryAssetAccountCode"])
    shown: dict[str, Any] = {"ItemID": record["ItemID"], "Code": record["Code"]}
    shown |= {"Description": record["Description"]} if record["Description"] else {}
    shown |= {"PurchaseDescription": record["PurchaseDescription"]} if record["PurchaseDescription"] else {}
    shown["UpdatedDateUTC"] = (wire.bare_ms_date if written else wire.ms_date)(record["UpdatedDateUTC"])
    shown |= {side: _details(call, record[side]) for side in ("PurchaseDetails", "SalesDetails")}
    shown |= {"Name": record["Name"]} if record["Name"] else {}
    shown["IsTrackedAsInventory"] = tracked
    if tracked:
        quantity, pool = stock.on_hand(call.organisation, record)
        shown |= {"InventoryAssetAccountCode": record["InventoryAssetAccountCode"], "TotalCostPool": pool, "QuantityOnHand": quantity}
    shown |= {"IsSold": record["IsSold"], "IsPurchased": record["IsPurchased"]}
    return shown if listed else {**shown, "ValidationErrors": []}


def _details(call: Call, side: Record) -> dict:
    rule = rounding(call.switches, call.organisation.region.currency)
    price = {"UnitPrice": rule.to(side["UnitPrice"], call.unit_places())} if "UnitPrice" in side else {}
    return {**price, **{name: side[name] for name in ("AccountCode", "COGSAccountCode", "TaxType") if name in side}}


def _text(name: str) -> Getter:
    return lambda record: record[name] or None


def _part(side: str, name: str) -> Getter:
    return lambda record: record[side].get(name)


FIELDS: dict[str, Getter] = {
    **{name: _text(name) for name in ("ItemID", "Code", "Name", "Description", "PurchaseDescription", "InventoryAssetAccountCode")},
    "IsSold": lambda record: record["IsSold"],
    "IsPurchased": lambda record: record["IsPurchased"],
    "IsTrackedAsInventory": lambda record: bool(record["InventoryAssetAccountCode"]),
    "UpdatedDateUTC": lambda record: record["UpdatedDateUTC"],
    **{
        f"{side}.{name}": _part(side, name)
        for side in ("SalesDetails", "PurchaseDetails")
        for name in ("UnitPrice", "AccountCode", "COGSAccountCode", "TaxType")
    },
}


def list_items(call: Call) -> Answer:
    found_by = look_ups.items(call.organisation)
    listing = Listing("Items", "Item", FIELDS, lambda call, record, _full: view(call, record, listed=True), paged=False, look_ups=found_by)
    return answer(call, listing, call.organisation.items)


def _existing(call: Call, by_code: bool = False) -> Record:
    record = call.organisation.items.get(call.path["id"].lower())
    if record is None and by_code:
        record = item_save.find(call, call.path["id"])
    if record is None:
        raise NotFound()
    return record


def get_item(call: Call) -> Answer:
    """By id or by code."""
    return call.envelope("Items", [view(call, _existing(call, by_code=True))])


def _refused(element: dict[str, Any], invalid: Invalid, call: Call) -> dict:
    old = call.organisation.items.get(str(element.get("ItemID", "")).lower())
    shown = refused_element(element, invalid, call, "ItemID", "Code", stored=view(call, old) if old else None)
    shown.pop("HasValidationErrors")
    return shown


def _kind(save) -> Kind:
    return Kind("Items", save, lambda call, record: view(call, record, written=True), _refused)


def _rows(call: Call) -> list[dict[str, Any]]:
    rows = elements.read(call, "Items")
    if len(rows) > MAX_BATCH:
        raise NotSimulated(f"{len(rows)} items in one request: {MAX_BATCH} is the most, and how Xero refuses more is not known", 400)
    return rows


def create_items(call: Call) -> Answer:
    return write(call, _kind(item_save.create), _rows(call))


def save_items(call: Call) -> Answer:
    return write(call, _kind(item_save.upsert), _rows(call))


def save_item(call: Call) -> Answer:
    row = {**elements.read(call, "Items", single=True)[0], "ItemID": call.path["id"]}
    return write(call, _kind(item_save.upsert), [row], summarize=True)


def delete_item(call: Call) -> Answer:
    """For good. Lines keep the code they had. Not a tracked item that was ever bought, sold or opened with stock (recorded 2018)."""
    record = _existing(call)
    if record["InventoryAssetAccountCode"] and stock.has_transactions(call.organisation, record):
        shown = view(call, record, listed=True)
        raise validation_exception([{**shown, "ValidationErrors": [{"Message": stock.HAS_TRANSACTIONS}]}])
    call.organisation.items.remove(record["ItemID"])
    return Answer(204, "", "")


_SCOPE = ("accounting.settings", "accounting.invoices")
_WRITE = ("summarizeErrors", "unitdp")
ROUTES = [
    Route("GET", "/Items", list_items, _SCOPE, ("where", "order", "page", "unitdp"), modified_since=True),
    Route("GET", "/Items/{id}", get_item, _SCOPE, ("unitdp",)),
    Route("PUT", "/Items", create_items, _SCOPE, _WRITE),
    Route("POST", "/Items", save_items, _SCOPE, _WRITE),
    Route("POST", "/Items/{id}", save_item, _SCOPE, ("unitdp",)),
    Route("DELETE", "/Items/{id}", delete_item, _SCOPE),
]
