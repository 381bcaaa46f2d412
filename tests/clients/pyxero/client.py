"""pyxero, as its README shows it: managers of dictionaries, XML on the way out."""

import io
from datetime import date, datetime

from steps import CLIENT_ID, CLIENT_SECRET, REDIRECT, SCOPES, UNKNOWN, Steps, consent, limit
from xero import Xero
from xero.auth import OAuth2Credentials
from xero.exceptions import XeroBadRequest, XeroNotFound, XeroNotImplemented, XeroRateLimitExceeded

LISTS = (
    "accounts", "banktransactions", "banktransfers", "batchpayments", "brandingthemes", "contacts", "creditnotes", "currencies",
    "invoices", "items", "manualjournals", "organisations", "overpayments", "payments", "prepayments", "taxrates", "trackingcategories",
)  # fmt: skip
DAY, DUE = date(2026, 9, 14), date(2026, 9, 28)
BANK = {"Code": "090"}
step = Steps()


def connect():
    credentials = OAuth2Credentials(CLIENT_ID, CLIENT_SECRET, callback_uri=REDIRECT, scope=SCOPES)
    credentials.verify(consent(credentials.generate_url()))
    credentials.set_default_tenant()
    return credentials


def first(made):
    return made[0]


def change(kind, manager, row, **changes):
    """A step: save the row with the changes, and see them in the answer."""
    step(f"change {kind}", lambda: changes.items() <= first(manager.save({**row, **changes})).items())


def line(**fields):
    return {"Description": "Consulting", "Quantity": 2, "UnitAmount": 50.25, "AccountCode": "200", **fields}


def document(kind, contact, **fields):
    base = {"Type": kind, "Contact": {"ContactID": contact["ContactID"]}, "Date": DAY, "DueDate": DUE, "Status": "AUTHORISED"}
    return {**base, "LineItems": [line()], **fields}


def read(xero):
    for name in LISTS:
        step(f"list {getattr(xero, name).name}", getattr(xero, name).all)
    step("pages of Invoices", lambda: [len(xero.invoices.filter(page=page)) for page in (1, 2)] == [100, 20])
    step("filter Invoices", lambda: xero.invoices.filter(Status="AUTHORISED", Date__gte=date(2026, 1, 1), order="InvoiceNumber", page=1))
    step("filter Contacts", lambda: xero.contacts.filter(Name__startswith="Ridge"))
    step("what changed since", lambda: xero.contacts.filter(since=datetime(2026, 1, 1)))  # noqa: DTZ001  as its README has it
    step("report TrialBalance", xero.reports.get, "TrialBalance", params={"date": "2026-09-30"})
    step("report BankSummary", xero.reports.get, "BankSummary", params={"fromDate": "2026-09-01", "toDate": "2026-09-30"})
    step("Actions of the Organisation", xero.organisations.actions)


