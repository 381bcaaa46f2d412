"""The real Xero's answers, recorded by others: the same state, the same request, compared field by field."""

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
import replay
from replayed import NOT_REPLAYED, REPLAYED
from simulator_helpers import CheckedApi

from xero_simulator.app import create_app
from xero_simulator.clock import Clock

needs_recordings = pytest.mark.skipif(replay.RECORDINGS is None, reason="no recordings here")
LEAST = 0.97


def connected(country, *moment):
    """An organisation at the time of a recording."""
    start = datetime(*moment, tzinfo=timezone.utc)
    return CheckedApi(create_app((country,), clock=Clock(lambda: start), minute_limit=None, day_limit=None, unknown_fields="ignored"))


# --- New Zealand, 2020: the tests of Xero's own SDK ---

SDK = "public/xero-python/accounting-api-test_"
FILES = f"{SDK}invoice_attachment_upload_and_download_"


def nz():
    api = connected("NZ", 2020, 5, 5)
    api.organisation.period_lock_date = datetime(2009, 9, 30, tzinfo=timezone.utc).date()
    return api


def organisation(_name):
    return nz().get("Organisation")


def invoices(name):
    api, found = nz(), replay.recording(name)["body"]["Invoices"]
    codes = {line["ItemCode"] for row in found for line in row["LineItems"] if "ItemCode" in line}
    api.put("Items", {"Items": [{"Code": code} for code in sorted(codes)]})
    for number, row in enumerate(found):
        replay.load_invoice(api, row, replay.moment(row["UpdatedDateUTC"]).replace(microsecond=number))
    return api.get("Invoices", page=1)


def attached(_name):
    api = nz()
    path = f"Invoices/{api.invoice()['InvoiceID']}"
    return api, path, api.upload(path, "inv-0032.pdf", b"x" * 54574, "application/pdf", IncludeOnline="True")


def upload(name):
    return attached(name)[2]


def attachments(name):
    api, path, _answer = attached(name)
    return api.get(f"{path}/Attachments")


def connections(_name):
    api = nz()
    return api.session.get("http://localhost:5055/Connections", headers=api.headers, timeout=5)


# --- the United States, 2018 ---

RUBY = "public/minimul-xero-api/"


def us():
    api = connected("US", 2018, 10, 24, 10)
    api.organisation.period_lock_date = datetime(2010, 7, 31, tzinfo=timezone.utc).date()
    return api


def contacts(name):
    api = us()
    pages = [replay.recording(f"{RUBY}{page}")["body"]["Contacts"] for page in ("get-contacts_all_0", "get-contacts_all_1")]
    whole = [row for page in pages for row in page] if "_all_" in name else replay.recording(name)["body"]["Contacts"]
    replay.load_contacts(api, whole)
    return api.get("Contacts", **({"page": 1 + int(name[-1])} if "_all_" in name else {}))


def many_contacts(name):
    sent = json.loads(replay.recording(name)["request"]["body"])
    return us().put("Contacts", sent, summarizeErrors="false")


def items(name):
    api = us()
    replay.load_items(api, replay.recording(name)["body"]["Items"])
    return api.get("Items", page=1)


def delete_item(name):
    api = us()
    body = replay.recording(name)["body"]
    replay.load_items(api, body["Elements"])
    return api.delete(f"Items/{body['Elements'][0]['ItemID']}")


def namesake(name):
    api = us()
    api.contact("Bayside Club")
    return api.put("Contacts", json.loads(replay.recording(name)["request"]["body"]))


def draft(_name=""):
    """An invoice on an account that the organisation does not have."""
    api = us()
    recorded = replay.recording(f"{RUBY}create-invoice_0")
    replay.load_contacts(api, [recorded["body"]["Invoices"][0]["Contact"]])
    api.organisation.accounts.remove(api.organisation.account_by_code("200")["AccountID"])
    api.organisation.numbers["INV"] = 40
    return api, api.put("Invoice", json.loads(recorded["request"]["body"]))


def create_invoice(_name):
    return draft()[1]


def update_unknown(name):
    request = replay.recording(name)["request"]
    return us().post(request["uri"].split("2.0/")[1], json.loads(request["body"]))


def update_refused(name):
    request = replay.recording(name)["request"]
    return draft()[0].post("Invoices/INV-0041", json.loads(request["body"]))


def void(name):
    api, recorded = us(), replay.recording(name)
    row = recorded["body"]["Invoices"][0]
    replay.load_contacts(api, [row["Contact"]])
    api.put("Items", {"Items": [{"Code": "GB1-White"}]})
    account = api.organisation.account_by_code("400")
    api.organisation.accounts.put({**account, "Type": "REVENUE", "Class": "REVENUE"})
    rate = api.organisation.tax_rates.get("INPUT")
    api.organisation.tax_rates.put({**rate, "CanApplyTo": frozenset(("REVENUE",))})
    made = api.put("Invoices", replay.as_sent(row, row["Contact"]["ContactID"]))
    assert made.status_code == 200, made.text
    return api.post("Invoices/INV-0038", json.loads(recorded["request"]["body"]))


