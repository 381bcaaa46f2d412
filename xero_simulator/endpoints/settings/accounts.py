"""Accounts: the chart. One per write."""

from __future__ import annotations

from typing import Any

from ... import elements, wire
from ...call import Call, Route
from ...errors import Invalid, NotFound, validation_exception
from ...idempotency import Answer
from ...listing import Listing, answer
from ...organisation import Organisation
from ...regions.common import CLASS_OF_TYPE, REPORTING
from ...store import Record
from ...where import Getter
from ...writes import Kind, refused_element, write

Element = dict[str, Any]
CODE_LENGTH, NAME_LENGTH = 10, 150
_KNOWN = (
    "AccountID", "Code", "Name", "Type", "BankAccountNumber", "BankAccountType", "Status", "Description", "CurrencyCode", "TaxType",
    "EnablePaymentsToAccount", "ShowInExpenseClaims", "AddToWatchlist",
)  # fmt: skip
_READ_ONLY = ("Class", "SystemAccount", "ReportingCode", "ReportingCodeName", "HasAttachments", "UpdatedDateUTC", "ValidationErrors")
_TEXTS = ("Code", "Name", "Description", "TaxType", "BankAccountNumber", "BankAccountType", "CurrencyCode", "Status")
_FLAGS = ("EnablePaymentsToAccount", "ShowInExpenseClaims", "AddToWatchlist")


def view(record: Record) -> dict:
    code, name = REPORTING[record["Class"]]
    shown = {
        "AccountID": record["AccountID"],
        "Code": record["Code"],
        "Name": record["Name"],
        "Status": record["Status"],
        "Type": record["Type"],
        "TaxType": record["TaxType"],
        "Description": record["Description"],
        "Class": record["Class"],
        "SystemAccount": record["SystemAccount"],
        "EnablePaymentsToAccount": record["EnablePaymentsToAccount"],
        "ShowInExpenseClaims": record["ShowInExpenseClaims"],
        "BankAccountNumber": record["BankAccountNumber"],
        "BankAccountType": record["BankAccountType"],
        "CurrencyCode": record["CurrencyCode"],
        "ReportingCode": code,
        "ReportingCodeName": name,
        "HasAttachments": False,
        "UpdatedDateUTC": wire.ms_date(record["UpdatedDateUTC"]),
        "AddToWatchlist": record["AddToWatchlist"],
    }
    return {key: value for key, value in shown.items() if value != ""}


def _field(name: str) -> Getter:
    return lambda record: record[name]


FIELDS: dict[str, Getter] = {
    name: _field(name) for name in (*_TEXTS, *_FLAGS, "AccountID", "Type", "Class", "SystemAccount", "UpdatedDateUTC")
}
_LISTING = Listing("Accounts", "Account", FIELDS, lambda _call, record, _full: view(record), paged=False)


def list_accounts(call: Call) -> Answer:
    return answer(call, _LISTING, call.organisation.accounts)


def get_account(call: Call) -> Answer:
    return call.envelope("Accounts", [view(_existing(call, call.path["id"]))])


def _existing(call: Call, account_id: str) -> Record:
    record = call.organisation.accounts.get(account_id.lower())
    if record is None:
        raise NotFound()
    return record


def _create(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "Account", _KNOWN, _READ_ONLY)
    organisation = call.organisation
    kind = elements.choice(element, "Type", CLASS_OF_TYPE, "")
    record = {
        **dict.fromkeys(_TEXTS, ""),
        **dict.fromkeys(_FLAGS, False),
        "AccountID": organisation.new_id(),
        "Type": kind,
        "Class": CLASS_OF_TYPE[kind],
        "SystemAccount": "",
        "TaxType": organisation.region.no_tax,
        "BankAccountType": "BANK" if kind == "BANK" else "",
        "CurrencyCode": organisation.region.currency if kind == "BANK" else "",
    }
    record = {**record, **_sent(element), "Status": "ACTIVE", "UpdatedDateUTC": call.now}
    _check(call, record)
    return organisation.accounts.put(record)


def _sent(element: Element) -> Record:
    texts = {name: elements.text(element, name).strip() for name in _TEXTS if name in element}
    return {**texts, **{name: elements.flag(element, name) for name in _FLAGS if name in element}}


def _check(call: Call, record: Record) -> None:
    messages = []
    if not record["Name"]:
        messages.append("Please enter a Name.")
    if len(record["Name"]) > NAME_LENGTH:
        messages.append(f"The Name must not exceed {NAME_LENGTH} characters.")
    if len(record["Code"]) > CODE_LENGTH:
        messages.append(f"The Code must not exceed {CODE_LENGTH} characters.")
    if record["Type"] != "BANK" and not record["Code"]:
        messages.append("Please enter a Code.")
    if record["Type"] == "BANK" and not record["BankAccountNumber"]:
        messages.append("Please enter a Bank Account Number.")
    messages += [*_not_unique(call, record), *_currency(call, record), *_tax(call, record)]
    if messages:
        raise Invalid(messages)


