"""Documents and journals written, approved, edited, voided and deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..store import Record
from .desk import Desk, Impossible

Shown = dict[str, Any]
_DOCUMENTS = ("Invoices", "CreditNotes")
_WORDS = {"Invoices": ("VOIDED", "AUTHORISED"), "CreditNotes": ("VOIDED", "AUTHORISED"), "ManualJournals": ("VOIDED", "POSTED")}


def write_invoice(desk: Desk, contact: str, amount: Any = None, **how: Any) -> Shown:
    return _write(desk, "Invoices", "ACCREC", contact, amount, **how)


def write_bill(desk: Desk, contact: str, amount: Any = None, **how: Any) -> Shown:
    return _write(desk, "Invoices", "ACCPAY", contact, amount, **how)


def write_credit_note(desk: Desk, contact: str, amount: Any = None, side: str = "sale", **how: Any) -> Shown:
    if side not in ("sale", "purchase"):
        raise Impossible("side is sale or purchase")
    return _write(desk, "CreditNotes", "ACCRECCREDIT" if side == "sale" else "ACCPAYCREDIT", contact, amount, **how)


def _write(
    desk: Desk, envelope: str, kind: str, contact: str, amount: Any = None, line_account: str = "", tax_type: str = "",
    lines: list[Shown] | None = None, number: str = "", date: str = "", due_date: str = "", reference: str = "", currency: str = "",
    rate: Any = None, line_amount_types: str = "", status: str = "AUTHORISED", fields: Shown | None = None,
) -> Shown:  # fmt: skip
    """`lines` as Xero's LineItems, or `amount` on `line_account`; `fields`: anything else that Xero's documents have."""
    if lines is None:
        code = line_account or ("200" if "REC" in kind else "400")
        line: Shown = {"Description": "Work", "Quantity": 1, "UnitAmount": str(amount), "AccountCode": code}
        lines = [{**line, **({"TaxType": tax_type} if tax_type else {})}]
    element = {"Type": kind, "Contact": desk.contact(contact), "LineItems": lines, "Date": date, "Status": status, "Reference": reference}
    element |= {f"{envelope[:-1]}Number": number, "CurrencyCode": currency, "CurrencyRate": rate, "LineAmountTypes": line_amount_types}
    element |= {"DueDate": due_date or date} if envelope == "Invoices" else {}
    return desk.put(envelope, {**element, **(fields or {})})


def post_journal(desk: Desk, narration: str, lines: list[Shown], date: str = "", status: str = "POSTED", **fields: Any) -> Shown:
    """`lines` as Xero's JournalLines: debits positive."""
    element = {"Narration": narration, "JournalLines": lines, "Date": date, "Status": status, **fields}
    return desk.put("ManualJournals", element)


def edit(desk: Desk, item: str, fields: Shown) -> Shown:
    """Any fields, in Xero's names, of a document, bank transaction, journal or contact."""
    envelope, record = desk.find(item, *_DOCUMENTS, "BankTransactions", "ManualJournals", "Contacts")
    return desk.post(envelope, record[desk.table(envelope).id_field], fields)


def edit_line_account(desk: Desk, document: str, account: str, line: int = 0) -> Shown:
    """The account of one line, on a paid document too: amounts and tax stay."""
    envelope, record = desk.find(document, *_DOCUMENTS)
    if not 0 <= line < len(record["Lines"]):
        raise Impossible(f"{document} has no line {line}")
    rows = [same_line(row) for row in record["Lines"]]
    rows[line] = {**rows[line], "AccountCode": account}
    return desk.post(envelope, record["DocumentID"], {"LineItems": rows})


def same_line(line: Record) -> Shown:
    """To be sent once more, and to stay as it is: what is not named is kept."""
    if line["UnitAmount"] is None:
        return {"Description": line["Description"]}
    names = ("LineItemID", "TaxType", "TaxAmount", "DiscountRate", "DiscountAmount")
    return {name: line[name] for name in names if line.get(name) not in (None, "")}


def approve(desk: Desk, item: str) -> Shown:
    envelope, record = desk.find(item, *_WORDS)
    return desk.post(envelope, record["DocumentID"], {"Status": _WORDS[envelope][1]})


def void(desk: Desk, item: str) -> Shown:
    """Of an over- or prepayment too, which no app can; by its own id or that of its bank transaction."""
    envelope, record = desk.find(item, *_WORDS, "Overpayments", "Prepayments", "BankTransactions")
    if envelope in _WORDS:
        return desk.post(envelope, record["DocumentID"], {"Status": _WORDS[envelope][0]})
    if not record.get("PrepaidID") and envelope == "BankTransactions":
        raise Impossible("money spent or received is deleted, not voided")
    return desk.post("BankTransactions", record["BankTransactionID"], {"Status": "DELETED"})


def delete(desk: Desk, item: str) -> Shown:
    """A draft; money spent or received, a batch, a transfer, a payment."""
    envelope, record = desk.find(item, *_WORDS, "BankTransactions", "BatchPayments", "BankTransfers", "Payments")
    return desk.post(envelope, record[desk.table(envelope).id_field], {"Status": "DELETED"})


VERBS: dict[str, Callable[..., Any]] = {
    "write_invoice": write_invoice, "write_bill": write_bill, "write_credit_note": write_credit_note, "post_journal": post_journal,
    "edit": edit, "edit_line_account": edit_line_account, "approve": approve, "void": void, "delete": delete,
}  # fmt: skip
