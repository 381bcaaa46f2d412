"""Invoices: numbers, states, edits, accounts, taxes, lock dates, currencies."""

import pytest
from simulator_helpers import CheckedApi, line, messages

INVALID_STATUS = "Invoice not of valid status for modification"
HAS_PAYMENT = "This document cannot be edited as it has a payment or credit note allocated to it."
CANNOT_VOID = "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."
UNKNOWN = "11111111-1111-4111-8111-111111111111"


def update(api, invoice, **fields):
    return api.send({"InvoiceID": invoice["InvoiceID"], **fields}, method="POST")


def refused(api, *lines, **fields):
    element = api.send(api.draft(*lines, **fields))
    assert element["StatusAttributeString"] == "ERROR", element
    assert element["HasErrors"] is True
    return messages(element)


def test_defaults(api):
    made = api.send({"Type": "ACCREC", "Contact": {"ContactID": api.contact_id()}, "LineItems": [line()]})
    assert (made["Status"], made["LineAmountTypes"], made["CurrencyCode"], made["CurrencyRate"]) == ("DRAFT", "Exclusive", "NZD", 1.0)
    assert made["InvoiceNumber"] == "INV-0001"
    assert made["LineItems"][0]["TaxType"] == "OUTPUT2"
    # 09:30 UTC is the same day in Auckland
    assert made["DateString"] == "2026-09-14T00:00:00"
    assert "DueDate" not in made


def test_today_is_the_organisations_own_day(app, clock):
    clock.advance(4 * 3600)  # 13:30 UTC: tomorrow in Auckland
    api = CheckedApi(app, "NZ")
    made = api.send({"Type": "ACCREC", "Contact": {"ContactID": api.contact_id()}, "LineItems": [line()]})
    assert made["DateString"] == "2026-09-15T00:00:00"


def test_dates_come_in_pairs(api):
    made = api.invoice()
    assert made["DueDate"] == "/Date(1790553600000+0000)/"
    assert made["DueDateString"] == "2026-09-28T00:00:00"
    assert made["UpdatedDateUTCString"] == "2026-09-14T09:30:00Z"


def test_written_and_read_forms_differ(api):
    made = api.invoice()
    assert not {"Payments", "CreditNotes", "AmountCredited", "HasAttachments"} & set(made)
    read = api.read(made)
    assert {"CreditNotes", "AmountCredited", "HasAttachments", "Attachments"} <= set(read)
    assert "Payments" not in read
    listed = api.get("Invoices", page=1).json()["Invoices"][0]
    assert (listed["Payments"], listed["InvoiceAddresses"]) == ([], [])
    assert len(made["Contact"]["Phones"]) == 4
    assert made["Contact"]["IsCustomer"] is True


# --- numbers ---


def test_sales_numbers_are_unique(api):
    api.invoice(InvoiceNumber="INV/2026/1")
    assert refused(api, InvoiceNumber="inv/2026/1") == ["Invoice # must be unique."]


def test_bills_may_repeat_their_number_and_keep_their_reference(api):
    one = api.invoice(line(AccountCode="400"), Type="ACCPAY", InvoiceNumber="7", Reference="PO 7")
    two = api.invoice(line(AccountCode="400"), Type="ACCPAY", InvoiceNumber="7")
    assert one["InvoiceID"] != two["InvoiceID"]
    assert (one["Reference"], two["Reference"]) == ("PO 7", "")
    (listed,) = api.get("Invoices", page=1, IDs=one["InvoiceID"]).json()["Invoices"]
    assert listed["Reference"] == "PO 7" and "SentToContact" not in listed


def test_numbers_of_voided_invoices(api, switch):
    made = api.invoice(InvoiceNumber="A")
    update(api, made, Status="VOIDED")
    assert refused(api, InvoiceNumber="A") == ["Invoice # must be unique."]
    switch(reuse_voided_numbers=True)
    assert api.invoice(InvoiceNumber="A")["InvoiceID"] != made["InvoiceID"]


def test_drawn_numbers_skip_those_taken(api):
    api.invoice(InvoiceNumber="INV-0001")
    del_me = api.invoice()
    assert del_me["InvoiceNumber"] == "INV-0002"


def test_post_with_a_number_edits_that_invoice(api, switch):
    made = api.invoice(InvoiceNumber="A")
    edited = api.send(api.draft(line(50), InvoiceNumber="a"), method="POST")
    assert (edited["InvoiceID"], edited["SubTotal"]) == (made["InvoiceID"], 50.0)
    switch(post_by_number="error")
    assert messages(api.send(api.draft(InvoiceNumber="A"), method="POST")) == ["Invoice # must be unique."]


def test_refused_drafts_take_no_number(api):
    refused(api, line(AccountCode="999"))
    assert api.invoice()["InvoiceNumber"] == "INV-0001"


