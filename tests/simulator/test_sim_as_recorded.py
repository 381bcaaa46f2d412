"""Shapes of answers as recorded of the real Xero (2018 to 2026), for every endpoint that shares them."""

import pytest
from simulator_helpers import CheckedApi, line, messages

from xero_simulator.app import create_app
from xero_simulator.testing import API
from xero_simulator.wire import ZERO_ID

UNKNOWN = "11111111-1111-4111-8111-111111111111"
TRACKED = {"Tracking": [{"Name": "Region", "Option": "North"}]}


def money(api, **fields):
    row = {"Type": "SPEND", "Contact": {"ContactID": api.contact_id()}, "BankAccount": {"Code": "090"}, "Date": "2026-09-14"}
    return api.send({**row, "LineItems": [line(50, AccountCode="400", **TRACKED)], **fields}, "BankTransactions")


def journal(api, **fields):
    entries = [{"LineAmount": 10, "AccountCode": "400", **TRACKED}, {"LineAmount": -10, "AccountCode": "404"}]
    return api.send({"Narration": "Moved", "JournalLines": entries, "Status": "POSTED", **fields}, "ManualJournals")


def listed(api, name):
    return api.get(name, page=1).json()[name][0]


def refused(api, element, name="Invoices"):
    """The element of a change that is refused by itself, and of the same one refused with the whole request."""
    alone = api.send(element, name, "POST")
    assert alone.pop("StatusAttributeString") == "ERROR"
    answer = api.post(name, {name: [element]})
    assert (answer.status_code, answer.json()["Elements"]) == (400, [alone])
    return alone


# --- lists ---


def test_lines_of_lists_name_no_option_and_no_errors(api):
    api.invoice(line(**TRACKED)), api.credit_note(line(**TRACKED)), money(api), journal(api)
    for name, lines in (
        ("Invoices", "LineItems"), ("CreditNotes", "LineItems"), ("BankTransactions", "LineItems"), ("ManualJournals", "JournalLines"),
    ):  # fmt: skip
        row = listed(api, name)[lines][0]
        assert set(row["Tracking"][0]) == {"Name", "Option", "TrackingCategoryID", "Options"}, name
        assert (row["Tracking"][0]["Options"], "ValidationErrors" in row) == ([], False), name


def test_a_single_one_names_the_option(api):
    made = api.invoice(line(**TRACKED))
    assert "TrackingOptionID" in api.read(made)["LineItems"][0]["Tracking"][0]


def test_nothing_is_due_on_what_was_voided(api):
    """Though the answer to the voiding still says the total."""
    for kind in ({"Type": "ACCREC"}, {"Type": "ACCPAY"}):
        made = api.invoice(line(AccountCode="429"), **kind)
        assert api.send({"InvoiceID": made["InvoiceID"], "Status": "VOIDED"}, method="POST")["AmountDue"] == 115.0
        assert api.read(made)["AmountDue"] == 0
    assert {row["AmountDue"] for row in api.get("Invoices").json()["Invoices"]} == {0}
    note = api.credit_note()
    api.send({"CreditNoteID": note["CreditNoteID"], "Status": "VOIDED"}, "CreditNotes", "POST")
    assert listed(api, "CreditNotes")["RemainingCredit"] == 0


def test_lists_tell_of_sending_where_it_is_true(api):
    api.invoice(), api.invoice(SentToContact=True)
    bill = api.invoice(line(AccountCode="429"), Type="ACCPAY", InvoiceNumber="B", Reference="")
    plain, sent, listed_bill = api.get("Invoices", page=1, order="InvoiceNumber DESC").json()["Invoices"]
    assert ["SentToContact" in row for row in (plain, sent, listed_bill)] == [True, False, False]
    assert (bill["SentToContact"], listed_bill["Reference"]) == (False, "")


def test_payments_in_documents_keep_an_empty_reference(api):
    made = api.invoice()
    api.payment(made, 10)
    assert api.read(made)["Payments"][0]["Reference"] == listed(api, "Invoices")["Payments"][0]["Reference"] == ""


