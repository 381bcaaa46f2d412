"""What an app that polls sees of people's work: which lists tell it, since when, and what they keep to themselves."""

from datetime import datetime, timezone

import pytest
from simulator_helpers import line

from xero_simulator.testing import Person

START = datetime(2026, 9, 14, 9, 30, tzinfo=timezone.utc)  # where the clock of the fixtures begins
PAYEE = "Ridgeway University"
IDS = {"BatchPayments": "BatchPaymentID", "BankTransfers": "BankTransferID", "Contacts": "ContactID", "Payments": "PaymentID"}


@pytest.fixture
def rita(app):
    return Person(app, "NZ", "Rita Mills")


@pytest.fixture
def since(api, clock):
    """`since("Invoices")`: ids of what changed after the clock was last moved by it."""
    state = {"at": START}

    def changed(name, **query):
        header = {"If-Modified-Since": state["at"].strftime("%Y-%m-%dT%H:%M:%S")}
        rows = api.get(name, headers=header, **query).json()[name]
        return [row[IDS.get(name, f"{name[:-1]}ID")] for row in rows]

    def wait():
        clock.advance(60)
        state["at"] = clock.now()

    changed.wait = wait
    return changed


def test_archived_and_merged_contacts_come_only_if_asked_for(api, rita, since):
    gone, loser, winner = (api.contact(name)["ContactID"] for name in ("Gone", "Loser", "Winner"))
    since.wait()
    rita.archive(gone)
    rita.merge(loser, winner)
    assert since("Contacts") == []
    assert set(since("Contacts", includeArchived="true")) == {gone, loser}
    since.wait()
    rita.unarchive(gone)
    assert since("Contacts") == [gone]


@pytest.mark.parametrize("moves", [True, False])
def test_a_payment_moves_its_document_as_the_switch_has_it(api, rita, since, switch, moves):
    switch(payment_moves_invoice_stamp=moves)
    invoice = api.invoice()
    since.wait()
    payment = rita.pay(invoice["InvoiceID"])["PaymentID"]
    assert since("Invoices") == ([invoice["InvoiceID"]] if moves else [])
    assert since("Payments") == [payment]
    since.wait()
    rita.delete_payment(payment)
    assert since("Invoices") == ([invoice["InvoiceID"]] if moves else [])
    assert (api.read(invoice)["AmountDue"], api.read(invoice)["Status"]) == (115.0, "AUTHORISED")


@pytest.mark.parametrize(("moves", "listed", "found"), [(True, True, True), (False, True, False), (True, False, False)])
def test_a_deleted_payment_comes_back_or_not(api, rita, since, switch, moves, listed, found):
    switch(deleted_payment_moves_stamp=moves, deleted_payment_listed=listed)
    payment = rita.pay(api.invoice()["InvoiceID"])["PaymentID"]
    since.wait()
    rita.delete_payment(payment)
    assert (payment in since("Payments")) == found
    assert (payment in {row["PaymentID"] for row in api.get("Payments").json()["Payments"]}) == listed
    assert api.get(f"Payments/{payment}").json()["Payments"][0]["Status"] == "DELETED"


@pytest.mark.parametrize(("value", "moved"), [("both", (True, True)), ("invoice", (True, False)), ("none", (False, False))])
def test_allocations_move_stamps_as_the_switch_has_it(api, rita, since, switch, value, moved):
    switch(allocation_moves_stamp=value)
    invoice, note = api.invoice(line(500)), api.credit_note()
    for step in (lambda: rita.allocate(note["CreditNoteID"], invoice["InvoiceID"], 5), lambda: rita.unallocate(note["CreditNoteID"])):
        since.wait()
        step()
        assert (bool(since("Invoices")), bool(since("CreditNotes"))) == moved