def write(xero):
    contact = first(step("create Contacts", xero.contacts.put, {"Name": "ABC Ltd", "EmailAddress": "abc@example.com"}))
    change("Contacts", xero.contacts, {"ContactID": contact["ContactID"]}, Name="ABC Limited", FirstName="Ann")
    invoice = first(step("create Invoices", xero.invoices.put, document("ACCREC", contact)))
    tracked = line(Tracking=[{"Name": "Region", "Option": "North"}])
    step("tracking on Invoices", xero.invoices.put, document("ACCREC", contact, LineItems=[tracked, line()]))
    step("create several Invoices", xero.invoices.put, [document("ACCREC", contact), document("ACCREC", contact)], summarize_errors=False)
    step("read one of Invoices", xero.invoices.get, invoice["InvoiceID"])
    change("Invoices", xero.invoices, xero.invoices.get(invoice["InvoiceID"])[0], Reference="PO 7")
    note = first(step("create CreditNotes", xero.creditnotes.put, document("ACCRECCREDIT", contact)))
    change("CreditNotes", xero.creditnotes, {"CreditNoteID": note["CreditNoteID"]}, Reference="PO 7")
    allocation = {"Amount": 10, "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    step("allocate CreditNotes", xero.creditnotes.put_allocation, note["CreditNoteID"], allocation)
    money(xero, contact, invoice)
    step("Email of Invoices", lambda: xero.invoices.email(invoice["InvoiceID"]) == b"")
    step("OnlineInvoice of Invoices", xero.invoices.online_invoice, invoice["InvoiceID"])
    beside(xero.invoices, invoice["InvoiceID"])


def money(xero, contact, invoice):
    paid = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": BANK, "Date": DAY, "Amount": 20}
    payment = first(step("create Payments", xero.payments.put, paid))
    step("delete Payments", lambda: first(xero.payments.delete(payment["PaymentID"]))["Status"] == "DELETED")
    batch = {"Account": BANK, "Date": DAY, "Payments": [{"Invoice": paid["Invoice"], "Amount": 5}]}
    step("create BatchPayments", xero.batchpayments.put, batch)
    for kind in ("Overpayment", "Prepayment"):
        lines = [{"Description": "Money", "LineAmount": 15, **({} if kind == "Overpayment" else {"AccountCode": "200"})}]
        received = {"Type": f"RECEIVE-{kind.upper()}", "Contact": {"ContactID": contact["ContactID"]}, "BankAccount": BANK, "Date": DAY}
        step(f"create {kind}s", xero.banktransactions.put, {**received, "LineItems": lines})
    transaction = {"Type": "SPEND", "Contact": {"ContactID": contact["ContactID"]}, "BankAccount": BANK, "Date": DAY}
    made = first(step("create BankTransactions", xero.banktransactions.put, {**transaction, "LineItems": [line(AccountCode="400")]}))
    same = {**transaction, "BankTransactionID": made["BankTransactionID"], "LineItems": [line(AccountCode="404")]}
    change("BankTransactions", xero.banktransactions, same, Reference="Card")
    transfer = {"FromBankAccount": BANK, "ToBankAccount": {"Code": "091"}, "Amount": 12.5, "Date": DAY}
    step("create BankTransfers", xero.banktransfers.put, transfer)


def settings(xero):
    item = first(step("create Items", xero.items.put, {"Code": "PEN", "Name": "A pen", "SalesDetails": {"UnitPrice": 2.5}}))
    change("Items", xero.items, {"ItemID": item["ItemID"], "Code": "PEN"}, Name="A better pen")
    step("delete Items", lambda: xero.items.delete(item["ItemID"]) == b"")
    lines = [{"LineAmount": 20, "AccountCode": "400"}, {"LineAmount": -20, "AccountCode": "404"}]
    journal = first(step("create ManualJournals", xero.manualjournals.put, {"Narration": "Accrual", "Date": DAY, "JournalLines": lines}))
    same = {"ManualJournalID": journal["ManualJournalID"], "Date": DAY, "JournalLines": lines}
    change("ManualJournals", xero.manualjournals, same, Narration="Accruals")
    account = first(step("create Accounts", xero.accounts.put, {"Code": "401", "Name": "Fairs", "Type": "EXPENSE"}))
    change("Accounts", xero.accounts, {"AccountID": account["AccountID"]}, Name="Fairs and shows")
    step("delete Accounts", xero.accounts.delete, account["AccountID"])
    step("create Currencies", xero.currencies.put, {"Code": "NZD"})
    rate = {"Name": "Split", "TaxComponents": [{"Name": "GST", "Rate": 5}], "ReportTaxType": "OUTPUT"}
    made = first(step("create TaxRates", xero.taxrates.put, rate))
    change("TaxRates", xero.taxrates, {**rate, "TaxType": made["TaxType"]}, Name="Parted")
    team = first(step("create TrackingCategories", xero.trackingcategories.put, {"Name": "Team"}))
    change("TrackingCategories", xero.trackingcategories, {"TrackingCategoryID": team["TrackingCategoryID"]}, Name="Teams")
    step("delete TrackingCategories", xero.trackingcategories.delete, team["TrackingCategoryID"])


def beside(manager, key):
    step("note in the History", manager.put_history, key, "Called the customer")
    step("read the History", manager.get_history, key)
    step("put Attachments", manager.put_attachment, key, "a.txt", io.BytesIO(b"Hello"), "text/plain")
    step("list Attachments", manager.get_attachments, key)
    step("get Attachments", lambda: manager.get_attachment_data(key, "a.txt") == b"Hello")


def errors(xero):
    wrong = document("ACCREC", {"ContactID": ""}, Contact={"Name": "Nobody"}, LineItems=[line(AccountCode="nowhere")])
    step.refused("validation error", XeroBadRequest, "Account code", lambda: xero.invoices.put(wrong))
    step.refused("unknown id", XeroNotFound, "", lambda: xero.invoices.get(UNKNOWN))
    step.refused("not simulated", XeroNotImplemented, "xero_simulator", xero.quotes.all)
    limit()
    step.refused("told of a limit", XeroRateLimitExceeded, "minute", xero.contacts.all)


credentials = step("connect", connect)
step("renew the token", credentials.refresh)
client = Xero(credentials)
for part in (read, write, settings, errors):
    part(client)
