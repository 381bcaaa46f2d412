"""What a line takes from its item: description, price, account, tax."""

from __future__ import annotations

from typing import Any

from ... import elements
from ...call import Call
from ...errors import Invalid
from ...store import Record
from ..items import item_save

Element = dict[str, Any]


def with_item(call: Call, row: Element, sale: bool, known: str = "") -> Element:
    """The line as sent, completed from the item it names; `known` is the code the line had before."""
    code = elements.text(row, "ItemCode")
    if not code:
        return row
    item = item_save.find(call, code)
    if item is None:
        if code == known:  # the item was deleted since: the line keeps its code
            return row
        raise Invalid(call.switches.unknown_item_message.format(code=code))
    if not item["IsSold" if sale else "IsPurchased"] and call.switches.unsold_items == "refused":
        raise Invalid(f"Item code '{code}' is not {'sold' if sale else 'purchased'}")
    return {**_defaults(call, item, sale, row), **{name: value for name, value in row.items() if value != ""}, "ItemCode": item["Code"]}


def _defaults(call: Call, item: Record, sale: bool, row: Element) -> Element:
    side = item["SalesDetails" if sale else "PurchaseDetails"]
    name = item["Name"] if call.switches.item_name_as_description else ""
    found = {
        "Description": item["Description" if sale else "PurchaseDescription"] or name,
        "UnitAmount": side.get("UnitPrice"),
        "TaxType": side.get("TaxType"),
    }
    if not row.get("AccountID"):
        # [?] a tracked item is bought onto its inventory account
        found["AccountCode"] = side.get("AccountCode") or ("" if sale else item["InventoryAssetAccountCode"])
    if any(row.get(name) for name in ("AccountCode", "AccountID")):
        found.pop("TaxType")  # the tax goes with the account the line names itself
    if {"Quantity", "LineAmount"} <= row.keys():
        found.pop("UnitAmount")  # Xero computes it
    return {name: value for name, value in found.items() if value not in (None, "")}


def view(call: Call, code: str) -> dict:
    item = item_save.find(call, code)
    if item is None:
        return {"ItemCode": code}
    named = {"Name": item["Name"]} if item["Name"] else {}
    return {"ItemCode": item["Code"], "Item": {"ItemID": item["ItemID"], **named, "Code": item["Code"]}}