# --- what makes a line wrong ---


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"AccountCode": "999"}, "Account code '999' is not a valid code for this document."),
        ({"AccountCode": "610"}, "Account code '610' is not a valid code for this document."),
        ({"AccountCode": "820"}, "Account code '820' is not a valid code for this document."),
        ({"AccountCode": "090"}, "Account code '090' is not a valid code for this document."),
        ({"AccountCode": None}, "Account code must be specified"),
        ({"Description": ""}, "Description must be at least 1 character."),
        ({"Description": "d" * 4001}, "must not exceed 4000"),
        ({"TaxType": "INPUT2"}, "The TaxType code 'INPUT2' cannot be used with account code '200'."),
        ({"TaxType": "OUTPUT"}, "The TaxType code 'OUTPUT' does not exist"),
        ({"TaxType": "MAGIC"}, "The TaxType code 'MAGIC' does not exist"),
        ({"LineAmount": 1}, "The line total 1.00 does not match the expected line total 100.00"),
        ({"UnitAmount": "lots"}, "UnitAmount is not a number: lots"),
        ({"UnitAmount": 10000000000}, "must not exceed 9999999999.99"),
        ({"DiscountRate": 101}, "between 0 and 100"),
        ({"DiscountRate": 1, "DiscountAmount": 1}, "not both"),
        ({"Tracking": [{"Name": "Region", "Option": "Nowhere"}]}, "tracking"),
    ],
)
def test_lines_refused(api, fields, message):
    assert message in " ".join(refused(api, line(**fields)))


def test_all_wrong_lines_are_named(api, switch):
    lines = (line(AccountCode="998"), line(), line(AccountCode="999"))
    assert refused(api, *lines) == [
        "Account code '998' is not a valid code for this document.",
        "Account code '999' is not a valid code for this document.",
    ]
    switch(line_errors="line")
    element = api.send(api.draft(*lines))
    assert [len(messages(row)) for row in element["LineItems"]] == [1, 0, 1]
    assert messages(element) == []
    switch(line_errors="both")
    assert len(messages(api.send(api.draft(*lines)))) == 2


def test_archived_account(api, control):
    control("organisations/NZ", {"archive_accounts": ["200"]})
    assert refused(api) == ["Account code '200' has been archived, or has been deleted. Each line item must reference a valid account."]


def test_drafts_may_be_incomplete(api):
    made = api.send(api.draft({"Description": "Later"}, {"UnitAmount": 5}, Status="DRAFT"))
    assert made["StatusAttributeString"] == "OK"
    wrong = messages(update(api, made, Status="AUTHORISED"))
    missing = {"The TaxType field is mandatory", "Account code must be specified"}
    assert set(wrong) == {*missing, "Description must be at least 1 character."}


def test_description_only_lines(api):
    made = api.invoice(line(), {"Description": "A note"})
    assert made["Total"] == 115.0
    assert "LineAmount" not in made["LineItems"][1]
    assert made["LineItems"][1]["Description"] == "A note"


def test_accounts_by_id_and_tracking_by_name_or_id(api):
    account = api.organisation.account_by_code("200")["AccountID"]
    region = api.get("TrackingCategories").json()["TrackingCategories"][0]
    ids = {"TrackingCategoryID": region["TrackingCategoryID"], "TrackingOptionID": region["Options"][1]["TrackingOptionID"]}
    made = api.invoice(
        {"Description": "x", "UnitAmount": 1, "AccountID": account, "Tracking": [ids]},
        line(Tracking=[{"Name": "region", "Option": "North"}]),
    )
    assert made["LineItems"][0]["AccountCode"] == "200"
    assert made["LineItems"][0]["Tracking"] == made["LineItems"][1]["Tracking"]


def test_unknown_tracking_may_be_ignored(api, switch):
    switch(unknown_tracking="ignored")
    assert api.invoice(line(Tracking=[{"Name": "Region", "Option": "Nowhere"}]))["LineItems"][0]["Tracking"] == []


# --- what makes a document wrong ---


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Contact": None}, "A Contact must be specified"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"Status": "PAID"}, INVALID_STATUS),
        ({"Status": "VOIDED"}, INVALID_STATUS),
        ({"Status": "DONE"}, "Status 'DONE'"),
        ({"Type": "SALE"}, "Type 'SALE'"),
        ({"Date": "someday"}, "Date is not a date"),
        ({"CurrencyCode": "EUR"}, "Organisation is not subscribed to currency EUR"),
        ({"InvoiceNumber": "n" * 256}, "must not exceed 255"),
        ({"Url": "https://xero.example.com"}, "Url is not valid"),
        ({"BrandingThemeID": UNKNOWN}, "BrandingThemeID is not valid"),
    ],
)
def test_documents_refused(api, fields, message):
    assert message in refused(api, **fields)[0]


