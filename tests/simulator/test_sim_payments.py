"""Payments, credit notes and allocations."""

import pytest
from simulator_helpers import line, messages

UNKNOWN = "11111111-1111-4111-8111-111111111111"


def delete(api, payment):
    return api.post(f"Payments/{payment['PaymentID']}", {"Payments": [{"Status": "DELETED"}]})


def test_payment_pays(api):
    invoice = api.invoice()
    part = api.payment(invoice, 15, Reference="P1")
    assert (part["PaymentType"], part["Status"], part["BankAmount"]) == ("ACCRECPAYMENT", "AUTHORISED", 15.0)
    assert (part["Invoice"]["AmountDue"], part["Invoice"]["Status"]) == (100.0, "AUTHORISED")
    rest = api.payment(invoice, 100)
    assert rest["Invoice"]["Status"] == "PAID"
    read = api.read(invoice)
    assert (read["Status"], read["AmountPaid"], read["AmountDue"]) == ("PAID", 115.0, 0.0)
    assert read["FullyPaidOnDate"] == "/Date(1789862400000+0000)/"
    assert {row["PaymentID"] for row in read["Payments"]} == {part["PaymentID"], rest["PaymentID"]}
    assert not {"Status", "Account"} & set(read["Payments"][0])


def test_paying_moves_the_invoices_stamp(api, clock):
    invoice = api.invoice()
    clock.advance(5)
    api.payment(invoice, 1)
    assert api.read(invoice)["UpdatedDateUTC"] != invoice["UpdatedDateUTC"]


@pytest.mark.parametrize("moves", [True, False])
def test_deleting_a_payment(api, clock, switch, moves):
    switch(deleted_payment_moves_stamp=moves)
    invoice = api.invoice()
    payment = api.payment(invoice, 115)
    clock.advance(5)
    gone = delete(api, payment).json()["Payments"][0]
    assert gone["Status"] == "DELETED"
    assert (gone["UpdatedDateUTC"] != payment["UpdatedDateUTC"]) is moves
    read = api.read(invoice)
    assert (read["Status"], read["AmountDue"]) == ("AUTHORISED", 115.0)
    assert not {"FullyPaidOnDate", "Payments"} & set(read)
    assert delete(api, payment).status_code == 400
    assert api.get("Payments", where='Status=="DELETED"').json()["Payments"][0]["PaymentID"] == payment["PaymentID"]


@pytest.mark.parametrize(
    ("amount", "fields", "message"),
    [
        (115.01, {}, "Payment amount exceeds the amount outstanding on this document"),
        (0, {}, "greater than 0"),
        (-1, {}, "greater than 0"),
        (1.005, {}, "decimal places"),
        (1, {"Account": {"Code": "200"}}, "The account cannot be used for payments."),
        (1, {"Account": {"Code": "999"}}, "Account could not be found."),
        (1, {"Account": None}, "Account could not be found."),
        (1, {"Invoice": None}, "exactly one"),
        (1, {"Date": "x"}, "Date is not a date"),
    ],
)
def test_payments_refused(api, amount, fields, message):
    refused = api.payment(api.invoice(), amount, **fields)
    assert refused["StatusAttributeString"] == "ERROR"
    assert message in messages(refused)[0]
    assert len(api.organisation.payments) == 0


def test_accounts_that_take_payments(api, control):
    invoice = api.invoice()
    assert api.payment(invoice, 1, Account={"Code": "970"})["StatusAttributeString"] == "OK"
    control("organisations/NZ", {"enable_payments": ["200"], "archive_accounts": ["970"]})
    assert api.payment(invoice, 1, Account={"Code": "200"})["StatusAttributeString"] == "OK"
    assert messages(api.payment(invoice, 1, Account={"Code": "970"})) == ["The account has been archived."]
    bank = api.organisation.account_by_code("091")["AccountID"]
    assert api.payment(invoice, 1, Account={"AccountID": bank})["Account"]["Code"] == "091"


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED"])
def test_only_approved_documents_are_paid(api, status):
    assert messages(api.payment(api.invoice(Status=status), 1)) == ["Payments can only be made against Authorised documents"]


def test_unknown_document(api, switch):
    assert (
        api.put("Payments", {"Payments": [{"Invoice": {"InvoiceID": UNKNOWN}, "Account": {"Code": "090"}, "Amount": 1}]}).status_code == 404
    )
    switch(unknown_id_refuses_batch=False)
    assert "not found" in messages(api.payment({"InvoiceID": UNKNOWN}, 1))[0]


def test_batch_and_single(api):
    one, two = api.invoice(), api.invoice()
    rows = [{"InvoiceNumber": row["InvoiceNumber"], "Code": "090", "Amount": 115, "Date": "2026-09-20"} for row in (one, two)]
    both = api.put("Payments", {"Payments": [rows[0], {**rows[1], "Amount": 116}]})
    assert both.status_code == 400
    assert api.read(one)["Status"] == "AUTHORISED"
    single = api.post("Payments", rows[0])
    assert single.json()["Payments"][0]["Invoice"]["Status"] == "PAID"
    assert api.post("Payments", rows[0]).status_code == 400


