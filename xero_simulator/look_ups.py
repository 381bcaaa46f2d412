"""How records are found by a field, without reading all of them: what `where` demands of it with `==`, and what lists of values name.

A look-up may give more than what is asked for (every record is tested still), never less.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from .store import Table
from .tables import Tables, fold
from .where import LookUp, normal

LookUps = dict[str, LookUp]


def by_id(value: object) -> Collection[str]:
    return (value,) if isinstance(value, str) else ()


def by(table: Table, index: str, key: Callable = fold) -> LookUp:
    """By text, of which `key` makes the index's key."""
    return lambda value: table.ids(index, key(value)) if isinstance(value, str) else ()


def by_day(table: Table) -> LookUp:
    return lambda value: table.ids("day", value)


def through(first: LookUp, second: LookUp) -> LookUp:
    """By a field of what a record points to: `first` finds that, `second` what points to it."""
    return lambda value: _all(second(found) for found in first(value))


def _all(ids: Iterable[Collection[str]]) -> Collection[str]:
    return set().union(*ids)


def by_number(table: Table, types: Iterable[str]) -> LookUp:
    """Numbers of documents are kept by their types."""
    return lambda value: _all(table.ids("number", (kind, value)) for kind in types)


def contacts(organisation: Tables) -> LookUps:
    table = organisation.contacts
    return {
        "ContactID": by_id,
        "Name": by(table, "any_name", lambda name: normal(name, accents=True)),
        "ContactNumber": by(table, "number"),
        "AccountNumber": by(table, "account_number"),
        "EmailAddress": by(table, "email"),
        "TaxNumber": by(table, "tax_number"),
    }


def of_contact(organisation: Tables, table: Table) -> LookUps:
    """By the contact of a document."""
    found, own = contacts(organisation), by(table, "contact")
    return {f"Contact.{name}": own if name == "ContactID" else through(found[name], own) for name in ("ContactID", "Name", "ContactNumber")}


def documents(organisation: Tables, table: Table, id_field: str, number_field: str, types: Iterable[str]) -> LookUps:
    own = {id_field: by_id, number_field: by_number(table, types), "Reference": by(table, "reference")}
    return own | of_contact(organisation, table)


def payments(organisation: Tables) -> LookUps:
    table = organisation.payments
    paid = (organisation.invoices, organisation.credit_notes, organisation.overpayments, organisation.prepayments)
    document, batch = by(table, "document"), by(table, "batch")

    def documents_of(contact_id: str) -> Collection[str]:
        return _all(documents.ids("contact", contact_id) for documents in paid)

    return {
        "PaymentID": by_id,
        "Reference": by(table, "reference"),
        "Invoice.InvoiceID": document,
        "Invoice.Contact.ContactID": through(documents_of, document),
        "BatchPaymentID": batch,
        "BatchPayment.BatchPaymentID": batch,
    }


def bank_transactions(organisation: Tables) -> LookUps:
    table = organisation.bank_transactions
    own = {"BankTransactionID": by_id, "Date": by_day(table), "Reference": by(table, "reference")}
    return own | of_contact(organisation, table)


def manual_journals(organisation: Tables) -> LookUps:
    table = organisation.manual_journals
    return {"ManualJournalID": by_id, "Date": by_day(table), "Narration": by(table, "narration")}


def items(organisation: Tables) -> LookUps:
    table = organisation.items
    return {"ItemID": by_id, "Code": by(table, "code"), "Name": by(table, "name")}
