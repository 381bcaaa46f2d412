"""xero-python, Xero's own SDK, in its plain form as its README shows it: models, one method per address.

The SDK renews tokens; the code for the first ones is exchanged by other means, there as here.
"""

import os
import time
from datetime import date, datetime, timezone
from pathlib import Path

from steps import CLIENT_ID, CLIENT_SECRET, UNKNOWN, Steps, authorize_url, consent, exchange, limit, short_limit
from xero_python.accounting import AccountingApi
from xero_python.accounting import models as xero
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.exceptions import AccountingBadRequestException, HTTPStatusException, NotFoundException, RateLimitException
from xero_python.identity import IdentityApi

LISTS = {
    "Accounts": "get_accounts", "BankTransactions": "get_bank_transactions", "BankTransfers": "get_bank_transfers",
    "BatchPayments": "get_batch_payments", "BrandingThemes": "get_branding_themes", "Contacts": "get_contacts",
    "CreditNotes": "get_credit_notes", "Currencies": "get_currencies", "Invoices": "get_invoices", "Items": "get_items",
    "ManualJournals": "get_manual_journals", "Organisations": "get_organisations", "Overpayments": "get_overpayments",
    "Payments": "get_payments", "Prepayments": "get_prepayments", "TaxRates": "get_tax_rates",
    "TrackingCategories": "get_tracking_categories",
}  # fmt: skip
DAY, DUE = date(2026, 9, 14), date(2026, 9, 28)
BANK = xero.Account(code="090")
step = Steps()
kept = {}


def connect():
    configuration = Configuration(oauth2_token=OAuth2Token(client_id=CLIENT_ID, client_secret=CLIENT_SECRET))
    configuration.proxy = os.environ["HTTPS_PROXY"]  # the SDK reads no environment
    configuration.ssl_ca_cert = os.environ["REQUESTS_CA_BUNDLE"]
    client = ApiClient(configuration, oauth2_token_getter=lambda: kept["token"], oauth2_token_saver=lambda token: kept.update(token=token))
    token = exchange(consent(authorize_url()))
    client.set_oauth2_token({**token, "scope": token["scope"].split(), "expires_at": time.time() + token["expires_in"]})
    kept["tenant"] = IdentityApi(client).get_connections()[0].tenant_id
    return client


def renew(client):
    old = kept["token"]["access_token"]
    client.refresh_oauth2_token()
    return kept["token"]["access_token"] != old


def rows(model):
    """The list in an answer."""
    return next((value for value in model.to_dict().values() if isinstance(value, list)), None)


def line(**fields):
    return xero.LineItem(**{"description": "Consulting", "quantity": 2, "unit_amount": 50.25, "account_code": "200", **fields})


def document(model, kind, contact, **fields):
    values = {"type": kind, "contact": contact, "date": DAY, "status": "AUTHORISED", "line_items": [line()], **fields}
    return model(**values)


def sale(contact, **fields):
    return document(xero.Invoice, "ACCREC", contact, due_date=DUE, **fields)


def read(api, tenant):
    for kind, method in LISTS.items():
        step(f"list {kind}", lambda method=method: rows(getattr(api, method)(tenant)))
    step("pages of Invoices", lambda: [len(api.get_invoices(tenant, page=page).invoices) for page in (1, 2)] == [100, 20])
    where, since = 'Type=="ACCREC" AND Date >= DateTime(2026, 1, 1)', datetime(2026, 1, 1, tzinfo=timezone.utc)
    step("filter Invoices", lambda: api.get_invoices(tenant, where=where, statuses=["AUTHORISED"], order="InvoiceNumber ASC").invoices)
    step("filter Contacts", lambda: api.get_contacts(tenant, where='Name.StartsWith("Ridge")').contacts)
    step("what changed since", lambda: api.get_contacts(tenant, if_modified_since=since).contacts)
    step("report TrialBalance", lambda: api.get_report_trial_balance(tenant, date=DUE).reports[0].rows)
    step("report BankSummary", lambda: api.get_report_bank_summary(tenant, from_date=DAY, to_date=DUE).reports[0].rows)
    step("Actions of the Organisation", lambda: api.get_organisation_actions(tenant).actions)


