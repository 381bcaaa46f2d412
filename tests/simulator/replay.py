"""Comparing an answer with a recording, field by field, and putting the simulator in the state that was recorded.

Compared is every value but those of `LEFT_OUT`; of every object that it has the same fields; of every list that it is as long. What is
compared depends on the recording alone, so that the denominator is fixed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from replayed import ADDED_LATER, LEFT_OUT

from xero_simulator import wire

HERE = Path(__file__).resolve().parent
PLACES = (HERE / "recordings", HERE.parents[2] / "shared" / "xero-recordings")
RECORDINGS = next((place for place in PLACES if place.exists()), None)
BY_KIND = {"Phones": "PhoneType", "Addresses": "AddressType"}  # Xero gives them in any order
_LEFT_OUT = re.compile("|".join(f"(?:{pattern})" for pattern in LEFT_OUT))


def recording(name: str) -> dict[str, Any]:
    assert RECORDINGS is not None
    return json.loads((RECORDINGS / f"{name}.json").read_text())


def rows(body: Any) -> list[dict]:
    """The elements of an answer."""
    return next(value for value in body.values() if isinstance(value, list))


def compared(expected: Any, actual: Any, added: frozenset[str] = frozenset(), path: str = "") -> Iterator[tuple[str, bool]]:
    """(field, whether it is right) of everything that is compared; positions in lists are not told."""
    name = path.rsplit(".", 1)[-1]
    if isinstance(expected, dict):
        found = actual if isinstance(actual, dict) else {}
        extra = {field for field in set(found) - set(expected) if field not in added and f"{name}.{field}" not in added}
        yield f"{path}{{}}", not extra and set(expected) <= set(found)
        for field, value in expected.items():
            if not _LEFT_OUT.fullmatch(field):
                yield from compared(value, found.get(field), added, f"{path}.{field}")
    elif isinstance(expected, list):
        found = _ordered(name, actual if isinstance(actual, list) else [])
        yield f"{path}[]", len(expected) == len(found)
        for number, value in enumerate(_ordered(name, expected)):
            yield from compared(value, found[number] if number < len(found) else None, added, path)
    else:
        yield path, _same(expected, actual)


def _same(expected: Any, actual: Any) -> bool:
    if isinstance(expected, bool) or not isinstance(expected, (int, float)):
        if isinstance(expected, str) and isinstance(actual, str) and expected.startswith("/Date("):
            return actual.startswith("/Date(") and day(expected) == day(actual)
        return expected == actual and type(expected) is type(actual)
    return isinstance(actual, (int, float)) and abs(expected - actual) < 1e-9


def _ordered(name: str, found: list) -> list:
    key = BY_KIND.get(name)
    return sorted(found, key=lambda row: row.get(key, "")) if key else found


def counted(name: str, expected: Any, actual: Any) -> tuple[int, Counter[str]]:
    """How many fields of that recording were compared, and how often which one was wrong."""
    added = frozenset(field for start, fields in ADDED_LATER.items() if name.startswith(start) for field in fields)
    found = list(compared(expected, actual, added))
    return len(found), Counter(path for path, is_right in found if not is_right)


# --- the state that was recorded ---


def day(text: str) -> str:
    """The calendar day of a date: until about 2014 told as midnight of New Zealand, since then as midnight UTC."""
    offset = re.search(r"\+(\d\d)00\)", text)
    return (wire.parse_moment(text) + timedelta(hours=int(offset[1]) if offset else 0)).date().isoformat()


def moment(text: str) -> datetime:
    return datetime.fromtimestamp(int(re.findall(r"-?\d+", text)[0]) / 1000, tz=timezone.utc)


def load_contacts(api: Any, contacts: list[dict]) -> None:
    """Straight into the table, with invoices for what each owes or is owed."""
    for number, row in enumerate(contacts):
        kept = {
            name: value
            for name, value in row.items()
            if isinstance(value, str) and name not in ("UpdatedDateUTC", "ContactID", "ContactStatus")
        }
        stamp = moment(row["UpdatedDateUTC"]).replace(microsecond=number)
        record = {
            "ContactID": row["ContactID"],
            "ContactStatus": row["ContactStatus"],
            "ContactPersons": (),
            "UpdatedDateUTC": stamp,
            **kept,
        }
        for name, kind in BY_KIND.items():
            record[name] = {slot[kind]: {field: slot[field] for field in slot if field != kind} for slot in row[name]}
        origin = {"Origin": "api"} if "BankAccountDetails" in row else {}
        own = {name: row[name] for name in ("ContactGroups", "BatchPayments", "BrandingTheme") if name in row}
        api.organisation.contacts.put({**record, **origin, **own})
        _owe(api, row)


def _owe(api: Any, contact: dict) -> None:
    sides = (("ACCREC", "AccountsReceivable", "IsCustomer"), ("ACCPAY", "AccountsPayable", "IsSupplier"))
    for kind, side, flag in sides:
        amount = contact.get("Balances", {}).get(side, {}).get("Outstanding", 0)
        if amount or contact.get(flag):
            line = {"Description": "Owed", "UnitAmount": amount, "AccountID": _any_account(api, kind)}
            named = {"Type": kind, "Contact": {"ContactID": contact["ContactID"]}, "LineAmountTypes": "NoTax", "LineItems": [line]}
            made = api.put("Invoices", {**named, "Date": "2018-01-01", "DueDate": "2018-01-10", "Status": "AUTHORISED"})
            assert made.status_code == 200, made.text


def _any_account(api: Any, kind: str) -> str:
    wanted = "REVENUE" if kind == "ACCREC" else "EXPENSE"
    return next(row["AccountID"] for row in api.organisation.accounts if row["Class"] == wanted and not row["SystemAccount"])


def load_items(api: Any, items: list[dict]) -> None:
    for number, row in enumerate(items):
        texts = {name: row.get(name, "") for name in ("Code", "Name", "Description", "PurchaseDescription", "InventoryAssetAccountCode")}
        sides = {name: json.loads(json.dumps(row[name]), parse_float=Decimal) for name in ("SalesDetails", "PurchaseDetails")}
        stock = (Decimal(str(row["QuantityOnHand"])), Decimal(str(row["TotalCostPool"]))) if row["IsTrackedAsInventory"] else None
        stamp = moment(row["UpdatedDateUTC"]).replace(microsecond=number)
        flags = {name: row[name] for name in ("IsSold", "IsPurchased")}
        api.organisation.items.put({"ItemID": row["ItemID"], **texts, **sides, **flags, "Opening": stock, "UpdatedDateUTC": stamp})


def as_sent(row: dict, contact_id: str, status: str = "AUTHORISED") -> dict:
    """The document that was answered as it may have been sent: what Xero computes is left out, but for the tax of lines."""
    names = ("Type", "InvoiceNumber", "CreditNoteNumber", "Reference", "LineAmountTypes", "CurrencyCode", "SentToContact")
    sent = {name: row[name] for name in names if row.get(name)}
    days = {name: day(row[name]) for name in ("Date", "DueDate") if name in row}
    lines = [_line(line) for line in row.get("LineItems") or [_whole(row)]]
    return {**sent, **days, "Status": status, "Contact": {"ContactID": contact_id}, "LineItems": lines}


def _line(line: dict) -> dict:
    names = ("Description", "Quantity", "UnitAmount", "AccountCode", "TaxType", "TaxAmount", "DiscountRate", "ItemCode")
    tracking = [{name: entry[name] for name in ("Name", "Option")} for entry in line.get("Tracking", ())]
    return {**{name: line[name] for name in names if name in line}, "Tracking": tracking}


def _whole(row: dict) -> dict:
    """One line for all, of a document that was told without its lines."""
    amount = row["Total"] if row["LineAmountTypes"] == "Inclusive" else row["SubTotal"]
    code = "200" if row["Type"].startswith("ACCREC") else "400"
    return {"Description": "All of it", "UnitAmount": amount, "TaxAmount": row["TotalTax"], "AccountCode": code, "Tracking": []}


def contact_id(api: Any, row: dict) -> str:
    """The contact of a document; made by name where it is not there."""
    if api.organisation.contacts.get(row["Contact"]["ContactID"]):
        return row["Contact"]["ContactID"]
    found = api.organisation.contact_by_name(row["Contact"]["Name"])
    return found["ContactID"] if found else api.contact(row["Contact"]["Name"])["ContactID"]


def load_invoice(api: Any, row: dict, stamp: datetime) -> dict:
    """Through the API: the invoice, what was paid and credited, its files; then its stamp."""
    record = load_document(api, "Invoices", row, contact_id(api, row))
    if row.get("HasAttachments"):
        _made(api.upload(f"Invoices/{record['DocumentID']}", "a.pdf", b"%PDF", "application/pdf"))
    return api.organisation.invoices.put({**record, "UpdatedDateUTC": stamp})


def load_document(api: Any, kind: str, row: dict, contact: str) -> dict:
    """An invoice or a credit note in the status that was recorded; gives the record."""
    ended = row["Status"] in ("VOIDED", "DELETED")
    status = {"DELETED": "DRAFT", "VOIDED": "AUTHORISED", "PAID": "AUTHORISED"}.get(row["Status"], row["Status"])
    made = _made(api.put(kind, as_sent(row, contact, status), unitdp=4))
    name = f"{kind[:-1]}ID"
    for note in row.get("CreditNotes", ()):
        _credit(api, row, made, note)
    for payment in row.get("Payments", ()):
        paid = {kind[:-1]: {name: made[name]}, "Account": {"Code": "090"}, "Date": day(payment["Date"])}
        _made(api.put("Payments", {**paid, "Amount": payment["Amount"], "Reference": payment.get("Reference", "")}))
    if kind == "CreditNotes" and row["Status"] == "PAID":  # what used it up is not always told: a refund does as well
        refund = {"CreditNote": {name: made[name]}, "Account": {"Code": "090"}, "Date": day(row["Date"]), "Amount": row["Total"]}
        _made(api.put("Payments", refund))
    if ended:
        _made(api.post(f"{kind}/{made[name]}", {"Status": row["Status"]}))
    return (api.organisation.invoices if kind == "Invoices" else api.organisation.credit_notes).get(made[name])


def _credit(api: Any, row: dict, invoice: dict, note: dict) -> None:
    line = {"Description": "Credit", "UnitAmount": note["Total"], "AccountID": _any_account(api, row["Type"])}
    kind = f"{row['Type']}CREDIT"
    taken = api.organisation.credit_notes.find("number", (kind, note.get("CreditNoteNumber", "").lower()))
    number = {"CreditNoteNumber": note["CreditNoteNumber"]} if "CreditNoteNumber" in note and not taken else {}
    named = {"Type": kind, "Contact": {"ContactID": invoice["Contact"]["ContactID"]}, "Status": "AUTHORISED", **number}
    made = _made(api.put("CreditNotes", {**named, "LineAmountTypes": "NoTax", "LineItems": [line], "Date": day(note["Date"])}))
    applied = note.get("AppliedAmount") or row.get("AmountCredited") or note["Total"]
    part = {"Amount": applied, "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": day(note["Date"])}
    _made(api.put(f"CreditNotes/{made['CreditNoteID']}/Allocations", {"Allocations": [part]}))


def _made(answer: Any) -> dict:
    assert answer.status_code == 200, answer.text
    return rows(answer.json())[0]
