"""Batch payments: one movement on the bank account for many invoices, all sales (RECBATCH) or all bills (PAYBATCH)."""

from __future__ import annotations

from typing import Any

from ... import elements, wire
from ...arithmetic import ZERO
from ...call import Call, Route
from ...errors import Invalid, NotFound, NotSimulated
from ...idempotency import Answer
from ...listing import Listing, answer
from ...store import Record
from ...where import Getter
from ...writes import Kind, refused_element, write
from ..invoicing.document_states import lock_message
from .bank_transactions import bank_account
from .payment_view import document_of
from .payments import create, put_deleted

Element = dict[str, Any]
TYPES = {"ACCRECPAYMENT": "RECBATCH", "ACCPAYPAYMENT": "PAYBATCH"}
# The texts below are ours: what Xero says is not known [?].
MIXED = "The payments of a batch must be all for sales invoices or all for bills."
EMPTY = "One or more payments must be specified"
ENDED = "The batch payment has already been deleted."
ONLY_DELETED = "Batch payments cannot be modified, only created and deleted"
# Texts for the bank: how long, and the countries that have them.
_DETAILS = {
    "Reference": (255, "NZ"),
    "Particulars": (12, "NZ"),
    "Code": (12, "NZ"),
    "Details": (18, "AU UK US GLOBAL"),
    "Narrative": (18, "UK"),
}
_KNOWN = ("BatchPaymentID", "Account", "Date", "Payments", "Status", *_DETAILS)
_READ_ONLY = (
    "Amount", "DateString", "Type", "TotalAmount", "UpdatedDateUTC", "IsReconciled", "ValidationErrors", "StatusAttributeString",
)  # fmt: skip
_PAYMENT = (
    "Invoice", "InvoiceNumber", "Amount", "BankAmount", "CurrencyRate", "Reference", "Account", "Date", "BankAccountNumber", "Particulars",
    "Code", "Details",
)  # fmt: skip
_PAYMENT_READ_ONLY = ("HasAccount", "HasValidationErrors", "ValidationErrors", "StatusAttributeString", "Warnings")
_OF_SUPPLIER = ("BankAccountNumber", "Particulars", "Code", "Details")


def _create(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "BatchPayment", _KNOWN, _READ_ONLY)
    if "BatchPaymentID" in element:
        raise Invalid(ONLY_DELETED)
    batch = {
        "BatchPaymentID": call.organisation.new_id(),
        "AccountID": bank_account(call, element, "Account")["AccountID"],
        "Date": elements.day(element, "Date") or call.organisation.today(call.now),
        "Status": "AUTHORISED",
        "IsReconciled": False,
        **_details(call, element),
        "UpdatedDateUTC": call.now,
    }
    payments = _payments(call, batch, elements.rows(element, "Payments"))
    types = {payment["PaymentType"] for payment in payments}
    if len(types) > 1:
        raise Invalid(MIXED)
    total = sum((payment["BankAmount"] for payment in payments), ZERO)
    ids = tuple(payment["PaymentID"] for payment in payments)
    return call.organisation.batch_payments.put({**batch, "Type": TYPES[types.pop()], "TotalAmount": total, "PaymentIDs": ids})


def _details(call: Call, element: Element) -> Record:
    found = {}
    for name, (limit, countries) in _DETAILS.items():
        text = elements.text(element, name, limit)
        here = call.organisation.region.key in countries.split()
        if text and not here and call.switches.batch_details == "refused":
            raise Invalid(f"{name} is not supported for organisations of this country.")
        found[name] = text if here else ""
    return found


def _payments(call: Call, batch: Record, rows: list[Element]) -> list[Record]:
    """Each made like any other payment, by the account and the day of the batch; what is wrong with any of them is told together."""
    if not rows:
        raise Invalid(EMPTY)
    made: list[Record] = []
    messages: list[str] = []
    for row in rows:
        if any(name in row for name in ("CreditNote", "Prepayment", "Overpayment")):
            raise NotSimulated("batch payments are simulated for invoices only", 400)
        elements.check_fields(call, row, "Payment of a BatchPayment", _PAYMENT, _PAYMENT_READ_ONLY)
        payment = {name: value for name, value in row.items() if name not in _OF_SUPPLIER}
        payment |= {"Account": {"AccountID": batch["AccountID"]}, "Date": batch["Date"].isoformat()}
        try:
            made.append(create(call, payment, batch["BatchPaymentID"]))
        except Invalid as invalid:
            messages += invalid.messages
    if messages:
        raise Invalid(messages)
    return made


