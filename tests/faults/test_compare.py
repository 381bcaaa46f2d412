"""The judge of a chaos run is judged itself: two equal sets of books pass, and every kind of damage is found."""

import copy
from collections import Counter
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from tests.faults.compare import Comparison
from tests.faults.facts import Facts, mark

DAY = date(2026, 9, 14)
BORN = datetime(2026, 9, 14, 8, 30, 0, 123456)  # noqa: DTZ001 - as the database has it
MARKED = f"BNK #{mark('account.partial.reconcile', 5, BORN)}"


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def books():
    """What a pair of equal books holds: Odoo's rows by table, and the organisation.

    An invoice, paid in part by a payment and by a credit note; one that was cancelled; a bill; money on account; a journal entry.
    """
    move = {"name": "INV/1", "state": "posted", "amount_total": 110, "amount_tax": 10, "invoice_date": DAY, "due": DAY}
    move |= {"id": 1, "move_type": "out_invoice", "reference": "PO 1", "partner_id": 7, "currency": "AUD"}
    note = {**move, "id": 3, "name": "CN/1", "move_type": "out_refund", "amount_total": 20, "amount_tax": 2}
    bill = {**move, "id": 4, "name": "BILL/1", "move_type": "in_invoice"}
    bindings = [("contact", 7, "c7"), ("invoice", 1, "i1"), ("invoice", 2, "i2"), ("payment", 5, "p5"), ("credit_note", 3, "n3")]
    bindings += [("bill", 4, "b4"), ("allocation", 6, "a6"), ("on_account", 9, "t9"), ("journal", 8, "j8")]
    part = {"id": 5, "create_date": BORN, "move_id": 1, "amount": 60, "date": DAY, "payment_id": 4, "statement_line_id": None}
    credited = {"id": 6, "create_date": BORN, "move_id": 1, "amount": 20, "date": DAY, "payment_id": None, "statement_line_id": None}
    odoo = {
        "FROM account_move m JOIN res_currency": [move, {**move, "id": 2, "name": "INV/2", "state": "cancel"}, note, bill],
        "FROM account_partial_reconcile": [part, credited, {**credited, "move_id": 3}],
        "AS banked": [{"id": 4, "banked": 60, "account": "bank"}],
        "FROM account_payment": [{"id": 9, "name": "BNK/9", "amount": 30, "residual": 30}],
        "FROM account_move m JOIN account_move_line": [{"id": 8, "name": "MISC/8", "date": DAY, "amount": 12.5}],
        "FROM xero_binding": [
            {"kind": kind, "res_model": "", "res_id": number, "xero_id": xero_id, "xero_status": "", "state": "synced"}
            | {"owner_model": "", "owner_id": 0, "covers": None, "message": ""}
            for kind, number, xero_id in bindings
        ],
        "FROM xero_job": [],
        "state IN": [],
        "FROM xero_drift": [],
        "state = 'ignored'": [],
        "FROM xero_connection": [{"state": "connected", "state_message": None}],
        "FROM res_partner": [{"id": 7, "name": "Ann  <b>", "email": "a@example.com", "phone": "", "xero_contact_name": None}],
    }  # fmt: skip
    return odoo, _organisation()


def _organisation():
    invoice = {
        "Type": "ACCREC", "Status": "AUTHORISED", "Total": 110.0, "TotalTax": 10.0, "AmountDue": 30.0, "Date": "2026-09-14T00:00:00Z",
    }  # fmt: skip
    invoice |= {"DueDate": "2026-09-14", "CurrencyCode": "AUD", "Reference": "PO 1", "ContactID": "c7", "Url": "http://localhost/1"}
    note = {**invoice, "DocumentID": "n3", "Number": "CN/1", "Type": "ACCRECCREDIT", "Status": "PAID", "Total": 20.0, "TotalTax": 2.0}
    note |= {"AmountDue": 0, "Url": "http://localhost/3", "Allocations": [{"AllocationID": "a6", "InvoiceID": "i1", "Amount": 20.0}]}
    bill = {**invoice, "DocumentID": "b4", "Number": "BILL/1", "Type": "ACCPAY", "AmountDue": 110.0, "Url": "http://localhost/4"}
    money = {
        "DocumentID": "o9",
        "BankTransactionID": "t9",
        "ContactID": "c7",
        "Status": "AUTHORISED",
        "Total": 30.0,
        "AmountDue": 30.0,
        "Allocations": [],
    }
    lines = [{"LineAmount": 12.5}, {"LineAmount": -12.5}]
    return {
        "tenant_id": "t",
        "base_currency": "AUD",
        "invoices": [
            {**invoice, "DocumentID": "i1", "Number": "INV/1"},
            {**invoice, "DocumentID": "i2", "Number": "INV/2", "Status": "VOIDED", "Url": "http://localhost/2"},
            bill,
        ],
        "credit_notes": [note],
        "payments": [
            {
                "PaymentID": "p5",
                "DocumentID": "i1",
                "Amount": 60.0,
                "Status": "AUTHORISED",
                "Reference": MARKED,
                "Date": "2026-09-14",
                "BatchPaymentID": None,
                "AccountID": "bank",
                "BankAmount": 60.0,
            },
        ],
        "overpayments": [money],
        "prepayments": [],
        "batch_payments": [],
        "manual_journals": [{"DocumentID": "j8", "Status": "POSTED", "Date": "2026-09-14", "Lines": lines}],
        "contacts": [{"ContactID": "c7", "Name": "Ann b", "EmailAddress": "a@example.com", "ContactNumber": "odoo-k-7"}],
    }


