"""How a bank transaction looks, and how it is found."""

from __future__ import annotations

from ... import wire
from ...call import Call
from ...store import Record
from ...where import Getter
from ..files import attachments
from ..invoicing import document_view as show
from .payment_view import batch
from .prepaid import KINDS

_NOT_TOLD = ("IsSupplier", "IsCustomer", "SalesTrackingCategories", "PurchasesTrackingCategories")


def account(call: Call, account_id: str, with_code: bool = True) -> dict:
    """A bank account as the bank's documents name it; not every bank account has a code."""
    found = call.organisation.accounts.get(account_id)
    assert found is not None
    code = {"Code": found["Code"]} if with_code and found["Code"] else {}
    return {"AccountID": found["AccountID"], **code, "Name": found["Name"]}


def _contact(call: Call, record: Record, full: bool) -> dict:
    """Of a contact it is not told here whether it is a customer or a supplier, nor how its lines are tracked (recorded 2022)."""
    shown = show.contact(call, record, full)
    return {name: value for name, value in shown.items() if name not in _NOT_TOLD}


def _batch(call: Call, record: Record) -> dict:
    """[DOC] Money spent or received can be part of a batch."""
    found = batch(call, record.get("BatchPaymentID", ""))
    return {"BatchPayment": found["BatchPayment"]} if found else {}


def view(call: Call, record: Record, full_contact: bool, with_lines: bool, fetched: bool) -> dict:
    shown = {"BankTransactionID": record["BankTransactionID"], "BankAccount": account(call, record["AccountID"]), "Type": record["Type"]}
    if record["Reference"] or not fetched:
        shown["Reference"] = record["Reference"]
    shown["IsReconciled"] = record["IsReconciled"]
    shown |= {"CurrencyRate": record["CurrencyRate"]} if with_lines else {}
    if record["Type"] in KINDS:
        shown[KINDS[record["Type"]].id_field] = record["PrepaidID"]
    shown |= _batch(call, record)
    shown |= {"Url": record["Url"]} if record["Url"] else {}
    shown |= {"HasAttachments": bool(attachments.of(call, record["BankTransactionID"]))} if fetched else {}
    shown |= {"Contact": _contact(call, record, full_contact)} if record["ContactID"] else {}
    return {
        **shown,
        **show.days(record, "Date"),
        "Status": record["Status"],
        "LineAmountTypes": record["LineAmountTypes"],
        "LineItems": show.lines(call, record, listed=not full_contact) if with_lines else [],
        **show.totals(record),
        "UpdatedDateUTC": wire.ms_date(record["UpdatedDateUTC"]),
        "CurrencyCode": record["CurrencyCode"],
        **(show.warnings(record) if not fetched else {}),
    }


def written(call: Call, record: Record) -> dict:
    return view(call, record, full_contact=True, with_lines=True, fetched=False)


def fields(call: Call) -> dict[str, Getter]:
    """What `where` and `order` know. Of the Reference it is said that no filter ever finds it (switch `bank_reference_filter`)."""
    organisation = call.organisation
    same = ("BankTransactionID", "Type", "Status", "Date", "CurrencyCode", "CurrencyRate", "IsReconciled", "LineAmountTypes")
    same += ("SubTotal", "TotalTax", "Total", "UpdatedDateUTC")
    found: dict[str, Getter] = {name: (lambda record, name=name: record[name]) for name in same}

    def contact(field: str) -> Getter:
        return lambda record: organisation.contacts.get(record["ContactID"])[field] if record["ContactID"] else None

    def prepaid(kind_id: str) -> Getter:
        def getter(record: Record) -> str | None:
            named = record["Type"] in KINDS and KINDS[record["Type"]].id_field == kind_id
            return record["PrepaidID"] if named else None

        return getter

    works = call.switches.bank_reference_filter == "works"
    return found | {
        "Reference": lambda record: (record["Reference"] or None) if works else None,
        "BankAccount.AccountID": lambda record: record["AccountID"],
        "BankAccount.Code": lambda record: organisation.accounts.get(record["AccountID"])["Code"] or None,
        "Contact.ContactID": lambda record: record["ContactID"] or None,
        "Contact.Name": contact("Name"),
        "OverpaymentID": prepaid("OverpaymentID"),
        "PrepaymentID": prepaid("PrepaymentID"),
    }
