"""Creating and changing a contact: names and both kinds of numbers unique, archived ones frozen, omitted fields kept."""

from __future__ import annotations

import re
from typing import Any

from ... import elements
from ...call import Call
from ...errors import Invalid, NotFound, NotSimulated
from ...store import Record
from ...tables import fold, plain
from ...webhooks import events

Element = dict[str, Any]
ADDRESS_TYPES = ("STREET", "POBOX")
PHONE_TYPES = ("DEFAULT", "DDI", "FAX", "MOBILE")
MAX_PERSONS = 5
TEXTS = {
    "Name": 255, "ContactNumber": 50, "AccountNumber": 50, "FirstName": 255, "LastName": 255, "CompanyNumber": 50, "EmailAddress": 255,
    "BankAccountDetails": None, "TaxNumber": 50, "AccountsReceivableTaxType": None, "AccountsPayableTaxType": None, "DefaultCurrency": 3,
    "SalesDefaultAccountCode": None, "PurchasesDefaultAccountCode": None, "SalesDefaultLineAmountType": None,
    "PurchasesDefaultLineAmountType": None, "XeroNetworkKey": None, "TaxNumberType": None, "SkypeUserName": None,
}  # fmt: skip
ADDRESS_LIMITS = {
    "AddressLine1": 500, "AddressLine2": 500, "AddressLine3": 500, "AddressLine4": 500, "City": 255, "Region": 255, "PostalCode": 50,
    "Country": 50, "AttentionTo": 255,
}  # fmt: skip
PHONE_LIMITS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
KNOWN = (*TEXTS, "ContactID", "ContactStatus", "Addresses", "Phones", "ContactPersons", "PaymentTerms", "BatchPayments")
READ_ONLY = (
    "IsCustomer", "IsSupplier", "UpdatedDateUTC", "Website", "Balances", "Discount", "HasAttachments", "Attachments", "ContactGroups",
    "HasValidationErrors", "ValidationErrors", "StatusAttributeString", "MergedToContactID", "SalesTrackingCategories",
    "PurchasesTrackingCategories",
)  # fmt: skip
ARCHIVED = "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API."
NO_IDENTITY = "The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID, ContactNumber"
NAME_TAKEN = "The contact name {name} is already assigned to another contact. The contact name must be unique across all active contacts."
NUMBER_TAKEN = "The contact number {number} is already assigned to another contact. The contact number must be unique across all contacts."
_EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")


def create(call: Call, element: Element) -> Record:
    """PUT: a new contact, never an existing one."""
    elements.check_fields(call, element, "Contact", KNOWN, READ_ONLY)
    if "ContactID" in element:
        raise NotSimulated("PUT /Contacts with a ContactID: what Xero does is not known; POST updates", 400)
    if not elements.text(element, "Name"):
        raise Invalid(NO_IDENTITY)
    return _store(call, _blank(call), element)


def upsert(call: Call, element: Element) -> Record:
    """POST: the contact of that id, else of that number, else the active one of that name, else a new one."""
    elements.check_fields(call, element, "Contact", KNOWN, READ_ONLY)
    old = find(call, element)
    if old is None:
        if not elements.text(element, "Name"):
            raise Invalid(NO_IDENTITY)
        return _store(call, _blank(call), element)
    return _store(call, old, element)


def find(call: Call, element: Element) -> Record | None:
    """The contact an element points to. Unknown ContactID: 404 for the whole request."""
    if not any(elements.text(element, name) for name in ("ContactID", "ContactNumber", "Name")):
        raise Invalid(NO_IDENTITY)
    organisation = call.organisation
    if element.get("ContactID"):
        found = organisation.contacts.get(elements.text(element, "ContactID").lower())
        if found is None:
            raise NotFound()
        return found
    found = organisation.contact_by_number(elements.text(element, "ContactNumber")) if element.get("ContactNumber") else None
    return found or (organisation.contact_by_name(elements.text(element, "Name")) if element.get("Name") else None)


def of_document(call: Call, element: Element) -> Record:
    """The contact of a document. Anything beside the id updates or makes the contact, as in Xero."""
    contact = elements.nested(element, "Contact")
    if not contact:
        raise Invalid("A Contact must be specified for this type of transaction")
    if set(contact) & set(KNOWN) == {"ContactID"}:
        record = find(call, contact)
        if record is None:
            raise NotFound()
    else:
        record = upsert(call, contact)
    if record["ContactStatus"] != "ACTIVE":
        raise Invalid(ARCHIVED)
    return record


def _blank(call: Call) -> Record:
    return {
        "ContactID": call.organisation.new_id(),
        "ContactStatus": "ACTIVE",
        "Name": "",
        "Addresses": {},
        "Phones": {},
        "ContactPersons": (),
    }


