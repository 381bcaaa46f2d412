"""Whatever is sent gets an answer in Xero's form, and never an exception; two clients at once lose nothing."""

import json
import threading

import pytest
import requests
from simulator_helpers import CheckedApi, line, messages

from xero_simulator.app import create_app
from xero_simulator.server import running
from xero_simulator.testing import API, Api

WRONG = (
    [],
    {},
    [1],
    [[]],
    [{}],
    True,
    -1,
    1.5,
    10**30,
    "x" * 5000,
    "",
    None,
    "\0",
    "2026-99-99",
    "/Date(99999999999999999)/",
    "NaN",
    "1e999999",
)
DAY = "2026-09-14"
SIDES = {"SalesDetails": {"UnitPrice": 1, "AccountCode": "200", "TaxType": "OUTPUT2"}, "PurchaseDetails": {}}
ENTRIES = [{"LineAmount": 1, "AccountCode": "400"}, {"LineAmount": -1, "AccountCode": "404"}]
BANKS = {"FromBankAccount": {"Code": "090"}, "ToBankAccount": {"Code": "091"}}
FULL_LINE = line(Tracking=[{"Name": "Region", "Option": "North"}], TaxType="OUTPUT2", TaxAmount=15, DiscountRate=0, LineAmount=100)


@pytest.fixture
def api(app):
    return CheckedApi(app, "NZ")


def good(api):
    """An element of every kind, with many fields: (address, envelope, element)."""
    invoice, contact = {"InvoiceID": api.invoice()["InvoiceID"]}, {"ContactID": api.contact_id()}
    document = api.draft(FULL_LINE, InvoiceNumber="n", Reference="r", Url="http://a.example", CurrencyCode="NZD", CurrencyRate=1, Total=115)
    money = {"Type": "SPEND", "Contact": contact, "BankAccount": {"Code": "090"}, "Date": DAY, "LineItems": [line(AccountCode="400")]}
    payment = {"Invoice": invoice, "Account": {"Code": "090"}, "Amount": 1, "Date": DAY, "Reference": "x", "IsReconciled": False}
    note = api.credit_note()["CreditNoteID"]
    addresses = {"Addresses": [{"AddressType": "STREET", "City": "x"}], "Phones": [{"PhoneType": "DDI", "PhoneNumber": "1"}]}
    person = {"ContactPersons": [{"FirstName": "a"}], "PaymentTerms": {}, "BatchPayments": {}, "EmailAddress": "a@b.example"}
    return [
        ("Contacts", "Contacts", {"Name": "N", "ContactNumber": "1", **addresses, **person}),
        ("Invoices", "Invoices", document),
        ("CreditNotes", "CreditNotes", api.draft(Type="ACCRECCREDIT")),
        ("Payments", "Payments", payment),
        ("BankTransactions", "BankTransactions", money),
        ("BankTransfers", "BankTransfers", {**BANKS, "Amount": 1, "Date": DAY}),
        ("BatchPayments", "BatchPayments", {"Account": {"Code": "090"}, "Date": DAY, "Payments": [{"Invoice": invoice, "Amount": 1}]}),
        ("ManualJournals", "ManualJournals", {"Narration": "n", "JournalLines": ENTRIES, "Date": DAY, "Status": "DRAFT"}),
        ("Items", "Items", {"Code": "a", "Name": "b", **SIDES, "IsSold": True}),
        ("Accounts", "Accounts", {"Code": "777", "Name": "a", "Type": "EXPENSE", "TaxType": "NONE"}),
        ("TaxRates", "TaxRates", {"Name": "t", "ReportTaxType": "OUTPUT", "TaxComponents": [{"Name": "a", "Rate": 1}]}),
        (f"CreditNotes/{note}/Allocations", "Allocations", {"Amount": 1, "Invoice": invoice, "Date": DAY}),
        (f"Invoices/{invoice['InvoiceID']}/History", "HistoryRecords", {"Details": "x"}),
    ]