def test_allocations_tell_of_deletion_in_their_own_answers_only(api):
    note, invoice = api.credit_note(), api.invoice()
    row = {"Amount": 5, "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": "2026-09-21"}
    made = api.put(f"CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [row]}).json()["Allocations"][0]
    assert made["IsDeleted"] is False
    assert "IsDeleted" not in listed(api, "CreditNotes")["Allocations"][0]


def test_contact_of_a_bank_transaction(api):
    made = money(api)
    for contact in (made["Contact"], api.get(f"BankTransactions/{made['BankTransactionID']}").json()["BankTransactions"][0]["Contact"]):
        assert not {"IsSupplier", "IsCustomer", "SalesTrackingCategories", "PurchasesTrackingCategories"} & set(contact)
        assert contact["ContactStatus"] == "ACTIVE"


# --- refusals ---


def test_refused_change_of_an_invoice(api):
    made = api.invoice(line(**TRACKED), InvoiceNumber="S1")
    api.payment(made, 10)
    told = refused(api, {"InvoiceID": made["InvoiceID"], "Status": "VOIDED", "Date": "2026-01-01", "LineItems": [line(1)]})
    assert (told["InvoiceID"], told["InvoiceNumber"], told["Type"], told["Status"]) == (made["InvoiceID"], "S1", "ACCREC", "VOIDED")
    assert (told["Total"], told["DateString"], told["LineItems"][0]["UnitAmount"]) == (115.0, "2026-09-14T00:00:00", 100.0)
    lists = dict.fromkeys(("Addresses", "Phones", "ContactGroups", "ContactPersons"), [])
    assert told["Contact"] == {"ContactID": api.contact_id(), **lists, "HasValidationErrors": False}
    assert (told["Payments"], told["HasErrors"], "AmountDue" in told) == ([], True, False)


def test_refused_changes_of_other_kinds(api, control):
    note, made, entry = api.credit_note(CreditNoteNumber="C1"), money(api, Reference="R"), journal(api)
    control("organisations/NZ", {"period_lock_date": "2026-09-30"})
    told = refused(api, {"CreditNoteID": note["CreditNoteID"], "Status": "VOIDED"}, "CreditNotes")
    assert (told["CreditNoteID"], told["CreditNoteNumber"], told["Total"]) == (note["CreditNoteID"], "C1", 115.0)
    told = refused(api, {"BankTransactionID": made["BankTransactionID"], "Status": "DELETED"}, "BankTransactions")
    assert (told["BankTransactionID"], told["Reference"], told["Status"]) == (made["BankTransactionID"], "R", "DELETED")
    told = refused(api, {"ManualJournalID": entry["ManualJournalID"], "Narration": "Other", "Status": "VOIDED"}, "ManualJournals")
    assert (told["ManualJournalID"], told["Narration"], told["Status"]) == (entry["ManualJournalID"], "Moved", "VOIDED")


def test_a_refused_contact_keeps_its_name(api):
    first, second = api.contact("First"), api.contact("Second")
    told = refused(api, {"ContactID": second["ContactID"], "Name": first["Name"]}, "Contacts")
    assert (told["ContactID"], told["Name"]) == (second["ContactID"], "Second")


def test_refused_deletions_of_money_and_accounts(api):
    api.contact()
    payment = api.payment(api.invoice(), 10, IsReconciled=True)
    answer = api.post(f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    told = answer.json()["Elements"][0]
    assert (answer.status_code, told["PaymentID"], told["Amount"], told["Status"]) == (400, payment["PaymentID"], 10.0, "DELETED")
    account = api.organisation.account_by_code("820")["AccountID"]
    told = api.post(f"Accounts/{account}", {"Status": "ARCHIVED"}).json()["Elements"][0]
    assert (told["AccountID"], told["Name"], told["Status"]) == (account, "GST", "ARCHIVED")


def test_refused_new_invoice_is_told_as_it_was_read(api):
    told = api.send(api.draft(line(AccountCode="999"), InvoiceNumber="N"))
    assert (told["InvoiceID"], told["InvoiceNumber"], told["Status"], told["DateString"]) == (
        ZERO_ID,
        "N",
        "AUTHORISED",
        "2026-09-14T00:00:00",
    )
    assert (told["Payments"], told["IsDiscounted"], told["Contact"]["Addresses"]) == ([], False, [])


def test_several_messages_at_once(api, control):
    """All four recorded in 2018, in this order."""
    made = api.send(api.draft({"Description": "Later", "Quantity": 1, "UnitAmount": 5}, Status="DRAFT", Date="2010-01-01"))
    control("organisations/NZ", {"period_lock_date": "2010-07-31"})
    assert messages(refused(api, {"InvoiceID": made["InvoiceID"], "Status": "VOIDED"})) == [
        "The document date cannot be before the period lock date, currently set at 31-Jul-2010",
        "Invoice not of valid status for modification",
        "The TaxType field is mandatory",
        "Account code must be specified",
    ]
    wrong = api.draft(line(AccountCode="999"), CurrencyCode="XXX", Date="2010-01-01")
    assert len(messages(api.send(wrong))) == 3


def test_drafts_are_taken_in_a_locked_period(api, control):
    control("organisations/NZ", {"period_lock_date": "2010-07-31"})
    made = api.invoice(Status="DRAFT", Date="2009-05-27")
    assert api.send({"InvoiceID": made["InvoiceID"], "Reference": "x"}, method="POST")["Reference"] == "x"
    assert "lock date" in messages(api.send({"InvoiceID": made["InvoiceID"], "Status": "AUTHORISED"}, method="POST"))[0]


def test_a_draft_loses_an_account_nobody_knows(api, switch):
    made = api.send(api.draft(line(AccountCode="2000"), Status="DRAFT"))
    assert made["StatusAttributeString"] == "WARNING"
    assert made["Warnings"] == [{"Message": "Account code '2000' has been removed as it does not match a recognised account."}]
    assert not {"AccountCode", "AccountID", "TaxType", "TaxAmount"} & set(made["LineItems"][0])
    again = api.send({"InvoiceID": made["InvoiceID"], "Reference": "x"}, method="POST")
    assert ("Warnings" in again, again["StatusAttributeString"]) == (False, "OK")
    switch(unknown_account_on_draft="error")
    assert messages(api.send(api.draft(line(AccountCode="2000"), Status="DRAFT")))


def test_changes_of_what_does_not_exist(api, switch):
    """Recorded of invoices; for other kinds the whole request may be refused."""
    others = (
        ("CreditNotes", "CreditNoteID"),
        ("BankTransactions", "BankTransactionID"),
        ("ManualJournals", "ManualJournalID"),
        ("Items", "ItemID"),
    )
    for name, key in (("Invoices", "InvoiceID"), *others):
        told = refused(api, {key: UNKNOWN, "Status": "VOIDED", "Code": "A"}, name)
        assert (told[key], "found" in messages(told)[0]) == (UNKNOWN, True), name
        answer = api.post(f"{name}/{UNKNOWN}", {"Code": "A"})
        assert (answer.status_code, answer.json()["Elements"][0][key]) == (400, UNKNOWN), name
    switch(unknown_own_id_refuses_batch=True)
    assert [api.post(name, {name: [{key: UNKNOWN, "Code": "A"}]}).status_code for name, key in others] == [404] * 4


def test_the_good_ones_beside_it_are_saved(api):
    rows = [api.draft(), {"InvoiceID": UNKNOWN, "Reference": "x"}]
    made, told = api.post("Invoices", {"Invoices": rows}, summarizeErrors="false").json()["Invoices"]
    assert made["StatusAttributeString"] == "OK"
    assert messages(told) == ["An existing Invoice with the specified InvoiceID could not be found"]
    assert api.get(f"Invoices/{UNKNOWN}").status_code == 404


# --- history ---


def test_history_has_entries_of_its_own(api, switch):
    switch(demo_email_limit=None)
    contact = api.contact("Reader", EmailAddress="a@example.com")
    made = api.invoice(Contact={"ContactID": contact["ContactID"]})
    note = api.credit_note(Contact={"ContactID": contact["ContactID"]})
    path = f"Invoices/{made['InvoiceID']}"
    api.put(f"{path}/History", {"HistoryRecords": [{"Details": "Hello"}]})
    api.post(f"{path}/Email", None)
    row = {"Amount": 5, "Invoice": {"InvoiceID": made["InvoiceID"]}, "Date": "2026-09-21"}
    api.put(f"CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [row]})
    api.payment(made, 10)
    api.upload(path, "a.pdf", b"%PDF")
    told = api.get(f"{path}/History").json()["HistoryRecords"]
    assert [one["Changes"] for one in told] == ["Attached a file", "Paid", "Credited", "Invoice sent", "Note", "Created"]
    assert {one["User"] for one in told if one["Changes"] != "Note"} == {"System Generated"}
    made = api.get(f"Contacts/{contact['ContactID']}/History").json()["HistoryRecords"]
    assert [one["Changes"] for one in made] == ["Created"]


def test_what_is_refused_leaves_no_history(api):
    made = api.invoice()
    api.post("Invoices", {"Invoices": [{"InvoiceID": made["InvoiceID"], "Reference": "x"}, {"InvoiceID": UNKNOWN}]})
    assert len(api.get(f"Invoices/{made['InvoiceID']}/History").json()["HistoryRecords"]) == 1


# --- items ---


def test_a_tracked_item_with_transactions_stays(api):
    body = {"Code": "T", "InventoryAssetAccountCode": "630", "PurchaseDetails": {"COGSAccountCode": "310"}}
    item = api.put("Items", {"Items": [body]}).json()["Items"][0]
    api.invoice(line(2, AccountCode="630", ItemCode="T", Quantity=3), Type="ACCPAY")
    answer = api.delete(f"Items/{item['ItemID']}")
    told = answer.json()["Elements"][0]
    assert (answer.status_code, told["ItemID"], told["QuantityOnHand"]) == (400, item["ItemID"], 3.0)
    assert messages(told) == ["The item could not be deleted because it is associated with inventory transactions"]


# --- addresses ---


@pytest.mark.parametrize(
    "path",
    ["Organisations", "Organisation/", "organisation", "Invoice", "invoices/", "Currency", "Contacts/", "TrackingCategory", "TaxRate"],
)
def test_addresses_that_clients_use(api, path):
    assert api.get(path).status_code == 200
    assert api.get(path, unitdp=4).status_code == 200


def test_singular_addresses_take_writes(api):
    made = api.call("PUT", "Invoice", {"Invoices": [api.draft(DateString="2026-09-01T00:00:00", Date=None)]}).json()["Invoices"][0]
    assert made["DateString"] == "2026-09-01T00:00:00"
    assert api.put("Contact", {"Name": "Singular"}, unitdp=4).status_code == 200
    assert api.get(f"Invoices/{made['InvoiceID']}/Attachments/").json()["Attachments"] == []


def test_invoices_are_changed_by_number_too(api):
    made = api.invoice(InvoiceNumber="INV-7")
    told = api.post("Invoices/INV-7", {"InvoiceNumber": "INV-7", "Status": "VOIDED", "Id": "INV-7"}).json()["Invoices"][0]
    assert (told["InvoiceID"], told["Status"]) == (made["InvoiceID"], "VOIDED")
    assert api.get("Invoices/inv-7").json()["Invoices"][0]["InvoiceID"] == made["InvoiceID"]


def test_not_found_is_text(api):
    for path in (f"Contacts/{UNKNOWN}", f"Payments/{UNKNOWN}"):
        answer = api.get(path)
        assert (answer.status_code, answer.text) == (404, "The resource you're looking for cannot be found")
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert api.session.get(f"{API}/Nowhere", headers=api.headers, timeout=5).json()["Type"] == "NotSimulatedException"


# --- what third parties say, as switches ---


def test_claims_of_third_parties(api, switch):
    made = api.invoice(line(100, Description="Hi \N{WAVING HAND SIGN}", DiscountRate="3.337"))
    assert (made["LineItems"][0]["Description"], made["LineItems"][0]["DiscountRate"]) == ("Hi \N{WAVING HAND SIGN}", 3.337)
    switch(emoji="stripped", discount_rate_places="rounded")
    made = api.invoice(line(100, Description="Hi \N{WAVING HAND SIGN}", DiscountRate="3.337"))
    assert (made["LineItems"][0]["Description"], made["LineItems"][0]["DiscountRate"]) == ("Hi ", 3.34)
    switch(discount_rate_places="refused")
    assert "decimal places" in messages(api.send(api.draft(line(DiscountRate="3.337"))))[0]


def test_a_tax_amount_beyond_the_line(api, switch):
    big = api.draft(line(2, Quantity=10, TaxAmount=15))
    assert api.send(big)["TotalTax"] == 15.0
    switch(tax_amount_limit="line_amount")
    assert api.send(big)["TotalTax"] == 15.0
    assert messages(api.send(api.draft(line(2, Quantity=1, TaxAmount=15)))) == [
        "The TaxAmount specified cannot be greater than the line amount."
    ]
    switch(tax_amount_limit="unit_amount")
    assert messages(api.send(big)) == ["The TaxAmount specified cannot be greater than the UnitAmount."]


def test_sending_alone_may_alter_a_discount(api, switch):
    made = api.invoice(line(30, DiscountAmount="10"))
    sent = {"InvoiceID": made["InvoiceID"], "SentToContact": True}
    assert api.send(sent, method="POST")["SubTotal"] == 20.0
    switch(sent_to_contact_alters_discounts=True)
    told = api.send(sent, method="POST")
    assert (told["SubTotal"], told["LineItems"][0]["DiscountRate"]) == (20.0, 33.33)
    made = api.invoice(line(3000, DiscountAmount="1000"))
    assert api.send({**sent, "InvoiceID": made["InvoiceID"]}, method="POST")["SubTotal"] == 2000.1


def test_reverse_charge_with_tax_in_the_amounts(clock):
    api = CheckedApi(create_app(("UK",), clock=clock), "UK")
    bill = api.draft(line(AccountCode="429", TaxType="DRCHARGE20"), Type="ACCPAY", LineAmountTypes="Inclusive")
    assert api.send(bill)["StatusAttributeString"] == "OK"
    api.app.world.switches.set({"reverse_charge_inclusive": "refused"})
    assert "include tax" in messages(api.send(bill))[0]
