"""Overpayments and prepayments: made by bank transactions, allocated, refunded, void."""

import pytest
from simulator_helpers import line, messages

UNKNOWN = "11111111-1111-4111-8111-111111111111"
TYPES = ("RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT", "RECEIVE-PREPAYMENT", "SPEND-PREPAYMENT")


def name_of(kind):
    return "Overpayments" if kind.endswith("OVERPAYMENT") else "Prepayments"


def lines_of(kind, amount):
    if name_of(kind) == "Overpayments":
        return [{"Description": "Paid too much", "LineAmount": amount}]
    return [line(amount, AccountCode="200" if kind.startswith("RECEIVE") else "400")]


def send(api, kind, amount=115, **fields):
    element = {
        "Type": kind,
        "Contact": {"ContactID": api.contact_id()},
        "BankAccount": {"Code": "090"},
        "Date": "2026-09-16",
        "LineItems": lines_of(kind, amount),
    }
    return api.send({**element, **fields}, "BankTransactions")


def made(api, kind="RECEIVE-OVERPAYMENT", amount=115, **fields):
    """The overpayment or prepayment of a new bank transaction, as it is fetched alone."""
    transaction = send(api, kind, amount, **fields)
    assert transaction["StatusAttributeString"] == "OK", transaction
    return read(api, name_of(kind), transaction[f"{name_of(kind)[:-1]}ID"])


def read(api, name, key):
    return api.get(f"{name}/{key}").json()[name][0]


def again(api, document):
    return read(api, name_of(document["Type"]), document["ID"])


def allocate(api, document, invoice, amount, **fields):
    row = {"Amount": amount, "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": "2026-09-21", **fields}
    return api.put(f"{name_of(document['Type'])}/{document['ID']}/Allocations", {"Allocations": [row]})


def refund(api, document, amount, **fields):
    kind = name_of(document["Type"])[:-1]
    row = {kind: {f"{kind}ID": document["ID"]}, "Account": {"Code": "090"}, "Amount": amount, "Date": "2026-09-20"}
    return api.send({**row, **fields}, "Payments")


def invoice_for(api, kind):
    return api.invoice() if kind.startswith("RECEIVE") else api.invoice(line(AccountCode="400"), Type="ACCPAY", InvoiceNumber="B1")


@pytest.mark.parametrize("kind", TYPES)
def test_made_by_a_bank_transaction(api, kind):
    got = made(api, kind)
    assert (got["Type"], got["Status"], got["RemainingCredit"], got["Total"]) == (kind, "AUTHORISED", 115.0, 115.0)
    assert (got["Allocations"], got["Payments"], got["CurrencyCode"], got["CurrencyRate"]) == ([], [], "NZD", 1.0)
    assert got["Contact"]["ContactStatus"] == "ACTIVE"
    assert "LineItemID" not in got["LineItems"][0]
    over = name_of(kind) == "Overpayments"
    assert (got["LineAmountTypes"], got["TotalTax"]) == (("NoTax", 0.0) if over else ("Inclusive", 15.0))
    code = {"RECEIVE-OVERPAYMENT": "610", "SPEND-OVERPAYMENT": "800", "RECEIVE-PREPAYMENT": "200", "SPEND-PREPAYMENT": "400"}[kind]
    assert got["LineItems"][0]["AccountCode"] == code
    assert api.get(f"{name_of(kind)}/{UNKNOWN}").status_code == 404


def test_a_prepayment_takes_an_invoice_number(api, switch):
    api.invoice()
    got = made(api, "RECEIVE-PREPAYMENT")
    assert (got["InvoiceNumber"], got["Reference"]) == ("INV-0002", "INV-0002")
    assert api.invoice()["InvoiceNumber"] == "INV-0003"
    assert "InvoiceNumber" not in made(api, "SPEND-PREPAYMENT")
    switch(prepayment_number="none")
    assert "InvoiceNumber" not in made(api, "RECEIVE-PREPAYMENT")


