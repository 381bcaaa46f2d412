"""Batch payments: one movement on the bank account for many invoices."""

import pytest
from simulator_helpers import CheckedApi, line, messages

UNKNOWN = "11111111-1111-4111-8111-111111111111"


def draft(*parts, **fields):
    """`parts`: (invoice, amount)."""
    payments = [{"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": amount} for invoice, amount in parts]
    return {"Account": {"Code": "090"}, "Date": "2026-09-20", "Payments": payments, **fields}


def send(api, *parts, **fields):
    return api.send(draft(*parts, **fields), "BatchPayments")


def made(api, *parts, **fields):
    answer = send(api, *parts, **fields)
    assert answer["StatusAttributeString"] == "OK", answer
    return answer


def read(api, batch):
    return api.get(f"BatchPayments/{batch['BatchPaymentID']}").json()["BatchPayments"][0]


def delete(api, batch):
    return api.post(f"BatchPayments/{batch['BatchPaymentID']}", {"Status": "DELETED"})


def bill(api, number="B1"):
    return api.invoice(line(AccountCode="400"), Type="ACCPAY", InvoiceNumber=number)


def test_pays_several_invoices(api):
    first, second = api.invoice(), api.invoice()
    batch = made(api, (first, 115), (second, 15), Reference="Deposit 7", Particulars="P", Code="C")
    assert (batch["Type"], batch["Status"], batch["TotalAmount"], batch["IsReconciled"]) == ("RECBATCH", "AUTHORISED", 130.0, False)
    assert (batch["Reference"], batch["Account"]["CurrencyCode"]) == ("Deposit 7", "NZD")
    assert [(row["Invoice"]["InvoiceID"], row["Amount"], row["BankAmount"]) for row in batch["Payments"]] == [
        (first["InvoiceID"], 115.0, 115.0),
        (second["InvoiceID"], 15.0, 15.0),
    ]
    assert (api.read(first)["Status"], api.read(second)["AmountDue"]) == ("PAID", 100.0)
    assert api.read(first)["Payments"][0]["BatchPaymentID"] == batch["BatchPaymentID"]
    payment = api.get(f"Payments/{batch['Payments'][0]['PaymentID']}").json()["Payments"][0]
    assert (payment["BatchPaymentID"], payment["Date"]) == (batch["BatchPaymentID"], batch["Date"])
    assert (payment["BatchPayment"]["Type"], payment["BatchPayment"]["TotalAmount"]) == ("RECBATCH", 130.0)
    where = f'BatchPayment.BatchPaymentID==guid("{batch["BatchPaymentID"]}")'
    assert len(api.get("Payments", where=where).json()["Payments"]) == 2
    assert len(read(api, batch)["Payments"]) == 2
    assert api.get(f"BatchPayments/{UNKNOWN}").status_code == 404


def test_bills(api):
    assert made(api, (bill(api), 115), (bill(api, "B2"), 115))["Type"] == "PAYBATCH"


@pytest.mark.parametrize("path", ["by address", "by body"])
def test_deleting_a_batch_deletes_its_payments(api, clock, path):
    first, second = api.invoice(), api.invoice()
    batch = made(api, (first, 115), (second, 15))
    clock.advance(5)
    body = {"BatchPaymentID": batch["BatchPaymentID"], "Status": "DELETED"}
    answer = delete(api, batch) if path == "by address" else api.post("BatchPayments", body)
    gone = answer.json()["BatchPayments"][0]
    assert (gone["Status"], gone["Payments"], gone["TotalAmount"]) == ("DELETED", [], 130.0)
    assert gone["UpdatedDateUTC"] != batch["UpdatedDateUTC"]
    assert [(api.read(row)["Status"], api.read(row)["AmountDue"]) for row in (first, second)] == [("AUTHORISED", 115.0)] * 2
    assert {row["Status"] for row in api.get("Payments").json()["Payments"]} == {"DELETED"}
    assert "already been deleted" in delete(api, batch).text
    assert delete(api, {"BatchPaymentID": UNKNOWN}).status_code == 404
    assert "only created and deleted" in api.post(f"BatchPayments/{batch['BatchPaymentID']}", {"Reference": "x"}).text


def test_a_payment_of_a_batch_cannot_be_deleted_alone(api, switch):
    batch = made(api, (api.invoice(), 115))
    path = f"Payments/{batch['Payments'][0]['PaymentID']}"
    assert "Payments within a batch cannot be deleted." in api.post(path, {"Status": "DELETED"}).text
    switch(batched_delete_message="Part of a batch.")
    assert "Part of a batch." in api.post(path, {"Status": "DELETED"}).text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Account": {"Code": "200"}}, "of type BANK"),
        ({"Account": {"Code": "970"}}, "of type BANK"),
        ({"Account": None}, "of type BANK"),
        ({"Payments": []}, "One or more payments"),
        ({"Particulars": "x" * 13}, "length of Particulars"),
        ({"Code": "x" * 13}, "length of Code"),
        ({"Narrative": "x" * 19}, "length of Narrative"),
        ({"BatchPaymentID": UNKNOWN}, "only created and deleted"),
    ],
)
def test_refused(api, fields, message):
    refused = send(api, (api.invoice(), 10), **fields)
    assert refused["StatusAttributeString"] == "ERROR"
    assert message in messages(refused)[0]
    assert (len(api.organisation.batch_payments), len(api.organisation.payments)) == (0, 0)