def write(api, tenant):
    draft = xero.Contacts(contacts=[xero.Contact(name="ABC Ltd", email_address="abc@example.com")])
    contact = step("create Contacts", lambda: api.create_contacts(tenant, draft).contacts[0])
    change = xero.Contacts(contacts=[xero.Contact(name="ABC Limited", first_name="Ann")])
    step("change Contacts", lambda: api.update_contact(tenant, contact.contact_id, change).contacts[0].name == "ABC Limited")
    named = xero.Contact(contact_id=contact.contact_id)
    invoice = step(
        "create Invoices",
        lambda: api.create_invoices(tenant, xero.Invoices(invoices=[sale(named)]), unitdp=4, idempotency_key="1").invoices[0],
    )
    tracked = sale(named, line_items=[line(tracking=[xero.LineItemTracking(name="Region", option="North")])])
    step("tracking on Invoices", lambda: api.create_invoices(tenant, xero.Invoices(invoices=[tracked])).invoices[0].line_items[0].tracking)
    both = xero.Invoices(invoices=[sale(named), sale(named)])
    step("create several Invoices", lambda: len(api.update_or_create_invoices(tenant, both, summarize_errors=False).invoices) == 2)
    key = invoice.invoice_id
    step("read one of Invoices", lambda: api.get_invoice(tenant, key).invoices[0].line_items)
    step("change Invoices", change_invoice, api, tenant, key)
    note = xero.CreditNotes(credit_notes=[document(xero.CreditNote, "ACCRECCREDIT", named)])
    credit = step("create CreditNotes", lambda: api.create_credit_notes(tenant, note).credit_notes[0].credit_note_id)
    change = xero.CreditNotes(credit_notes=[xero.CreditNote(reference="PO 7")])
    step("change CreditNotes", lambda: api.update_credit_note(tenant, credit, change).credit_notes[0].reference == "PO 7")
    step("allocate CreditNotes", lambda: api.create_credit_note_allocation(tenant, credit, allocation(key)).allocations)
    money(api, tenant, named, key)
    on_account(api, tenant, named, key)
    beside(api, tenant, key)


def change_invoice(api, tenant, key):
    """The whole document as it was read, with another reference."""
    whole = api.get_invoice(tenant, key)
    whole.invoices[0].reference = "PO 7"
    return api.update_invoice(tenant, key, whole).invoices[0].reference == "PO 7"


def allocation(key, amount=10):
    return xero.Allocations(allocations=[xero.Allocation(amount=amount, date=DAY, invoice=xero.Invoice(invoice_id=key))])


def money(api, tenant, contact, key):
    paid = xero.Payments(payments=[xero.Payment(invoice=xero.Invoice(invoice_id=key), account=BANK, date=DAY, amount=20)])
    payment = step("create Payments", lambda: api.create_payments(tenant, paid).payments[0].payment_id)
    step(
        "delete Payments", lambda: api.delete_payment(tenant, payment, xero.PaymentDelete(status="DELETED")).payments[0].status == "DELETED"
    )
    part = xero.Payment(invoice=xero.Invoice(invoice_id=key), amount=5)
    drafts = xero.BatchPayments(batch_payments=[xero.BatchPayment(account=BANK, date=DAY, payments=[part])])
    batch = step("create BatchPayments", lambda: api.create_batch_payment(tenant, drafts).batch_payments[0].batch_payment_id)
    gone = xero.BatchPaymentDeleteByUrlParam(status="DELETED")
    step("delete BatchPayments", lambda: api.delete_batch_payment_by_url_param(tenant, batch, gone).batch_payments)
    spent = document(xero.BankTransaction, "SPEND", contact, bank_account=BANK, line_items=[line(account_code="400")])
    drafts = xero.BankTransactions(bank_transactions=[spent])
    made = step("create BankTransactions", lambda: api.create_bank_transactions(tenant, drafts).bank_transactions[0].bank_transaction_id)
    spent.reference = "Card"
    step("change BankTransactions", lambda: api.update_bank_transaction(tenant, made, drafts).bank_transactions[0].reference == "Card")
    transfer = xero.BankTransfer(from_bank_account=BANK, to_bank_account=xero.Account(code="091"), amount=12.5, date=DAY)
    step("create BankTransfers", lambda: api.create_bank_transfer(tenant, xero.BankTransfers(bank_transfers=[transfer])).bank_transfers)


def on_account(api, tenant, contact, key):
    for kind, allocate in (("Overpayment", api.create_overpayment_allocations), ("Prepayment", api.create_prepayment_allocations)):
        lines = [xero.LineItem(description="Money", line_amount=15) if kind == "Overpayment" else line(quantity=1, unit_amount=15)]
        received = document(xero.BankTransaction, f"RECEIVE-{kind.upper()}", contact, bank_account=BANK, line_items=lines)
        drafts = xero.BankTransactions(bank_transactions=[received])
        made = step(f"create {kind}s", lambda drafts=drafts: api.create_bank_transactions(tenant, drafts).bank_transactions[0])
        credit = getattr(made, f"{kind.lower()}_id")
        step(f"allocate {kind}s", lambda allocate=allocate, credit=credit: allocate(tenant, credit, allocation(key, 5)).allocations)