def test_refunds_are_listed_under_invoice_with_a_stub(api, rita):
    """Whatever they are for, and without any totals; alone the totals are told."""
    api.contact()
    targets = {
        "ARCREDITPAYMENT": (rita.write_credit_note(PAYEE, 10)["CreditNoteID"], "ACCRECCREDIT"),
        "APCREDITPAYMENT": (rita.write_credit_note(PAYEE, 10, side="purchase")["CreditNoteID"], "ACCPAYCREDIT"),
        "AROVERPAYMENTPAYMENT": (rita.prepay(PAYEE, 10, kind="overpayment")["OverpaymentID"], "AROVERPAYMENT"),
        "APPREPAYMENTPAYMENT": (rita.prepay(PAYEE, 10, side="purchase")["PrepaymentID"], "APPREPAYMENT"),
        "ACCPAYPAYMENT": (rita.write_bill(PAYEE, 10)["InvoiceID"], "ACCPAY"),
    }
    for key, _kind in targets.values():
        rita.pay(key, 3)
    rows = api.get("Payments").json()["Payments"]
    assert {row["PaymentType"]: (row["Invoice"]["InvoiceID"], row["Invoice"]["Type"]) for row in rows} == targets
    for row in rows:
        assert not {"CreditNote", "Overpayment", "Prepayment"} & set(row)
        assert not {"Total", "AmountDue", "AmountPaid"} & set(row["Invoice"])
        alone = api.get(f"Payments/{row['PaymentID']}").json()["Payments"][0]["Invoice"]
        assert {"Total", "AmountDue", "AmountPaid"} <= set(alone)


def test_nested_payments_may_be_empty_though_it_is_paid(api, rita, switch):
    invoice = api.invoice()
    rita.pay(invoice["InvoiceID"])
    for value, count in (("full", 1), ("empty", 0)):
        switch(nested_payments=value)
        [row] = api.get("Invoices", page=1).json()["Invoices"]
        assert (len(row["Payments"]), row["AmountPaid"]) == (count, 115.0)
        assert "IsReconciled" not in str(api.read(invoice)["Payments"])


@pytest.mark.parametrize(("value", "found"), [("created", False), ("updated", True)])
def test_transfers_tell_when_they_were_made_only(api, rita, since, switch, value, found):
    switch(transfer_stamp=value)
    made = rita.transfer("090", "091", 5)["BankTransferID"]
    since.wait()
    rita.delete(made)
    assert since("BankTransfers") == []  # deleted ones are hidden
    assert (since("BankTransfers", includeDeleted="true") == [made]) == found
    [row] = api.get("BankTransfers", includeDeleted="true").json()["BankTransfers"]
    assert (row["Status"], "UpdatedDateUTC" in row) == ("DELETED", False)


def test_batches_journals_and_bank_transactions_come_by_their_stamps(api, rita, since):
    first, second = api.invoice(), api.invoice()
    batch = rita.batch_deposit([{"document": first["InvoiceID"]}, {"document": second["InvoiceID"]}])
    money = rita.prepay(PAYEE, 10)
    rows = [{"LineAmount": amount, "AccountCode": "400"} for amount in (10, -10)]
    journal = rita.post_journal("x", rows)["ManualJournalID"]
    since.wait()
    assert [since(name) for name in ("BatchPayments", "ManualJournals", "BankTransactions", "Prepayments")] == [[]] * 4
    rita.delete_payment(batch["Payments"][0]["PaymentID"])
    rita.void(journal)
    rita.void(money["PrepaymentID"])
    assert since("BatchPayments") == [batch["BatchPaymentID"]]
    assert since("ManualJournals") == [journal]
    assert (since("BankTransactions"), since("Prepayments")) == ([money["BankTransactionID"]], [money["PrepaymentID"]])


@pytest.mark.parametrize("inclusive", [True, False])
def test_the_second_of_the_change_itself(api, rita, clock, switch, inclusive):
    switch(modified_since_inclusive=inclusive)
    invoice = api.invoice()
    clock.advance(60)
    rita.pay(invoice["InvoiceID"])
    stamp = api.read(invoice)["UpdatedDateUTCString"].rstrip("Z")
    found = api.get("Invoices", headers={"If-Modified-Since": stamp}).json()["Invoices"]
    assert len(found) == inclusive


def test_more_than_a_page_of_one_second_keeps_its_order(api):
    """All of one stamp: pages follow the ids, none is told twice."""
    rows = [api.draft(InvoiceNumber=f"X{number}") for number in range(60)]
    assert api.put("Invoices", {"Invoices": rows}).ok
    pages = [api.get("Invoices", page=page, pageSize=25).json()["Invoices"] for page in (1, 2, 3)]
    ids = [row["InvoiceID"] for page in pages for row in page]
    assert (len(ids), ids) == (60, sorted(ids))
    assert len({row["UpdatedDateUTC"] for page in pages for row in page}) == 1
