"""Webhooks: handshake, signed batches, what is told of which write, retries, what is lost, doubled and shuffled on the way."""

import re
import time

import pytest
import requests
from receiver import Receiver
from simulator_helpers import CheckedApi, line

from xero_simulator.persistence import StateFile, load
from xero_simulator.server import running
from xero_simulator.testing import Person
from xero_simulator.webhooks.sender import Reply

URL = "https://odoo.example.com/xero/webhook/1"


@pytest.fixture
def receiver(app):
    app.webhooks.post = Receiver()
    return app.webhooks.post


@pytest.fixture
def rita(app):
    return Person(app, "NZ", "Rita Mills")


@pytest.fixture
def hooked(api, control, receiver):
    """Registered, and greeted."""
    made = control("webhooks", {"url": URL, "key": "secret"}).json()
    assert made["status"] == "ACTIVE", made
    receiver.posts.clear()
    return made


@pytest.fixture
def deliver(control):
    return lambda **body: control("webhooks/deliver", body).json()


# --- the handshake ---


@pytest.mark.parametrize("body", ["events", "no_events"])
def test_intent_to_receive(api, control, receiver, switch, body):
    switch(intent_body=body)
    made = control("webhooks", {"url": URL, "key": "secret"}).json()
    assert made["status"] == "ACTIVE"
    assert sorted(good for good, _body in receiver.posts) == [False, False, True, True]
    for _good, told in receiver.posts:
        assert (told["firstEventSequence"], told["lastEventSequence"]) == (0, 0)
        assert told.get("events", "none") == ([] if body == "events" else "none")
        assert re.fullmatch("[A-Z]{20}", told["entropy"])
    assert [row["status"] for row in made["handshake"]].count(401) == 2


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply(200), "200 to a wrong signature, not 401"),
        (Reply(401), "answered 401"),
        (Reply(200, body=b"ok"), "not empty"),
        (Reply(401, {"Set-Cookie": "session_id=1"}), "sets a cookie"),
        (Reply(0, problem="ConnectionRefusedError"), "ConnectionRefusedError"),
    ],
)
def test_a_bad_answer_fails_the_handshake_and_nothing_is_told(api, control, receiver, deliver, reply, problem):
    receiver.reply = reply
    made = control("webhooks", {"url": URL, "key": "secret"}).json()
    assert made["status"] == "FAILED"
    assert any(problem in row["problem"] for row in made["handshake"]), made["handshake"]
    receiver.reply = None
    receiver.posts.clear()
    invoice = api.invoice()
    deliver()
    assert receiver.posts == []
    assert control("webhooks/handshake", {}).json()["status"] == "ACTIVE"  # what waited is told then
    deliver()
    assert ("INVOICE", "CREATE", invoice["InvoiceID"]) in receiver.told


def test_registering(control, receiver):
    for wrong, told in (
        ({"url": "ftp://x"}, "http"), ({"url": "http://x:99999"}, "ort"),
        ({"url": URL, "categories": ["PAYMENT"]}, "no such category"), ({}, "url"),
        ({"url": URL, "client_id": "x"}, "no app"),
    ):  # fmt: skip
        answer = control("webhooks", wrong)
        assert (answer.status_code, told in answer.json()["error"]) == (400, True), answer.text
    assert control("webhooks/handshake", {}).status_code == 400
    key = control("webhooks", {"url": URL, "handshake": False}).json()["key"]
    assert len(key) == 64
    assert control("webhooks/dance", {}).status_code == 404
    assert control("webhooks", {}, method="DELETE").json()["webhooks"] == []


# --- what is told ---


