"""A person at work in Xero's own screens: paying, taking back, editing, voiding, contacts; under a name, by the same rules as apps."""

import pytest
from ledger_helpers import balances
from simulator_helpers import check_tables, line

from xero_simulator.person import Impossible
from xero_simulator.testing import Person


@pytest.fixture
def rita(app):
    return Person(app, "NZ", "Rita Mills")


@pytest.fixture
def invoice(api):
    return api.invoice()


@pytest.fixture
def later(clock):
    clock.advance(60)
    return lambda: clock.advance(60)


def history(api, name, key):
    return [(row["Changes"], row["User"]) for row in api.get(f"{name}/{key}/History").json()["HistoryRecords"]]


def read(api, name, key):
    return api.get(f"{name}/{key}").json()[name][0]


def test_pays_in_parts_under_a_name(api, rita, invoice, later):
    before = api.read(invoice)["UpdatedDateUTC"]
    first = rita.pay(invoice["InvoiceID"], 40, reference="counter")
    held = api.read(invoice)
    assert (held["AmountDue"], held["Status"], held["UpdatedDateUTC"] > before) == (75.0, "AUTHORISED", True)
    later()
    rita.pay(invoice["InvoiceNumber"])
    assert api.read(invoice)["Status"] == "PAID"
    assert read(api, "Payments", first["PaymentID"])["Reference"] == "counter"
    assert history(api, "Payments", first["PaymentID"]) == [("Created", "Rita Mills")]
    assert history(api, "Invoices", invoice["InvoiceID"]) == [
        ("Paid", "Rita Mills"), ("Paid", "Rita Mills"), ("Created", "System Generated"),
    ]  # fmt: skip
    assert balances(api) == {"090": "115.00", "200": "-100.00", "820": "-15.00"}


def test_refused_by_the_rules_of_the_api_and_nothing_changes(api, rita, invoice, control):
    with pytest.raises(Impossible, match="pay: Payment amount exceeds the amount outstanding on this document"):
        rita.pay(invoice["InvoiceID"], 200)
    with pytest.raises(Impossible, match="there is no nothing"):
        rita.pay("nothing")
    with pytest.raises(Impossible, match="no such verb: dance"):
        api.app.act("NZ", "dance", "Rita Mills")
    control("organisations/NZ", {"period_lock_date": "2026-12-31"})
    with pytest.raises(Impossible, match="lock date"):
        rita.pay(invoice["InvoiceID"])
    assert len(api.organisation.payments) == 0
    assert history(api, "Invoices", invoice["InvoiceID"]) == [("Created", "System Generated")]


def test_overpays_as_two_things(api, rita, invoice):
    made = rita.overpay(invoice["InvoiceID"], 150, date="2026-09-20")
    assert read(api, "Overpayments", made["OverpaymentID"])["RemainingCredit"] == 35.0
    assert (made["Payment"]["Amount"], api.read(invoice)["Status"]) == (115, "PAID")
    assert balances(api)["090"] == "150.00"
    with pytest.raises(Impossible, match="not more than is due"):
        rita.overpay(invoice["InvoiceID"], 0)
    assert len(api.organisation.bank_transactions) == 1


def test_what_fails_in_the_middle_leaves_nothing(api, rita, invoice, control):
    control("organisations/NZ", {"archive_contacts": ["Ridgeway University"]})
    with pytest.raises(Impossible, match="archived"):  # the payment goes, the overpayment does not
        rita.overpay(invoice["InvoiceID"], 150)
    assert len(api.organisation.payments) == 0
    assert api.read(invoice)["AmountDue"] == 115.0
    check_tables(api.organisation)


@pytest.mark.parametrize(("side", "kind"), [(side, kind) for side in ("sale", "purchase") for kind in ("prepayment", "overpayment")])
def test_money_before_there_is_a_document_allocated_freed_refunded_and_void(api, rita, side, kind):
    api.contact()
    name = f"{kind.capitalize()}s"
    made = rita.prepay("Ridgeway University", 80, kind=kind, side=side)
    key = made[f"{kind.capitalize()}ID"]
    document = (rita.write_invoice if side == "sale" else rita.write_bill)("Ridgeway University", amount=100, number="X1")
    part = rita.allocate(key, document["InvoiceID"], 30)
    assert api.read(document)["AmountCredited"] == 30.0
    with pytest.raises(Impossible, match="cannot be voided"):
        rita.void(key)
    assert rita.unallocate(key)["AllocationIDs"] == [part["AllocationID"]]
    with pytest.raises(Impossible, match="no such allocation"):
        rita.unallocate(key)
    refund = rita.refund(key, 80, date="2026-09-20")
    assert read(api, name, key)["Status"] == "PAID"
    rita.delete_payment(refund["PaymentID"])
    rita.void(key)
    assert (read(api, name, key)["Status"], read(api, "BankTransactions", made["BankTransactionID"])["Status"]) == ("VOIDED", "VOIDED")
    rita.void(document["InvoiceID"])
    assert balances(api) == {}


def test_credit_notes_refunded(api, rita):
    api.contact()
    for side, money in (("sale", "-115.00"), ("purchase", "115.00")):
        note = rita.write_credit_note("Ridgeway University", side=side, amount=100, number=f"C-{side}")
        payment = rita.refund(note["CreditNoteID"])
        assert balances(api)["090"] == money
        rita.delete_payment(payment["PaymentID"])
    with pytest.raises(Impossible, match="there is no"):
        rita.refund(api.invoice()["InvoiceID"])


# --- taking back ---