def test_one_bad_payment_spoils_the_batch(api):
    first, second = api.invoice(), api.invoice(Status="DRAFT")
    refused = send(api, (first, 116), (second, 1), (first, 100), (first, 16))
    assert messages(refused) == [
        "Payment amount exceeds the amount outstanding on this document",
        "Payments can only be made against Authorised documents",
        "Payment amount exceeds the amount outstanding on this document",
    ]
    assert (api.read(first)["AmountDue"], len(api.organisation.payments)) == (115.0, 0)
    assert "all for sales invoices or all for bills" in messages(send(api, (first, 1), (bill(api), 1)))[0]
    assert api.put("BatchPayments", draft(({"InvoiceID": UNKNOWN}, 1))).status_code == 404
    note = {"CreditNote": {"CreditNoteID": api.credit_note()["CreditNoteID"]}, "Amount": 1}
    assert api.put("BatchPayments", draft(Payments=[note])).status_code == 400
    assert api.post("BatchPayments", draft((first, 1))).status_code == 400
    assert len(api.organisation.payments) == 0


def test_two_batches_one_good(api):
    invoice = api.invoice()
    body = {"BatchPayments": [draft((invoice, 10)), draft((invoice, 1000))]}
    assert api.put("BatchPayments", body).status_code == 400
    assert len(api.organisation.payments) == 0
    answer = api.put("BatchPayments", body, summarizeErrors="false").json()["BatchPayments"]
    assert [row["StatusAttributeString"] for row in answer] == ["OK", "ERROR"]
    assert api.read(invoice)["AmountDue"] == 105.0


def test_details_of_other_countries(api, app, switch):
    assert "Details" not in made(api, (api.invoice(), 1), Details="to the bank")
    australian = CheckedApi(app, "AU")
    batch = made(australian, (australian.invoice(), 1), Details="to the bank", Reference="NZ only")
    assert (batch["Details"], "Reference" in batch) == ("to the bank", False)
    switch(batch_details="refused")
    assert "Reference is not supported" in messages(send(australian, (australian.invoice(), 1), Reference="x"))[0]


def test_reconciled_batch(api, control, switch):
    batch = made(api, (api.invoice(), 10))
    control("organisations/NZ", {"reconcile": [batch["BatchPaymentID"]]})
    assert read(api, batch)["IsReconciled"] is True
    assert len(api.get("Payments", where="IsReconciled==true").json()["Payments"]) == 1
    assert "reconciled" in delete(api, batch).text
    switch(reconciled_delete="allowed")
    assert delete(api, batch).json()["BatchPayments"][0]["Status"] == "DELETED"


def test_lock_date(api, control):
    batch = made(api, (api.invoice(), 10))
    control("organisations/NZ", {"period_lock_date": "2026-09-20"})
    assert "period lock date" in messages(send(api, (api.invoice(Date="2026-09-21"), 10)))[0]
    assert "period lock date" in delete(api, batch).text


def test_foreign_invoice_counts_in_the_accounts_currency(api):
    api.put("Currencies", {"Code": "USD"})
    foreign, own = api.invoice(CurrencyCode="USD", CurrencyRate=0.5), api.invoice()
    batch = made(api, (foreign, 10), (own, 10))
    assert ([row["BankAmount"] for row in batch["Payments"]], batch["TotalAmount"]) == ([20.0, 10.0], 30.0)


def test_listing_history_and_voiding(api, clock):
    invoice = api.invoice()
    made(api, (api.invoice(), 1))
    clock.advance(5)
    second = made(api, (invoice, 2))
    assert [row["TotalAmount"] for row in api.get("BatchPayments").json()["BatchPayments"]] == [1.0, 2.0]
    later = api.get("BatchPayments", headers={"If-Modified-Since": "2026-09-14T09:30:03"}).json()["BatchPayments"]
    assert [row["BatchPaymentID"] for row in later] == [second["BatchPaymentID"]]
    where = f'Account.AccountID==guid("{second["Account"]["AccountID"]}") AND Type=="RECBATCH" AND Status=="AUTHORISED"'
    assert len(api.get("BatchPayments", where=where, order="Date DESC").json()["BatchPayments"]) == 2
    path = f"BatchPayments/{second['BatchPaymentID']}/History"
    assert api.put(path, {"HistoryRecords": [{"Details": "x"}]}).status_code == 200
    refused = api.send({"InvoiceID": invoice["InvoiceID"], "Status": "VOIDED"}, method="POST")
    assert "has payments" in messages(refused)[0]
    delete(api, second)
    assert api.send({"InvoiceID": invoice["InvoiceID"], "Status": "VOIDED"}, method="POST")["Status"] == "VOIDED"