def test_two_payments_in_one_batch_cannot_overpay(api):
    invoice = api.invoice()
    row = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 60, "Date": "2026-09-20"}
    answer = api.put("Payments", {"Payments": [row, row]}, summarizeErrors="false").json()["Payments"]
    assert [element["StatusAttributeString"] for element in answer] == ["OK", "ERROR"]
    assert api.read(invoice)["AmountDue"] == 55.0


def test_payments_are_immutable(api):
    payment = api.payment(api.invoice(), 10)
    answer = api.post(f"Payments/{payment['PaymentID']}", {"Amount": 20})
    assert "Payments cannot be modified, only created and deleted" in answer.text
    assert api.post(f"Payments/{UNKNOWN}", {"Status": "DELETED"}).status_code == 404


def test_reconciled_payments(api, switch, control):
    payment = api.payment(api.invoice(), 10, IsReconciled=True)
    refused = delete(api, payment)
    assert (refused.status_code, "reconciled" in refused.text) == (400, True)
    switch(reconciled_delete="allowed")
    assert delete(api, payment).status_code == 200
    other = api.payment(api.invoice(), 10)
    control("organisations/NZ", {"reconcile_payments": [other["PaymentID"]]})
    reconciled = api.get("Payments", where='IsReconciled==true AND Status=="AUTHORISED"').json()["Payments"]
    assert [row["PaymentID"] for row in reconciled] == [other["PaymentID"]]


def test_lock_date_holds_payments_too(api, control):
    invoice = api.invoice()
    payment = api.payment(invoice, 10)
    control("organisations/NZ", {"period_lock_date": "2026-09-20"})
    assert messages(api.payment(invoice, 10))[0].startswith("The document date cannot be before the period lock date")
    assert delete(api, payment).status_code == 400


def test_reference_limit(api, switch):
    invoice = api.invoice()
    assert api.payment(invoice, 1, Reference="r" * 300)["StatusAttributeString"] == "OK"
    switch(payment_reference_limit=118)
    assert "must not exceed 118" in messages(api.payment(invoice, 1, Reference="r" * 119))[0]


def test_foreign_payments(api):
    api.put("Currencies", {"Code": "USD"})
    invoice = api.invoice(CurrencyCode="USD", CurrencyRate=0.5)
    assert api.payment(invoice, 10)["BankAmount"] == 20.0
    told = api.payment(invoice, 10, BankAmount=16)
    assert (told["BankAmount"], told["CurrencyRate"]) == (16.0, 0.625)
    api.put("Currencies", {"Code": "EUR"})
    euro = {"Code": "092", "Name": "Euro account", "Type": "BANK", "BankAccountNumber": "1", "CurrencyCode": "EUR", "TaxType": "NONE"}
    api.put("Accounts", euro)
    assert "currency" in messages(api.payment(invoice, 10, Account={"Code": "092"}))[0]
    api.put("Accounts", {**euro, "Code": "093", "Name": "Dollar account", "CurrencyCode": "USD"})
    assert api.payment(invoice, 10, Account={"Code": "093"})["BankAmount"] == 10.0


def test_listing_and_single(api):
    invoice = api.invoice()
    payment = api.payment(invoice, 10)
    row = api.get("Payments", where=f'Invoice.InvoiceID==guid("{invoice["InvoiceID"]}") AND PaymentType=="ACCRECPAYMENT"').json()[
        "Payments"
    ][0]
    assert row["PaymentID"] == payment["PaymentID"]
    assert "AmountDue" not in row["Invoice"]
    assert "Name" not in row["Account"]
    single = api.get(f"Payments/{payment['PaymentID']}").json()["Payments"][0]
    assert single["Invoice"]["AmountDue"] == 105.0
    assert api.get(f"Payments/{UNKNOWN}").status_code == 404
    assert api.get("Payments", page=1, pageSize=1).json()["pagination"]["itemCount"] == 1


def test_bill_payment(api):
    bill = api.invoice(line(AccountCode="400"), Type="ACCPAY", InvoiceNumber="7")
    assert api.payment(bill, 115)["PaymentType"] == "ACCPAYPAYMENT"


# --- credit notes ---


