"""Contacts: unique names and numbers, upsert by POST, archiving, merging."""

import pytest
from simulator_helpers import messages

from xero_simulator.switches import values

NAME_TAKEN = "The contact name {} is already assigned to another contact. The contact name must be unique across all active contacts."
ARCHIVED = "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API."
ZERO = "00000000-0000-0000-0000-000000000000"


def put(api, element, **query):
    return api.put("Contacts", {"Contacts": [element]}, **query)


def post(api, element, **query):
    return api.post("Contacts", {"Contacts": [element]}, **query)


def one(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()["Contacts"][0]


def names(answer):
    return [row["Name"] for row in answer.json()["Contacts"]]


def test_new_contact_has_all_slots(api):
    made = api.contact(IsCustomer=True, EmailAddress="a@example.com", Phones=[{"PhoneType": "DDI", "PhoneNumber": "123"}])
    assert made["IsCustomer"] is False
    assert [address["AddressType"] for address in made["Addresses"]] == ["STREET", "POBOX"]
    assert [phone["PhoneType"] for phone in made["Phones"]] == ["DEFAULT", "DDI", "FAX", "MOBILE"]
    assert made["Phones"][1]["PhoneNumber"] == "123"


def test_reading_orders_the_slots_otherwise(api):
    made = api.contact()
    read = one(api.get(f"Contacts/{made['ContactID']}"))
    assert [phone["PhoneType"] for phone in read["Phones"]] == ["DDI", "DEFAULT", "FAX", "MOBILE"]
    assert [address["AddressType"] for address in read["Addresses"]] == ["POBOX", "STREET"]
    assert read["Attachments"] == []


def test_name_is_unique_whatever_the_case(api):
    api.contact("Ålesund Ltd")
    refused = put(api, {"Name": "ålesund LTD"})
    assert refused.status_code == 400
    body = refused.json()
    assert (body["ErrorNumber"], body["Type"], body["Message"]) == (10, "ValidationException", "A validation exception occurred")
    assert set(body) == {"ErrorNumber", "Type", "Message", "Elements"}
    assert body["Elements"][0]["ContactID"] == ZERO
    assert messages(body["Elements"][0]) == [NAME_TAKEN.format("ålesund LTD")]


def test_name_of_an_archived_contact_is_free(api):
    old = api.contact()
    assert one(post(api, {"ContactID": old["ContactID"], "ContactStatus": "ARCHIVED"}))["ContactStatus"] == "ARCHIVED"
    assert api.contact()["ContactID"] != old["ContactID"]


def test_contact_number_is_unique(api):
    api.contact("A", ContactNumber="odoo:1")
    assert (
        "The contact number ODOO:1 is already assigned"
        in messages(put(api, {"Name": "B", "ContactNumber": "ODOO:1"}).json()["Elements"][0])[0]
    )


def test_email_is_not_unique(api):
    for name in ("A", "B"):
        api.contact(name, EmailAddress="same@example.com")


def test_contact_number_of_two(api, switch):
    """Where two may have it, the number in the address gives one of them without a word."""
    first = api.contact("A", ContactNumber="1")
    switch(contact_number_unique=False)
    second = api.contact("B", ContactNumber="1")
    found = api.get("Contacts", where='ContactNumber=="1"').json()["Contacts"]
    assert {row["ContactID"] for row in found} == {first["ContactID"], second["ContactID"]}
    assert one(api.get("Contacts/1"))["Name"] == "A"


def test_account_number_is_unique(api):
    """Case does not count; a contact keeps its own, and may not take another's."""
    made = api.contact("A", AccountNumber="c100")
    assert (
        "The account number C100 is already assigned" in messages(put(api, {"Name": "B", "AccountNumber": "C100"}).json()["Elements"][0])[0]
    )
    assert one(post(api, {"ContactID": made["ContactID"], "AccountNumber": "C100"}))["AccountNumber"] == "C100"
    other = api.contact("B", AccountNumber="C101")
    refused = post(api, {"ContactID": other["ContactID"], "AccountNumber": "C100"}, summarizeErrors="false")
    assert "The account number C100" in messages(one(refused))[0]
    assert api.organisation.contacts.get(other["ContactID"])["AccountNumber"] == "C101"


@pytest.mark.parametrize("rule", values("archived_account_numbers"))
def test_account_number_of_an_archived_contact(api, switch, rule):
    switch(archived_account_numbers=rule, account_number_message="Taken: {number}")
    made = api.contact("A", AccountNumber="7")
    post(api, {"ContactID": made["ContactID"], "ContactStatus": "ARCHIVED"})
    answer = put(api, {"Name": "B", "AccountNumber": "7"}, summarizeErrors="false")
    assert messages(one(answer)) == {"free": [], "taken": ["Taken: 7"]}[rule]


@pytest.mark.parametrize("rule", values("contact_names"))
def test_accents_in_names(api, switch, rule):
    switch(contact_names=rule)
    api.contact("Café Zoë")
    answer = one(put(api, {"Name": "CAFE ZOE"}, summarizeErrors="false"))
    assert messages(answer) == {"case": [], "accents": [NAME_TAKEN.format("CAFE ZOE")]}[rule]


def test_what_a_role_does_not_see(api, switch):
    """What stands behind the mask stays."""
    made = api.contact(TaxNumber="12-3456789", BankAccountDetails="01-0123-0123456-00", BatchPayments={"BankAccountNumber": "123456789"})

    def seen(shown):
        return shown["TaxNumber"], shown["BankAccountDetails"], shown["BatchPayments"]["BankAccountNumber"]

    assert seen(made) == ("12-3456789", "01-0123-0123456-00", "123456789")
    switch(mask_tax_numbers=True)
    assert seen(one(api.get(f"Contacts/{made['ContactID']}"))) == ("****6789", "01-0123-0123456-00", "123456789")
    switch(mask_tax_numbers=False, mask_bank_details=True)
    assert seen(one(api.get("Contacts", page=1))) == ("12-3456789", "****6-00", "****6789")
    changed = one(post(api, {"ContactID": made["ContactID"], "EmailAddress": "a@example.com"}))
    assert seen(changed) == ("12-3456789", "****6-00", "****6789")
    assert api.organisation.contacts.get(made["ContactID"])["BankAccountDetails"] == "01-0123-0123456-00"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Name": ""}, "at least 1 of the following elements"),
        ({"Name": "   "}, "at least 1 of the following elements"),
        ({"Name": "A <b>"}, "characters < or >"),
        ({"Name": " A"}, "spaces"),
        ({"Name": "A  B"}, "spaces"),
        ({"Name": "n" * 256}, "must not exceed 255"),
        ({"ContactNumber": "n" * 51}, "must not exceed 50"),
        ({"EmailAddress": "nobody"}, "Email address must be valid."),
        ({"EmailAddress": "jörg@example.com"}, "Email address must be valid."),
        ({"Addresses": [{"AddressType": "STREET", "Country": "NZ 1"}]}, "letters only"),
        ({"Addresses": [{"AddressType": "HOME"}]}, "AddressType 'HOME'"),
        ({"Addresses": [{"AddressType": "STREET", "City": "c" * 256}]}, "must not exceed 255"),
        ({"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "1" * 51}]}, "must not exceed 50"),
        ({"ContactPersons": [{"FirstName": str(n)} for n in range(6)]}, "at most 5"),
        ({"DefaultCurrency": "EUR"}, "not subscribed to currency EUR"),
    ],
)
def test_refused(api, fields, message):
    answer = put(api, {"Name": "Fine", **fields})
    assert answer.status_code == 400
    assert message in messages(answer.json()["Elements"][0])[0]
    assert len(api.organisation.contacts) == 0


def test_post_matches_number_then_name(api):
    first = api.contact("First", ContactNumber="1")
    second = api.contact("Second")
    assert one(post(api, {"ContactNumber": "1", "Name": "Renamed"}))["ContactID"] == first["ContactID"]
    assert one(post(api, {"Name": "SECOND", "EmailAddress": "x@example.com"}))["ContactID"] == second["ContactID"]
    assert one(post(api, {"Name": "Third"}))["ContactID"] not in (first["ContactID"], second["ContactID"])


def test_update_keeps_what_is_not_sent_but_replaces_persons(api):
    address = [{"AddressType": "POBOX", "AddressLine1": "1 Road", "City": "Nelson"}]
    made = api.contact(AccountNumber="7", Addresses=address, ContactPersons=[{"FirstName": "A"}, {"FirstName": "B"}])
    changed = one(api.post(f"Contacts/{made['ContactID']}", {"EmailAddress": "a@example.com", "ContactPersons": [{"FirstName": "C"}]}))
    assert changed["AccountNumber"] == "7"
    assert changed["Addresses"][1]["AddressLine1"] == "1 Road"
    assert [person["FirstName"] for person in changed["ContactPersons"]] == ["C"]


def test_renaming_to_a_taken_name(api):
    api.contact("A")
    other = api.contact("B")
    assert post(api, {"ContactID": other["ContactID"], "Name": "a"}).status_code == 400
    assert one(post(api, {"ContactID": other["ContactID"], "Name": "b"}))["Name"] == "b"


def test_archived_contacts_cannot_be_edited(api, switch):
    made = api.contact()
    post(api, {"ContactID": made["ContactID"], "ContactStatus": "ARCHIVED"})
    for change in ({"EmailAddress": "a@example.com"}, {"ContactStatus": "ACTIVE"}):
        answer = post(api, {"ContactID": made["ContactID"], **change}, summarizeErrors="false")
        assert answer.status_code == 200
        element = one(answer)
        assert (messages(element), element["StatusAttributeString"]) == ([ARCHIVED], "ERROR")
    switch(unarchive_contacts=True)
    assert one(post(api, {"ContactID": made["ContactID"], "ContactStatus": "ACTIVE"}))["ContactStatus"] == "ACTIVE"


def test_unknown_contact_id_refuses_the_whole_request(api):
    rows = [{"Name": "Good"}, {"ContactID": "11111111-1111-4111-8111-111111111111", "Name": "Bad"}]
    answer = api.post("Contacts", {"Contacts": rows}, summarizeErrors="false")
    assert (answer.status_code, answer.text) == (404, "The resource you're looking for cannot be found")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert len(api.organisation.contacts) == 0


def test_batch_each_by_itself(api):
    rows = [{"Name": "A"}, {"Name": "a"}, {"Name": "B"}]
    answer = api.put("Contacts", {"contacts": rows}, summarizeErrors="False")
    assert [row["StatusAttributeString"] for row in answer.json()["Contacts"]] == ["OK", "ERROR", "OK"]
    assert answer.json()["Status"] == "OK"
    assert len(api.organisation.contacts) == 2


@pytest.mark.parametrize("query", [{}, {"summarizeErrors": "true"}])
def test_batch_all_or_nothing(api, query):
    answer = api.put("Contacts", {"Contacts": [{"Name": "A"}, {"Name": "<"}]}, **query)
    assert answer.status_code == 400
    assert [row["Name"] for row in answer.json()["Elements"]] == ["<"]
    assert "StatusAttributeString" not in answer.json()["Elements"][0]
    assert len(api.organisation.contacts) == 0
    api.contact("A")  # the index was rolled back too


def test_order_of_mixed_answers_can_be_switched(api, switch):
    switch(mixed_failure_order="errors_first")
    answer = api.put("Contacts", {"Contacts": [{"Name": "A"}, {"Name": "<"}]}, summarizeErrors="false")
    assert names(answer) == ["<", "A"]


def test_bare_error_elements(api, switch):
    switch(error_elements="bare")
    element = put(api, {"Name": "<", "ContactNumber": "1"}).json()["Elements"][0]
    assert "ContactID" not in element
    assert "ContactNumber" not in element


def test_listing_hides_the_archived(api):
    gone = api.contact("Gone")
    api.contact("Here", EmailAddress="here@example.com")
    post(api, {"ContactID": gone["ContactID"], "ContactStatus": "ARCHIVED"})
    assert names(api.get("Contacts")) == ["Here"]
    assert set(names(api.get("Contacts", includeArchived="true"))) == {"Gone", "Here"}
    assert names(api.get("Contacts", IDs=gone["ContactID"], includeArchived="True")) == ["Gone"]
    assert names(api.get("Contacts", searchTerm="HERE@")) == ["Here"]


def test_short_and_full_forms(api):
    api.contact(ContactPersons=[{"FirstName": "A"}])
    assert api.get("Contacts").json()["Contacts"][0]["ContactPersons"] == []
    assert api.get("Contacts", page=1).json()["Contacts"][0]["ContactPersons"][0]["FirstName"] == "A"
    short = api.get("Contacts", summaryOnly="true").json()
    assert short["Contacts"][0]["Addresses"] == []
    assert short["pagination"]["itemCount"] == 1


def test_by_contact_number(api):
    made = api.contact(ContactNumber="odoo:1")
    assert one(api.get("Contacts/odoo:1"))["ContactID"] == made["ContactID"]
    assert api.get("Contacts/none").status_code == 404


def test_merged_contact_points_to_the_winner(api, control):
    loser, winner = api.contact("Loser"), api.contact("Winner")
    control("organisations/NZ", {"merge_contacts": {loser["ContactID"]: winner["ContactID"]}})
    assert one(api.get(f"Contacts/{loser['ContactID']}"))["MergedToContactID"] == winner["ContactID"]
    assert "MergedToContactID" not in api.get("Contacts", includeArchived="true").json()["Contacts"][0]


def test_customer_flag_and_balance_come_from_documents(api):
    made = api.contact()
    stamp = made["UpdatedDateUTC"]
    api.invoice(DueDate="2026-09-13")
    api.send(api.draft(Type="ACCPAY", Status="DRAFT"))
    read = one(api.get(f"Contacts/{made['ContactID']}"))
    assert (read["IsCustomer"], read["IsSupplier"], read["UpdatedDateUTC"]) == (True, False, stamp)
    assert read["Balances"]["AccountsReceivable"] == {"Outstanding": 115.0, "Overdue": 115.0}


def test_history_notes(api):
    made = api.contact()
    path = f"Contacts/{made['ContactID']}/History"
    written = api.put(path, {"HistoryRecords": [{"Details": "Hello"}]}).json()["HistoryRecords"][0]
    assert set(written) == {"DateUTCString", "DateUTC", "Details", "ValidationErrors"}
    assert api.get(path).json()["HistoryRecords"][0]["Details"] == "Hello"
    assert api.put(path, {"HistoryRecords": [{"Details": "x" * 2501}]}).status_code == 400
    assert api.get("Contacts/none/History").status_code == 404
