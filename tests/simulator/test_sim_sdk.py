"""Xero's own Python SDK reads what the simulator answers, and the simulator reads what the SDK sends."""

from datetime import date
from pathlib import Path

import pytest
from simulator_helpers import CheckedApi

accounting = pytest.importorskip("xero_python.accounting")
client = pytest.importorskip("xero_python.api_client")
configuration = pytest.importorskip("xero_python.api_client.configuration")
oauth2 = pytest.importorskip("xero_python.api_client.oauth2")
exceptions = pytest.importorskip("xero_python.exceptions")

from xero_simulator.app import create_app  # noqa: E402
from xero_simulator.server import running  # noqa: E402


@pytest.fixture(scope="module")
def sdk():
    """The SDK as its documentation sets it up, over a real socket; (api, tenant id)."""
    app = create_app(("AU",), minute_limit=None, demo_email_limit=None)
    tokens = CheckedApi(app).tokens
    with running(app) as base:
        settings = configuration.Configuration(oauth2_token=oauth2.OAuth2Token("demo-client", "demo-secret"))
        api_client = client.ApiClient(settings, oauth2_token_getter=lambda: tokens, oauth2_token_saver=lambda _token: None)
        yield accounting.AccountingApi(api_client, base_url=f"{base}/api.xro/2.0"), next(iter(app.world.organisations))


def test_settings(sdk):
    api, tenant = sdk
    organisation = api.get_organisations(tenant).organisations[0]
    assert (organisation.base_currency.value, organisation.is_demo_company) == ("AUD", True)
    accounts = api.get_accounts(tenant, where='Type=="BANK"').accounts
    assert [account.code for account in accounts] == ["090"]
    assert {rate.tax_type for rate in api.get_tax_rates(tenant).tax_rates} >= {"OUTPUT", "INPUT", "BASEXCLUDED"}
    assert api.get_tracking_categories(tenant).tracking_categories[0].options[0].name == "Eastside"
    assert api.get_currencies(tenant).currencies[0].code.value == "AUD"
    assert api.get_branding_themes(tenant).branding_themes[0].name == "Standard"
    assert api.get_organisation_actions(tenant).actions[0].status == "ALLOWED"


def test_from_contact_to_paid_invoice(sdk):
    api, tenant = sdk
    person = accounting.Contact(
        name="SDK Ltd", email_address="sdk@example.com", phones=[accounting.Phone(phone_type="DEFAULT", phone_number="1")]
    )
    contact = api.create_contacts(tenant, accounting.Contacts(contacts=[person]), summarize_errors=False).contacts[0]
    line = accounting.LineItem(description="Work", quantity=3, unit_amount=33.3333, account_code="200", tax_type="OUTPUT")
    invoice = accounting.Invoice(
        type="ACCREC",
        contact=accounting.Contact(contact_id=contact.contact_id),
        line_items=[line],
        date=date(2026, 9, 14),
        due_date=date(2026, 9, 28),
        line_amount_types=accounting.LineAmountTypes("Exclusive"),
        status="AUTHORISED",
    )
    made = api.create_invoices(tenant, accounting.Invoices(invoices=[invoice]), summarize_errors=False, unitdp=4).invoices[0]
    assert (made.sub_total, made.total_tax, made.total) == (100.0, 10.0, 110.0)
    assert made.due_date == date(2026, 9, 28)
    bank = api.get_accounts(tenant, where='Code=="090"').accounts[0]
    payment = accounting.Payment(
        invoice=accounting.Invoice(invoice_id=made.invoice_id),
        account=accounting.Account(account_id=bank.account_id),
        amount=110.0,
        date=date(2026, 9, 20),
    )
    paid = api.create_payments(tenant, accounting.Payments(payments=[payment]), summarize_errors=False).payments[0]
    assert paid.invoice.status == "PAID"
    assert api.get_invoice(tenant, made.invoice_id).invoices[0].payments[0].payment_id == paid.payment_id
    page = api.get_invoices(tenant, page=1, statuses=["PAID"])
    assert (page.pagination.item_count, page.invoices[0].line_items[0].line_amount) == (1, 100.0)
    gone = api.delete_payment(tenant, paid.payment_id, accounting.PaymentDelete(status="DELETED")).payments[0]
    assert gone.status == "DELETED"
    voided = api.update_invoice(tenant, made.invoice_id, accounting.Invoices(invoices=[accounting.Invoice(status="VOIDED")])).invoices[0]
    assert voided.status == "VOIDED"


