"""E-mailing invoices, their public address, and the SentToContact flag."""

import pytest
from simulator_helpers import CheckedApi, line, messages

UNKNOWN = "11111111-1111-4111-8111-111111111111"
WRONG_STATUS = "The invoice cannot be emailed in its current status."


@pytest.fixture
def api(app):
    """An organisation that may send, and a contact with an address."""
    app.world.organisation("NZ").is_demo = False
    api = CheckedApi(app, "NZ")
    person = {"FirstName": "Ann", "EmailAddress": "ann@example.com", "IncludeInEmails": True}
    other = {"FirstName": "Bob", "EmailAddress": "bob@example.com", "IncludeInEmails": False}
    api.contact(EmailAddress="books@example.com", ContactPersons=[person, other])
    return api


def email(api, invoice, **headers):
    return api.post(f"Invoices/{invoice['InvoiceID']}/Email", {}, headers=headers)


def refused(answer):
    assert answer.status_code == 400, answer.text
    return messages(answer.json()["Elements"][0])


def sent_to_contact(api, invoice):
    return api.read(invoice)["SentToContact"]


def test_email_marks_the_invoice_as_sent(api, clock, control):
    invoice = api.invoice()
    assert sent_to_contact(api, invoice) is False
    clock.advance(10)
    answer = email(api, invoice)
    assert (answer.status_code, answer.content) == (204, b"")
    read = api.read(invoice)
    assert (read["SentToContact"], read["UpdatedDateUTC"] > invoice["UpdatedDateUTC"]) == (True, True)
    mails = control("state", method="GET").json()["organisations"][0]["emails"]
    assert [(mail["InvoiceID"], mail["To"]) for mail in mails] == [(invoice["InvoiceID"], ["books@example.com", "ann@example.com"])]


def test_who_may_be_emailed(api):
    assert email(api, api.invoice(Status="SUBMITTED")).status_code == 204
    paid = api.invoice()
    api.payment(paid, 115)
    assert email(api, paid).status_code == 204
    gone = api.invoice()
    api.send({"InvoiceID": gone["InvoiceID"], "Status": "VOIDED"}, method="POST")
    for wrong in (api.invoice(Status="DRAFT"), gone, api.invoice(line(AccountCode="400"), Type="ACCPAY")):
        assert refused(email(api, wrong)) == [WRONG_STATUS]
    silent = api.contact("No address")["ContactID"]
    assert refused(email(api, api.invoice(Contact={"ContactID": silent}))) == ["Email address must be valid."]
    assert email(api, {"InvoiceID": UNKNOWN}).status_code == 404
    assert len(api.organisation.emails) == 2


def test_an_empty_body_will_do(api):
    answer = api.session.post(
        f"http://localhost:5055/api.xro/2.0/Invoices/{api.invoice()['InvoiceID']}/Email", headers=api.headers, timeout=5
    )
    assert answer.status_code == 204


def test_daily_limit(api, switch, clock):
    switch(email_day_limit=2)
    invoice = api.invoice()
    assert [email(api, invoice).status_code for _ in range(3)] == [204, 204, 400]
    clock.advance(86401)
    api = CheckedApi(api.app, "NZ")
    assert email(api, invoice).status_code == 204
    api.organisation.is_demo = True
    assert refused(email(api, invoice)) == ["The daily limit of emails has been reached."]
    switch(demo_email_limit=None)
    assert email(api, invoice).status_code == 204


def test_a_repeated_key_sends_one_email(api):
    invoice = api.invoice()
    for _ in range(2):
        assert email(api, invoice, **{"Idempotency-Key": "k"}).status_code == 204
    assert len(api.organisation.emails) == 1


def test_online_invoice(api, switch):
    def online(invoice):
        return api.get(f"Invoices/{invoice['InvoiceID']}/OnlineInvoice")

    one, two, bill = api.invoice(), api.invoice(), api.invoice(line(AccountCode="400"), Type="ACCPAY")
    address = online(one).json()["OnlineInvoices"][0]["OnlineInvoiceUrl"]
    assert address.startswith("https://in.xero.com/")
    assert len(address) == 60
    assert online(one).json()["OnlineInvoices"][0]["OnlineInvoiceUrl"] == address
    assert online(two).json()["OnlineInvoices"][0]["OnlineInvoiceUrl"] != address
    assert online(bill).status_code == online(api.invoice(Status="DRAFT")).status_code == online({"InvoiceID": UNKNOWN}).status_code == 404
    switch(online_invoice_refusal=400)
    assert online(bill).status_code == 400


def test_scope(app):
    poor = CheckedApi(app, "NZ", scopes="offline_access accounting.contacts")
    assert email(poor, {"InvoiceID": UNKNOWN}).status_code == 401
    assert poor.get(f"Invoices/{UNKNOWN}/OnlineInvoice").status_code == 401


@pytest.mark.parametrize(("rule", "marked"), [("ignored", False), ("kept", True), ("refused", None)])
def test_the_flag_on_drafts(api, switch, rule, marked):
    switch(sent_to_contact_on_draft=rule)
    made = api.send(api.draft(Status="DRAFT", SentToContact=True))
    if marked is None:
        assert messages(made) == ["SentToContact can only be set on approved documents."]
    else:
        assert made["SentToContact"] is marked
    assert api.invoice(SentToContact=True)["SentToContact"] is True


def test_a_part_paid_document_keeps_its_stamp(api, clock):
    """Documented: neither DueDate nor SentToContact moves it; anything else does."""
    invoice = api.invoice()
    api.payment(invoice, 10)
    before = api.read(invoice)["UpdatedDateUTC"]
    for change in ({"SentToContact": True}, {"DueDate": "2026-10-30"}):
        clock.advance(10)
        assert api.send({"InvoiceID": invoice["InvoiceID"], **change}, method="POST")["UpdatedDateUTC"] == before
    read = api.read(invoice)
    assert (read["SentToContact"], read["DueDateString"], read["UpdatedDateUTC"]) == (True, "2026-10-30T00:00:00", before)
    assert email(api, invoice).status_code == 204
    assert api.read(invoice)["UpdatedDateUTC"] == before
    assert api.send({"InvoiceID": invoice["InvoiceID"], "Reference": "R"}, method="POST")["UpdatedDateUTC"] > before
    open_one = api.invoice()
    clock.advance(10)
    assert (
        api.send({"InvoiceID": open_one["InvoiceID"], "SentToContact": True}, method="POST")["UpdatedDateUTC"] > open_one["UpdatedDateUTC"]
    )
