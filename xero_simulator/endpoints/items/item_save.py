"""Saving items: the price list, and the few rules of tracked inventory."""

from __future__ import annotations

from typing import Any

from ... import elements
from ...arithmetic import rounding
from ...call import Call
from ...errors import Invalid, NotSimulated
from ...store import Record
from ...writes import unknown

Element = dict[str, Any]
CODE_LENGTH, NAME_LENGTH, DESCRIPTION_LENGTH = 30, 50, 4000
KNOWN = (
    "ItemID", "Code", "Name", "Description", "PurchaseDescription", "IsSold", "IsPurchased", "SalesDetails", "PurchaseDetails",
    "InventoryAssetAccountCode",
)  # fmt: skip
READ_ONLY = ("IsTrackedAsInventory", "QuantityOnHand", "TotalCostPool", "UpdatedDateUTC", "StatusAttributeString", "ValidationErrors")
_TEXTS = {"Code": CODE_LENGTH, "Name": NAME_LENGTH, "Description": DESCRIPTION_LENGTH, "PurchaseDescription": DESCRIPTION_LENGTH}
_SIDES = {"SalesDetails": ("AccountCode",), "PurchaseDetails": ("AccountCode", "COGSAccountCode")}


def find(call: Call, code: str) -> Record | None:
    return call.organisation.item_by_code(code, exact=call.switches.item_code_case == "exact")


def create(call: Call, element: Element) -> Record:
    if "ItemID" in element:
        raise NotSimulated("PUT /Items with an ItemID: what Xero does is not known; POST updates", 400)
    return _save(call, element, None)


def upsert(call: Call, element: Element) -> Record:
    """By id, else by code; what fits neither is new."""
    if not element.get("ItemID"):
        return _save(call, element, find(call, elements.text(element, "Code")))
    old = call.organisation.items.get(str(element["ItemID"]).lower())
    if old is None:
        raise unknown(call, "The item with the supplied id was not found.")
    return _save(call, element, old)


def _save(call: Call, element: Element, old: Record | None) -> Record:
    elements.check_fields(call, element, "Item", KNOWN, READ_ONLY)
    new = {**(old or _blank(call)), **{name: elements.text(element, name, limit) for name, limit in _TEXTS.items() if name in element}}
    new |= {name: elements.flag(element, name) for name in ("IsSold", "IsPurchased") if name in element}
    _tracking(call, element, new)
    for name in _SIDES:
        if name in element:
            new[name] = _side(call, name, elements.nested(element, name), new)
    _check(call, new)
    return call.organisation.items.put({**new, **_nulled(new), "UpdatedDateUTC": call.now})


def _blank(call: Call) -> Record:
    texts = dict.fromkeys((*_TEXTS, "InventoryAssetAccountCode"), "")
    sides: dict[str, Record] = {name: {} for name in _SIDES}
    return {"ItemID": call.organisation.new_id(), **texts, "IsSold": True, "IsPurchased": True, **sides, "Opening": None}


def _nulled(new: Record) -> Record:
    """[DOC] A side that is switched off loses its description and details."""
    sold: Record = {} if new["IsSold"] else {"Description": "", "SalesDetails": {}}
    bought: Record = {} if new["IsPurchased"] else {"PurchaseDescription": "", "PurchaseDetails": {}}
    return sold | bought


def _check(call: Call, new: Record) -> None:
    if not new["Code"].strip():
        raise Invalid("Code must be given.")
    other = find(call, new["Code"])
    if other and other["ItemID"] != new["ItemID"]:
        raise Invalid(call.switches.item_exists_message.format(code=new["Code"]))
    tracked, bought = bool(new["InventoryAssetAccountCode"]), new["PurchaseDetails"]
    if tracked and not bought.get("COGSAccountCode"):
        raise Invalid("The COGSAccountCode is required for a tracked item.")
    if tracked and bought.get("AccountCode"):
        raise Invalid("AccountCode is not applicable to the purchase details of a tracked item.")
    if not tracked and bought.get("COGSAccountCode"):
        raise Invalid("COGSAccountCode is only applicable to the purchase details of a tracked item.")


def _tracking(call: Call, element: Element, new: Record) -> None:
    if "InventoryAssetAccountCode" not in element:
        return
    code = elements.text(element, "InventoryAssetAccountCode")
    if not code and new["InventoryAssetAccountCode"]:
        raise NotSimulated("turning a tracked item into an untracked one: what Xero does is not known", 400)
    if code and _account(call, code)["Type"] != "INVENTORY":
        raise Invalid(f"The inventory asset account '{code}' must be of type INVENTORY.")
    new["InventoryAssetAccountCode"] = code


def _account(call: Call, code: str) -> Record:
    account = call.organisation.account_by_code(code)
    if account is None or account["Status"] != "ACTIVE":
        raise Invalid(f"Account code '{code}' is not a valid code.")
    return account


def _side(call: Call, name: str, sent: Element, new: Record) -> Record:
    """Price, accounts and tax of one side; what is not sent stays, and the tax follows a new account."""
    codes = _SIDES[name]
    elements.check_fields(call, sent, name, ("UnitPrice", "TaxType", *codes))
    side = {**new[name], **{field: elements.text(sent, field) for field in (*codes, "TaxType") if field in sent}}
    price = elements.number(sent, "UnitPrice")
    if price is not None:
        side["UnitPrice"] = rounding(call.switches, call.organisation.region.currency).to(price, call.unit_places())
    for code in codes:
        account = _account(call, side[code]) if side.get(code) else None
        if account and sent.get(code) and not sent.get("TaxType"):
            side["TaxType"] = account["TaxType"]
        if account:
            _check_tax(call, side.get("TaxType", ""), account)
    return {field: value for field, value in side.items() if value != ""}


def _check_tax(call: Call, tax_type: str, account: Record) -> None:
    rate = call.organisation.tax_rates.get(tax_type)
    if tax_type and (rate is None or rate["Status"] != "ACTIVE" or account["Class"] not in rate["CanApplyTo"]):
        raise Invalid(f"The TaxType code '{tax_type}' cannot be used with account code '{account['Code']}'.")
