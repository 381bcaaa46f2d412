"""Bank transfers: from one bank account to another. Made and deleted, never changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ... import arithmetic, elements, wire
from ...arithmetic import ZERO
from ...call import Call, Route
from ...errors import Invalid, NotFound, NotSimulated
from ...idempotency import Answer
from ...listing import Listing, answer
from ...selection import Selection
from ...store import Record
from ...where import Getter
from ...writes import Kind, refused_element, write
from ..invoicing.document_currency import DAY_RATES
from ..invoicing.document_states import lock_message
from ..invoicing.documents import REFERENCE_LENGTH
from .bank_lines import BankLines
from .bank_transaction_view import account as account_view
from .bank_transactions import bank_account

Element = dict[str, Any]
SIDES = ("From", "To")
# The texts below are ours: what Xero says is not known [?].
SAME_ACCOUNT = "The FromBankAccount and the ToBankAccount must be different."
TWO_CURRENCIES = "The bank accounts of a transfer must be in the same currency."
NOT_POSITIVE = "Amount must be greater than 0."
PLACES = "Amount must not have more than 2 decimal places."
ENDED = "The bank transfer has already been deleted."
ONLY_DELETED = "Bank transfers cannot be modified, only created and deleted"
RECONCILED = "Bank transfers that have been reconciled cannot be deleted."
_KNOWN = (
    "BankTransferID", "FromBankAccount", "ToBankAccount", "Amount", "Date", "Reference", "FromIsReconciled", "ToIsReconciled",
    "FromTracking", "ToTracking", "Status",
)  # fmt: skip
_READ_ONLY = (
    "CurrencyRate", "FromBankTransactionID", "ToBankTransactionID", "HasAttachments", "CreatedDateUTC", "CreatedDateUTCString",
    "DateString", "ValidationErrors", "StatusAttributeString",
)  # fmt: skip


def _create(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "BankTransfer", _KNOWN, _READ_ONLY)
    if "BankTransferID" in element:
        raise Invalid(ONLY_DELETED)
    accounts = [bank_account(call, element, f"{side}BankAccount") for side in SIDES]
    amount = elements.number(element, "Amount")
    day = elements.day(element, "Date") or call.organisation.today(call.now)
    messages = _problems(call, accounts, amount)
    if locked := lock_message(call, day):
        messages.append(locked)
    if messages or amount is None:
        raise Invalid(messages)
    transfer = {
        "BankTransferID": call.organisation.new_id(),
        "Amount": amount,
        "Date": day,
        "Reference": elements.text(element, "Reference", REFERENCE_LENGTH),
        "CurrencyRate": _rate(call, accounts),
        "Status": "AUTHORISED",
        "CreatedDateUTC": call.now,
        "UpdatedDateUTC": call.now,
    }
    for side, account, total in zip(SIDES, accounts, (amount, _received(call, accounts, amount)), strict=True):
        transfer |= _side(call, element, transfer, side, account, total)
    return call.organisation.bank_transfers.put(transfer)


def _currency(call: Call, account: Record) -> str:
    return account["CurrencyCode"] or call.organisation.region.currency


def _problems(call: Call, accounts: list[Record], amount: Decimal | None) -> list[str]:
    messages = []
    if accounts[0] is accounts[1]:
        messages.append(SAME_ACCOUNT)
    if call.switches.transfer_currencies == "same" and _currency(call, accounts[0]) != _currency(call, accounts[1]):
        messages.append(TWO_CURRENCIES)
    if amount is None or amount <= 0:
        messages.append(NOT_POSITIVE)
    elif amount != amount.quantize(Decimal("0.01")):
        messages.append(PLACES)
    return messages


def _day_rate(call: Call, account: Record) -> Decimal:
    """Foreign units for one of base."""
    code = _currency(call, account)
    return Decimal("1.000000") if code == call.organisation.region.currency else DAY_RATES.get(code, Decimal("1.000000"))


def _rate(call: Call, accounts: list[Record]) -> Decimal:
    """Xero's own, never the sender's: of the account that is not in base currency."""
    base = call.organisation.region.currency
    foreign = [account for account in accounts if _currency(call, account) != base]
    return _day_rate(call, foreign[0] if foreign else accounts[0])


def _received(call: Call, accounts: list[Record], amount: Decimal) -> Decimal:
    """Amount is in the currency of the account it leaves."""
    source, target = accounts
    if _currency(call, source) == _currency(call, target):
        return amount
    rule = arithmetic.rounding(call.switches, _currency(call, target))
    return rule.money(amount / _day_rate(call, source) * _day_rate(call, target))


def _side(call: Call, element: Element, transfer: Record, side: str, account: Record, total: Decimal) -> Record:
    """What the transfer tells of one account, and the bank transaction it makes there."""
    code = _currency(call, account)
    record = {
        "BankTransactionID": call.organisation.new_id(),
        "Type": "SPEND-TRANSFER" if side == "From" else "RECEIVE-TRANSFER",
        "Status": "AUTHORISED",
        "AccountID": account["AccountID"],
        "ContactID": "",
        "Date": transfer["Date"],
        "Reference": transfer["Reference"],
        "CurrencyCode": code,
        "CurrencyRate": _day_rate(call, account),
        "LineAmountTypes": "NoTax",
        "IsReconciled": elements.flag(element, f"{side}IsReconciled"),
        "Url": "",
        "Lines": (),
        "Warnings": (),
        "UpdatedDateUTC": call.now,
        **{"SubTotal": total, "TotalTax": ZERO, "Total": total, "TotalDiscount": ZERO},
    }
    call.organisation.bank_transactions.put(record)
    tracking = BankLines(call, "NoTax", code, False, False, False, {}).tracking(elements.rows(element, f"{side}Tracking"))
    named = {"AccountID": account["AccountID"], "BankTransactionID": record["BankTransactionID"], "Tracking": tracking}
    return {f"{side}{name}": value for name, value in named.items()}


def _transactions(call: Call, transfer: Record) -> list[Record]:
    found = [call.organisation.bank_transactions.get(transfer[f"{side}BankTransactionID"]) for side in SIDES]
    return [record for record in found if record is not None]


def _delete(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "BankTransfer", _KNOWN, _READ_ONLY)
    transfer = _existing(call, element["BankTransferID"])
    if set(element) & set(_KNOWN) != {"BankTransferID", "Status"} or elements.text(element, "Status") != "DELETED":
        raise Invalid(ONLY_DELETED)
    if transfer["Status"] == "DELETED":
        raise Invalid(ENDED)
    sides = _transactions(call, transfer)
    if any(record["IsReconciled"] for record in sides) and call.switches.reconciled_delete == "refused":
        raise Invalid(RECONCILED)
    if locked := lock_message(call, transfer["Date"]):
        raise Invalid(locked)
    gone = {"Status": "DELETED", "UpdatedDateUTC": call.now}
    for record in sides:
        call.organisation.bank_transactions.put({**record, **gone})
    return call.organisation.bank_transfers.put({**transfer, **gone})


def _existing(call: Call, key: Any) -> Record:
    transfer = call.organisation.bank_transfers.get(str(key).lower())
    if transfer is None:
        raise NotFound()
    return transfer


def _accounts(call: Call, transfer: Record, with_code: bool) -> dict:
    return {f"{side}BankAccount": account_view(call, transfer[f"{side}AccountID"], with_code) for side in SIDES}


def _body(call: Call, transfer: Record, with_code: bool) -> dict:
    sides = dict(zip(SIDES, _transactions(call, transfer), strict=True))
    return {
        "BankTransferID": transfer["BankTransferID"],
        "DateString": wire.day_string(transfer["Date"]),
        "Date": wire.ms_date(transfer["Date"]),
        "Status": transfer["Status"],
        **_accounts(call, transfer, with_code),
        "Amount": transfer["Amount"],
        **{f"{side}BankTransactionID": record["BankTransactionID"] for side, record in sides.items()},
        **{f"{side}IsReconciled": record["IsReconciled"] for side, record in sides.items()},
        "Reference": transfer["Reference"],
        **{f"{side}Tracking": [dict(entry) for entry in transfer[f"{side}Tracking"]] for side in SIDES},
    }


def written(call: Call, transfer: Record) -> dict:
    return {**_body(call, transfer, True), "CurrencyRate": transfer["CurrencyRate"], "ValidationErrors": []}


def deleted(call: Call, transfer: Record) -> dict:
    shown = {"BankTransferID": transfer["BankTransferID"], "Status": transfer["Status"], **_accounts(call, transfer, True)}
    return {**shown, "Amount": transfer["Amount"], "Reference": transfer["Reference"], "ValidationErrors": []}


def fetched(call: Call, transfer: Record, alone: bool) -> dict:
    """Codes of the accounts and the rate are told of a single transfer only."""
    made = {
        "CreatedDateUTCString": transfer["CreatedDateUTC"].strftime("%Y-%m-%dT%H:%M:%S"),
        "CreatedDateUTC": wire.ms_date(transfer["CreatedDateUTC"]),
    }
    rate = {"CurrencyRate": transfer["CurrencyRate"]} if alone else {}
    return {**made, **_body(call, transfer, alone), **rate, "HasAttachments": False}


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    old = call.organisation.bank_transfers.get(str(element.get("BankTransferID", "")).lower())
    shown = refused_element(element, invalid, call, "BankTransferID", stored=_body(call, old, False) if old else None)
    shown.pop("HasValidationErrors")
    return shown


def _fields(call: Call) -> dict[str, Getter]:
    same = ("BankTransferID", "Amount", "Date", "Reference", "CurrencyRate", "Status", "CreatedDateUTC", "UpdatedDateUTC")
    fields: dict[str, Getter] = {name: (lambda record, name=name: record[name]) for name in same}
    fields["HasAttachments"] = lambda _record: False
    for number, side in enumerate(SIDES):
        fields |= {
            f"{side}BankAccount.AccountID": lambda record, side=side: record[f"{side}AccountID"],
            f"{side}BankTransactionID": lambda record, side=side: record[f"{side}BankTransactionID"],
            f"{side}IsReconciled": lambda record, number=number: _transactions(call, record)[number]["IsReconciled"],
        }
    return fields


def list_bank_transfers(call: Call) -> Answer:
    listing = Listing(
        "BankTransfers",
        "BankTransfer",
        _fields(call),
        lambda call, record, _full: fetched(call, record, False),
        paged=False,
    )
    stamp = {"created": "CreatedDateUTC", "updated": "UpdatedDateUTC"}[call.switches.transfer_stamp]
    selection = Selection(call.organisation.bank_transfers, changed=stamp)
    if not call.flag("includeDeleted", False):
        selection.that(lambda record: record["Status"] != "DELETED")
    return answer(call, listing, selection)


def get_bank_transfer(call: Call) -> Answer:
    return call.envelope("BankTransfers", [fetched(call, _existing(call, call.path["id"]), True)])


def create_bank_transfers(call: Call) -> Answer:
    return write(call, Kind("BankTransfers", _create, written, _refused), summarize=True)


def delete_bank_transfers(call: Call) -> Answer:
    rows = elements.read(call, "BankTransfers")
    if any("BankTransferID" not in row for row in rows):
        raise NotSimulated("POST /BankTransfers deletes and wants BankTransferIDs; PUT creates", 400)
    return write(call, Kind("BankTransfers", _delete, deleted, _refused), rows)


def delete_bank_transfer(call: Call) -> Answer:
    row = {**elements.read(call, "BankTransfers", single=True)[0], "BankTransferID": call.path["id"]}
    return write(call, Kind("BankTransfers", _delete, deleted, _refused), [row], summarize=True)


_SCOPE = "accounting.banktransactions"
ROUTES = [
    Route("GET", "/BankTransfers", list_bank_transfers, _SCOPE, ("where", "order", "includeDeleted"), modified_since=True),
    Route("GET", "/BankTransfers/{id}", get_bank_transfer, _SCOPE),
    Route("PUT", "/BankTransfers", create_bank_transfers, _SCOPE),
    Route("POST", "/BankTransfers", delete_bank_transfers, _SCOPE, ("summarizeErrors",)),
    Route("POST", "/BankTransfers/{id}", delete_bank_transfer, _SCOPE),
]
