"""Bank transactions: money spent and received without an invoice. AUTHORISED from the start, then DELETED."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ... import arithmetic, elements, look_ups
from ...call import Call, Route
from ...errors import Invalid, NotFound, NotSimulated
from ...idempotency import Answer
from ...listing import Listing, answer
from ...selection import Selection
from ...store import Record
from ...tables import TRANSFERS
from ...webhooks import events
from ...writes import NOT_FOUND, Kind, refused_element, unknown, write
from ..contacts import contact_save
from ..files import attachments
from ..invoicing import document_currency as currency
from ..invoicing.document_lines import refuse_given_totals
from ..invoicing.document_states import lock_message
from ..invoicing.documents import LINE_TYPES, REFERENCE_LENGTH, read_url
from . import prepaid
from .bank_lines import BankLines, OverpaymentLines
from .bank_transaction_view import fields, view, written

Element = dict[str, Any]
MONEY = ("RECEIVE", "SPEND")
TYPES = (*MONEY, *prepaid.KINDS, *TRANSFERS)
# The texts below are ours: what Xero says is not known [?].
BANK_ACCOUNT = "The BankAccount must be an active account of type BANK."
READ_ONLY_TRANSFER = "Bank transfers cannot be created or changed with this endpoint; see BankTransfers."
NOT_UPDATABLE = "Updates to prepayments and overpayments are not supported."
ENDED = "The bank transaction has been deleted or voided and cannot be changed."
WRONG_STATUS = "The Status of a bank transaction is AUTHORISED or DELETED."
NOT_POSITIVE = "The total of a bank transaction must be greater than 0."
_KNOWN = (
    "BankTransactionID", "Type", "Contact", "LineItems", "BankAccount", "IsReconciled", "Date", "Reference", "CurrencyCode", "CurrencyRate",
    "Url", "Status", "LineAmountTypes", "SubTotal", "TotalTax", "Total",
)  # fmt: skip
_READ_ONLY = (
    "PrepaymentID", "OverpaymentID", "BatchPayment", "UpdatedDateUTC", "HasAttachments", "Attachments", "StatusAttributeString",
    "ValidationErrors", "Warnings", "DateString", "HasErrors",
)  # fmt: skip


def _save(call: Call, element: Element, old: Record | None) -> Record:
    elements.check_fields(call, element, "BankTransaction", _KNOWN, _READ_ONLY)
    status = elements.text(element, "Status", default="AUTHORISED").upper()
    if status not in ("AUTHORISED", "DELETED") or (status == "DELETED" and old is None):
        raise Invalid(WRONG_STATUS)
    if old:
        _check_change(call, element, old, status)
        if status == "DELETED":
            return _end(call, old)
    new = _headers(call, element, old)
    new = _with_lines(call, element, new, old)
    messages = [*currency.check(call, new), *_check_date(call, new), *([NOT_POSITIVE] if new["Total"] <= 0 else [])]
    if messages:
        raise Invalid(messages)
    if new["Type"] in prepaid.KINDS:
        new["PrepaidID"] = prepaid.make(call, new)["DocumentID"]
    return call.organisation.bank_transactions.put({**new, "UpdatedDateUTC": call.now})


def _check_change(call: Call, element: Element, old: Record, status: str) -> None:
    switches = call.switches
    if old["Type"] in TRANSFERS:
        raise Invalid(READ_ONLY_TRANSFER)
    if old["Status"] != "AUTHORISED":
        raise Invalid(ENDED)
    is_end = status == "DELETED"
    may_end = is_end and (bool(call.person) or switches.void_prepaid != "refused")
    if old["Type"] in prepaid.KINDS and not may_end:
        raise Invalid(NOT_UPDATABLE)
    reconciled = switches.reconciled_delete if is_end else switches.reconciled_edit
    if old["IsReconciled"] and reconciled == "refused":
        raise Invalid(switches.reconciled_transaction_message)
    if str(element.get("Type", old["Type"])).upper() != old["Type"]:
        raise Invalid("The Type of a bank transaction cannot be changed.")
    if locked := lock_message(call, old["Date"]):
        raise Invalid(locked)


def _end(call: Call, old: Record) -> Record:
    if old["Type"] in prepaid.KINDS:
        events.to_document(call, prepaid.KINDS[old["Type"]].prefix, old["PrepaidID"])
        return prepaid.void(call.organisation, old, call.now)
    return call.organisation.bank_transactions.put({**old, "Status": "DELETED", "UpdatedDateUTC": call.now})


PLAIN = {"IsReconciled": lambda element: elements.flag(element, "IsReconciled"), "Url": read_url}


def _headers(call: Call, element: Element, old: Record | None) -> Record:
    new = dict(old) if old else _blank(call, element)
    named = element.keys() if old else {"Contact", "BankAccount"}  # of a new one both
    if "Contact" in named:
        new["ContactID"] = contact_save.of_document(call, element)["ContactID"]
    if "BankAccount" in named:
        new["AccountID"] = bank_account(call, element, "BankAccount")["AccountID"]
    new["Date"] = elements.day(element, "Date") or new["Date"]
    keeps_reference = new["Type"] in MONEY or call.switches.prepaid_reference == "kept"
    if "Reference" in element and keeps_reference:
        new["Reference"] = elements.text(element, "Reference", REFERENCE_LENGTH)
    if "LineAmountTypes" in element and new["Type"] not in prepaid.OVERPAYMENT.types:
        new["LineAmountTypes"] = elements.choice(element, "LineAmountTypes", LINE_TYPES, "")
    new |= {name: read(element) for name, read in PLAIN.items() if name in element}
    _read_currency(call, element, new, old)
    return new


def _blank(call: Call, element: Element) -> Record:
    if not element.get("Type"):
        raise Invalid("Type must be given.")
    kind = elements.choice(element, "Type", TYPES, "")
    if kind in TRANSFERS:
        raise Invalid(READ_ONLY_TRANSFER)
    return {
        "BankTransactionID": call.organisation.new_id(),
        "Type": kind,
        "Status": "AUTHORISED",
        "Reference": "",
        "Date": call.organisation.today(call.now),
        "CurrencyCode": call.organisation.region.currency,
        "CurrencyRate": Decimal(1),
        "LineAmountTypes": "NoTax" if kind in prepaid.OVERPAYMENT.types else "Inclusive",
        "IsReconciled": False,
        "Url": "",
        "Lines": (),
        "Warnings": (),
    }


def bank_account(call: Call, element: Element, name: str) -> Record:
    """The bank account of that field, by id or by code; raises Invalid."""
    named = elements.nested(element, name)
    if named.get("AccountID"):
        found = call.organisation.accounts.get(str(named["AccountID"]).lower())
    else:
        found = call.organisation.account_by_code(str(named["Code"])) if named.get("Code") else None
    if found is None or found["Type"] != "BANK" or found["Status"] != "ACTIVE":
        raise Invalid(BANK_ACCOUNT.replace("BankAccount", name))
    return found


def _read_currency(call: Call, element: Element, new: Record, old: Record | None) -> None:
    """That of the bank account; an overpayment may be in another one."""
    base = call.organisation.region.currency
    account = call.organisation.accounts.get(new["AccountID"]) or {}
    own = account.get("CurrencyCode") or base
    sent = elements.text(element, "CurrencyCode").upper() or own
    if new["Type"] in prepaid.OVERPAYMENT.types:
        if own not in (sent, base):
            raise Invalid("The currency of the bank account must be that of the overpayment or the base currency.")
        own = sent
    elif sent != own and call.switches.transaction_currency == "refused":
        raise Invalid("The currency of a bank transaction is that of its bank account.")
    currency.read(call, {**element, "CurrencyCode": own}, new, old)


def _with_lines(call: Call, element: Element, new: Record, old: Record | None) -> Record:
    rows = elements.rows(element, "LineItems") if "LineItems" in element else [{"LineItemID": one["LineItemID"]} for one in new["Lines"]]
    if not rows:
        raise Invalid("One or more line items must be specified")
    keep = {line["LineItemID"]: line for line in new["Lines"]}
    reader = OverpaymentLines if new["Type"] in prepaid.OVERPAYMENT.types else BankLines
    lines = reader(call, new["LineAmountTypes"], new["CurrencyCode"], False, new["Type"].startswith("RECEIVE"), False, keep)
    unchanged = old and "LineItems" not in element and old["LineAmountTypes"] == new["LineAmountTypes"]
    read = new["Lines"] if unchanged else lines.read(rows)
    if lines.errors:
        raise Invalid([], lines.errors)
    totals = arithmetic.totals(list(read), new["LineAmountTypes"])
    refuse_given_totals(element, totals)
    sums = {"SubTotal": totals.subtotal, "TotalTax": totals.tax, "Total": totals.total, "TotalDiscount": totals.discount}
    return {**new, "Lines": read, **sums}


def _check_date(call: Call, new: Record) -> list[str]:
    message = lock_message(call, new["Date"])
    return [message] if message else []


def _create(call: Call, element: Element) -> Record:
    if "BankTransactionID" in element:
        raise NotSimulated("PUT /BankTransactions with a BankTransactionID: what Xero does is not known; POST updates", 400)
    return _save(call, element, None)


def _create_or_update(call: Call, element: Element) -> Record:
    if not element.get("BankTransactionID"):
        return _save(call, element, None)
    found = _stored(call, element)
    if found is None:
        raise unknown(call, NOT_FOUND)
    return _save(call, element, found)


def _stored(call: Call, element: Element) -> Record | None:
    return call.organisation.bank_transactions.get(str(element.get("BankTransactionID", "")).lower())


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    old = _stored(call, element)
    shown = refused_element(element, invalid, call, "BankTransactionID", stored=view(call, old, False, True, True) if old else None)
    shown.pop("HasValidationErrors")
    return shown


def list_bank_transactions(call: Call) -> Answer:
    """Without transfers, unless the switch says that Xero lists them too."""
    listing = Listing(
        "BankTransactions",
        "BankTransaction",
        fields(call),
        lambda call, record, full: view(call, record, False, full, True),
        look_ups=look_ups.bank_transactions(call.organisation),
    )
    return answer(call, listing, Selection(call.organisation.bank_transactions, hidden=call.switches.transfers_listed))


def get_bank_transaction(call: Call) -> Answer:
    record = _existing(call)
    shown = view(call, record, True, True, True)
    return call.envelope("BankTransactions", [{**shown, "Attachments": attachments.views(call, record["BankTransactionID"])}])


def _existing(call: Call) -> Record:
    record = call.organisation.bank_transactions.get(call.path["id"].lower())
    if record is None:
        raise NotFound()
    return record


def create_bank_transactions(call: Call) -> Answer:
    return write(call, Kind("BankTransactions", _create, written, _refused))


def save_bank_transactions(call: Call) -> Answer:
    return write(call, Kind("BankTransactions", _create_or_update, written, _refused))


def save_bank_transaction(call: Call) -> Answer:
    row = {**elements.read(call, "BankTransactions", single=True)[0], "BankTransactionID": call.path["id"]}
    return write(call, Kind("BankTransactions", _create_or_update, written, _refused), [row], summarize=True)


_SCOPE = "accounting.banktransactions"
_WRITE = ("summarizeErrors", "unitdp")
_LIST = ("where", "order", "page", "pageSize", "unitdp")
ROUTES = [
    Route("GET", "/BankTransactions", list_bank_transactions, _SCOPE, _LIST, modified_since=True),
    Route("GET", "/BankTransactions/{id}", get_bank_transaction, _SCOPE, ("unitdp",)),
    Route("PUT", "/BankTransactions", create_bank_transactions, _SCOPE, _WRITE),
    Route("POST", "/BankTransactions", save_bank_transactions, _SCOPE, _WRITE),
    Route("POST", "/BankTransactions/{id}", save_bank_transaction, _SCOPE, ("unitdp",)),
]