def test_delete_payment_and_remove_and_redo(api, rita, invoice):
    payment = rita.pay(invoice["InvoiceID"])
    rita.reconcile([payment["PaymentID"]])
    assert read(api, "Payments", payment["PaymentID"])["IsReconciled"] is True
    with pytest.raises(Impossible, match="reconciled cannot be deleted"):
        rita.delete_payment(payment["PaymentID"])
    rita.remove_and_redo(payment["PaymentID"])
    assert read(api, "Payments", payment["PaymentID"])["Status"] == "DELETED"
    assert (api.read(invoice)["AmountDue"], api.read(invoice)["Status"]) == (115.0, "AUTHORISED")
    again = rita.pay(invoice["InvoiceID"], 15)
    rita.delete_payment(again["PaymentID"])
    with pytest.raises(Impossible, match="already been deleted"):
        rita.delete_payment(again["PaymentID"])
    with pytest.raises(Impossible, match="is DELETED"):
        rita.reconcile(again["PaymentID"])


def test_a_batch_deposit_mixes_payments_and_money_and_shrinks(api, rita):
    first, second = api.invoice(), api.invoice(line(50))
    batch = rita.batch_deposit(
        [{"document": first["InvoiceID"]}, {"document": second["InvoiceID"], "amount": 20}],
        money=[{"contact": "Ridgeway University", "amount": 23, "line_account": "260"}],
    )
    assert batch["TotalAmount"] == 158
    [transaction] = api.get("BankTransactions").json()["BankTransactions"]
    assert transaction["BatchPayment"]["BatchPaymentID"] == batch["BatchPaymentID"]
    assert balances(api)["090"] == "158.00"
    rita.reconcile(batch["BatchPaymentID"])
    assert read(api, "BankTransactions", transaction["BankTransactionID"])["IsReconciled"] is True
    rita.unreconcile(batch["BatchPaymentID"])
    rita.delete_payment(batch["Payments"][0]["PaymentID"])
    held = read(api, "BatchPayments", batch["BatchPaymentID"])
    assert (held["TotalAmount"], len(held["Payments"]), held["Status"]) == (43.0, 1, "AUTHORISED")
    rita.remove_and_redo(batch["BatchPaymentID"])
    assert read(api, "BatchPayments", batch["BatchPaymentID"])["Status"] == "DELETED"
    assert read(api, "BankTransactions", transaction["BankTransactionID"])["Status"] == "DELETED"
    assert "090" not in balances(api)


def test_the_last_payment_of_a_batch_takes_it_along(api, rita, invoice):
    batch = rita.batch_deposit([{"document": invoice["InvoiceID"]}])
    rita.delete_payment(batch["Payments"][0]["PaymentID"])
    assert read(api, "BatchPayments", batch["BatchPaymentID"])["Status"] == "DELETED"


def test_money_spent_received_and_moved(api, rita):
    api.contact()
    got = rita.receive_money("Ridgeway University", amount=115, line_account="200", reference="till")
    spent = rita.spend_money("Ridgeway University", lines=[line(23, AccountCode="400")])
    moved = rita.transfer("090", "091", 50)
    assert (balances(api)["090"], balances(api)["091"]) == ("42.00", "50.00")
    rita.reconcile([moved["BankTransferID"], got["BankTransactionID"]])
    held = read(api, "BankTransfers", moved["BankTransferID"])
    assert (held["FromIsReconciled"], held["ToIsReconciled"]) == (True, True)
    with pytest.raises(Impossible, match="reconciled"):
        rita.delete(moved["BankTransferID"])
    rita.remove_and_redo(moved["BankTransferID"])
    rita.remove_and_redo(got["BankTransactionID"])
    rita.delete(spent["BankTransactionID"])
    assert balances(api) == {}
    assert [user for _change, user in history(api, "BankTransactions", got["BankTransactionID"])] == ["Rita Mills"] * 4


@pytest.mark.parametrize(("value", "moved"), [("payment", (True, False)), ("both", (True, True)), ("none", (False, False))])
def test_which_stamps_reconciling_moves(api, rita, invoice, switch, later, value, moved):
    switch(reconcile_moves_stamp=value)
    payment = rita.pay(invoice["InvoiceID"])
    before = [read(api, "Payments", payment["PaymentID"]), api.read(invoice)]
    later()
    rita.reconcile(payment["PaymentID"])
    after = [read(api, "Payments", payment["PaymentID"]), api.read(invoice)]
    assert tuple(old["UpdatedDateUTC"] != new["UpdatedDateUTC"] for old, new in zip(before, after, strict=True)) == moved
    assert after[0]["IsReconciled"] is True


# --- over HTTP ---


def test_over_http(api, control, invoice):
    answer = control("organisations/NZ/person", {"verb": "pay", "user": "Tom Hale", "document": invoice["InvoiceID"], "amount": 5})
    assert (answer.status_code, answer.json()["verb"], answer.json()["result"]["Amount"]) == (200, "pay", 5.0)
    assert history(api, "Invoices", invoice["InvoiceID"])[0] == ("Paid", "Tom Hale")
    for wrong, told in (
        ({"verb": "pay", "document": invoice["InvoiceID"], "amount": 500}, "exceeds the amount outstanding"),
        ({"verb": "pay", "document": invoice["InvoiceID"], "colour": 1}, "unexpected keyword"),
        ({"verb": "dance"}, "no such verb"),
        ({}, "verb"),
    ):
        answer = control("organisations/NZ/person", wrong)
        assert (answer.status_code, told in answer.json()["error"]) == (400, True), answer.text
    assert control("organisations/FR/person", {"verb": "pay"}).status_code == 404