def test_reference(api, switch):
    assert "Reference" not in made(api, Reference="R")
    switch(prepaid_reference="kept")
    assert made(api, Reference="R")["Reference"] == "R"
    assert len(api.get("Overpayments", References="r,other").json()["Overpayments"]) == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"Description": "x", "LineAmount": 10, "AccountCode": "200"}, "Account code '200' is not a valid code"),
        ({"Description": "x", "LineAmount": 10, "AccountCode": "800"}, "Account code '800' is not a valid code"),
        ({"Description": "x", "LineAmount": 10, "TaxType": "OUTPUT2"}, "cannot be used with account code '610'"),
    ],
)
def test_lines_of_an_overpayment(api, row, message):
    assert message in messages(send(api, "RECEIVE-OVERPAYMENT", LineItems=[row]))[0]
    assert made(api, LineItems=[{"Description": "x", "LineAmount": 10, "AccountCode": "610", "TaxType": "NONE"}])["Total"] == 10.0


@pytest.mark.parametrize("kind", TYPES)
def test_allocated_in_parts_and_freed(api, kind):
    invoice, document, name = invoice_for(api, kind), made(api, kind, 60), name_of(kind)
    part = allocate(api, document, invoice, 40).json()["Allocations"][0]
    assert (part[name[:-1]]["ID"], part["Amount"], part["IsDeleted"]) == (document["ID"], 40.0, False)
    held = api.read(invoice)
    assert (held["AmountCredited"], held["AmountDue"], held["AmountPaid"], held["Status"]) == (40.0, 75.0, 0.0, "AUTHORISED")
    assert [(row["ID"], row["AppliedAmount"], row["Total"]) for row in held[name]] == [(document["ID"], 40.0, 60.0)]
    assert held["CreditNotes"] == []
    assert again(api, document)["RemainingCredit"] == 20.0
    assert allocate(api, document, invoice, 20).status_code == 200
    used = again(api, document)
    assert (used["Status"], used["RemainingCredit"], len(used["Allocations"])) == ("PAID", 0.0, 2)
    assert "Only authorised" in allocate(api, document, invoice, 1).text
    gone = api.delete(f"{name}/{document['ID']}/Allocations/{part['AllocationID']}")
    assert (gone.status_code, gone.json()["IsDeleted"]) == (200, True)
    assert (again(api, document)["Status"], again(api, document)["RemainingCredit"]) == ("AUTHORISED", 40.0)
    assert (api.read(invoice)["AmountDue"], api.read(invoice)["AmountCredited"]) == (95.0, 20.0)
    assert api.delete(f"{name}/{document['ID']}/Allocations/{part['AllocationID']}").status_code == 404


