"""What the control plane shows of an organisation, and what it may change behind the API's back (as a user in Xero would)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from . import control_bank, wire
from .organisation import Organisation
from .person.contacts import merge_into
from .store import Record


def organisation_state(organisation: Organisation) -> dict:
    return {
        "tenant_id": organisation.tenant_id,
        "name": organisation.name,
        "country": organisation.region.key,
        "base_currency": organisation.region.currency,
        "short_code": organisation.short_code,
        "period_lock_date": organisation.period_lock_date,
        "end_of_year_lock_date": organisation.year_end_lock_date,
        "multicurrency": organisation.multicurrency,
        "accounts": list(organisation.accounts),
        "tax_rates": list(organisation.tax_rates),
        "currencies": [currency["Code"] for currency in organisation.currencies],
        "tracking_categories": list(organisation.tracking),
        "bank_transactions": list(organisation.bank_transactions),
        "overpayments": list(organisation.overpayments),
        "prepayments": list(organisation.prepayments),
        "batch_payments": list(organisation.batch_payments),
        "bank_transfers": list(organisation.bank_transfers),
        "contacts": list(organisation.contacts),
        "invoices": list(organisation.invoices),
        "credit_notes": list(organisation.credit_notes),
        "payments": list(organisation.payments),
        "statement_lines": list(organisation.statement_lines),
        "repeating_invoices": list(organisation.repeating),
        "items": list(organisation.items),
        "manual_journals": list(organisation.manual_journals),
        "attachments": [{name: value for name, value in row.items() if name != "Content"} for row in organisation.attachments],
        "emails": list(organisation.emails),
        "history": list(organisation.history),
    }


def change_organisation(organisation: Organisation, changes: dict[str, Any], now: datetime) -> None:
    """Apply changes by name; ValueError for a name not known."""
    unknown = set(changes) - set(_CHANGES)
    if unknown:
        raise ValueError(f"cannot change {', '.join(sorted(unknown))}; there are {', '.join(sorted(_CHANGES))}")
    for name, value in changes.items():
        _CHANGES[name](organisation, value, now)


def _lock(attribute: str) -> Callable[[Organisation, Any, datetime], None]:
    def change(organisation: Organisation, value: Any, _now: datetime) -> None:
        setattr(organisation, attribute, wire.parse_day(value) if value else None)

    return change


def _plain(attribute: str) -> Callable[[Organisation, Any, datetime], None]:
    def change(organisation: Organisation, value: Any, _now: datetime) -> None:
        setattr(organisation, attribute, value)

    return change


def _currencies(organisation: Organisation, codes: list[str], _now: datetime) -> None:
    for code in codes:
        organisation.add_currency(code)


def _account(organisation: Organisation, code: str) -> Record:
    account = organisation.account_by_code(code)
    if account is None:
        raise ValueError(f"no account {code}")
    return account


def _account_changes(**changes: Any) -> Callable[[Organisation, list[str], datetime], None]:
    def change(organisation: Organisation, codes: list[str], now: datetime) -> None:
        for code in codes:
            organisation.accounts.put({**_account(organisation, code), **changes, "UpdatedDateUTC": now})

    return change


def _account_codes(organisation: Organisation, codes: dict[str, str], now: datetime) -> None:
    """{code: new code}, of all at once, so that two accounts may exchange theirs."""
    for account, code in [(_account(organisation, old), new) for old, new in codes.items()]:
        organisation.accounts.put({**account, "Code": code, "UpdatedDateUTC": now})


def _tax_percentages(organisation: Organisation, rates: dict[str, Any], _now: datetime) -> None:
    """{tax type: percentage}: what its one component is from now on."""
    for tax_type, percentage in rates.items():
        rate = organisation.tax_rates.get(tax_type)
        if rate is None:
            raise ValueError(f"no tax rate {tax_type}")
        [component], new = rate["TaxComponents"], wire.parse_decimal(percentage)
        organisation.tax_rates.put({**rate, "EffectiveRate": new, "TaxComponents": ({**component, "Rate": new},)})


def _tax_status(status: str) -> Callable[[Organisation, list[str], datetime], None]:
    def change(organisation: Organisation, types: list[str], _now: datetime) -> None:
        for tax_type in types:
            rate = organisation.tax_rates.get(tax_type)
            if rate is None:
                raise ValueError(f"no tax rate {tax_type}")
            organisation.tax_rates.put({**rate, "Status": status})

    return change


def _contacts(status: str) -> Callable[[Organisation, list[str], datetime], None]:
    def change(organisation: Organisation, keys: list[str], now: datetime) -> None:
        for key in keys:
            contact = organisation.contacts.get(key) or organisation.contact_by_name(key)
            if contact is None:
                raise ValueError(f"no contact {key}")
            organisation.contacts.put({**contact, "ContactStatus": status, "UpdatedDateUTC": now})

    return change


def _merge(organisation: Organisation, pairs: dict[str, str], now: datetime) -> None:
    """{loser id: winner id}: the loser is archived and points to the winner, who has its documents."""
    for loser, winner in pairs.items():
        merge_into(organisation, loser, winner, now, restamps=True)


def _add_contacts(organisation: Organisation, names: list[str], now: datetime) -> None:
    """Contacts made in Xero's own screens: empty slots, no API-only fields."""
    for name in names:
        seed_contact(organisation, name, now)