def judge(odoo, xero):
    def query(statement, *_values):
        return next(rows for text, rows in odoo.items() if text in statement)

    company = SimpleNamespace(company_id=1, connection_id=1, tenant_id="t", name="AU")
    comparison = Comparison(Facts(company, query, {"organisations": [xero]}))
    return Counter(kind for kind, _details in comparison.violations), comparison


def test_equal_books_pass():
    kinds, comparison = judge(*books())
    assert not kinds
    assert comparison.difference == 0
    kinds = ("invoices", "bills", "credit notes", "payments", "allocations", "money on account", "journal entries", "customers")
    assert [comparison.counts[kind] for kind in kinds] == [1] * len(kinds)


def _twice(rows, **changes):
    rows.append({**copy.deepcopy(rows[0]), **changes})


def _job(state, message="Why"):
    job = {"id": 1, "kind": "invoice", "res_model": "account.move", "res_id": 1, "state": state, "message": message, "tries": 0}
    return {**job, "xero_messages": None, "code": "lock_date"}


def _money(state):
    return {"kind": "payment", "xero_id": "p9", "state": state, "cause": "", "message": "Why", "told": {}}


DAMAGE = {
    "lost": lambda odoo, xero: xero["invoices"].pop(0),
    "lost payment": lambda odoo, xero: xero["payments"].clear(),
    "duplicated": lambda odoo, xero: _twice(xero["invoices"], DocumentID="i9", Number="INV/9"),
    "duplicated payment": lambda odoo, xero: _twice(xero["payments"], PaymentID="p9"),
    "orphan": lambda odoo, xero: _twice(xero["invoices"], DocumentID="i9", Number="INV/9", Url=""),
    "orphan contact": lambda odoo, xero: _twice(xero["contacts"], ContactID="c9", ContactNumber="odoo-k-9"),
    "lost bill": lambda odoo, xero: xero["invoices"].pop(2),
    "lost credit note": lambda odoo, xero: xero["credit_notes"][0].update(Status="VOIDED"),
    "lost allocation": lambda odoo, xero: odoo["FROM xero_binding"].pop(6),
    "lost money on account": lambda odoo, xero: xero["overpayments"][0].update(Status="VOIDED"),
    "lost entry": lambda odoo, xero: xero["manual_journals"].clear(),
    "orphan bill": lambda odoo, xero: _twice(xero["invoices"], DocumentID="i9", Type="ACCPAY", Url=""),
    "orphan allocation": lambda odoo, xero: xero["credit_notes"][0]["Allocations"].append({"AllocationID": "a9", "Amount": 1.0}),
    "orphan money": lambda odoo, xero: _twice(xero["overpayments"], DocumentID="o8", BankTransactionID="t8"),
    "orphan entry": lambda odoo, xero: _twice(xero["manual_journals"], DocumentID="j9"),
    "different money on account": lambda odoo, xero: xero["overpayments"][0].update(Total=31.0),
    "different credit": lambda odoo, xero: xero["overpayments"][0].update(AmountDue=0),
    "different entry": lambda odoo, xero: xero["manual_journals"][0]["Lines"][0].update(LineAmount=12.49),
    "different type": lambda odoo, xero: xero["invoices"][2].update(Type="ACCREC"),
    "different total": lambda odoo, xero: xero["invoices"][0].update(Total=110.01),
    "different tax": lambda odoo, xero: xero["invoices"][0].update(TotalTax=9.99),
    "different amount due": lambda odoo, xero: xero["invoices"][0].update(AmountDue=110.0),
    "different status": lambda odoo, xero: xero["invoices"][0].update(Status="PAID"),
    "different customer": lambda odoo, xero: xero["invoices"][0].update(ContactID="c8"),
    "different due date": lambda odoo, xero: xero["invoices"][0].update(DueDate="2026-09-15"),
    "different reference": lambda odoo, xero: xero["invoices"][0].update(Reference=""),
    "different payment": lambda odoo, xero: xero["payments"][0].update(Amount=59.0),
    "different name": lambda odoo, xero: xero["contacts"][0].update(Name="Bob"),
    "not removed": lambda odoo, xero: xero["invoices"][1].update(Status="AUTHORISED"),
    "not removed payment": lambda odoo, xero: odoo["FROM account_partial_reconcile"].pop(0),
    "binding": lambda odoo, xero: _twice(odoo["FROM xero_binding"], res_id=70),
    "not resting": lambda odoo, xero: odoo["FROM xero_job"].append(_job("uncertain")),
    "no reason": lambda odoo, xero: odoo["FROM xero_job"].append(_job("blocked", "")),
    "failed": lambda odoo, xero: odoo["FROM xero_job"].append(_job("failed")),
    "not answered": lambda odoo, xero: odoo["state IN"].append(_money("held")),
    "not answered drift": lambda odoo, xero: odoo["FROM xero_drift"].append({"id": 1, "kind": "bill", "name": "B", "message": "Why"}),
    "connection": lambda odoo, xero: odoo["FROM xero_connection"][0].update(state="reconnect"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(damage):
    odoo, xero = books()
    DAMAGE[damage](odoo, xero)
    kinds, _comparison = judge(odoo, xero)
    expected = damage if damage.startswith("different") else " ".join(damage.split()[:2] if damage.startswith("no") else damage.split()[:1])
    assert kinds[expected]


def test_what_people_in_xero_have_caused_is_no_failure():
    odoo, xero = books()
    odoo["FROM xero_job"].append({**_job("failed"), "code": "voided_in_xero"})
    assert not judge(odoo, xero)[0]


def test_held_with_a_reason_is_no_violation():
    odoo, xero = books()
    odoo["FROM xero_job"].append(_job("blocked"))
    xero["invoices"][0]["Total"] = 1.0
    kinds, comparison = judge(odoo, xero)
    assert not kinds
    assert len(comparison.held) == 1


def _paid_there(odoo, xero):
    """The payment was made in Xero: it bears no mark of ours, and is known by its binding."""
    xero["payments"][0]["Reference"] = "Rita"
    return odoo, xero


def test_a_payment_made_in_xero_is_known_by_its_binding():
    kinds, comparison = judge(*_paid_there(*books()))
    assert not kinds
    assert (comparison.counts["payments made in Xero"], comparison.counts["payments"]) == (1, 0)


def test_one_of_a_batch_and_of_instalments():
    """A batch that was made in Xero is one payment here, which is matched with each of its documents."""
    odoo, xero = _paid_there(*books())
    bindings = odoo["FROM xero_binding"]
    [bound] = [row for row in bindings if row["kind"] == "payment"]
    bindings[bindings.index(bound)] = {**bound, "kind": "batch_payment", "res_model": "account.payment", "res_id": 4, "xero_id": "b1"}
    xero["payments"][0].update(Amount=45.0, BankAmount=45.0, BatchPaymentID="b1")
    _twice(xero["payments"], PaymentID="p6", Amount=15.0, BankAmount=15.0)
    xero["batch_payments"].append({"BatchPaymentID": "b1"})
    assert not judge(odoo, xero)[0]
    xero["payments"][1]["Amount"] = 14.0
    assert judge(odoo, xero)[0]["different payment"]


THERE = {
    "not removed": lambda odoo, xero: odoo["FROM xero_binding"].pop(3),
    "different payment": lambda odoo, xero: xero["payments"][0].update(Amount=59.0),
    "different payment date": lambda odoo, xero: xero["payments"][0].update(Date="2026-09-13"),
    "different bank of a payment": lambda odoo, xero: xero["payments"][0].update(AccountID="another"),
    "different amount on the bank": lambda odoo, xero: xero["payments"][0].update(BankAmount=59.99),
    "different invoice of a payment": lambda odoo, xero: xero["payments"][0].update(DocumentID="i2"),
}


@pytest.mark.parametrize("damage", THERE)
def test_damage_to_what_was_made_in_xero_is_found(damage):
    odoo, xero = _paid_there(*books())
    THERE[damage](odoo, xero)
    assert judge(odoo, xero)[0][damage]


def test_what_is_none_of_odoos_is_left_there():
    odoo, xero = books()
    _twice(xero["payments"], PaymentID="p9", DocumentID="other", Reference="Rita")
    _twice(xero["overpayments"], DocumentID="o8", BankTransactionID="t8", ContactID="other")
    assert not judge(odoo, xero)[0]


def test_what_a_person_left_as_it_is():
    odoo, xero = books()
    xero["invoices"][0]["Total"] = 120.0
    assert judge(odoo, xero)[0]["different total"]
    for row in odoo["FROM xero_binding"]:
        row["state"], row["res_model"] = ("accepted", "account.move") if row["xero_id"] == "i1" else (row["state"], row["res_model"])
    assert not judge(odoo, xero)[0]