# --- Australia, 2014 ---

OLD = "public/xero-extended/"


def au():
    return connected("AU", 2014, 7, 17)


def old_invoices(name):
    api = au()
    for number, row in enumerate(replay.recording(name)["body"]["Invoices"]):
        replay.load_invoice(api, row, api.app.world.now() + timedelta(seconds=number))  # in another order than that of their stamps
    return api.get("Invoices")


def old_payments(name):
    api = au()
    for number, row in enumerate(replay.recording(name)["body"]["Payments"]):
        invoice = {"SubTotal": row["Amount"], "Total": row["Amount"], "TotalTax": 0, "LineAmountTypes": "Exclusive", "LineItems": []}
        whole = {**row["Invoice"], **invoice, "Payments": [row], "Status": "PAID", "Date": row["Date"]}
        replay.load_invoice(api, whole, api.app.world.now())
        paid = list(api.organisation.payments)[-1]
        api.organisation.payments.put({**paid, "UpdatedDateUTC": api.app.world.now() + timedelta(seconds=number)})
    return api.get("Payments")


# --- the United States, 2022: answers an app has stored ---

FYLE = "public/fyle-xero-api/create_"


def as_answered(name):
    """The recording has the answers only: what was sent is read from them."""
    (kind, found), api = (
        next((key, value) for key, value in replay.recording(name).items() if isinstance(value, list)),
        connected("US", 2022, 8, 2, 20),
    )
    row = found[0]
    replay.load_contacts(api, [row["Contact"]])
    rate = api.organisation.tax_rates.get("INPUT")
    api.organisation.tax_rates.put({**rate, "EffectiveRate": Decimal("8.25")})
    sent = replay.as_sent(row, row["Contact"]["ContactID"])
    bank = {"BankAccount": {"Code": row["BankAccount"]["Code"]}} if "BankAccount" in row else {}
    return api.put(kind, {kind: [{**sent, **bank}]})


CASES = {
    f"{OLD}invoices-GET_Invoices": old_invoices,
    f"{OLD}payments-GET_Payments": old_payments,
    f"{SDK}get_organisations_0": organisation,
    "public/xero-python/test_api_client-test_call_api_get_organisations_0": organisation,
    f"{FILES}0": invoices,
    f"{FILES}1": upload,
    f"{FILES}2": attachments,
    "public/xero-python/identity-api-test_get_connections_0": connections,
    f"{RUBY}get-contacts_0": contacts,
    f"{RUBY}get-contacts_all_0": contacts,
    f"{RUBY}get-contacts_all_1": contacts,
    f"{RUBY}get-contacts_bulk_0": many_contacts,
    f"{RUBY}get-items_all_0": items,
    f"{RUBY}get-items_all_1": items,
    f"{RUBY}delete-item_0": delete_item,
    f"{RUBY}delete-item_1": delete_item,
    f"{RUBY}error-oauth1-validation_0": namesake,
    f"{RUBY}create-invoice_0": create_invoice,
    f"{RUBY}update-invoice_0": update_unknown,
    f"{RUBY}update-invoice_1": update_refused,
    f"{RUBY}update-invoice_2": void,
    **{
        f"{FYLE}{name}": as_answered
        for name in (*(f"BankTransactions_{n}" for n in (0, 1, 6, 7, 8, 9)), *(f"Invoices_{n}" for n in (2, 3, 4, 5)))
    },
}


@needs_recordings
@pytest.mark.parametrize("name", CASES)
def test_recording(name, record_property):
    recorded = replay.recording(name)
    answer = CASES[name](name)
    body = recorded.get("body", recorded)
    assert answer.status_code == recorded.get("status", 200), answer.text
    total, wrong = replay.counted(name, body, answer.json())
    record_property("replayed", (name, total - sum(wrong.values()), total))
    expected_total, known = REPLAYED[name]
    assert dict(wrong) == {path: count for path, (count, _reason) in known.items()}
    assert total == expected_total


def test_enough_is_right():
    """JSON by value; XML, by shape, is counted apart (test_sim_replay_xml.py)."""
    total = sum(size for size, _known in REPLAYED.values())
    wrong = sum(count for _size, known in REPLAYED.values() for count, _reason in known.values())
    assert set(CASES) == {name for name in REPLAYED if not name.startswith("known/")}  # those: test_sim_recordings.py
    assert all(reason for _size, known in REPLAYED.values() for _count, reason in known.values())
    assert (total - wrong) / total >= LEAST


@needs_recordings
def test_nothing_is_left_out_without_a_reason():
    there = {str(path.relative_to(replay.RECORDINGS).with_suffix("")) for path in replay.RECORDINGS.rglob("*.json")}
    assert there <= {*REPLAYED, *NOT_REPLAYED}
    assert not set(REPLAYED) & set(NOT_REPLAYED)
    assert all(NOT_REPLAYED.values())
