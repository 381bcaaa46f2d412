"""A person at work in Xero's own screens: writing, editing (silently too), approving and voiding documents; contacts."""

import pytest
from ledger_helpers import balances
from simulator_helpers import check_tables, line

from xero_simulator.person import Impossible
from xero_simulator.testing import Person


@pytest.fixture
def rita(app):
    return Person(app, "NZ", "Rita Mills")


def read(api, name, key):
    return api.get(f"{name}/{key}").json()[name][0]


def test_written_approved_voided_deleted(api, rita):
    api.contact()
    draft = rita.write_invoice("Ridgeway University", amount=100, status="DRAFT", date="2026-09-14")
    assert balances(api) == {}
    rita.approve(draft["InvoiceID"])
    assert balances(api) == {"200": "-100.00", "610": "115.00", "820": "-15.00"}
    with pytest.raises(Impossible, match="not of valid status"):
        rita.delete(draft["InvoiceID"])
    rita.void(draft["InvoiceID"])
    other = rita.write_bill("Ridgeway University", lines=[line(7, AccountCode="400")], status="DRAFT")
    rita.delete(other["InvoiceID"])
    assert [api.read(one)["Status"] for one in (draft, other)] == ["VOIDED", "DELETED"]
    rows = api.get(f"Invoices/{draft['InvoiceID']}/History").json()["HistoryRecords"]
    assert [(row["Changes"], row["User"]) for row in rows] == [
        ("Voided", "Rita Mills"),
        ("Edited", "Rita Mills"),
        ("Created", "Rita Mills"),
    ]
    assert balances(api) == {}


def test_journals_need_no_permission_of_the_connection(api, rita, control):
    control("organisations/NZ", {"reports_permission": False})
    rows = [{"LineAmount": amount, "AccountCode": code} for amount, code in ((10, "400"), (-10, "429"))]
    draft = rita.post_journal("Accrual", rows, date="2026-09-30", status="DRAFT")
    assert balances(api) == {}
    rita.approve(draft["ManualJournalID"])
    assert balances(api) == {"400": "10.00", "429": "-10.00"}
    rita.void(draft["ManualJournalID"])
    assert balances(api) == {}
    with pytest.raises(Impossible, match="balance|debits"):
        rita.post_journal("x", [rows[0], rows[0]])


def test_what_is_paid_is_coded_anew_but_keeps_its_amounts(api, rita):
    invoice = api.invoice(line(100), line(50, DiscountRate=10))
    rita.pay(invoice["InvoiceID"])
    rita.edit_line_account(invoice["InvoiceID"], "260", line=1)
    after = api.read(invoice)
    assert [row["AccountCode"] for row in after["LineItems"]] == ["200", "260"]
    assert [row["LineItemID"] for row in after["LineItems"]] == [row["LineItemID"] for row in invoice["LineItems"]]
    assert (after["Total"], after["Status"], balances(api)["260"]) == (166.75, "PAID", "-45.00")
    with pytest.raises(Impossible, match="cannot be edited"):
        rita.edit(invoice["InvoiceID"], {"LineItems": [line(150)]})
    with pytest.raises(Impossible, match="has no line 2"):
        rita.edit_line_account(invoice["InvoiceID"], "260", line=2)
    app = api.post(f"Invoices/{invoice['InvoiceID']}", {"LineItems": [{"LineItemID": row["LineItemID"]} for row in after["LineItems"]]})
    assert "cannot be edited" in app.text  # no app may


SILENT = {"due_date": {"DueDate": "2026-10-30"}, "sent": {"SentToContact": True}, "line_account": None}


@pytest.mark.parametrize("silent", ["due_date+sent+line_account", "due_date+sent", "line_account", "none"])
@pytest.mark.parametrize("edited", [*SILENT, "Reference"])
def test_silent_edits(api, rita, switch, clock, silent, edited):
    switch(silent_edits=silent)
    invoice = api.invoice()
    rita.pay(invoice["InvoiceID"])
    before = api.read(invoice)["UpdatedDateUTC"]
    clock.advance(60)
    if edited == "line_account":
        rita.edit_line_account(invoice["InvoiceID"], "260")
    else:
        rita.edit(invoice["InvoiceID"], SILENT.get(edited) or {"Reference": "new"})
    assert (api.read(invoice)["UpdatedDateUTC"] == before) == (edited in silent.split("+"))


