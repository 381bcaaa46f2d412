"""Attachments: files on invoices, credit notes, contacts and manual journals."""

import pytest
from simulator_helpers import CheckedApi, check, line

from xero_simulator.app import create_app
from xero_simulator.testing import API

PDF = b"%PDF-1.7 \x00\xff"
UNKNOWN = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def invoice(api):
    return f"Invoices/{api.invoice()['InvoiceID']}"


def uploaded(api, path, name="a.pdf", content=PDF, kind="application/pdf", **query):
    answer = api.upload(path, name, content, kind, **query)
    assert answer.status_code == 200, answer.text
    check(answer.json())
    return answer.json()["Attachments"][0]


def refused(answer):
    assert answer.status_code == 400, answer.text
    check(answer.json())
    element = answer.json()["Elements"][0]
    return element["ValidationErrors"][0]["Message"]


def owners(api):
    journal = {"Narration": "N", "JournalLines": [{"LineAmount": amount, "AccountCode": "850"} for amount in (1, -1)]}
    return {
        "Invoices": api.invoice()["InvoiceID"],
        "CreditNotes": api.credit_note()["CreditNoteID"],
        "Contacts": api.contact("With files")["ContactID"],
        "ManualJournals": api.send(journal, "ManualJournals")["ManualJournalID"],
    }


@pytest.mark.parametrize("kind", ["Invoices", "CreditNotes", "Contacts", "ManualJournals"])
def test_in_and_out(api, kind):
    path = f"{kind}/{owners(api)[kind]}"
    assert api.get(path).json()[kind][0]["HasAttachments"] is False
    assert api.get(f"{path}/Attachments").json()["Attachments"] == []
    row = uploaded(api, path, "Rechnung März.pdf")
    assert (row["FileName"], row["MimeType"], row["ContentLength"]) == ("Rechnung März.pdf", "application/pdf", len(PDF))
    assert row["Url"] == f"https://api.xero.com/api.xro/2.0/{path}/Attachments/Rechnung%20M%C3%A4rz.pdf"
    assert api.get(f"{path}/Attachments").json()["Attachments"] == [row]
    for key in (row["AttachmentID"], "Rechnung März.pdf"):
        content = api.get(f"{path}/Attachments/{key}", headers={"Accept": "application/pdf"})
        assert (content.content, content.headers["Content-Type"]) == (PDF, "application/pdf")
    assert api.get(path).json()[kind][0]["HasAttachments"] is True
    assert [row["HasAttachments"] for row in api.get(kind, page=1).json()[kind]].count(True) == 1


def test_details_show_the_files(api, invoice):
    assert api.get(invoice).json()["Invoices"][0]["Attachments"] == []
    row = uploaded(api, invoice)
    assert api.get(invoice).json()["Invoices"][0]["Attachments"] == [row]
    contact = f"Contacts/{api.contact_id()}"
    row = uploaded(api, contact)
    assert api.get(contact).json()["Contacts"][0]["Attachments"] == [row]


def test_the_same_name_replaces(api, invoice):
    first = uploaded(api, invoice)
    second = api.upload(invoice, "A.PDF", b"new", method="POST").json()["Attachments"][0]
    assert (second["AttachmentID"], second["ContentLength"], second["MimeType"]) == (first["AttachmentID"], 3, "application/pdf")
    assert len(api.get(f"{invoice}/Attachments").json()["Attachments"]) == 1
    assert api.get(f"{invoice}/Attachments/a.pdf").content == b"new"


def test_ten_to_a_record(api, invoice):
    for number in range(10):
        uploaded(api, invoice, f"{number}.txt")
    assert refused(api.upload(invoice, "11.txt", PDF)) == "A maximum of 10 files can be attached."
    uploaded(api, invoice, "0.txt", b"replaced")
    uploaded(api, f"Contacts/{api.contact_id()}")


@pytest.mark.parametrize("character", '<>:"/\\|?*+')
def test_names_refused(api, invoice, character):
    assert refused(api.upload(invoice, f"a{character}b.pdf", PDF)) == "The file name contains characters that are not allowed."
    assert len(api.organisation.attachments) == 0


def test_types(api, invoice, switch):
    for name in ("virus.exe", "filename", "a.pdf.html"):
        assert refused(api.upload(invoice, name, PDF)) == "The file couldn't be uploaded because it isn't a supported file type."
    assert refused(api.upload(invoice, "a.txt", b""))
    switch(attachment_types="any")
    assert uploaded(api, invoice, "data.bin", kind="application/octet-stream")["MimeType"] == "application/octet-stream"