def test_contacts_and_invoices_of_apps_and_people(api, rita, hooked, receiver, deliver, clock):
    clock.advance(0.25)
    contact = api.contact()["ContactID"]
    invoice = api.invoice()["InvoiceID"]
    rita.rename(contact, "New name")
    rita.archive(contact)
    deliver()
    assert receiver.told == [
        ("CONTACT", "CREATE", contact), ("INVOICE", "CREATE", invoice), ("CONTACT", "UPDATE", contact), ("CONTACT", "UPDATE", contact),
    ]  # fmt: skip
    assert receiver.events[1] == {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/Invoices/{invoice}",
        "resourceId": invoice,
        "tenantId": api.organisation.tenant_id,
        "tenantType": "ORGANISATION",
        "eventCategory": "INVOICE",
        "eventType": "CREATE",
        "eventDateUtc": "2026-09-14T09:30:00.250",
    }
    [(good, body)] = receiver.posts
    assert (good, body["firstEventSequence"], body["lastEventSequence"]) == (True, 1, 4)
    deliver()
    assert len(receiver.posts) == 1  # told once


def test_contacts_that_documents_make_are_told(api, hooked, receiver, deliver):
    api.invoice(Contact={"Name": "Made on the way"})
    deliver()
    assert [row[:2] for row in receiver.told[-2:]] == [("CONTACT", "CREATE"), ("INVOICE", "CREATE")]


def test_what_is_refused_is_not_told(api, hooked, receiver, deliver):
    api.contact()
    answer = api.put("Invoices", {"Invoices": [api.draft(), api.draft(line(AccountCode="nope"))]})
    assert answer.status_code == 400
    deliver()
    assert [row[0] for row in receiver.told] == ["CONTACT"]


@pytest.mark.parametrize("fires", [True, False])
def test_payments_allocations_and_reconciling_ring_for_the_document(api, rita, hooked, receiver, deliver, switch, fires):
    switch(payment_fires_invoice_event=fires, allocation_fires=fires, reconcile_fires=fires)
    invoice, note = api.invoice(line(1000)), api.credit_note()
    deliver()
    steps = [
        (lambda: api.payment(invoice, 10), {("INVOICE", invoice["InvoiceID"])}),
        (lambda: rita.reconcile(next(iter(api.organisation.payments))["PaymentID"]), {("INVOICE", invoice["InvoiceID"])}),
        (lambda: rita.remove_and_redo(next(iter(api.organisation.payments))["PaymentID"]), {("INVOICE", invoice["InvoiceID"])}),
        (
            lambda: rita.allocate(note["CreditNoteID"], invoice["InvoiceID"], 5),
            {("INVOICE", invoice["InvoiceID"]), ("CREDITNOTE", note["CreditNoteID"])},
        ),
        (
            lambda: rita.unallocate(note["CreditNoteID"]),
            {("INVOICE", invoice["InvoiceID"]), ("CREDITNOTE", note["CreditNoteID"])},
        ),
        (lambda: rita.refund(note["CreditNoteID"], 5), {("CREDITNOTE", note["CreditNoteID"])}),
    ]
    for step, expected in steps:
        receiver.posts.clear()
        step()
        deliver()
        assert {(category, key) for category, kind, key in receiver.told if kind == "UPDATE"} == (expected if fires else set())


@pytest.mark.parametrize("data", ["three", "none"])
def test_newer_categories_tell_type_and_status(api, rita, hooked, receiver, deliver, switch, data):
    switch(overpayment_event_data=data)
    note = api.credit_note()
    over = rita.prepay("Ridgeway University", 5, kind="overpayment")
    pre = rita.prepay("Ridgeway University", 5, side="purchase")
    rita.void(pre["PrepaymentID"])
    deliver()
    told = {(event["eventCategory"], event["eventType"]): event.get("data") for event in receiver.events}
    assert told["CREDITNOTE", "CREATE"] == {"Type": "ACCRECCREDIT", "Status": "AUTHORISED"}
    stamp = {"UpdatedDateUTCString": "2026-09-14T09:30:00Z"}
    three = {"Type": "RECEIVE-OVERPAYMENT", "Status": "AUTHORISED", **stamp}
    assert told["OVERPAYMENT", "CREATE"] == (three if data == "three" else None)
    assert told["PREPAYMENT", "UPDATE"] == {"Type": "SPEND-PREPAYMENT", "Status": "VOIDED", **stamp}
    keys = {event["resourceId"] for event in receiver.events}
    assert {note["CreditNoteID"], over["OverpaymentID"], pre["PrepaymentID"]} < keys