def _store(call: Call, old: Record, element: Element) -> Record:
    status = elements.choice(element, "ContactStatus", ("ACTIVE", "ARCHIVED"), old["ContactStatus"])
    known = call.organisation.contacts.get(old["ContactID"]) is not None
    restores = status == "ACTIVE" and (call.switches.unarchive_contacts or bool(call.person))
    if known and old["ContactStatus"] != "ACTIVE" and not restores:
        raise Invalid(ARCHIVED)
    new = {**old, "ContactStatus": status, "Origin": "api", "UpdatedDateUTC": call.now}
    new |= {name: elements.text(element, name) for name in TEXTS if name in element}
    new["Addresses"] = _slots(call, element, "Addresses", "AddressType", ADDRESS_TYPES, ADDRESS_LIMITS, old["Addresses"])
    new["Phones"] = _slots(call, element, "Phones", "PhoneType", PHONE_TYPES, PHONE_LIMITS, old["Phones"])
    if "ContactPersons" in element:
        new["ContactPersons"] = _persons(call, element)
    new |= {name: elements.nested(element, name) for name in ("PaymentTerms", "BatchPayments") if name in element}
    messages = [*_name(new), *_taken(call, new), *_lengths(new), *_others(call, new)]
    if messages:
        raise Invalid(messages)
    events.happened(call, "CONTACT", new["ContactID"], is_new=not known)
    return call.organisation.contacts.put(new)


def _slots(call: Call, element: Element, name: str, key: str, kinds: tuple[str, ...], limits: dict[str, int], old: dict) -> dict:
    """Addresses or phones by kind; a kind not sent keeps what it had."""
    slots = dict(old)
    for row in elements.rows(element, name):
        elements.check_fields(call, row, name, (key, *limits), ("ValidationErrors",))
        kind = elements.choice(row, key, kinds, "")
        sent = {field: elements.text(row, field, limit) for field, limit in limits.items() if field in row}
        slots[kind] = {**slots.get(kind, {}), **sent}
    return slots


def _persons(call: Call, element: Element) -> tuple[Record, ...]:
    """Contact persons are replaced as a whole."""
    persons = []
    for row in elements.rows(element, "ContactPersons"):
        elements.check_fields(
            call, row, "ContactPerson", ("FirstName", "LastName", "EmailAddress", "IncludeInEmails"), ("ValidationErrors",)
        )
        texts = {name: elements.text(row, name, 255) for name in ("FirstName", "LastName", "EmailAddress") if name in row}
        persons.append({**texts, "IncludeInEmails": elements.flag(row, "IncludeInEmails")})
    if len(persons) > MAX_PERSONS:
        raise Invalid(f"A contact can have at most {MAX_PERSONS} contact persons.")
    return tuple(persons)


def _name(new: Record) -> list[str]:
    name = new["Name"]
    if not name.strip():
        return [NO_IDENTITY]
    if "<" in name or ">" in name:
        return ["The contact name cannot contain the characters < or >."]
    if name != " ".join(name.split()):
        return ["The contact name cannot start or end with a space, nor contain repeated spaces."]
    return []


def _taken(call: Call, new: Record) -> list[str]:
    """What of it another contact has already and may not be had twice."""
    switches, messages = call.switches, []
    index, key = ("plain_name", plain(new["Name"])) if switches.contact_names == "accents" else ("name", fold(new["Name"]))
    if new["ContactStatus"] == "ACTIVE" and _others_with(call, new, index, key):
        messages.append(NAME_TAKEN.format(name=new["Name"]))
    if switches.contact_number_unique and _others_with(call, new, "number", fold(new.get("ContactNumber"))):
        messages.append(NUMBER_TAKEN.format(number=new["ContactNumber"]))
    holders = _others_with(call, new, "account_number", fold(new.get("AccountNumber")))
    if any(each["ContactStatus"] == "ACTIVE" or switches.archived_account_numbers == "taken" for each in holders):
        messages.append(switches.account_number_message.format(number=new["AccountNumber"]))
    return messages


def _others_with(call: Call, new: Record, index: str, key: str | None) -> list[Record]:
    return [other for other in call.organisation.contacts.find(index, key) if other["ContactID"] != new["ContactID"]] if key else []


def _lengths(new: Record) -> list[str]:
    return [
        f"The length of {name} must not exceed {limit} characters."
        for name, limit in TEXTS.items()
        if limit is not None and len(new.get(name, "")) > limit
    ]


def _others(call: Call, new: Record) -> list[str]:
    messages = []
    if new.get("EmailAddress") and not _EMAIL.match(new["EmailAddress"]):
        messages.append("Email address must be valid.")
    if any(re.search(r"\d", address.get("Country", "")) for address in new["Addresses"].values()):
        messages.append("Country may contain letters only.")
    currency = new.get("DefaultCurrency")
    if currency and call.organisation.currencies.get(currency) is None:
        messages.append(f"Organisation is not subscribed to currency {currency}")
    return messages