def beside(api, tenant, key):
    step("Email of Invoices", lambda: api.email_invoice(tenant, key, xero.RequestEmpty()) is None)
    step("OnlineInvoice of Invoices", lambda: api.get_online_invoice(tenant, key).online_invoices[0].online_invoice_url)
    records = xero.HistoryRecords(history_records=[xero.HistoryRecord(details="Called the customer")])
    step("note in the History", lambda: api.create_invoice_history(tenant, key, records).history_records)
    step("read the History", lambda: api.get_invoice_history(tenant, key).history_records)
    put = api.create_invoice_attachment_by_file_name
    step("put Attachments", lambda: put(tenant, key, "a.txt", b"Hello", include_online=True).attachments)
    step("list Attachments", lambda: api.get_invoice_attachments(tenant, key).attachments)
    step(
        "get Attachments", lambda: Path(api.get_invoice_attachment_by_file_name(tenant, key, "a.txt", "text/plain")).read_text() == "Hello"
    )


def settings(api, tenant):
    pens = xero.Items(items=[xero.Item(code="PEN", name="A pen", sales_details=xero.Purchase(unit_price=2.5))])
    item = step("create Items", lambda: api.create_items(tenant, pens).items[0].item_id)
    step(
        "change Items",
        lambda: (
            api.update_item(tenant, item, xero.Items(items=[xero.Item(code="PEN", name="A better pen")])).items[0].name == "A better pen"
        ),
    )
    step("delete Items", lambda: api.delete_item(tenant, item) is None)
    lines = [xero.ManualJournalLine(line_amount=amount, account_code=code) for amount, code in ((20, "400"), (-20, "404"))]
    entry = xero.ManualJournal(narration="Accrual", date=DAY, journal_lines=lines, status="DRAFT")
    drafts = xero.ManualJournals(manual_journals=[entry])
    journal = step("create ManualJournals", lambda: api.create_manual_journals(tenant, drafts).manual_journals[0].manual_journal_id)
    entry.narration = "Accruals"
    step("change ManualJournals", lambda: api.update_manual_journal(tenant, journal, drafts).manual_journals[0].narration == "Accruals")
    account = xero.Account(code="401", name="Fairs", type=xero.AccountType.EXPENSE)
    made = step("create Accounts", lambda: api.create_account(tenant, account).accounts[0].account_id)
    account.name = "Fairs and shows"
    step("change Accounts", lambda: api.update_account(tenant, made, xero.Accounts(accounts=[account])).accounts[0].name == account.name)
    step("delete Accounts", lambda: api.delete_account(tenant, made).accounts)
    step("create Currencies", lambda: api.create_currency(tenant, xero.Currency(code=xero.CurrencyCode.NZD)).currencies)
    taxes(api, tenant)


def taxes(api, tenant):
    rate = xero.TaxRate(name="Split", tax_components=[xero.TaxComponent(name="GST", rate=5)], report_tax_type="OUTPUT")
    rate.tax_type = step("create TaxRates", lambda: api.create_tax_rates(tenant, xero.TaxRates(tax_rates=[rate])).tax_rates[0].tax_type)
    rate.name = "Parted"
    step("change TaxRates", lambda: api.update_tax_rate(tenant, xero.TaxRates(tax_rates=[rate])).tax_rates[0].name == "Parted")
    draft = xero.TrackingCategory(name="Team")
    team = step(
        "create TrackingCategories", lambda: api.create_tracking_category(tenant, draft).tracking_categories[0].tracking_category_id
    )
    step("create Options", lambda: api.create_tracking_options(tenant, team, xero.TrackingOption(name="Red")).options)
    step(
        "change TrackingCategories",
        lambda: api.update_tracking_category(tenant, team, xero.TrackingCategory(name="Teams")).tracking_categories[0].name == "Teams",
    )
    step("delete TrackingCategories", lambda: api.delete_tracking_category(tenant, team).tracking_categories)


def errors(api, tenant):
    wrong = xero.Invoices(invoices=[sale(xero.Contact(name="Nobody"), line_items=[line(account_code="nowhere")])])
    step.refused("validation error", AccountingBadRequestException, "Account code", lambda: api.create_invoices(tenant, wrong))
    step.refused("unknown id", NotFoundException, "", lambda: api.get_invoice(tenant, UNKNOWN))
    step.refused("not simulated", HTTPStatusException, "xero_simulator", lambda: api.get_quotes(tenant))
    limit("concurrent_limit")
    step.refused("told of a limit", RateLimitException, "concurrent", lambda: api.get_contacts(tenant))
    short_limit(kept["token"]["access_token"], tenant)
    step("waits out the minute's limit", lambda: api.get_contacts(tenant).contacts)


client = step("connect", connect)
step("renew the token", renew, client)
for part in (read, write, settings, errors):
    part(AccountingApi(client), kept["tenant"])
step("revoke the token", client.revoke_oauth2_token)