def test_unknown_contact_refuses_the_whole_request(api):
    rows = [api.draft(), api.draft(Contact={"ContactID": UNKNOWN})]
    answer = api.put("Invoices", {"Invoices": rows}, summarizeErrors="false")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert answer.text == "The resource you're looking for cannot be found"
    assert len(api.organisation.invoices) == 0


def test_archived_contact(api):
    api.post("Contacts", {"Contacts": [{"ContactID": api.contact_id(), "ContactStatus": "ARCHIVED"}]})
    contact = next(iter(api.organisation.contacts))["ContactID"]
    assert "matched an archived contact" in refused(api, Contact={"ContactID": contact})[0]


def test_contact_fields_in_a_document_change_the_contact(api):
    contact = api.contact(ContactPersons=[{"FirstName": "A"}])
    api.invoice(Contact={"ContactID": contact["ContactID"], "EmailAddress": "new@example.com", "ContactPersons": []})
    read = api.get(f"Contacts/{contact['ContactID']}").json()["Contacts"][0]
    assert (read["EmailAddress"], read["ContactPersons"]) == ("new@example.com", [])
    assert api.invoice(Contact={"Name": "Somebody New"})["Contact"]["Name"] == "Somebody New"


def test_negative_and_zero_totals(api, switch):
    assert api.invoice(line(), line(-40))["Total"] == 69.0
    assert refused(api, line(-1)) == ["The document total must not be negative."]
    assert api.invoice(line(0))["Status"] == "PAID"
    switch(negative_total="accepted", zero_total_is_paid=False)
    assert api.invoice(line(-1))["Total"] == -1.15
    assert api.invoice(line(0))["Status"] == "AUTHORISED"


@pytest.mark.parametrize(
    ("setting", "name"), [("period_lock_date", "period lock date"), ("end_of_year_lock_date", "end of year lock date")]
)
def test_lock_dates(api, control, setting, name):
    made = api.invoice(Date="2026-03-31")
    control("organisations/NZ", {setting: "2026-03-31"})
    message = f"The document date cannot be before the {name}, currently set at 31-Mar-2026"
    assert refused(api, Date="2026-03-31") == [message]
    assert messages(update(api, made, Status="VOIDED")) == [message]
    assert messages(update(api, made, Reference="x")) == [message]
    assert api.invoice(Date="2026-04-01")["Status"] == "AUTHORISED"


def test_totals_sent_must_be_right(api):
    assert api.invoice(Total=115, SubTotal="100.00", TotalTax=15)["Total"] == 115.0
    answer = api.put("Invoices", {"Invoices": [api.draft(Total=116)]})
    assert answer.json()["Message"].startswith("xero_simulator: Total 116")


def test_approval_limit(api, control):
    control("organisations/NZ", {"forbidden_actions": ["CreateApprovedInvoice"]})
    assert refused(api) == ["You have reached the limit of invoices you can approve"]
    assert api.send(api.draft(Status="DRAFT"))["StatusAttributeString"] == "OK"
    bill = api.draft(line(AccountCode="400", TaxType="INPUT2"), Type="ACCPAY", InvoiceNumber="7")
    assert messages(api.send(bill)) == []
    control("organisations/NZ", {"forbidden_actions": ["CreateApprovedBill"]})
    assert messages(api.send(bill)) == ["You have reached the limit of invoices you can approve"]
    assert api.send(api.draft())["StatusAttributeString"] == "OK"


# --- states ---


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("DRAFT", "SUBMITTED", True),
        ("DRAFT", "AUTHORISED", True),
        ("DRAFT", "DELETED", True),
        ("DRAFT", "VOIDED", False),
        ("SUBMITTED", "DRAFT", True),
        ("SUBMITTED", "AUTHORISED", True),
        ("SUBMITTED", "DELETED", True),
        ("AUTHORISED", "VOIDED", True),
        ("AUTHORISED", "DRAFT", False),
        ("AUTHORISED", "DELETED", False),
        ("AUTHORISED", "PAID", False),
    ],
)
def test_state_machine(api, before, after, allowed):
    made = api.invoice(Status=before)
    answer = update(api, made, Status=after)
    if allowed:
        assert answer["Status"] == after
    else:
        assert messages(answer) == [INVALID_STATUS]


@pytest.mark.parametrize("end", ["VOIDED", "DELETED"])
def test_the_end_is_the_end(api, end):
    made = api.invoice(Status="AUTHORISED" if end == "VOIDED" else "DRAFT")
    gone = update(api, made, Status=end)
    assert gone["AmountDue"] == gone["Total"] == 115.0
    assert messages(update(api, made, Reference="x")) == [INVALID_STATUS]
    assert messages(update(api, made, Status="AUTHORISED")) == [INVALID_STATUS]