def test_only_what_was_asked_for_and_only_of_connected_organisations(app, api, control, receiver, deliver):
    control("webhooks", {"url": URL, "key": "secret", "categories": ["INVOICE"]})
    receiver.posts.clear()
    api.invoice()
    deliver()
    assert [row[0] for row in receiver.told] == ["INVOICE"]
    other = CheckedApi(app, "AU")  # one batch mixes organisations
    api.invoice()
    other.invoice()
    deliver()
    assert {event["tenantId"] for event in receiver.posts[-1][1]["events"]} == {api.organisation.tenant_id, other.organisation.tenant_id}
    [connection] = [row for row in app.world.identity.connections.values() if row.tenant_id == other.organisation.tenant_id]
    app.world.identity.disconnect(connection)
    receiver.posts.clear()
    Person(app, "AU").write_invoice("Ridgeway University", amount=5)
    deliver()
    assert receiver.posts == []


def test_unknown_categories_and_what_was_told_again(api, hooked, receiver, deliver, control):
    control("webhooks/event", {"category": "QUOTE", "organisation": "NZ", "data": {"New": 1}})
    control("webhooks/event", {"category": "SUBSCRIPTION", "tenant_type": "APPLICATION", "type": "DELETED"})
    deliver()
    assert [(event["eventCategory"], event["tenantType"], event.get("data")) for event in receiver.events] == [
        ("QUOTE", "ORGANISATION", {"New": 1}), ("SUBSCRIPTION", "APPLICATION", None),
    ]  # fmt: skip
    assert control("webhooks/replay", {}).json()["replayed"] == 2
    assert control("webhooks/replay", {"since": "2027-01-01T00:00:00Z"}).json()["replayed"] == 0
    deliver()
    assert [event["eventCategory"] for event in receiver.events] == ["QUOTE", "SUBSCRIPTION"] * 2


# --- what goes wrong on the way ---


def test_failed_deliveries_come_again_at_once_then_every_quarter_of_an_hour(api, hooked, receiver, deliver, clock):
    contact = api.contact()["ContactID"]
    receiver.refuse = 3
    deliver(at_once=False)
    assert len(receiver.posts) == 2  # once, and again at once
    bodies = {str(body) for _good, body in receiver.posts}
    assert len(bodies) == 1  # the same body
    clock.advance(14 * 60)
    assert deliver(at_once=False)["sent"] == []
    clock.advance(61)
    deliver(at_once=False)
    clock.advance(15 * 60)
    state = deliver(at_once=False)["webhooks"][0]
    assert (state["status"], state["pending"], state["failing_since"], len(receiver.posts)) == ("ACTIVE", 0, None, 4)
    assert {row[2] for row in receiver.told} == {contact}


def test_disabled_after_a_day_and_told_all_of_it_after_a_new_handshake(api, rita, hooked, receiver, deliver, control, clock):
    api.contact()
    receiver.refuse = 1000
    deliver()
    clock.advance(24 * 3600)
    state = deliver()
    assert (state["webhooks"][0]["status"], len(state["mails"])) == ("DISABLED", 1)
    invoice = rita.write_invoice("Ridgeway University", 5)["InvoiceID"]
    before = len(receiver.posts)
    deliver()
    assert len(receiver.posts) == before  # nothing is sent any more
    receiver.refuse = 0
    receiver.posts.clear()
    assert control("webhooks/handshake", {}).json()["status"] == "ACTIVE"
    deliver()
    assert [row[:2] for row in receiver.told] == [("CONTACT", "CREATE"), ("INVOICE", "CREATE")]
    assert receiver.told[1][2] == invoice


