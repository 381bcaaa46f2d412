"""The books as the ledger has them, for whoever tests: per account, per contact, and what each document books."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from . import wire
from .ledger import entries
from .ledger.balances import per_account, per_contact
from .ledger.books import Books
from .ledger.posting import Entry
from .ledger.stock import OPENING
from .organisation import Organisation

if TYPE_CHECKING:
    from .world import World


def balances(world: World, organisation: Organisation, query: dict[str, str]) -> dict:
    """As of the end of `date` (today): debits positive, in base currency; `foreign` is the same in the currency named.

    Contacts by control account (DEBTORS: what they owe, CREDITORS: what is owed to them) and currency.
    """
    unknown = set(query) - {"date", "paymentsOnly"}
    if unknown:
        raise ValueError(f"unknown query parameter {', '.join(sorted(unknown))}")
    day = wire.parse_day(query["date"]) if "date" in query else organisation.today(world.now())
    books = Books(organisation, world.switches, cash=wire.parse_bool(query.get("paymentsOnly", "false")))
    found = list(entries(books))
    return {
        "date": day,
        "currency": books.currency,
        "accounts": _accounts(books, found, day),
        "contacts": _contacts(books, found, day),
    }


def entries_by_source(world: World, organisation: Organisation, query: dict[str, str]) -> dict:
    """Everything that is booked, of any day: by what it comes from (`Invoice`, `Payment`, ...) and the id of that; debits positive."""
    if query:
        raise ValueError(f"unknown query parameter {', '.join(sorted(query))}")
    books = Books(organisation, world.switches)
    return {"currency": books.currency, "entries": [_entry(entry) for entry in entries(books)]}


def _entry(entry: Entry) -> dict:
    kind, source_id = entry.source
    day = None if entry.day == OPENING else entry.day
    row = {"source": kind, "source_id": source_id, "date": day, "account_id": entry.account, "contact_id": entry.contact}
    return {**row, "amount": entry.amount, "currency": entry.currency, "foreign": entry.foreign}


def _accounts(books: Books, found: list[Entry], day: date) -> list[dict]:
    balances = per_account(books, found, day)
    rows = []
    for account in books.organisation.accounts:
        balance = balances.get(account["AccountID"])
        if balance and (balance.amount or balance.movement):
            named = {"account_id": account["AccountID"], "code": account["Code"], "name": account["Name"], "class": account["Class"]}
            bank = {"currency": account["CurrencyCode"], "foreign": balance.foreign} if account["CurrencyCode"] else {}
            rows.append({**named, "balance": balance.amount, "month": balance.movement, **bank})
    return rows


def _contacts(books: Books, found: list[Entry], day: date) -> list[dict]:
    rows = []
    for (contact_id, control, currency), (base, foreign) in per_contact(books, found, day).items():
        contact = books.organisation.contacts.get(contact_id)
        if contact and (base or foreign):
            named = {"contact_id": contact_id, "name": contact["Name"], "control": control, "currency": currency}
            rows.append({**named, "balance": base, "foreign": foreign})
    return rows