def test_voiding_needs_no_payments(api):
    made = api.invoice()
    api.payment(made, 10)
    assert messages(update(api, made, Status="VOIDED")) == [CANNOT_VOID]


def test_edits_with_a_payment(api):
    made = api.invoice()
    api.payment(made, 10)
    assert update(api, made, Reference="new", DueDate="2026-10-01")["Reference"] == "new"
    assert messages(update(api, made, Date="2026-09-01")) == [HAS_PAYMENT]
    assert messages(update(api, made, LineItems=[line(50)])) == [HAS_PAYMENT]


def test_paid_invoices_stay(api):
    made = api.invoice()
    api.payment(made, 115)
    assert messages(update(api, made, Status="VOIDED")) == [INVALID_STATUS]
    assert update(api, made, Reference="still")["Status"] == "PAID"


# --- updates ---


def test_lines_are_kept_changed_added_and_dropped_by_id(api):
    made = api.invoice(line(10), line(20))
    first, second = made["LineItems"]
    changed = update(api, made, LineItems=[{"LineItemID": second["LineItemID"], "UnitAmount": 25}, line(1)])
    assert [row["LineAmount"] for row in changed["LineItems"]] == [25.0, 1.0]
    assert changed["LineItems"][0]["LineItemID"] == second["LineItemID"]
    assert first["LineItemID"] not in [row["LineItemID"] for row in changed["LineItems"]]
    assert messages(update(api, made, LineItems=[line(LineItemID=UNKNOWN)])) == ["The LineItemID does not belong to this document."]


def test_update_without_lines_keeps_them(api):
    made = api.invoice(line(10, TaxAmount=2))
    assert update(api, made, Reference="x")["TotalTax"] == 2.0


def test_single_resource_post(api):
    made = api.invoice()
    answer = api.post(f"Invoices/{made['InvoiceID']}", {"Invoices": [{"Reference": "x"}]})
    assert answer.json()["Invoices"][0]["Reference"] == "x"
    assert "StatusAttributeString" not in answer.json()["Invoices"][0]
    assert api.post(f"Invoices/{made['InvoiceID']}", {"CurrencyCode": "EUR"}).status_code == 400


def test_batch_all_or_nothing(api):
    answer = api.put("Invoices", {"Invoices": [api.draft(), api.draft(line(AccountCode="999"))]})
    assert answer.status_code == 400
    assert len(answer.json()["Elements"]) == 1
    assert answer.json()["Elements"][0]["InvoiceID"] == "00000000-0000-0000-0000-000000000000"
    assert len(api.organisation.invoices) == 0


def test_reversed_answers(api, switch):
    switch(element_order="reversed")
    rows = [api.draft(InvoiceNumber="A"), api.draft(InvoiceNumber="B")]
    answer = api.put("Invoices", {"Invoices": rows}, summarizeErrors="false")
    assert [row["InvoiceNumber"] for row in answer.json()["Invoices"]] == ["B", "A"]


# --- currencies ---


def test_foreign_currency(api):
    api.put("Currencies", {"Code": "USD"})
    made = api.invoice(CurrencyCode="USD", CurrencyRate=0.6123456789)
    assert (made["CurrencyCode"], made["CurrencyRate"], made["Total"]) == ("USD", 0.612346, 115.0)
    assert api.invoice(CurrencyCode="USD")["CurrencyRate"] > 0
    assert messages(update(api, made, CurrencyCode="NZD")) == ["The currency of an approved document cannot be changed."]


def test_odd_rates_are_warned_of_but_taken(api, switch):
    api.put("Currencies", {"Code": "USD"})
    made = api.send(api.draft(CurrencyCode="USD", CurrencyRate=65))
    assert (made["StatusAttributeString"], made["CurrencyRate"], len(made["Warnings"])) == ("WARNING", 65.0, 1)
    assert "Warnings" not in api.read(made)
    switch(rate_warning_factor=None)
    assert api.send(api.draft(CurrencyCode="USD", CurrencyRate=65))["StatusAttributeString"] == "OK"


def test_advisers_are_held_by_the_year_end_only(api, control):
    control("organisations/NZ", {"period_lock_date": "2026-08-31", "end_of_year_lock_date": "2026-03-31", "adviser": True})
    assert api.invoice(Date="2026-08-01")["Status"] == "AUTHORISED"
    assert "end of year lock date" in refused(api, Date="2026-03-01")[0]
    actions = api.get("Organisation/Actions").json()["Actions"]
    assert {"Name": "ApproveTransactionsBeforePeriodLockDate", "Status": "ALLOWED"} in actions


def test_history(api):
    made = api.invoice()
    assert api.put(f"Invoices/{made['InvoiceID']}/History", {"Details": "Hello"}).status_code == 200
    assert api.put(f"Invoices/{UNKNOWN}/History", {"Details": "Hello"}).status_code == 404