def allocate(api, note, invoice, amount, **fields):
    row = {"Amount": amount, "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": "2026-09-21", **fields}
    return api.put(f"CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [row]})


def test_contact_of_a_credited_invoice_stays(api):
    """A paid invoice may come to another contact, one with credit allocated may not."""
    paid, credited, note = api.invoice(line(100)), api.invoice(line(100)), api.credit_note(line(40))
    api.payment(paid, 10)
    assert allocate(api, note, credited, 40).status_code == 200
    other = {"ContactID": api.contact("Somebody Else")["ContactID"]}
    assert api.send({"InvoiceID": paid["InvoiceID"], "Contact": other}, method="POST")["Contact"]["ContactID"] == other["ContactID"]
    refused = api.send({"InvoiceID": credited["InvoiceID"], "Contact": other}, method="POST")
    assert "cannot be edited" in messages(refused)[0]
    same = api.send({"InvoiceID": credited["InvoiceID"], "Contact": {"ContactID": credited["Contact"]["ContactID"]}}, method="POST")
    assert not messages(same)


def note_of(api, note):
    return api.get(f"CreditNotes/{note['CreditNoteID']}").json()["CreditNotes"][0]


def test_credit_note_is_allocated_and_freed(api):
    invoice, note = api.invoice(), api.credit_note(line(40))
    assert (note["CreditNoteNumber"], note["RemainingCredit"], note["Allocations"]) == ("CN-0001", 46.0, [])
    made = allocate(api, note, invoice, 40).json()["Allocations"][0]
    read = api.read(invoice)
    assert (read["AmountCredited"], read["AmountDue"], read["CreditNotes"][0]["AppliedAmount"]) == (40.0, 75.0, 40.0)
    assert note_of(api, note)["RemainingCredit"] == 6.0
    assert allocate(api, note, invoice, 6).status_code == 200
    assert (note_of(api, note)["Status"], api.read(invoice)["AmountDue"]) == ("PAID", 69.0)
    gone = api.delete(f"CreditNotes/{note['CreditNoteID']}/Allocations/{made['AllocationID']}")
    assert (gone.status_code, gone.json()["IsDeleted"]) == (200, True)
    assert (note_of(api, note)["Status"], note_of(api, note)["RemainingCredit"]) == ("AUTHORISED", 40.0)
    assert api.read(invoice)["AmountDue"] == 109.0
    assert api.delete(f"CreditNotes/{note['CreditNoteID']}/Allocations/{made['AllocationID']}").status_code == 404


def test_credit_can_pay_an_invoice(api):
    invoice, note = api.invoice(), api.credit_note()
    allocate(api, note, invoice, 115)
    assert (api.read(invoice)["Status"], note_of(api, note)["Status"]) == ("PAID", "PAID")
    refused = api.send({"CreditNoteID": note["CreditNoteID"], "Status": "VOIDED"}, "CreditNotes", "POST")
    assert refused["StatusAttributeString"] == "ERROR"


@pytest.mark.parametrize(("amount", "message"), [(50, "remaining credit"), (0, "greater than 0")])
def test_allocations_refused(api, amount, message):
    answer = allocate(api, api.credit_note(line(40)), api.invoice(), amount)
    assert (answer.status_code, message in answer.text) == (400, True)


def test_allocations_stay_with_contact_side_and_state(api):
    invoice, note = api.invoice(), api.credit_note()
    stranger = api.contact("Stranger")
    other = api.invoice(Contact={"ContactID": stranger["ContactID"]})
    assert "same contact" in allocate(api, note, other, 1).text
    assert "Authorised" in allocate(api, note, api.invoice(Status="DRAFT"), 1).text
    assert "authorised credit notes" in allocate(api, api.credit_note(Status="DRAFT"), invoice, 1).text
    assert allocate(api, {"CreditNoteID": UNKNOWN}, invoice, 1).status_code == 404
    assert allocate(api, note, {"InvoiceID": UNKNOWN}, 1).status_code == 404
    small = api.invoice(line(10))
    assert "exceeds the amount outstanding" in allocate(api, note, small, 12).text


def test_credit_note_numbers(api):
    api.credit_note(CreditNoteNumber="R1")
    refused = api.send({**api.draft(Type="ACCRECCREDIT"), "CreditNoteNumber": "r1"}, "CreditNotes")
    assert messages(refused) == ["Credit note # must be unique."]


def test_void_and_update_credit_note(api):
    note = api.credit_note()
    assert api.send({"CreditNoteID": note["CreditNoteID"], "Reference": "x"}, "CreditNotes", "POST")["Reference"] == "x"
    assert api.post(f"CreditNotes/{note['CreditNoteID']}", {"Status": "VOIDED"}).json()["CreditNotes"][0]["Status"] == "VOIDED"
    refused = api.send({"CreditNoteID": UNKNOWN}, "CreditNotes", "POST")
    assert messages(refused) == ["An existing Credit Note with the specified CreditNoteID could not be found"]
    assert api.get(f"CreditNotes/{UNKNOWN}").status_code == 404


def test_refund(api):
    note = api.credit_note()
    row = {"CreditNote": {"CreditNoteID": note["CreditNoteID"]}, "Account": {"Code": "090"}, "Amount": 115, "Date": "2026-09-20"}
    paid = api.send(row, "Payments")
    assert (paid["PaymentType"], paid["Invoice"]["Type"]) == ("ARCREDITPAYMENT", "ACCRECCREDIT")
    assert note_of(api, note)["Status"] == "PAID"


def test_listing_credit_notes(api):
    api.credit_note()
    assert api.get("CreditNotes").json()["CreditNotes"][0]["LineItems"] == []
    assert len(api.get("CreditNotes", page=1, where="RemainingCredit>0").json()["CreditNotes"][0]["LineItems"]) == 1