def test_credit_note_and_allocation(sdk):
    api, tenant = sdk
    contact = api.create_contacts(tenant, accounting.Contacts(contacts=[accounting.Contact(name="Credit Ltd")])).contacts[0]
    owner = accounting.Contact(contact_id=contact.contact_id)
    line = accounting.LineItem(description="Work", quantity=1, unit_amount=10, account_code="200")
    common = {"contact": owner, "line_items": [line], "date": date(2026, 9, 14), "status": "AUTHORISED"}
    invoice = api.create_invoices(
        tenant, accounting.Invoices(invoices=[accounting.Invoice(type="ACCREC", due_date=date(2026, 9, 28), **common)])
    ).invoices[0]
    note = api.create_credit_notes(
        tenant, accounting.CreditNotes(credit_notes=[accounting.CreditNote(type="ACCRECCREDIT", **common)])
    ).credit_notes[0]
    part = accounting.Allocation(amount=11.0, date=date(2026, 9, 15), invoice=accounting.Invoice(invoice_id=invoice.invoice_id))
    api.create_credit_note_allocation(tenant, note.credit_note_id, accounting.Allocations(allocations=[part]))
    assert api.get_invoice(tenant, invoice.invoice_id).invoices[0].status == "PAID"
    allocated = api.get_credit_note(tenant, note.credit_note_id).credit_notes[0]
    assert (allocated.status, allocated.remaining_credit) == ("PAID", 0.0)
    gone = api.delete_credit_note_allocations(tenant, note.credit_note_id, allocated.allocations[0].allocation_id)
    assert gone.is_deleted is True


def test_items_and_lines_with_items(sdk):
    api, tenant = sdk
    sales = accounting.Purchase(unit_price=9.5, account_code="200", tax_type="OUTPUT")
    chair = accounting.Item(code="SDK-1", name="Chair", description="A chair", sales_details=sales)
    made = api.create_items(tenant, accounting.Items(items=[chair]), summarize_errors=False, unitdp=4).items[0]
    assert (made.code, made.sales_details.unit_price, made.is_tracked_as_inventory) == ("SDK-1", 9.5, False)
    assert api.get_items(tenant, where='Code=="SDK-1"').items[0].item_id == made.item_id
    changed = accounting.Items(items=[accounting.Item(code="SDK-1", name="Stool")])
    assert api.update_or_create_items(tenant, changed).items[0].name == "Stool"
    owner = api.create_contacts(tenant, accounting.Contacts(contacts=[accounting.Contact(name="Items Ltd")])).contacts[0]
    invoice = accounting.Invoice(
        type="ACCREC",
        contact=accounting.Contact(contact_id=owner.contact_id),
        line_items=[accounting.LineItem(item_code="SDK-1", quantity=2)],
    )
    line = api.create_invoices(tenant, accounting.Invoices(invoices=[invoice])).invoices[0].line_items[0]
    assert (line.item_code, line.item.item_id, line.unit_amount, line.line_amount) == ("SDK-1", made.item_id, 9.5, 19.0)
    api.delete_item(tenant, made.item_id)
    with pytest.raises(exceptions.HTTPStatusException):
        api.get_item(tenant, made.item_id)


def test_manual_journal(sdk):
    api, tenant = sdk
    lines = [accounting.ManualJournalLine(line_amount=amount, account_code="850", description="Move") for amount in (100.0, -100.0)]
    journal = accounting.ManualJournal(narration="SDK", date=date(2026, 9, 14), journal_lines=lines, status="POSTED")
    made = api.create_manual_journals(tenant, accounting.ManualJournals(manual_journals=[journal]), summarize_errors=False)
    made = made.manual_journals[0]
    assert (made.status, made.date, made.journal_lines[1].line_amount) == ("POSTED", date(2026, 9, 14), -100.0)
    page = api.get_manual_journals(tenant, page=1)
    assert (page.pagination.item_count, len(page.manual_journals[0].journal_lines)) == (1, 2)
    voided = accounting.ManualJournals(manual_journals=[accounting.ManualJournal(narration="SDK", status="VOIDED")])
    assert api.update_manual_journal(tenant, made.manual_journal_id, voided).manual_journals[0].status == "VOIDED"


def test_attachment_email_and_online_invoice(sdk):
    api, tenant = sdk
    person = accounting.Contact(name="Mail Ltd", email_address="mail@example.com")
    contact = api.create_contacts(tenant, accounting.Contacts(contacts=[person])).contacts[0]
    invoice = accounting.Invoice(
        type="ACCREC",
        contact=accounting.Contact(contact_id=contact.contact_id),
        line_items=[accounting.LineItem(description="Work", quantity=1, unit_amount=10, account_code="200")],
        status="AUTHORISED",
    )
    invoice_id = api.create_invoices(tenant, accounting.Invoices(invoices=[invoice])).invoices[0].invoice_id
    made = api.create_invoice_attachment_by_file_name(tenant, invoice_id, "an invoice.pdf", b"%PDF", include_online=True).attachments[0]
    assert (made.mime_type, made.content_length, made.include_online) == ("application/pdf", 4, True)
    assert api.get_invoice_attachments(tenant, invoice_id).attachments[0].attachment_id == made.attachment_id
    kept = api.get_invoice_attachment_by_id(tenant, invoice_id, made.attachment_id, "application/pdf")
    assert Path(kept).read_bytes() == b"%PDF"
    api.email_invoice(tenant, invoice_id, accounting.RequestEmpty())
    read = api.get_invoice(tenant, invoice_id).invoices[0]
    assert (read.sent_to_contact, read.has_attachments) == (True, True)
    assert api.get_online_invoice(tenant, invoice_id).online_invoices[0].online_invoice_url.startswith("https://in.xero.com/")


def test_refusal(sdk):
    api, tenant = sdk
    with pytest.raises(exceptions.AccountingBadRequestException) as caught:
        api.create_contacts(tenant, accounting.Contacts(contacts=[accounting.Contact(name="<")]))
    assert "cannot contain the characters" in caught.value.reason
