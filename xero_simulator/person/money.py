"""Paying, refunding, allocating, and taking it back; money spent, received and moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import wire
from ..store import Record
from .bank import unreconcile
from .desk import Desk, Impossible

Shown = dict[str, Any]
_TARGETS = ("Invoices", "CreditNotes", "Overpayments", "Prepayments")
_CREDITS = _TARGETS[1:]


def pay(
    desk: Desk, document: str, amount: Any = None, account: str = "", date: str = "", reference: str = "", bank_amount: Any = None,
    rate: Any = None,
) -> Shown:  # fmt: skip
    """All that is due, or part of it. Of a credit note, an overpayment or a prepayment: a refund."""
    envelope, record = desk.find(document, *_TARGETS)
    name = envelope[:-1]
    element = {name: {f"{name}ID": record["DocumentID"]}, "Account": desk.account(account), "Date": date, "Reference": reference}
    element |= {"Amount": record["AmountDue"] if amount is None else str(amount), "BankAmount": bank_amount, "CurrencyRate": rate}
    return desk.put("Payments", element)


def refund(desk: Desk, credit: str, amount: Any = None, **how: Any) -> Shown:
    """Money for a credit note, an overpayment or a prepayment."""
    return pay(desk, desk.find(credit, *_CREDITS)[1]["DocumentID"], amount, **how)


def overpay(desk: Desk, document: str, amount: Any, account: str = "", date: str = "", reference: str = "") -> Shown:
    """One line of the bank is two things in Xero: the payment of what is due, and an overpayment of the rest."""
    _envelope, record = desk.find(document, "Invoices")
    rest = wire.parse_decimal(amount) - record["AmountDue"]
    if rest <= 0:
        raise Impossible(f"{amount} is not more than is due ({record['AmountDue']})")
    payment = pay(desk, record["DocumentID"], None, account, date, reference) if record["AmountDue"] else {}
    side = "sale" if record["Type"] == "ACCREC" else "purchase"
    made = _too_much(desk, "OVERPAYMENT", record["ContactID"], rest, side, account, date, record["CurrencyCode"])
    return {"Payment": payment, "BankTransaction": made, "OverpaymentID": made["OverpaymentID"]}


def prepay(
    desk: Desk, contact: str, amount: Any, kind: str = "prepayment", side: str = "sale", account: str = "", date: str = "",
    line_account: str = "", tax_type: str = "",
) -> Shown:  # fmt: skip
    """Money before there is a document. `kind`: prepayment or overpayment; `side`: sale or purchase."""
    names = {"prepayment": "PREPAYMENT", "overpayment": "OVERPAYMENT"}
    if kind not in names:
        raise Impossible(f"kind is one of {', '.join(names)}")
    return _too_much(desk, names[kind], contact, amount, side, account, date, "", line_account, tax_type)


def _too_much(
    desk: Desk, name: str, contact: str, amount: Any, side: str, account: str, date: str, currency: str = "", line_account: str = "",
    tax_type: str = "",
) -> Shown:  # fmt: skip
    if side not in ("sale", "purchase"):
        raise Impossible("side is sale or purchase")
    line: Shown = {"Description": name.capitalize(), "Quantity": 1, "UnitAmount": str(amount)}
    if name == "PREPAYMENT":
        line |= {"AccountCode": line_account or _usual(side)} | ({"TaxType": tax_type} if tax_type else {})
    element = {"Type": f"{'RECEIVE' if side == 'sale' else 'SPEND'}-{name}", "Contact": desk.contact(contact), "Date": date}
    return desk.put("BankTransactions", {**element, "BankAccount": desk.account(account), "CurrencyCode": currency, "LineItems": [line]})


def _usual(side: str) -> str:
    """Sales, or general expenses, as every chart here has them."""
    return "200" if side == "sale" else "400"


def receive_money(desk: Desk, contact: str, amount: Any = None, **how: Any) -> Shown:
    return _bank_transaction(desk, "RECEIVE", contact, amount, **how)


def spend_money(desk: Desk, contact: str, amount: Any = None, **how: Any) -> Shown:
    return _bank_transaction(desk, "SPEND", contact, amount, **how)


def _bank_transaction(
    desk: Desk, kind: str, contact: str, amount: Any = None, account: str = "", date: str = "", reference: str = "", line_account: str = "",
    tax_type: str = "", lines: list[Shown] | None = None, line_amount_types: str = "", batch: str = "",
) -> Shown:  # fmt: skip
    """`lines` as Xero's LineItems, or `amount` on `line_account`. `batch`: the batch deposit it is part of."""
    if lines is None:
        code = line_account or _usual("sale" if kind == "RECEIVE" else "purchase")
        line: Shown = {"Description": reference or kind.capitalize(), "Quantity": 1, "UnitAmount": str(amount), "AccountCode": code}
        lines = [{**line, **({"TaxType": tax_type} if tax_type else {})}]
    element = {"Type": kind, "Contact": desk.contact(contact), "BankAccount": desk.account(account), "Date": date, "Reference": reference}
    made = desk.put("BankTransactions", {**element, "LineAmountTypes": line_amount_types, "LineItems": lines})
    return _into(desk, batch, made) if batch else made