def _delete(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "BatchPayment", _KNOWN, _READ_ONLY)
    batch = _existing(call, element["BatchPaymentID"])
    if set(element) & set(_KNOWN) != {"BatchPaymentID", "Status"} or elements.text(element, "Status") != "DELETED":
        raise Invalid(ONLY_DELETED)
    if batch["Status"] == "DELETED":
        raise Invalid(ENDED)
    if batch["IsReconciled"] and call.switches.reconciled_delete == "refused":
        raise Invalid(call.switches.reconciled_delete_message)
    if locked := lock_message(call, batch["Date"]):
        raise Invalid(locked)
    for key in batch["PaymentIDs"]:
        payment = call.organisation.payments.get(key)
        assert payment is not None
        put_deleted(call, payment, with_batch=True)
    for key in batch.get("TransactionIDs", ()):
        transaction = call.organisation.bank_transactions.get(key)
        assert transaction is not None
        call.organisation.bank_transactions.put({**transaction, "Status": "DELETED", "UpdatedDateUTC": call.now})
    return call.organisation.batch_payments.put({**batch, "Status": "DELETED", "UpdatedDateUTC": call.now})


def _existing(call: Call, key: Any) -> Record:
    batch = call.organisation.batch_payments.get(str(key).lower())
    if batch is None:
        raise NotFound()
    return batch


def _payment(call: Call, key: str) -> dict:
    payment = call.organisation.payments.get(key)
    assert payment is not None
    document = document_of(call, payment)
    invoice = {"InvoiceID": document["DocumentID"], "CurrencyCode": document["CurrencyCode"], "Payments": [], "CreditNotes": []}
    invoice |= {"Prepayments": [], "Overpayments": [], "HasErrors": False, "IsDiscounted": False, "LineItems": []}
    reference = {"Reference": payment["Reference"]} if payment["Reference"] else {}
    return {
        "Invoice": invoice, "PaymentID": key, **reference, "Amount": payment["Amount"], "BankAmount": payment["BankAmount"]
    }  # fmt: skip


def view(call: Call, batch: Record) -> dict:
    """A deleted batch keeps its total, and tells no payments."""
    account = call.organisation.accounts.get(batch["AccountID"])
    assert account is not None
    return {
        "Account": {"AccountID": batch["AccountID"], "CurrencyCode": account["CurrencyCode"] or call.organisation.region.currency},
        **{name: batch[name] for name in _DETAILS if batch[name]},
        "BatchPaymentID": batch["BatchPaymentID"],
        "DateString": wire.day_string(batch["Date"]),
        "Date": wire.ms_date(batch["Date"]),
        "Payments": [_payment(call, key) for key in batch["PaymentIDs"]] if batch["Status"] == "AUTHORISED" else [],
        "Type": batch["Type"],
        "Status": batch["Status"],
        "TotalAmount": batch["TotalAmount"],
        "UpdatedDateUTC": wire.ms_date(batch["UpdatedDateUTC"]),
        "IsReconciled": batch["IsReconciled"],
    }


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    old = call.organisation.batch_payments.get(str(element.get("BatchPaymentID", "")).lower())
    shown = refused_element(element, invalid, call, "BatchPaymentID", stored=view(call, old) if old else None)
    shown.pop("HasValidationErrors")
    return shown


def _fields() -> dict[str, Getter]:
    same = ("BatchPaymentID", "Type", "Status", "Date", "TotalAmount", "IsReconciled", "UpdatedDateUTC", *_DETAILS)
    fields: dict[str, Getter] = {name: (lambda record, name=name: record[name]) for name in same}
    return fields | {"Account.AccountID": lambda record: record["AccountID"]}


def list_batch_payments(call: Call) -> Answer:
    listing = Listing("BatchPayments", "BatchPayment", _fields(), lambda call, record, _full: view(call, record), paged=False)
    return answer(call, listing, call.organisation.batch_payments)


def get_batch_payment(call: Call) -> Answer:
    return call.envelope("BatchPayments", [view(call, _existing(call, call.path["id"]))])


def create_batch_payments(call: Call) -> Answer:
    return write(call, Kind("BatchPayments", _create, view, _refused))


def delete_batch_payments(call: Call) -> Answer:
    rows = elements.read(call, "BatchPayments")
    if any("BatchPaymentID" not in row for row in rows):
        raise NotSimulated("POST /BatchPayments deletes and wants a BatchPaymentID; PUT creates", 400)
    return write(call, Kind("BatchPayments", _delete, view, _refused), rows, summarize=True)


def delete_batch_payment(call: Call) -> Answer:
    row = {**elements.read(call, "BatchPayments", single=True)[0], "BatchPaymentID": call.path["id"]}
    return write(call, Kind("BatchPayments", _delete, view, _refused), [row], summarize=True)


_SCOPE = "accounting.payments"
ROUTES = [
    Route("GET", "/BatchPayments", list_batch_payments, _SCOPE, ("where", "order"), modified_since=True),
    Route("GET", "/BatchPayments/{id}", get_batch_payment, _SCOPE),
    Route("PUT", "/BatchPayments", create_batch_payments, _SCOPE, ("summarizeErrors",)),
    Route("POST", "/BatchPayments", delete_batch_payments, _SCOPE),
    Route("POST", "/BatchPayments/{id}", delete_batch_payment, _SCOPE),
]