def test_after_31_days_it_is_forgotten(api, rita, hooked, receiver, deliver, control, clock):
    api.contact()
    receiver.refuse = 2
    deliver()
    clock.advance(32 * 24 * 3600)
    rita.write_invoice("Ridgeway University", 5)
    receiver.refuse = 1
    deliver()
    receiver.posts.clear()
    control("webhooks/handshake", {})
    deliver()
    assert [row[0] for row in receiver.told] == ["INVOICE"]


def test_lost_doubled_shuffled_with_gaps(api, hooked, receiver, deliver, switch):
    rows = [{"Name": f"C{number}"} for number in range(60)]
    keys = [row["ContactID"] for row in api.put("Contacts", {"Contacts": rows}).json()["Contacts"]]
    deliver()
    assert [row[2] for row in receiver.told] == keys
    assert [len(body["events"]) for _good, body in receiver.posts] == [10] * 6
    ends = [(body["firstEventSequence"], body["lastEventSequence"]) for _good, body in receiver.posts]
    assert ends == [(first, first + 9) for first in range(1, 61, 10)]
    receiver.posts.clear()
    switch(webhook_drop_percent=30, webhook_duplicates=2, webhook_order="shuffled", webhook_sequence="gaps", webhook_event_case="Update")
    api.put("Contacts", {"Contacts": [{"Name": f"D{number}"} for number in range(60)]})
    state = deliver()["webhooks"][0]
    found = [row[2] for row in receiver.told]
    assert 0 < state["dropped"] < 40
    assert len(set(found)) == 60 - state["dropped"]
    assert len(found) > len(set(found))
    assert state["sequence"] > 60 + len(found)
    assert {event["eventType"] for event in receiver.events} == {"Create"}
    assert [name_of(api, key) for key in dict.fromkeys(found)] != sorted(
        (name_of(api, key) for key in set(found)), key=lambda name: int(name[1:])
    )


def name_of(api, key):
    return api.organisation.contacts.get(key)["Name"]


# --- over HTTP, in the background, and after a restart ---


def test_in_the_background_over_http(app):
    receiver = Receiver()
    server, address = receiver.serve()
    try:
        with running(app) as base:
            made = requests.post(f"{base}/_simulator/webhooks", json={"url": address, "key": "secret"}, timeout=20).json()
            assert made["status"] == "ACTIVE", made
            api = CheckedApi(app, "NZ")
            invoice = api.invoice()
            deadline = time.monotonic() + 10
            while len(receiver.told) < 2 and time.monotonic() < deadline:
                time.sleep(0.02)
        assert ("INVOICE", "CREATE", invoice["InvoiceID"]) in receiver.told
    finally:
        server.shutdown()
        server.server_close()


def test_a_receiver_may_call_back_meanwhile(app, api, control, receiver, deliver):
    """Nothing is locked while a receiver is waited for."""
    control("webhooks", {"url": URL, "key": "secret"})
    plain, seen = app.webhooks.post, []

    def post(url, body, headers):
        seen.append(api.get("Organisation").status_code)
        return plain(url, body, headers)

    app.webhooks.post = post
    with running(app) as base:
        api.contact()
        session = requests.Session()
        session.trust_env = False
        assert session.post(f"{base}/_simulator/webhooks/deliver", json={}, timeout=10).status_code == 200
    assert seen and set(seen) == {200}


def test_what_has_to_be_told_survives_a_restart(app, api, control, receiver, tmp_path):
    file = StateFile(tmp_path / "world")
    control("webhooks", {"url": URL, "key": "secret"})
    receiver.refuse = 2
    contact = api.contact()["ContactID"]
    control("webhooks/deliver", {})
    api.invoice()
    file.save(app.world)
    file.close()
    world = load(tmp_path / "world")
    [subscription] = world.webhooks.subscriptions.values()
    assert (subscription.status, subscription.sequence) == ("ACTIVE", 1)
    told = [*subscription.current.events, *subscription.pending]
    assert [event["eventCategory"] for event in told] == ["CONTACT", "INVOICE"]
    assert told[0]["resourceId"] == contact
