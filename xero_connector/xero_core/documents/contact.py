"""Contacts: customers and vendors alike."""

from dataclasses import dataclass

from .base import Moment


@dataclass(frozen=True, slots=True)
class Address:
    """One of a contact's two addresses; `kind` is 'POBOX' (for post and documents) or 'STREET' (for delivery)."""

    kind: str
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    attention_to: str = ""


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
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    xero_id: str = ""


@dataclass(frozen=True, slots=True)
class RemoteContact:
    """A contact as Xero holds it; `merged_into` is the id of the contact it was merged into, else ''."""

    xero_id: str
    name: str
    contact_number: str = ""
    email: str = ""
    tax_number: str = ""
    status: str = ""
    merged_into: str = ""
    updated: Moment | None = None
