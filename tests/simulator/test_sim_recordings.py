"""The simulator against recordings of a live demo company: same request, same shape, same values but ids and times."""

import json
import re
from datetime import datetime, timezone

import pytest
import replay
from replayed import REPLAYED
from simulator_helpers import RECORDINGS, CheckedApi

from xero_simulator.app import create_app
from xero_simulator.clock import Clock
from xero_simulator.control_organisation import seed_contact

pytestmark = pytest.mark.skipif(not RECORDINGS.exists(), reason="no recordings here")
# Belongs to that one organisation or that one run: its kind is compared, not its value.
OWN = re.compile(r"(ID|Id|UTC|UTCString)$|^(ProviderName|LogoUrl|ShortCode|InvoiceNumber|City|PostalCode|DateTimeUTC)$")
SCRUBBED = re.compile(r"-scrubbed$")
ORDERED_BY_KIND = ("Phones", "Addresses")


def recording(name):
    return json.loads((RECORDINGS / f"{name}.json").read_text())


def form(value):
    """What kind of text it is: id, date with or without offset, ISO, or free."""
    forms = (
        ("id", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("date+0000", r"/Date\(\d+\+0000\)/"),
        ("date", r"/Date\(\d+\)/"),
        ("isoZ", r"\d{4}-\d\d-\d\dT[\d:.]+Z"),
        ("iso", r"\d{4}-\d\d-\d\dT[\d:.]+"),
        ("empty", r""),
    )
    return (
        next((name for name, pattern in forms if re.fullmatch(pattern, value)), "text") if isinstance(value, str) else type(value).__name__
    )


def differences(expected, actual, path=""):
    if isinstance(expected, dict) and isinstance(actual, dict):
        if set(expected) != set(actual):
            yield f"{path}: missing {sorted(set(expected) - set(actual))}, extra {sorted(set(actual) - set(expected))}"
        for key in expected.keys() & actual.keys():
            yield from differences(expected[key], actual[key], f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{path}: {len(expected)} entries, here {len(actual)}"
        for number, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(one, other, f"{path}[{number}]")
    else:
        yield from difference(expected, actual, path)


def difference(expected, actual, path):
    key = re.sub(r"\[\d+\]$", "", path).rsplit(".", 1)[-1]
    if isinstance(expected, str) and SCRUBBED.search(expected):
        if form(actual) != "text":
            yield f"{path}: text, here {actual!r}"
    elif OWN.search(key):
        if form(expected) != form(actual):
            yield f"{path}: {expected!r} is {form(expected)}, here {actual!r}"
    elif isinstance(expected, bool) or not isinstance(expected, (int, float)):
        if expected != actual:
            yield f"{path}: {expected!r}, here {actual!r}"
    elif abs(expected - actual) > 1e-9:
        yield f"{path}: {expected!r}, here {actual!r}"


@pytest.fixture
def same(record_property):
    """The answer against the recording of that name."""

    def check(name, answer):
        recorded = recording(name)
        assert answer.status_code == recorded["response"]["status"]
        assert answer.headers.get("Content-Type", "") == recorded["response"]["content_type"]
        for header in recorded["response"].get("headers", {}):
            assert header in answer.headers
        if recorded["body"] is None:
            return  # of answers that are not JSON the recordings have no body
        told = _cut(answer.json(), recorded["lists_kept_to"])
        found = list(differences(recorded["body"], told))
        assert not found, "\n".join(found)
        total, wrong = replay.counted(f"known/{name}", recorded["body"], told)
        record_property("replayed", (f"known/{name}", total, total))
        assert (total, sum(wrong.values())) == (REPLAYED[f"known/{name}"][0], 0)

    return check


def _cut(body, length):
    return {key: value[:length] if length and isinstance(value, list) else value for key, value in body.items()}


@pytest.fixture
def nz():
    """New Zealand at the time of the recordings, with the lock date of that demo company."""
    start = datetime(2026, 9, 14, 9, 29, 50, tzinfo=timezone.utc)
    app = create_app(("NZ",), clock=Clock(lambda: start))
    api = CheckedApi(app)
    api.organisation.period_lock_date = datetime(2009, 9, 30, tzinfo=timezone.utc).date()
    return api


def contact_body(name, **fields):
    phone = {"PhoneType": "DEFAULT", "PhoneNumber": "555 1212"}
    return {"Contacts": [{"Name": name, "EmailAddress": "a@example.com", "Phones": [phone], **fields}]}


@pytest.mark.parametrize(
    ("name", "path"),
    [("organisation", "Organisation"), ("accounts", "Accounts"), ("tax_rates", "TaxRates"), ("branding_themes", "BrandingThemes")],
)
def test_readings(nz, same, name, path):
    same(name, nz.get(path))


def test_contact(nz, same):
    made = seed_contact(nz.organisation, "Eastside Club", nz.app.world.now())
    same("contact", nz.get(f"Contacts/{made['ContactID']}"))


def test_contact_create_and_duplicate(nz, same):
    name = recording("contact_create")["body"]["Contacts"][0]["Name"]
    same("contact_create", nz.put("Contacts", contact_body(name, IsCustomer=True)))
    same("contact_create_duplicate_name", nz.put("Contacts", contact_body(name, IsCustomer=True)))


def test_contact_archive(nz, same):
    name = recording("contact_archive")["body"]["Contacts"][0]["Name"]
    made = nz.put("Contacts", contact_body(name, IsSupplier=True, DefaultCurrency="NZD")).json()["Contacts"][0]
    body = {"Contacts": [{"ContactID": made["ContactID"], "ContactStatus": "ARCHIVED"}]}
    same("contact_archive", nz.post("Contacts", body, **recording("contact_archive")["request"]["query"]))


def test_invoice_create_and_history(nz, same):
    recorded = recording("invoice_create")["body"]["Invoices"][0]
    contact = nz.put("Contacts", contact_body(recorded["Contact"]["Name"])).json()["Contacts"][0]
    line = {"Description": recorded["LineItems"][0]["Description"], "Quantity": 2, "UnitAmount": 10.5, "AccountCode": "200"}
    body = {
        "Type": "ACCREC",
        "Contact": {"ContactID": contact["ContactID"]},
        "Date": "2026-09-14",
        "DueDate": "2026-09-14",
        "Reference": "recording",
        "Status": "AUTHORISED",
        "LineItems": [line],
    }
    nz.organisation.numbers["INV"] = 54
    answer = nz.put("Invoices", {"Invoices": [body]})
    same("invoice_create", answer)
    path = f"Invoices/{answer.json()['Invoices'][0]['InvoiceID']}/History"
    details = recording("invoice_history_create")["body"]["HistoryRecords"][0]["Details"]
    same("invoice_history_create", nz.put(path, {"HistoryRecords": [{"Details": details}]}))


def test_item_create(nz, same):
    recorded = recording("item_create")["body"]["Items"][0]
    sides = {
        name: {key: value for key, value in recorded[name].items() if key != "TaxType"} for name in ("PurchaseDetails", "SalesDetails")
    }
    same("item_create", nz.post("Items", {"Items": [{"Code": recorded["Code"], "Name": recorded["Name"], **sides}]}))


def test_invoice_not_found(nz, same):
    same("invoice_not_found", nz.get("Invoices/d4ad8fd6-5c72-4924-91b1-07f1472eb4c3"))


def test_rate_limit(nz, same):
    for _ in range(60):
        nz.get("Organisation")
    answer = nz.get("Organisation")
    same("rate_limit_minute", answer)
    recorded = recording("rate_limit_minute")["response"]["headers"]
    for header in ("X-MinLimit-Remaining", "X-Rate-Limit-Problem"):
        assert answer.headers[header] == recorded[header]
    assert answer.headers["Retry-After"].isdigit()


def test_counters_move_by_one_on_failures_too(nz):
    """As from contact_create (191, 50) to contact_create_duplicate_name (190, 49)."""
    name = "[TEST] one"
    first, second = (nz.put("Contacts", contact_body(name)) for _ in range(2))
    assert second.status_code == 400
    for header in ("X-DayLimit-Remaining", "X-MinLimit-Remaining"):
        assert int(first.headers[header]) - int(second.headers[header]) == 1


def test_the_comparison_sees_differences():
    assert list(differences({"a": 1, "b": "x"}, {"a": 2, "c": "x"}))
    assert list(differences({"UpdatedDateUTC": "/Date(1)/"}, {"UpdatedDateUTC": "/Date(1+0000)/"}))
    assert not list(
        differences({"InvoiceID": "8f3335cb-eb85-4d86-a6a6-79022fe910fe"}, {"InvoiceID": "8f3335cb-eb85-4d86-a6a6-79022fe910ff"})
    )