def test_pays_an_invoice_together_with_a_credit_note_and_a_payment(api):
    invoice, overpayment, prepayment = api.invoice(), made(api, amount=50), made(api, "RECEIVE-PREPAYMENT", 30)
    note = api.credit_note(line(10))
    for document, amount in ((overpayment, 50), (prepayment, 30)):
        assert allocate(api, document, invoice, amount).status_code == 200
    row = {"Amount": 11.5, "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": "2026-09-21"}
    api.put(f"CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [row]})
    assert api.read(invoice)["AmountDue"] == 23.5
    assert api.payment(invoice, 23.5)["Invoice"]["Status"] == "PAID"
    paid = api.read(invoice)
    assert (paid["AmountCredited"], paid["AmountPaid"], len(paid["CreditNotes"])) == (91.5, 23.5, 1)
    assert "already been paid off" in allocate(api, made(api), invoice, 1).text


def test_allocations_refused(api, control):
    invoice, document = api.invoice(), made(api, amount=50)
    assert "remaining credit of this overpayment" in allocate(api, document, invoice, 51).text
    assert "greater than 0" in allocate(api, document, invoice, 0).text
    large = made(api, amount=500)
    assert "Overpayment cannot be allocated as amount is greater than amount outstanding" in allocate(api, large, invoice, 116).text
    stranger = api.invoice(Contact={"ContactID": api.contact("Stranger")["ContactID"]})
    assert "same contact" in allocate(api, document, stranger, 1).text
    assert "same contact and side" in allocate(api, document, invoice_for(api, "SPEND"), 1).text
    assert "Authorised" in allocate(api, document, api.invoice(Status="DRAFT"), 1).text
    api.put("Currencies", {"Code": "USD"})
    assert "same currency" in allocate(api, document, api.invoice(CurrencyCode="USD"), 1).text
    assert allocate(api, {**document, "ID": UNKNOWN}, invoice, 1).status_code == 404
    assert allocate(api, document, {"InvoiceID": UNKNOWN}, 1).status_code == 404
    control("organisations/NZ", {"period_lock_date": "2026-09-30"})
    assert "lock date" in allocate(api, document, invoice, 1).text
    assert again(api, document)["RemainingCredit"] == 50.0


def test_allocated_invoice_is_held(api):
    invoice, document = api.invoice(), made(api, amount=50)
    allocate(api, document, invoice, 50)
    refused = api.send({"InvoiceID": invoice["InvoiceID"], "Status": "VOIDED"}, method="POST")
    assert messages(refused) == [
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."
    ]
    assert "cannot be edited" in messages(api.send({"InvoiceID": invoice["InvoiceID"], "LineItems": [line(1)]}, method="POST"))[0]


@pytest.mark.parametrize(
    ("kind", "payment_type", "shown"),
    [
        ("RECEIVE-OVERPAYMENT", "AROVERPAYMENTPAYMENT", "AROVERPAYMENT"),
        ("SPEND-OVERPAYMENT", "APOVERPAYMENTPAYMENT", "APOVERPAYMENT"),
        ("RECEIVE-PREPAYMENT", "ARPREPAYMENTPAYMENT", "ARPREPAYMENT"),
        ("SPEND-PREPAYMENT", "APPREPAYMENTPAYMENT", "APPREPAYMENT"),
    ],
)
def test_refunds(api, kind, payment_type, shown):
    document = made(api, kind)
    paid = refund(api, document, 15)
    assert (paid["PaymentType"], paid["Invoice"]["Type"], paid["Invoice"]["AmountDue"]) == (payment_type, shown, 100.0)
    assert (again(api, document)["RemainingCredit"], again(api, document)["Payments"][0]["Amount"]) == (100.0, 15.0)
    assert messages(refund(api, document, 101)) == ["Payment amount exceeds the amount outstanding on this document"]
    refund(api, document, 100)
    assert again(api, document)["Status"] == "PAID"
    listed = api.get("Payments", where=f'PaymentType=="{payment_type}" AND Invoice.Type=="{shown}"').json()["Payments"]
    assert len(listed) == 2
    gone = api.post(f"Payments/{paid['PaymentID']}", {"Status": "DELETED"})
    assert gone.json()["Payments"][0]["Status"] == "DELETED"
    assert (again(api, document)["Status"], again(api, document)["RemainingCredit"]) == ("AUTHORISED", 15.0)


def test_refund_and_allocation_share_the_credit(api):
    invoice, document = api.invoice(), made(api, amount=100)
    refund(api, document, 70)
    assert "remaining credit" in allocate(api, document, invoice, 31).text
    assert allocate(api, document, invoice, 30).status_code == 200
    assert again(api, document)["Status"] == "PAID"


def test_refund_of_a_credit_note_and_its_undoing(api):
    note = api.credit_note(line(100))
    row = {"CreditNote": {"CreditNoteID": note["CreditNoteID"]}, "Account": {"Code": "090"}, "Amount": 15, "Date": "2026-09-20"}
    paid = api.send(row, "Payments")
    assert paid["PaymentType"] == "ARCREDITPAYMENT"

    def held():
        return api.get(f"CreditNotes/{note['CreditNoteID']}").json()["CreditNotes"][0]

    assert (held()["RemainingCredit"], held()["Payments"][0]["PaymentID"]) == (100.0, paid["PaymentID"])
    void = api.send({"CreditNoteID": note["CreditNoteID"], "Status": "VOIDED"}, "CreditNotes", "POST")
    assert void["StatusAttributeString"] == "ERROR"
    api.post(f"Payments/{paid['PaymentID']}", {"Status": "DELETED"})
    assert held()["RemainingCredit"] == 115.0
    void = api.send({"CreditNoteID": note["CreditNoteID"], "Status": "VOIDED"}, "CreditNotes", "POST")
    assert void["Status"] == "VOIDED"
    by_number = api.send({**row, "CreditNote": {"CreditNoteNumber": api.credit_note()["CreditNoteNumber"]}}, "Payments")
    assert by_number["StatusAttributeString"] == "OK"


def test_one_target_only(api):
    document = made(api)
    both = refund(api, document, 1, Invoice={"InvoiceID": api.invoice()["InvoiceID"]})
    assert "exactly one" in messages(both)[0]
    assert api.put("Payments", {"Overpayment": {"OverpaymentID": UNKNOWN}, "Account": {"Code": "090"}, "Amount": 1}).status_code == 404


def transaction_of(api, document):
    key = "OverpaymentID" if name_of(document["Type"]) == "Overpayments" else "PrepaymentID"
    return api.get("BankTransactions", where=f'{key}==guid("{document["ID"]}")').json()["BankTransactions"][0]


def delete(api, transaction):
    return api.send({"BankTransactionID": transaction["BankTransactionID"], "Status": "DELETED"}, "BankTransactions", "POST")


def test_the_api_cannot_change_or_void_them(api, switch):
    document = made(api)
    transaction = transaction_of(api, document)
    change = {"BankTransactionID": transaction["BankTransactionID"], "Url": "https://example.com"}
    for refused in (delete(api, transaction), api.send(change, "BankTransactions", "POST")):
        assert messages(refused) == ["Updates to prepayments and overpayments are not supported."]
    switch(void_prepaid="allowed")
    invoice = api.invoice()
    allocate(api, document, invoice, 10)
    assert "cannot be voided" in messages(delete(api, transaction))[0]
    part = again(api, document)["Allocations"][0]
    api.delete(f"Overpayments/{document['ID']}/Allocations/{part['AllocationID']}")
    assert delete(api, transaction)["Status"] == "VOIDED"
    assert again(api, document)["Status"] == "VOIDED"
    assert "Only authorised" in allocate(api, document, invoice, 10).text
    assert messages(refund(api, document, 1)) == ["Payments can only be made against Authorised documents"]


def test_a_user_voids_them_in_xero(api, control):
    document = made(api, "RECEIVE-PREPAYMENT")
    key = transaction_of(api, document)["BankTransactionID"]
    refund(api, document, 1)
    assert control("organisations/NZ", {"void_prepaid": [key]}).status_code == 400
    api.post(f"Payments/{again(api, document)['Payments'][0]['PaymentID']}", {"Status": "DELETED"})
    assert control("organisations/NZ", {"void_prepaid": [key]}).status_code == 200
    assert again(api, document)["Status"] == "VOIDED"
    assert control("organisations/NZ", {"void_prepaid": [key]}).status_code == 400


def test_an_overpayment_may_be_in_another_currency(api, control):
    control("organisations/NZ", {"currencies": ["USD"]})
    document = made(api, CurrencyCode="USD", CurrencyRate=0.5)
    assert (document["CurrencyCode"], document["CurrencyRate"]) == ("USD", 0.5)
    invoice = api.invoice(CurrencyCode="USD")
    assert allocate(api, document, invoice, 115).status_code == 200
    assert "not subscribed" in messages(send(api, "RECEIVE-OVERPAYMENT", CurrencyCode="EUR"))[0]
    assert made(api, "RECEIVE-PREPAYMENT", CurrencyCode="USD")["CurrencyCode"] == "NZD"


def test_listing(api, clock):
    first = made(api)
    clock.advance(5)
    made(api, amount=20)
    made(api, "RECEIVE-PREPAYMENT")
    rows = api.get("Overpayments").json()["Overpayments"]
    assert ([row["LineItems"] for row in rows], "CurrencyRate" in rows[0]) == ([[], []], False)
    page = api.get("Overpayments", page=1, pageSize=1).json()
    assert (page["pagination"]["itemCount"], len(page["Overpayments"][0]["LineItems"])) == (2, 1)
    assert len(api.get("Overpayments", where='RemainingCredit>50 AND Status=="AUTHORISED"').json()["Overpayments"]) == 1
    assert len(api.get("Prepayments", InvoiceNumbers="INV-0001").json()["Prepayments"]) == 1
    clock.advance(5)
    allocate(api, first, api.invoice(), 1)
    moved = api.get("Overpayments", headers={"If-Modified-Since": "2026-09-14T09:30:10"}).json()["Overpayments"]
    assert [row["ID"] for row in moved] == [first["ID"]]


def test_history_and_writes_that_do_not_exist(api):
    document = made(api)
    assert api.put(f"Overpayments/{document['ID']}/History", {"HistoryRecords": [{"Details": "x"}]}).status_code == 200
    assert api.put("Overpayments", {"Overpayments": [{}]}).status_code == 501


def test_the_amount_by_its_name_of_old(api):
    """AppliedAmount: pyxero writes nothing else."""
    got, invoice = made(api), api.invoice()
    row = {"AppliedAmount": 15, "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    assert api.put(f"Overpayments/{got['ID']}/Allocations", row).json()["Allocations"][0]["Amount"] == 15.0
