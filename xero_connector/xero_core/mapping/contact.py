"""Contacts (Xero's page "Contacts"): one record for customer and supplier, name unique among active contacts."""

import re

from ..documents import Address, Contact, Phone, RemoteContact
from ..values import clean_guid, clean_text, parse_datetime, to_text
from .fields import filled

NAME_LIMIT = 255
KEY_LIMIT = 50
EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$")


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
    }


def _country(country: str) -> str:
    """Xero takes letters and spaces only, at most 50."""
    return clean_text("".join(char if char.isalpha() else " " for char in country or ""), 50)


def _phone(phone: Phone) -> dict:
    """The number in one piece; area and country code are emptied, or what stood there before would be put in front of it."""
    return {"PhoneType": phone.kind, "PhoneNumber": clean_text(phone.number, 50), "PhoneAreaCode": "", "PhoneCountryCode": ""}


def from_xero(payload: dict) -> RemoteContact:
    """Read a contact."""
    return RemoteContact(
        xero_id=clean_guid(payload.get("ContactID")),
        name=to_text(payload.get("Name")),
        contact_number=to_text(payload.get("ContactNumber")),
        email=to_text(payload.get("EmailAddress")),
        tax_number=to_text(payload.get("TaxNumber")),
        status=to_text(payload.get("ContactStatus")),
        merged_into=clean_guid(payload.get("MergedToContactID")),
        updated=parse_datetime(payload.get("UpdatedDateUTC")),
    )
