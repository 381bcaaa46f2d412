"""How a contact looks: after a write, fetched alone, on a page, and inside a document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ... import wire
from ...arithmetic import ZERO
from ...call import Call
from ...errors import Invalid
from ...organisation import Organisation
from ...store import Record
from ...writes import refused_element
from ..files import attachments
from .contact_save import ADDRESS_TYPES, KNOWN, PHONE_TYPES, READ_ONLY, TEXTS

_HEAD = ("ContactNumber", "AccountNumber")
_ALWAYS_AFTER_API = ("EmailAddress", "BankAccountDetails")
_PERSON = ("FirstName", "LastName")  # told once they were sent, empty too
_BODY = tuple(name for name in TEXTS if name not in (*_HEAD, *_PERSON, "Name", "DefaultCurrency", *_ALWAYS_AFTER_API))
_GET_PHONES = ("DDI", "DEFAULT", "FAX", "MOBILE")


MASK = "****"


def _as_seen(call: Call, contact: Record) -> Record:
    """The contact as the one who is connected may see it: of its tax number and its bank accounts perhaps the last four only."""
    switches = call.switches
    hidden = {"TaxNumber": switches.mask_tax_numbers, "BankAccountDetails": switches.mask_bank_details}
    names = [name for name, is_hidden in hidden.items() if is_hidden]
    seen = {**contact, **{name: _masked(contact[name]) for name in names if contact.get(name)}}
    if switches.mask_bank_details and (batch := contact.get("BatchPayments")):
        seen["BatchPayments"] = {name: _masked(text) if name == "BankAccountNumber" and text else text for name, text in batch.items()}
    return seen


def _masked(text: str) -> str:
    return MASK + text[-4:]


def _texts(contact: Record, names: tuple[str, ...]) -> dict:
    return {name: contact[name] for name in names if contact.get(name)}


def _base(organisation: Organisation, contact: Record, addresses: tuple[str, ...], phones: tuple[str, ...]) -> dict:
    shown = {
        "ContactID": contact["ContactID"],
        **_texts(contact, _HEAD),
        "ContactStatus": contact["ContactStatus"],
        "Name": contact["Name"],
    }
    shown |= {name: contact[name] for name in _PERSON if name in contact}
    shown |= _texts(contact, _BODY)
    by_api = contact.get("Origin") == "api"
    shown |= {name: contact.get(name, "") for name in _ALWAYS_AFTER_API if by_api or name in contact}
    shown["Addresses"] = [_address(contact, kind) for kind in addresses]
    shown["Phones"] = [_phone(contact, kind) for kind in phones]
    shown["UpdatedDateUTC"] = wire.ms_date(contact["UpdatedDateUTC"])
    shown["ContactGroups"] = []
    shown["IsSupplier"] = has_documents(organisation, contact, "ACCPAY")
    shown["IsCustomer"] = has_documents(organisation, contact, "ACCREC")
    if contact.get("DefaultCurrency"):
        shown["DefaultCurrency"] = contact["DefaultCurrency"]
    return shown


def _address(contact: Record, kind: str) -> dict:
    if contact.get("Origin") != "api":
        return {"AddressType": kind}
    address = contact["Addresses"].get(kind, {})
    lines = {name: value for name, value in address.items() if name.startswith("AddressLine")}
    places = {name: address.get(name, "") for name in ("City", "Region", "PostalCode", "Country")}
    attention = {"AttentionTo": address["AttentionTo"]} if "AttentionTo" in address else {}
    return {"AddressType": kind, **lines, **places, **attention}


def _phone(contact: Record, kind: str) -> dict:
    if contact.get("Origin") != "api":
        return {"PhoneType": kind}
    phone = contact["Phones"].get(kind, {})
    return {"PhoneType": kind, **{name: phone.get(name, "") for name in ("PhoneNumber", "PhoneAreaCode", "PhoneCountryCode")}}


def has_documents(organisation: Organisation, contact: Record, kind: str) -> bool:
    """Customer and supplier are computed from the documents; what an app sends is ignored."""
    return any(table.ids("dealing", (contact["ContactID"], kind)) for table in (organisation.invoices, organisation.credit_notes))


def written(call: Call, contact: Record) -> dict:
    """After a write, and inside the answer to an invoice."""
    contact = _as_seen(call, contact)
    shown = _base(call.organisation, contact, ADDRESS_TYPES, PHONE_TYPES)
    shown |= {**_made_in_xero(contact), "SalesTrackingCategories": [], "PurchasesTrackingCategories": []}
    if contact.get("PaymentTerms"):
        shown["PaymentTerms"] = contact["PaymentTerms"]
    shown |= {"ContactPersons": [dict(person) for person in contact["ContactPersons"]], "HasValidationErrors": False}
    return shown


def fetched(call: Call, contact: Record, single: bool, full: bool = True) -> dict:
    """From a GET. `full`: alone or on a page; otherwise the short form of an unpaged listing."""
    contact = _as_seen(call, contact)
    shown = _base(call.organisation, contact, ADDRESS_TYPES[::-1], _GET_PHONES)
    if full:
        shown |= _made_in_xero(contact)
        if contact.get("MergedToContactID"):
            shown["MergedToContactID"] = contact["MergedToContactID"]
        if contact.get("PaymentTerms"):
            shown["PaymentTerms"] = contact["PaymentTerms"]
    shown |= _balances(call, contact)  # of an unpaged list too (recorded 2018)
    shown["ContactPersons"] = [dict(person) for person in contact["ContactPersons"]] if full else []
    shown["HasAttachments"] = bool(attachments.of(call, contact["ContactID"]))
    if single:
        shown["Attachments"] = attachments.views(call, contact["ContactID"])
    shown["HasValidationErrors"] = False
    return shown


def _made_in_xero(contact: Record) -> dict:
    """What a user gives a contact in Xero; told alone, on pages, and after writes, but not in unpaged lists (recorded 2018)."""
    shown: dict[str, Any] = {"ContactGroups": [dict(group) for group in contact.get("ContactGroups", ())]}
    return shown | {name: dict(contact[name]) for name in ("BatchPayments", "BrandingTheme") if name in contact}


def summary(call: Call, contact: Record) -> dict:
    """summaryOnly=true: no addresses, phones, flags, balances."""
    shown = fetched(call, contact, single=False, full=False)
    left_out = ("IsSupplier", "IsCustomer", "Balances")
    return {**{key: value for key, value in shown.items() if key not in left_out}, "Addresses": [], "Phones": []}


def _balances(call: Call, contact: Record) -> dict:
    """Open and overdue, in base currency; shown only where there is something."""
    today = call.organisation.today(call.now)
    sums: dict[str, dict[str, Decimal]] = {}
    for invoice in call.organisation.invoices.find("debtor", contact["ContactID"]):
        side = sums.setdefault(
            "AccountsReceivable" if invoice["Type"] == "ACCREC" else "AccountsPayable", {"Outstanding": ZERO, "Overdue": ZERO}
        )
        amount = (invoice["AmountDue"] / invoice["CurrencyRate"]).quantize(Decimal("0.01"))
        side["Outstanding"] += amount
        if invoice["DueDate"] and invoice["DueDate"] < today:
            side["Overdue"] += amount
    empty = {"Outstanding": ZERO, "Overdue": ZERO}
    return {"Balances": {side: sums.get(side, empty) for side in ("AccountsReceivable", "AccountsPayable")}} if sums else {}


def in_listing(contact: Record) -> dict:
    """Inside the documents of a listing."""
    return {
        "ContactID": contact["ContactID"],
        "Name": contact["Name"],
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def refused(element: dict[str, Any], invalid: Invalid, call: Call) -> dict:
    """A refused contact echoes what was sent, with empty lists for the rest; one that exists keeps its id and name."""
    old = call.organisation.contacts.get(str(element.get("ContactID", "")).lower())
    kept = {"ContactID": old["ContactID"], "Name": old["Name"]} if old else {}
    read = {name: value for name, value in element.items() if name in (*KNOWN, *READ_ONLY)}
    shown = refused_element({**read, **kept}, invalid, call, "ContactID", "ContactNumber")
    lists = {name: [{**row, "ValidationErrors": []} for row in _rows(element, name)] for name in ("Addresses", "Phones")}
    return {**shown, **lists, "ContactGroups": [], "ContactPersons": _rows(element, "ContactPersons")}


def _rows(element: dict[str, Any], name: str) -> list[dict]:
    """What was sent as a list may be anything."""
    value = element.get(name)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