def seed_contact(organisation: Organisation, name: str, now: datetime) -> Record:
    record = {"ContactID": organisation.new_id(), "ContactStatus": "ACTIVE", "Name": name, "Origin": "screen"}
    return organisation.contacts.put({**record, "Addresses": {}, "Phones": {}, "ContactPersons": (), "UpdatedDateUTC": now})


def _reconcile(organisation: Organisation, payment_ids: list[str], now: datetime) -> None:
    for payment_id in payment_ids:
        payment = organisation.payments.get(payment_id)
        if payment is None:
            raise ValueError(f"no payment {payment_id}")
        organisation.payments.put({**payment, "IsReconciled": True, "UpdatedDateUTC": now})


def _stock(organisation: Organisation, levels: dict[str, list], now: datetime) -> None:
    """{code: [quantity, value]}: what a tracked item starts with."""
    for code, (quantity, value) in levels.items():
        item = organisation.item_by_code(code)
        if item is None or not item["InventoryAssetAccountCode"]:
            raise ValueError(f"no tracked item {code}")
        opening = (wire.parse_decimal(quantity), wire.parse_decimal(value))
        organisation.items.put({**item, "Opening": opening, "UpdatedDateUTC": now})


_CHANGES: dict[str, Callable[[Organisation, Any, datetime], None]] = {
    "name": _plain("name"),
    "is_demo": _plain("is_demo"),
    "plan": _plain("plan"),
    "multicurrency": _plain("multicurrency"),
    "adviser": _plain("adviser"),
    "period_lock_date": _lock("period_lock_date"),
    "end_of_year_lock_date": _lock("year_end_lock_date"),
    "forbidden_actions": lambda organisation, value, _now: setattr(organisation, "forbidden_actions", set(value)),
    "currencies": _currencies,
    "archive_accounts": _account_changes(Status="ARCHIVED"),
    "restore_accounts": _account_changes(Status="ACTIVE"),
    "account_codes": _account_codes,
    **control_bank.CHANGES,
    "enable_payments": _account_changes(EnablePaymentsToAccount=True),
    "disable_payments": _account_changes(EnablePaymentsToAccount=False),
    "delete_tax_rates": _tax_status("DELETED"),
    "restore_tax_rates": _tax_status("ACTIVE"),
    "tax_percentages": _tax_percentages,
    "archive_contacts": _contacts("ARCHIVED"),
    "restore_contacts": _contacts("ACTIVE"),
    "merge_contacts": _merge,
    "add_contacts": _add_contacts,
    "reconcile_payments": _reconcile,
    "stock_items": _stock,
    "reports_permission": _plain("reports_permission"),
}
