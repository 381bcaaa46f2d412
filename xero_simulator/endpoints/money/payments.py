"""Payments: made and deleted, never changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ... import elements, history, look_ups
from ...arithmetic import rounding
from ...call import Call, Route
from ...errors import Invalid, NotFound, NotSimulated
from ...idempotency import Answer
from ...listing import Listing, answer
from ...selection import Selection
from ...store import Record
from ...webhooks import events
from ...where import Getter
from ...writes import NOT_FOUND, Kind, refused_element, write
from ..invoicing.credit_notes import CREDIT_NOTE
from ..invoicing.document_currency import told_rate
from ..invoicing.document_states import lock_message
from ..invoicing.documents import DocumentKind, resettle
from ..invoicing.invoices import INVOICE
from .payment_view import document_of, document_type, kind_of, listed, view
from .prepaid import OVERPAYMENT, PREPAYMENT

Element = dict[str, Any]
TYPES = {
    "ACCREC": "ACCRECPAYMENT", "ACCPAY": "ACCPAYPAYMENT", "ACCRECCREDIT": "ARCREDITPAYMENT", "ACCPAYCREDIT": "APCREDITPAYMENT",
    "RECEIVE-OVERPAYMENT": "AROVERPAYMENTPAYMENT", "SPEND-OVERPAYMENT": "APOVERPAYMENTPAYMENT",
    "RECEIVE-PREPAYMENT": "ARPREPAYMENTPAYMENT", "SPEND-PREPAYMENT": "APPREPAYMENTPAYMENT",
}  # fmt: skip
NOT_AUTHORISED = "Payments can only be made against Authorised documents"
TOO_MUCH = "Payment amount exceeds the amount outstanding on this document"
_KNOWN = (
    "PaymentID", "Invoice", "CreditNote", "Prepayment", "Overpayment", "InvoiceNumber", "CreditNoteNumber", "Account", "Code", "Date",
    "CurrencyRate", "Amount", "BankAmount", "Reference", "IsReconciled", "Status",
)  # fmt: skip
_READ_ONLY = (
    "PaymentType", "BatchPayment", "BatchPaymentID", "UpdatedDateUTC", "UpdatedDateUTCString", "HasAccount", "HasValidationErrors",
    "StatusAttributeString", "ValidationErrors", "Warnings",
)  # fmt: skip


def create(call: Call, element: Element, batch_id: str = "") -> Record:
    """One payment; `batch_id` names the batch it is made with. Raises Invalid."""
    elements.check_fields(call, element, "Payment", _KNOWN, _READ_ONLY)
    if "PaymentID" in element:
        raise Invalid("Payments cannot be modified, only created and deleted")
    kind, document = _target(call, element)
    account = _account(call, element)
    amount = elements.number(element, "Amount")
    day = elements.day(element, "Date") or call.organisation.today(call.now)
    messages = [*_amount_problems(document, amount), *_account_problems(call, document, account), *_reference_problems(call, element)]
    if locked := lock_message(call, day):
        messages.append(locked)
    if messages or amount is None or account is None:
        raise Invalid(messages)
    payment = {
        "PaymentID": call.organisation.new_id(),
        "DocumentID": document["DocumentID"],
        "Document": kind.prefix,
        "AccountID": account["AccountID"],
        "Date": day,
        "Amount": amount,
        "Reference": elements.text(element, "Reference"),
        "IsReconciled": elements.flag(element, "IsReconciled"),
        "Status": "AUTHORISED",
        "PaymentType": TYPES[document["Type"]],
        "BatchPaymentID": batch_id,
        "UpdatedDateUTC": call.now,
        **_conversion(call, element, document, account, amount),
    }
    call.organisation.payments.put(payment)
    resettle(call, kind, document["DocumentID"], call.switches.payment_moves_invoice_stamp)
    events.to_document(call, kind.prefix, document["DocumentID"], call.switches.payment_fires_invoice_event)
    history.add(call, document["DocumentID"], "Paid", f"Payment of {amount} on {day:%d-%b-%Y}.")
    return payment


def _target(call: Call, element: Element) -> tuple[DocumentKind, Record]:
    """The one document to be paid, by id or by number."""
    named = {kind: _keys(element, kind) for kind in (INVOICE, CREDIT_NOTE, PREPAYMENT, OVERPAYMENT)}
    given = [kind for kind, keys in named.items() if any(keys)]
    if len(given) != 1:
        raise Invalid("A payment must be for exactly one Invoice, Credit Note, Prepayment or Overpayment.")
    kind = given[0]
    key, number = named[kind]
    found = (
        kind.table(call).get(str(key).lower())
        if key
        else next(iter(kind.table(call).find("number", (kind.sale, str(number).lower()))), None)
    )
    if found is None:
        if key and call.switches.unknown_id_refuses_batch:
            raise NotFound()
        raise Invalid(NOT_FOUND)
    return kind, found


def _keys(element: Element, kind: DocumentKind) -> tuple[Any, Any]:
    """The id and the number by which the element names a document of that kind."""
    nested = elements.nested(element, kind.id_field[:-2])
    number = nested.get(kind.number_field) or element.get(kind.number_field) if kind.number_field else None
    return nested.get(kind.id_field), number


def _account(call: Call, element: Element) -> Record | None:
    named = elements.nested(element, "Account")
    if named.get("AccountID"):
        return call.organisation.accounts.get(str(named["AccountID"]).lower())
    code = named.get("Code") or element.get("Code")
    return call.organisation.account_by_code(str(code)) if code else None


def _amount_problems(document: Record, amount: Decimal | None) -> list[str]:
    if amount is None or amount <= 0:
        return ["Payment amount must be greater than 0."]
    if amount != amount.quantize(Decimal("0.01")):
        return ["Payment amount must not have more than 2 decimal places."]
    if document["Status"] not in ("AUTHORISED", "PAID"):
        return [NOT_AUTHORISED]
    return [TOO_MUCH] if amount > document["AmountDue"] else []


def _account_problems(call: Call, document: Record, account: Record | None) -> list[str]:
    if account is None:
        return ["Account could not be found."]
    if account["Status"] != "ACTIVE":
        return ["The account has been archived."]
    if account["Type"] != "BANK" and not account["EnablePaymentsToAccount"]:
        return [call.switches.non_payment_account_message]
    allowed = ("", document["CurrencyCode"], call.organisation.region.currency)
    if account["CurrencyCode"] not in allowed:
        return ["The currency of the bank account must be that of the document or the base currency."]
    return []


def _reference_problems(call: Call, element: Element) -> list[str]:
    limit = call.switches.payment_reference_limit
    if limit is not None and len(elements.text(element, "Reference")) > limit:
        return [f"The length of Reference must not exceed {limit} characters."]
    return []


def _conversion(call: Call, element: Element, document: Record, account: Record, amount: Decimal) -> Record:
    """Amount is in the document's currency, BankAmount in the account's; the rate is kept as foreign units for one of base."""
    base = call.organisation.region.currency
    if document["CurrencyCode"] == base:
        return {"CurrencyRate": Decimal(1), "BankAmount": amount}
    rule = rounding(call.switches, base)
    bank, rate = elements.number(element, "BankAmount"), told_rate(call, elements.number(element, "CurrencyRate"))
    if (account["CurrencyCode"] or base) == document["CurrencyCode"]:
        return {"CurrencyRate": rate or document["CurrencyRate"], "BankAmount": amount}
    if bank is not None and bank > 0:
        return {"CurrencyRate": (amount / bank).quantize(Decimal("0.000001")), "BankAmount": rule.money(bank)}
    rate = rate or document["CurrencyRate"]
    return {"CurrencyRate": rate, "BankAmount": rule.money(amount / rate)}


def _delete(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "Payment", _KNOWN, _READ_ONLY)
    payment = call.organisation.payments.get(call.path["id"].lower())
    if payment is None:
        raise NotFound()
    if set(element) & set(_KNOWN) - {"PaymentID"} != {"Status"} or elements.text(element, "Status") != "DELETED":
        raise Invalid("Payments cannot be modified, only created and deleted")
    if payment["Status"] == "DELETED":
        raise Invalid("The payment has already been deleted.")
    if payment.get("BatchPaymentID") and not call.person:
        raise Invalid(call.switches.batched_delete_message)
    if payment["IsReconciled"] and call.switches.reconciled_delete == "refused":
        raise Invalid(call.switches.reconciled_delete_message)
    if locked := lock_message(call, payment["Date"]):
        raise Invalid(locked)
    return put_deleted(call, payment)


def put_deleted(call: Call, payment: Record, with_batch: bool = False) -> Record:
    """What the payment paid is due again. `with_batch`: its whole batch goes, and keeps its total."""
    stamp = call.now if call.switches.deleted_payment_moves_stamp else payment["UpdatedDateUTC"]
    deleted = call.organisation.payments.put({**payment, "Status": "DELETED", "UpdatedDateUTC": stamp})
    events.to_document(call, payment["Document"], payment["DocumentID"], call.switches.payment_fires_invoice_event)
    if not with_batch and (batch := call.organisation.batch_payments.get(payment.get("BatchPaymentID") or "")):
        call.organisation.batch_payments.put(_without(call, batch, payment))
    resettle(call, kind_of(payment), payment["DocumentID"], call.switches.payment_moves_invoice_stamp)
    return deleted


def _without(call: Call, batch: Record, payment: Record) -> Record:
    """What is left of a batch whose payment a person removed: its total shrank; with its last one it is gone [3P]."""
    left = tuple(key for key in batch["PaymentIDs"] if key != payment["PaymentID"])
    if not left and not batch.get("TransactionIDs"):
        return {**batch, "Status": "DELETED", "UpdatedDateUTC": call.now}
    return {**batch, "PaymentIDs": left, "TotalAmount": batch["TotalAmount"] - payment["BankAmount"], "UpdatedDateUTC": call.now}


def _fields(call: Call) -> dict[str, Getter]:
    accounts = call.organisation.accounts
    same = ("PaymentID", "PaymentType", "Status", "Date", "Amount", "BankAmount", "IsReconciled", "UpdatedDateUTC")
    fields: dict[str, Getter] = {name: (lambda record, name=name: record[name]) for name in same}
    return fields | {
        "CurrencyRate": lambda record: told_rate(call, record["CurrencyRate"]),
        "Reference": lambda record: record["Reference"] or None,
        "Account.AccountID": lambda record: record["AccountID"],
        "Account.Code": lambda record: accounts.get(record["AccountID"])["Code"] or None,
        "Invoice.InvoiceID": lambda record: record["DocumentID"],
        "Invoice.InvoiceNumber": lambda record: document_of(call, record)["Number"] or None,
        "Invoice.Type": lambda record: document_type(document_of(call, record)),
        "BatchPaymentID": lambda record: record.get("BatchPaymentID") or None,
        "BatchPayment.BatchPaymentID": lambda record: record.get("BatchPaymentID") or None,
        "Invoice.Contact.ContactID": lambda record: document_of(call, record)["ContactID"],
    }


def list_payments(call: Call) -> Answer:
    listing = Listing("Payments", "Payment", _fields(call), listed, look_ups=look_ups.payments(call.organisation))
    selection = Selection(call.organisation.payments)
    if not call.switches.deleted_payment_listed:
        selection.that(lambda record: record["Status"] != "DELETED")
    return answer(call, listing, selection)


def get_payment(call: Call) -> Answer:
    payment = call.organisation.payments.get(call.path["id"].lower())
    if payment is None:
        raise NotFound()
    return call.envelope("Payments", [view(call, payment)])


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    old = call.organisation.payments.get(str(element.get("PaymentID", "")).lower())
    return refused_element(element, invalid, call, "PaymentID", stored=view(call, old) if old else None)


def create_payments(call: Call) -> Answer:
    return write(call, Kind("Payments", create, view, _refused))


def create_payment(call: Call) -> Answer:
    return write(call, Kind("Payments", create, view, _refused), elements.read(call, "Payments", single=True), summarize=True)


def delete_payment(call: Call) -> Answer:
    rows = elements.read(call, "Payments", single=True)
    if str(rows[0].get("PaymentID", call.path["id"])).lower() != call.path["id"].lower():
        raise NotSimulated("the PaymentID in the body differs from the one in the address", 400)
    return write(call, Kind("Payments", _delete, view, _refused), [{**rows[0], "PaymentID": call.path["id"]}], summarize=True)


_SCOPE = "accounting.payments"
ROUTES = [
    Route("GET", "/Payments", list_payments, _SCOPE, ("where", "order", "page", "pageSize"), modified_since=True),
    Route("GET", "/Payments/{id}", get_payment, _SCOPE),
    Route("PUT", "/Payments", create_payments, _SCOPE, ("summarizeErrors",)),
    Route("POST", "/Payments", create_payment, _SCOPE),
    Route("POST", "/Payments/{id}", delete_payment, _SCOPE),
]