def places(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    inner = replaced(value[path[0]], path[1:], new)
    if isinstance(value, dict):
        return {**value, path[0]: inner}
    return [inner if number == path[0] else part for number, part in enumerate(value)]


class Undo(Exception):
    pass


def answered(api, method, path, body):
    """The status of the answer; what it wrote is taken back."""
    try:
        with api.organisation.transaction():
            answer = Api.call(api, method, path, body)
            if answer.status_code == 400:
                assert {"ErrorNumber", "Type", "Message"} <= set(answer.json())
            raise Undo
    except Undo:
        return answer.status_code


@pytest.mark.parametrize("number", range(13))
def test_every_field_may_be_anything(api, number):
    path, name, element = good(api)[number]
    assert answered(api, "PUT", path, {name: [element]}) == 200
    for place in places(element):
        for wrong in WRONG:
            status = answered(api, "PUT", path, {name: [replaced(element, place, wrong)]})
            assert status in (200, 400, 404), (place, wrong, status)


def test_every_field_may_be_missing(api):
    for path, name, element in good(api):
        for field in element:
            rest = {key: value for key, value in element.items() if key != field}
            assert answered(api, "PUT", path, {name: [rest]}) in (200, 400), (path, field)
        assert answered(api, "PUT", path, {name: [{}]}) in (200, 400)
        assert answered(api, "PUT", path, {name: []}) == 400


# --- bodies ---


def sent(api, data, kind="application/json", path="Contacts"):
    return api.session.put(f"{API}/{path}", data=data, headers={**api.headers, "Content-Type": kind}, timeout=60)


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"Contacts": [', b"1", b'"text"', b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b'{"Contacts": 5}']
)
def test_what_is_no_json_is_refused(api, data):
    answer = sent(api, data)
    assert (answer.status_code, answer.json()["Type"]) == (400, "PostDataInvalidException")


@pytest.mark.parametrize(
    "data",
    [b"", b"<", b"<Contacts><Contact>", b"text", b"\xff\xfe", b"<a>" * 100_000, b"<a>" * 100_000 + b"</a>" * 100_000]
    + [b'<?xml version="1.0" encoding="none"?><Contact/>', b"<Contact>&none;</Contact>", b"<Contacts>5</Contacts>", b"<Contact/>"],
)
def test_what_is_no_xml_is_refused(api, data):
    answer = sent(api, data, "application/xml")
    assert (answer.status_code, answer.json()["Type"]) == (400, "PostDataInvalidException")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", ""])
def test_a_form_where_json_is_due(api, kind):
    """Refused in a form that clients can read."""
    answer = sent(api, b"<Contacts><Contact><Name>A</Name></Contact></Contacts>", kind)
    assert (answer.status_code, answer.json()["Type"]) == (415, "NotSimulatedException")
    assert len(api.organisation.contacts) == 0


def test_large_bodies(api, switch):
    """3.5 MB is what Xero advises at most, 10 MB what it takes at most."""
    many = [{"Name": f"Contact {number}", "BankAccountDetails": "x" * 35_000} for number in range(100)]
    body = json.dumps({"Contacts": many}).encode()
    assert 3_500_000 < len(body) < 3_600_000
    answer = sent(api, body)
    assert (answer.status_code, len(answer.json()["Contacts"])) == (200, 100)
    assert sent(api, b'{"Contacts": [{"Name": "' + b"x" * 9_900_000 + b'"}]}').status_code == 400
    huge = b'{"Contacts": [{"Name": "' + b"x" * 10_000_000 + b'"}]}'
    assert sent(api, huge).status_code == 413
    switch(too_large_status=400)
    assert sent(api, huge).status_code == 400
    assert len(api.organisation.contacts) == 100


# --- two at once ---


@pytest.fixture
def served():
    app = create_app(("NZ",), minute_limit=None, day_limit=None, concurrent_limit=None)
    with running(app) as base:
        yield CheckedApi(app, "NZ"), base


def at_once(api, base, work, clients=2, times=15):
    """`work(session, address, client, number)` by several clients side by side; the answers."""
    answers = []

    def client(number):
        with requests.Session() as session:
            session.trust_env = False
            session.headers.update(api.headers)
            answers.extend(work(session, f"{base}/api.xro/2.0", number, turn) for turn in range(times))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == clients * times
    return answers


def test_two_pay_one_invoice(served):
    api, base = served
    invoice = api.invoice(line(20, TaxType="NONE"))

    def pay(session, address, _client, _number):
        row = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 1, "Date": DAY}
        return session.put(f"{address}/Payments", json=row, timeout=30).status_code

    answers = at_once(api, base, pay)
    assert (answers.count(200), answers.count(400)) == (20, 10)
    read = api.read(invoice)
    assert (read["Status"], read["AmountPaid"], len(read["Payments"])) == ("PAID", 20.0, 20)


def test_two_change_one_contact(served):
    api, base = served
    contact = api.contact("Both")["ContactID"]

    def change(session, address, client, number):
        row = {"ContactID": contact, ("FirstName", "LastName")[client]: str(number)}
        return session.post(f"{address}/Contacts", json=row, timeout=30).status_code

    assert set(at_once(api, base, change)) == {200}
    kept = api.organisation.contacts.get(contact)
    assert (kept["FirstName"], kept["LastName"]) == ("14", "14")


def test_two_draw_numbers_and_one_key(served):
    api, base = served

    def make(session, address, _client, number):
        headers = {"Idempotency-Key": f"key-{number}"} if number % 3 == 0 else {}
        body = {"Invoices": [api.draft(Reference=f"{number}")]}
        return session.put(f"{address}/Invoices", json=body, headers=headers, timeout=30).json()["Invoices"][0]["InvoiceNumber"]

    api.contact_id()
    numbers = at_once(api, base, make)
    assert len(set(numbers)) == len(api.organisation.invoices) == 25
    assert not messages(api.send(api.draft()))