def test_before_it_is_paid_no_edit_is_silent(api, rita, clock):
    invoice = api.invoice()
    for edit in (
        lambda: rita.edit(invoice["InvoiceID"], {"DueDate": "2026-10-30"}),
        lambda: rita.edit_line_account(invoice["InvoiceID"], "260"),
    ):
        before = api.read(invoice)["UpdatedDateUTC"]
        clock.advance(60)
        edit()
        assert api.read(invoice)["UpdatedDateUTC"] != before
    rita.pay(invoice["InvoiceID"], 5)  # the line's account is silent only once all is paid
    before = api.read(invoice)["UpdatedDateUTC"]
    clock.advance(60)
    rita.edit_line_account(invoice["InvoiceID"], "200")
    assert api.read(invoice)["UpdatedDateUTC"] != before


# --- contacts ---


def test_renamed_edited_archived_and_back(api, rita, switch):
    contact = rita.write_contact("Anna", {"EmailAddress": "a@example.com"})
    key = contact["ContactID"]
    rita.rename("Anna", "Anna & Co")
    rita.edit(key, {"EmailAddress": "b@example.com"})
    rita.archive(key)
    assert [row["Name"] for row in api.get("Contacts").json()["Contacts"]] == []
    assert [row["Name"] for row in api.get("Contacts", includeArchived="true").json()["Contacts"]] == ["Anna & Co"]
    with pytest.raises(Impossible, match="archived"):
        rita.write_invoice(key, amount=1)
    refused = api.post(f"Contacts/{key}", {"ContactStatus": "ACTIVE"})
    assert "archived" in refused.text  # apps cannot
    rita.unarchive(key)
    held = read(api, "Contacts", key)
    assert (held["ContactStatus"], held["EmailAddress"]) == ("ACTIVE", "b@example.com")
    rita.write_contact("Bert")
    with pytest.raises(Impossible, match="already assigned"):
        rita.rename(key, "Bert")


@pytest.mark.parametrize("restamps", [True, False])
def test_merged_contacts_hand_over_their_documents(api, rita, switch, clock, restamps):
    switch(merge_restamps_documents=restamps)
    loser, winner = api.contact("Old")["ContactID"], api.contact("New")["ContactID"]
    invoice = api.invoice(Contact={"ContactID": loser})
    note = api.credit_note(Contact={"ContactID": loser})
    money = rita.prepay(loser, 10)
    clock.advance(60)
    rita.merge(loser, winner)
    gone = read(api, "Contacts", loser)
    assert (gone["ContactStatus"], gone["MergedToContactID"]) == ("ARCHIVED", winner)
    for name, key in (("Invoices", invoice["InvoiceID"]), ("CreditNotes", note["CreditNoteID"]), ("Prepayments", money["PrepaymentID"]),
                      ("BankTransactions", money["BankTransactionID"])):  # fmt: skip
        assert read(api, name, key)["Contact"]["ContactID"] == winner
    assert (api.read(invoice)["UpdatedDateUTC"] != invoice["UpdatedDateUTC"]) == restamps
    assert "MergedToContactID" not in str(api.get("Contacts", includeArchived="true").json())
    assert "MergedToContactID" in str(api.get("Contacts", includeArchived="true", page=1).json())
    check_tables(api.organisation)
    for wrong in ((winner, winner), (winner, loser), (loser, "nobody")):
        with pytest.raises(Impossible):
            rita.merge(*wrong)


def test_what_an_app_did_is_told_as_the_switch_has_it(api, rita, switch):
    for value, user in (("system", "System Generated"), ("app", "Odoo (demo)")):
        switch(history_user_for_other_apps=value)
        invoice = api.invoice()
        api.put(f"Invoices/{invoice['InvoiceID']}/History", {"HistoryRecords": [{"Details": "Hello"}]})
        rows = api.get(f"Invoices/{invoice['InvoiceID']}/History").json()["HistoryRecords"]
        assert {row["User"] for row in rows} == {user}
        assert "from Odoo" in rows[-1]["Details"]
