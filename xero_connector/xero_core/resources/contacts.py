"""Contacts (Xero's page "Contacts"): one record for customer and supplier, name unique among active contacts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from ..values import clean_guid, clean_text, to_text
from .base import NOT_CONTENT, UNORDERED, UNQUOTABLE, Calls, Moment, each_once, equal, filled, key, rows, split, stamp, with_id
from .batches import Kind, Written, chunks, folded
from .remote import Remote, as_told

NAME_LIMIT = 255
KEY_LIMIT = 50
ACTIVE, ARCHIVED = "ACTIVE", "ARCHIVED"
EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$")
ADDRESS_KEYS = {
    "line1": "AddressLine1",
    "line2": "AddressLine2",
    "line3": "AddressLine3",
    "line4": "AddressLine4",
    "city": "City",
    "region": "Region",
    "postal_code": "PostalCode",
    "country": "Country",
    "attention_to": "AttentionTo",
}


@dataclass(frozen=True, slots=True)
class Address:
    """One of a contact's two addresses; `kind` is 'POBOX' (for post and documents) or 'STREET' (for delivery).

    People in Xero may fill four lines; from Odoo come two.
    """

    kind: str
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    attention_to: str = ""
    line3: str = ""
    line4: str = ""


@dataclass(frozen=True, slots=True)
class Phone:
    """One of a contact's four telephone slots; `kind` is 'DEFAULT', 'DDI', 'MOBILE' or 'FAX'."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact to create (no `xero_id`) or update; `contact_number` is our own key and is only written on create."""

    name: str
    contact_number: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    tax_number: str = ""
    company_number: str = ""
    account_number: str = ""
    addresses: tuple[Address, ...] = field(default=(), metadata=UNORDERED)
    phones: tuple[Phone, ...] = field(default=(), metadata=UNORDERED)
    xero_id: str = field(default="", metadata=NOT_CONTENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteContact(Remote[Contact]):
    """A contact as Xero holds it; `merged_into` is the id of the contact it was merged into, else ''.

    Complete is an answer with addresses: lists have them if they are paged and no summary was asked for.
    """

    merged_into: str = ""

    name = as_told("name")
    contact_number = as_told("contact_number")
    email = as_told("email")
    tax_number = as_told("tax_number")
    account_number = as_told("account_number")


def to_xero(contact: Contact) -> dict:
    """The payload that creates or (with `xero_id`) updates a contact.

    Empty fields are left out and stay as they are in Xero. Contact persons are never sent: sending any deletes the others.

    :raise ValueError: no name is left after Xero's rules, or the contact number is longer than Xero takes (a cut key is another key)
    """
    return filled(
        {
            "ContactID": contact.xero_id,
            "Name": _name(contact.name),
            "ContactNumber": _contact_number(contact.contact_number),
            "AccountNumber": clean_text(contact.account_number, KEY_LIMIT),
            "FirstName": clean_text(contact.first_name, NAME_LIMIT),
            "LastName": clean_text(contact.last_name, NAME_LIMIT),
            "EmailAddress": _email(contact.email),
            "TaxNumber": clean_text(contact.tax_number, KEY_LIMIT),
            "CompanyNumber": clean_text(contact.company_number, KEY_LIMIT),
            "Addresses": [_address(address) for address in contact.addresses],
            "Phones": [_phone(phone) for phone in contact.phones if phone.number],
        }
    )


def _name(name: str) -> str:
    cleaned = clean_text(name, NAME_LIMIT)
    if not cleaned:
        raise ValueError("A contact needs a name.")
    return cleaned


def _contact_number(number: str) -> str:
    if len(number) > KEY_LIMIT:
        raise ValueError(f"A contact number has at most {KEY_LIMIT} characters.")
    return number


def _email(email: str) -> str:
    """Xero refuses the whole contact for an address it does not like ("Email address must be valid."), umlauts included: better none."""
    stripped = (email or "").strip()
    return stripped if len(stripped) <= NAME_LIMIT and EMAIL.match(stripped) else ""


def _address(address: Address) -> dict:
    """All parts, empty ones too: an address is replaced as a whole, not mixed with the one before."""
    return {
        "AddressType": address.kind,
        "AddressLine1": clean_text(address.line1, 500),
        "AddressLine2": clean_text(address.line2, 500),
        "City": clean_text(address.city, 255),
        "Region": clean_text(address.region, 255),
        "PostalCode": clean_text(address.postal_code, 50),
        "Country": _country(address.country),
        "AttentionTo": clean_text(address.attention_to, 255),
        **filled({"AddressLine3": clean_text(address.line3, 500), "AddressLine4": clean_text(address.line4, 500)}),
    }


def _country(country: str) -> str:
    """Xero takes letters and spaces only, at most 50."""
    return clean_text("".join(char if char.isalpha() else " " for char in country or ""), 50)


def _phone(phone: Phone) -> dict:
    """The number in one piece; area and country code are emptied, or what stood there before would be put in front of it."""
    return {"PhoneType": phone.kind, "PhoneNumber": clean_text(phone.number, 50), "PhoneAreaCode": "", "PhoneCountryCode": ""}


def from_xero(payload: dict) -> RemoteContact:
    """Read a contact."""
    told = Contact(
        xero_id=clean_guid(payload.get("ContactID")),
        name=to_text(payload.get("Name")),
        contact_number=to_text(payload.get("ContactNumber")),
        account_number=to_text(payload.get("AccountNumber")),
        first_name=to_text(payload.get("FirstName")),
        last_name=to_text(payload.get("LastName")),
        email=to_text(payload.get("EmailAddress")),
        tax_number=to_text(payload.get("TaxNumber")),
        company_number=to_text(payload.get("CompanyNumber")),
        addresses=tuple(filter(None, map(_address_from_xero, rows(payload, "Addresses")))),
        phones=tuple(filter(None, map(_phone_from_xero, rows(payload, "Phones")))),
    )
    return RemoteContact(
        xero_id=told.xero_id,
        told=told,
        status=to_text(payload.get("ContactStatus")),
        updated=stamp(payload),
        complete=bool(rows(payload, "Addresses")),
        merged_into=clean_guid(payload.get("MergedToContactID")),
    )


def _address_from_xero(row: dict) -> Address | None:
    """None for a slot that nobody has filled: Xero always lists both."""
    texts = {name: to_text(row.get(key)) for name, key in ADDRESS_KEYS.items()}
    return Address(to_text(row.get("AddressType")), **texts) if any(texts.values()) else None


def _phone_from_xero(row: dict) -> Phone | None:
    """The number in one piece; None for a slot that nobody has filled."""
    parts = (to_text(row.get(key)) for key in ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber"))
    number = " ".join(filter(None, parts))
    return Phone(to_text(row.get("PhoneType")), number) if number else None


def without_account_number(payload: dict) -> dict:
    """The payload of a contact that goes without the number that another contact has."""
    return {key: value for key, value in payload.items() if key != "AccountNumber"}


CONTACT_ID = ("ContactID", clean_guid)
CONTACTS = Kind("Contacts", "ContactID", (CONTACT_ID, ("ContactNumber", folded), ("Name", folded)), from_xero)


class ContactCalls(Calls):
    """Contacts, read and written in batches."""

    def contacts(
        self, ids: Iterable[str] = (), numbers: Iterable[str] = (), names: Iterable[str] = (), account_numbers: Iterable[str] = ()
    ) -> list[RemoteContact]:
        """Contacts with any of these ids, contact or account numbers, or names (case and accents do not count), each once.

        Archived ones are included. An account number that cannot stand in a filter is not asked for.
        """
        ask = partial(self._pages, self._api.get_contacts, "Contacts", include_archived=True)
        quotable, others = split(names, UNQUOTABLE)
        found = [row for group in chunks(ids, ",") for row in ask(i_ds=[group])]
        keys = [*equal("ContactNumber", numbers), *equal("AccountNumber", split(account_numbers, UNQUOTABLE)[0])]
        found += [row for where in chunks(keys, " OR ") for row in ask(where=where)]
        found += [row for where in chunks(equal("Name", quotable), " OR ") for row in ask(where=where)]
        found += [row for name in others for row in ask(search_term=name) if folded(row.get("Name")) == folded(name)]
        return each_once(map(from_xero, found))

    def contact(self, xero_id: str) -> RemoteContact | None:
        """The contact with this id, with all that Xero knows of it; None if there is none."""
        found = self._found(self._api.get_contact, "Contacts", contact_id=xero_id)
        return from_xero(found) if found else None

    def contacts_archived_since(self, moment: Moment) -> list[RemoteContact]:
        """Contacts that are archived now and were changed since ``moment`` (aware, to the second); merged ones are among them."""
        ask = partial(self._pages, self._api.get_contacts, "Contacts", include_archived=True)
        return [from_xero(row) for row in ask(where='ContactStatus=="ARCHIVED"', if_modified_since=moment)]

    def create_contacts(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create contacts; PUT, so that a name or number that exists is an error and not a change to someone else's contact."""
        return self._write(self._api.create_contacts, CONTACTS, payloads, idempotency_key=key(idempotency_key))

    def update_contacts(self, payloads: list[dict]) -> list[Written]:
        """Update contacts by id. Without a key: replaying an earlier answer would hide a later change.

        :raise ValueError: a payload has no id (Xero would then change whichever contact has that name)
        """
        return self._write(self._api.update_or_create_contacts, CONTACTS, with_id(payloads, CONTACTS))
