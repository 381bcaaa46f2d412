"""Lines of the bank's statement, and how they are reconciled: by a person, or by Xero itself some minutes later (JAX)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .. import history, wire
from ..store import Record
from .bank import reconcile
from .desk import Desk, Impossible
from .money import pay, receive_money, spend_money

if TYPE_CHECKING:
    from ..world import World

Shown = dict[str, Any]
OPEN, DONE = "OPEN", "RECONCILED"
# What is paid by money that comes in, and by money that goes out.
_MONEY = {True: ("ACCREC", "ACCPAYCREDIT"), False: ("ACCPAY", "ACCRECCREDIT")}


def bank_line(
    desk: Desk, amount: Any, payee: str = "", account: str = "", date: str = "", reference: str = "", jax: str = "", minutes: Any = 0,
    line_account: str = "",
) -> Shown:  # fmt: skip
    """`amount` > 0 came in. `jax`: match, receive or memory, so many minutes from now; without it the line waits for a person."""
    if jax and jax not in _METHODS:
        raise Impossible(f"jax is one of {', '.join(_METHODS)}")
    named, now = desk.account(account), desk.call().now
    found = desk.organisation.accounts.get(named.get("AccountID", "")) or desk.organisation.account_by_code(named.get("Code", ""))
    if found is None or found["Type"] != "BANK":
        raise Impossible(f"{account} is no bank account")
    line = {
        "LineID": desk.organisation.new_id(),
        "AccountID": found["AccountID"],
        "Date": wire.parse_day(date) if date else desk.organisation.today(now),
        "Amount": wire.parse_decimal(amount),
        "Payee": payee,
        "Reference": reference,
        "Status": OPEN,
        "Jax": jax,
        "Due": now + timedelta(minutes=float(minutes)) if jax else None,
        "LineAccount": line_account,
        "ItemIDs": (),
        "Problem": "",
    }
    if not line["Amount"]:
        raise Impossible("a line of the bank has an amount")
    return desk.organisation.statement_lines.put(line)


def match_line(desk: Desk, line: str, items: list[str] | str = (), documents: list[str] | str = ()) -> Shown:
    """With what is booked already (`items`: payments, batches, bank transactions), or by paying `documents` to the cent."""
    record = _open(desk, line)
    keys = [items] if isinstance(items, str) else list(items)
    chosen = [documents] if isinstance(documents, str) else list(documents)
    for document in chosen:
        whole = _whole(desk, record, document) if len(chosen) == 1 and not keys else None
        made = pay(desk, document, None, record["AccountID"], record["Date"].isoformat(), record["Reference"], whole)
        keys.append(made["PaymentID"])
    total = sum((_amount(desk, key) for key in keys), Decimal(0))
    if total != record["Amount"]:
        raise Impossible(f"what was chosen makes {total}, the line has {record['Amount']}")
    return _done(desk, record, keys)


def _open(desk: Desk, key: str) -> Record:
    line = desk.organisation.statement_lines.get(key)
    if line is None or line["Status"] != OPEN:
        raise Impossible(f"there is no open line {key}")
    return line


def _whole(desk: Desk, line: Record, document: str) -> Decimal | None:
    """What the bank gives for a document in another currency: all of the line, at whatever rate that makes."""
    _envelope, found = desk.find(document, "Invoices", "CreditNotes", "Overpayments", "Prepayments")
    return None if found["CurrencyCode"] == _currency(desk, line) else abs(line["Amount"])


def _done(desk: Desk, line: Record, keys: list[str]) -> Shown:
    reconcile(desk, keys)
    return desk.organisation.statement_lines.put({**line, "Status": DONE, "ItemIDs": tuple(keys), "Problem": ""})


def _amount(desk: Desk, key: str) -> Decimal:
    """What an item did to its bank account."""
    envelope, record = desk.find(key, "Payments", "BatchPayments", "BankTransactions")
    if envelope == "Payments":
        comes_in = record["PaymentType"] in ("ACCRECPAYMENT", "APCREDITPAYMENT", "APOVERPAYMENTPAYMENT", "APPREPAYMENTPAYMENT")
        return record["BankAmount"] if comes_in else -record["BankAmount"]
    if envelope == "BatchPayments":
        return record["TotalAmount"] if record["Type"] == "RECBATCH" else -record["TotalAmount"]
    return record["Total"] if record["Type"].startswith("RECEIVE") else -record["Total"]


# --- what Xero does by itself [DOC]: same payee and amount; "memory" may code a payment to sales though the invoice is open ---


def catch_up(world: World) -> bool:
    """Reconcile what has become due, each at its moment; gives whether there was any."""
    due = [
        (line["Due"], organisation, line)
        for organisation in world.organisations.values()
        for line in organisation.statement_lines.find("waiting", True)
        if line["Due"] <= world.now()
    ]
    for moment, organisation, line in sorted(due, key=lambda row: row[0]):
        desk = Desk(world, organisation, history.BY_ITSELF, moment)
        _by_itself(desk, line)
    return bool(due)


def _by_itself(desk: Desk, line: Record) -> None:
    table = desk.organisation.statement_lines
    try:
        with desk.organisation.transaction():
            keys = _METHODS[line["Jax"]](desk, line)
            if keys:
                _done(desk, line, keys)
                return
        problem = "nothing fits"
    except Impossible as impossible:
        problem = str(impossible)
    table.put({**line, "Jax": "", "Due": None, "Problem": problem})


def _match(desk: Desk, line: Record) -> list[str]:
    """Something booked on that account, else a document of the payee, of the very amount."""
    for key, record in _booked(desk, line["AccountID"]):
        if _amount(desk, key) == line["Amount"] and _is_of(desk, record, line["Payee"]):
            return [key]
    for document in _due(desk, line):
        made = pay(desk, document["DocumentID"], None, line["AccountID"], line["Date"].isoformat(), line["Reference"])
        return [made["PaymentID"]]
    return []


def _booked(desk: Desk, account_id: str) -> list[tuple[str, Record]]:
    """What waits for a line: not the payments of a batch, which has one line for all."""
    organisation = desk.organisation
    tables = (organisation.batch_payments, organisation.payments, organisation.bank_transactions)
    rows = [(record[table.id_field], record) for table in tables for record in table]
    return [
        (key, record)
        for key, record in rows
        if record["AccountID"] == account_id
        and record["Status"] == "AUTHORISED"
        and not record["IsReconciled"]
        and (key == record.get("BatchPaymentID") or not record.get("BatchPaymentID"))
    ]


def _is_of(desk: Desk, record: Record, payee: str) -> bool:
    """Whether it is with the payee that the line names; of batches and transfers that is not asked."""
    contact_id = record.get("ContactID") or _document(desk, record).get("ContactID")
    contact = desk.organisation.contacts.get(contact_id or "")
    return not payee or contact is None or contact["Name"].lower() == payee.lower()


def _document(desk: Desk, payment: Record) -> Record:
    if "DocumentID" not in payment:
        return {}
    return desk.find(payment["DocumentID"], "Invoices", "CreditNotes", "Overpayments", "Prepayments")[1]


def _due(desk: Desk, line: Record) -> list[Record]:
    organisation = desk.organisation
    contact = organisation.contact_by_name(line["Payee"]) or {}
    kinds, own = _MONEY[line["Amount"] > 0], _currency(desk, line)
    return [
        record
        for table in (organisation.invoices, organisation.credit_notes)
        for record in table.find("contact", contact.get("ContactID"))
        if record["Status"] == "AUTHORISED"
        and record["Type"] in kinds
        and (record["CurrencyCode"], record["AmountDue"]) == (own, abs(line["Amount"]))
    ]


def _currency(desk: Desk, line: Record) -> str:
    account = desk.organisation.accounts.get(line["AccountID"]) or {}
    return account.get("CurrencyCode") or desk.organisation.region.currency


def _receive(desk: Desk, line: Record) -> list[str]:
    """Booked to sales (or expenses), whatever is open: the double revenue that people complain of [DOC]."""
    return _transaction(desk, line, line["LineAccount"])


def _memory(desk: Desk, line: Record) -> list[str]:
    """As the last line of that payee was."""
    kind = "RECEIVE" if line["Amount"] > 0 else "SPEND"
    contact = desk.organisation.contact_by_name(line["Payee"]) or {}
    found = [
        record
        for record in desk.organisation.bank_transactions.find("contact", contact.get("ContactID"))
        if record["Type"] == kind and record["IsReconciled"] and record["Status"] == "AUTHORISED"
    ]
    return _transaction(desk, line, found[-1]["Lines"][0]["AccountCode"]) if found else []


def _transaction(desk: Desk, line: Record, line_account: str) -> list[str]:
    name = line["Payee"] or "Unknown payee"
    if desk.organisation.contact_by_name(name) is None:
        desk.put("Contacts", {"Name": name})
    work = receive_money if line["Amount"] > 0 else spend_money
    how = {"account": line["AccountID"], "date": line["Date"].isoformat(), "reference": line["Reference"], "line_account": line_account}
    return [work(desk, name, abs(line["Amount"]), **how)["BankTransactionID"]]


_METHODS: dict[str, Callable[[Desk, Record], list[str]]] = {"match": _match, "receive": _receive, "memory": _memory}
VERBS: dict[str, Callable[..., Any]] = {"bank_line": bank_line, "match_line": match_line}