def test_size(api, invoice, switch):
    switch(request_limit=100, attachment_limit=200)
    uploaded(api, invoice, content=b"x" * 200)
    answer = api.upload(invoice, "b.pdf", b"x" * 201)
    assert (answer.status_code, answer.json()["Detail"]) == (413, "PayloadTooLarge")
    switch(too_large_status=400)
    assert api.upload(invoice, "b.pdf", b"x" * 201).status_code == 400
    assert len(api.organisation.attachments) == 1


def test_include_online(api, invoice, switch):
    """It is told where it is true (recorded 2020)."""
    assert "IncludeOnline" not in uploaded(api, invoice)
    assert uploaded(api, invoice, IncludeOnline="True")["IncludeOnline"] is True
    bill = f"Invoices/{api.invoice(line(AccountCode='400'), Type='ACCPAY')['InvoiceID']}"
    assert "IncludeOnline" not in uploaded(api, bill, IncludeOnline="true")
    switch(include_online_on_bills="refused")
    assert "sales invoices" in refused(api.upload(bill, "b.pdf", PDF, IncludeOnline="true"))
    contact = f"Contacts/{api.contact_id()}"
    assert api.upload(contact, "a.pdf", PDF, IncludeOnline="true").status_code == 400
    assert "IncludeOnline" not in uploaded(api, contact)


def test_the_stamp_of_the_record(api, invoice, switch, clock):
    before = api.get(invoice).json()["Invoices"][0]["UpdatedDateUTC"]
    clock.advance(60)
    uploaded(api, invoice)
    assert api.get(invoice).json()["Invoices"][0]["UpdatedDateUTC"] == before
    switch(attachment_moves_stamp=True)
    uploaded(api, invoice)
    assert api.get(invoice).json()["Invoices"][0]["UpdatedDateUTC"] > before


def test_what_is_not_there(api, invoice):
    assert api.upload(f"Invoices/{UNKNOWN}", "a.pdf", PDF).status_code == 404
    assert api.get(f"Invoices/{UNKNOWN}/Attachments").status_code == api.get(f"{invoice}/Attachments/none.pdf").status_code == 404
    assert api.upload(f"Quotes/{UNKNOWN}", "a.pdf", PDF).status_code == 501
    assert api.get(f"Accounts/{UNKNOWN}/Attachments").status_code == 501
    assert api.delete(f"{invoice}/Attachments/a.pdf").status_code == 501


def test_scope(clock):
    app = create_app(("NZ",), clock=clock)
    api = CheckedApi(app, scopes="offline_access accounting.invoices accounting.contacts accounting.attachments.read")
    invoice = f"Invoices/{api.invoice()['InvoiceID']}"
    assert (api.get(f"{invoice}/Attachments").status_code, api.upload(invoice, "a.pdf", PDF).status_code) == (200, 401)


def test_idempotency_key(api, invoice):
    api.headers["Idempotency-Key"] = "k"
    first, second = (api.upload(invoice, "a.pdf", PDF) for _ in range(2))
    assert first.json() == second.json()
    other = api.upload(invoice, "a.pdf", b"other")
    assert (other.status_code, other.text) == (400, "Idempotency Key: k is used with a different request.")


def test_faults_and_log(api, invoice, control):
    uploaded(api, invoice)
    control("faults", {"faults": [{"kind": "truncated_200", "method": "GET", "path": "/a.pdf$"}]})
    answer = api.session.get(f"{API}/{invoice}/Attachments/a.pdf", headers=api.headers, timeout=5)
    assert answer.content == PDF[: len(PDF) // 2]
    state = control("state", method="GET").json()
    assert [row["FileName"] for row in state["organisations"][0]["attachments"]] == ["a.pdf"]
    assert any(entry["body"] == f"{len(PDF)} bytes" for entry in state["log"])


def test_bank_transactions(api):
    """Files hang on them wherever the simulator has them."""
    if not hasattr(api.organisation, "bank_transactions"):
        assert api.upload(f"BankTransactions/{UNKNOWN}", "a.pdf", PDF).status_code == 501
        return
    account = {"Code": "090"}
    lines = [{"Description": "Fee", "Quantity": 1, "UnitAmount": 5, "AccountCode": "404"}]
    element = {"Type": "SPEND", "Contact": {"ContactID": api.contact_id()}, "BankAccount": account, "LineItems": lines}
    path = f"BankTransactions/{api.send(element, 'BankTransactions')['BankTransactionID']}"
    row = uploaded(api, path)
    assert api.get(f"{path}/Attachments").json()["Attachments"] == [row]