def _into(desk: Desk, key: str, made: Shown) -> Shown:
    """[DOC] Money spent or received can be part of a batch."""
    table, transactions = desk.organisation.batch_payments, desk.organisation.bank_transactions
    batch, transaction = table.get(key), transactions.get(made["BankTransactionID"])
    assert batch and transaction
    ids = (*batch.get("TransactionIDs", ()), transaction["BankTransactionID"])
    table.put({**batch, "TransactionIDs": ids, "TotalAmount": batch["TotalAmount"] + transaction["Total"]})
    transactions.put({**transaction, "BatchPaymentID": key})
    return {**made, "BatchPayment": {"BatchPaymentID": key}}


def batch_deposit(
    desk: Desk, payments: list[Shown], money: list[Shown] | None = None, account: str = "", date: str = "", reference: str = ""
) -> Shown:
    """`payments`: [{document, amount}] (all that is due if no amount); `money`: [{contact, amount, line_account}] in the same line."""
    found = [(row, desk.find(row["document"], "Invoices")[1]) for row in payments]
    rows = [
        {"Invoice": {"InvoiceID": record["DocumentID"]}, "Amount": str(row.get("amount", record["AmountDue"]))} for row, record in found
    ]
    named = {"Account": desk.account(account), "Date": date, "Reference": reference}
    batch = desk.put("BatchPayments", {**named, "Payments": rows})
    kind = "RECEIVE" if batch["Type"] == "RECBATCH" else "SPEND"
    for row in money or []:
        _bank_transaction(desk, kind, account=account, date=date, batch=batch["BatchPaymentID"], **row)
    return desk.send("GET", f"BatchPayments/{batch['BatchPaymentID']}")["BatchPayments"][0]


def transfer(desk: Desk, source: str, target: str, amount: Any, date: str = "", reference: str = "") -> Shown:
    element = {"FromBankAccount": desk.account(source), "ToBankAccount": desk.account(target), "Amount": str(amount)}
    return desk.put("BankTransfers", {**element, "Date": date, "Reference": reference})


# --- credits ---


def allocate(desk: Desk, credit: str, invoice: str, amount: Any = None, date: str = "") -> Shown:
    """As much as both have, or part of it."""
    envelope, record = desk.find(credit, *_CREDITS)
    target = desk.find(invoice, "Invoices")[1]
    most = min(record["AmountDue"], target["AmountDue"])
    element = {"Invoice": {"InvoiceID": target["DocumentID"]}, "Amount": str(most if amount is None else amount)}
    element |= {"Date": date} if date else {}
    path = f"{envelope}/{record['DocumentID']}/Allocations"
    return desk.send("PUT", path, {"Allocations": [element]})["Allocations"][0]


def unallocate(desk: Desk, credit: str, allocation: str = "") -> Shown:
    """One allocation, or all there are."""
    envelope, record = desk.find(credit, *_CREDITS)
    keys = [part["AllocationID"] for part in record["Allocations"] if allocation in ("", part["AllocationID"])]
    if not keys:
        raise Impossible(f"{credit} has no such allocation")
    for key in keys:
        desk.send("DELETE", f"{envelope}/{record['DocumentID']}/Allocations/{key}")
    return {"AllocationIDs": keys}


# --- taking back ---


def delete_payment(desk: Desk, payment: str) -> Shown:
    """One of a batch too: its total shrinks. What is reconciled is removed by `remove_and_redo`."""
    return desk.post("Payments", desk.find(payment, "Payments")[1]["PaymentID"], {"Status": "DELETED"})


def remove_and_redo(desk: Desk, item: str) -> Shown:
    """[3P] The line of the bank is open again, and what was booked for it is gone."""
    envelope, record = desk.find(item, "Payments", "BatchPayments", "BankTransactions", "BankTransfers")
    table = desk.table(envelope)
    key = record[table.id_field]
    unreconcile(desk, _of(record) if envelope == "BankTransfers" else [key])
    return desk.post(envelope, key, {"Status": "DELETED"})


def _of(transfer: Record) -> list[str]:
    return [transfer[f"{side}BankTransactionID"] for side in ("From", "To")]


VERBS: dict[str, Callable[..., Any]] = {
    "pay": pay, "refund": refund, "overpay": overpay, "prepay": prepay, "receive_money": receive_money, "spend_money": spend_money,
    "batch_deposit": batch_deposit, "transfer": transfer, "allocate": allocate, "unallocate": unallocate, "delete_payment": delete_payment,
    "remove_and_redo": remove_and_redo,
}  # fmt: skip