def _not_unique(call: Call, record: Record) -> list[str]:
    found = []
    for index, field in (("code", "Code"), ("name", "Name")):
        others = call.organisation.accounts.find(index, record[field].lower()) if record[field] else []
        if any(other["AccountID"] != record["AccountID"] and other["Status"] == "ACTIVE" for other in others):
            found.append(f"Please enter a unique {field}.")
    return found


def _currency(call: Call, record: Record) -> list[str]:
    if record["CurrencyCode"] and not call.organisation.currencies.get(record["CurrencyCode"]):
        return [f"Organisation is not subscribed to currency {record['CurrencyCode']}"]
    return []


def _tax(call: Call, record: Record) -> list[str]:
    rate = call.organisation.tax_rates.get(record["TaxType"])
    if rate is None or rate["Status"] != "ACTIVE" or record["Class"] not in rate["CanApplyTo"]:
        return [f"The TaxType code '{record['TaxType']}' cannot be used with account code '{record['Code']}'."]
    return []


def _update(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "Account", _KNOWN, _READ_ONLY)
    old = _existing(call, call.path["id"])
    changes = _sent({key: value for key, value in element.items() if key != "AccountID"})
    if "Status" in changes:
        return _archive(call, old, changes)
    if old["Type"] == "BANK" and not call.switches.bank_accounts_updatable:
        raise Invalid("Bank accounts cannot be updated.")
    if "Type" in element:
        kind = elements.choice(element, "Type", CLASS_OF_TYPE, "")
        changes |= {"Type": kind, "Class": CLASS_OF_TYPE[kind]}
    record = {**old, **changes, "UpdatedDateUTC": call.now}
    _check(call, record)
    return call.organisation.accounts.put(record)


def _archive(call: Call, old: Record, changes: Record) -> Record:
    """Archiving must be a call of its own; system accounts stay."""
    if set(changes) != {"Status"}:
        raise Invalid("Status cannot be changed together with other fields.")
    if changes["Status"] not in ("ACTIVE", "ARCHIVED"):
        raise Invalid("Status is ACTIVE or ARCHIVED.")
    if old["SystemAccount"]:
        raise Invalid("System accounts cannot be archived.")
    return call.organisation.accounts.put({**old, **changes, "UpdatedDateUTC": call.now})


def delete_account(call: Call) -> Answer:
    """For good, unless it is a system account or something was ever booked on it: that can be archived only."""
    record = _existing(call, call.path["id"])
    if record["SystemAccount"] or _is_used(call.organisation, record["AccountID"]):
        raise validation_exception([{**view(record), "ValidationErrors": [{"Message": call.switches.account_delete_message}]}])
    call.organisation.accounts.remove(record["AccountID"])
    return call.envelope("Accounts", [view({**record, "Status": "DELETED"})])


def _is_used(organisation: Organisation, account_id: str) -> bool:
    """Whether it is on a line, or where money went, of anything in whatever state."""
    documents = (organisation.invoices, organisation.credit_notes, organisation.bank_transactions, organisation.manual_journals)
    booked = (record for table in (*documents, organisation.payments) for record in table)
    return any(account_id in (record.get("AccountID"), *(line["AccountID"] for line in record.get("Lines", ()))) for record in booked)


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    old = call.organisation.accounts.get(str(element.get("AccountID", "")).lower())
    shown = refused_element(element, invalid, call, "AccountID", "Code", stored=view(old) if old else None)
    shown.pop("HasValidationErrors")
    return shown


def _write(save) -> Kind:
    return Kind("Accounts", save, lambda _call, record: view(record), _refused)


def create_account(call: Call) -> Answer:
    return write(call, _write(_create), elements.read(call, "Accounts", single=True), summarize=True)


def update_account(call: Call) -> Answer:
    row = {**elements.read(call, "Accounts", single=True)[0], "AccountID": call.path["id"]}
    return write(call, _write(_update), [row], summarize=True)


_SCOPE = "accounting.settings"
ROUTES = [
    Route("GET", "/Accounts", list_accounts, _SCOPE, ("where", "order"), modified_since=True),
    Route("GET", "/Accounts/{id}", get_account, _SCOPE),
    Route("PUT", "/Accounts", create_account, _SCOPE),
    Route("POST", "/Accounts/{id}", update_account, _SCOPE),
    Route("DELETE", "/Accounts/{id}", delete_account, _SCOPE),
]
