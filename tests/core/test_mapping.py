import datetime
import json
from decimal import Decimal
from pathlib import Path

import pytest
from xero_core import values
from xero_core.http import answers
from xero_core.resources import (
    accounts,
    allocations,
    attachments,
    bank_transactions,
    bank_transfers,
    batch_payments,
    batches,
    contacts,
    credit_notes,
    currencies,
    invoices,
    items,
    manual_journals,
    on_account,
    organisation,
    payments,
    tax_rates,
    tracking,
)
from xero_core.resources.accounts import Account
from xero_core.resources.contacts import Address, Contact, Phone
from xero_core.resources.currencies import Currency
from xero_core.resources.invoices import Invoice
from xero_core.resources.lines import Line
from xero_core.resources.payments import Payment
from xero_core.resources.tax_rates import TaxRate
from xero_core.resources.tracking import Option, RemoteOption

RECORDINGS = Path(__file__).parents[3] / "shared" / "xero-recordings" / "known"
recorded = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings here")
D = Decimal
DAY = datetime.date(2026, 11, 22)
ID = "2f79af6c-5f57-49e8-9e44-301499538add"

READERS = {
    "Contacts": contacts,
    "Invoices": invoices,
    "Payments": payments,
    "Organisations": organisation,
    "Accounts": accounts,
    "TaxRates": tax_rates,
    "TrackingCategories": tracking,
    "Currencies": currencies,
    "CreditNotes": credit_notes,
    "BankTransactions": bank_transactions,
    "BankTransfers": bank_transfers,
    "BatchPayments": batch_payments,
    "ManualJournals": manual_journals,
    "Allocations": allocations,
    "Attachments": attachments,
    "Items": items,
}


def body(name):
    return json.loads((RECORDINGS / f"{name}.json").read_text(), parse_float=Decimal)["body"]


# --- writing ---


def test_a_contact():
    payload = contacts.to_xero(
        Contact(
            name=" Big   <Co> ",
            contact_number="odoo:abc:7",
            email="a@b.example",
            tax_number="51 824",
            addresses=(Address("POBOX", "1 High St", city="Perth", country="Viet Nam (2)"),),
            phones=(Phone("DEFAULT", "+61 8 1234"), Phone("MOBILE", "")),
        )
    )
    assert payload["Name"] == "Big Co"
    assert payload["Addresses"][0]["Country"] == "Viet Nam"
    assert payload["Phones"] == [{"PhoneType": "DEFAULT", "PhoneNumber": "+61 8 1234", "PhoneAreaCode": "", "PhoneCountryCode": ""}]
    assert not {"ContactID", "FirstName", "ContactPersons", "IsCustomer"} & set(payload)


def test_a_contact_update_names_its_id():
    assert contacts.to_xero(Contact("A", xero_id=ID))["ContactID"] == ID


@pytest.mark.parametrize("name", ["", "  ", "<>", "\x00"])
def test_a_contact_without_a_name(name):
    with pytest.raises(ValueError):
        contacts.to_xero(Contact(name))


def test_a_long_name_is_cut_but_a_long_key_is_refused():
    assert len(contacts.to_xero(Contact("x" * 300))["Name"]) == 255
    with pytest.raises(ValueError):
        contacts.to_xero(Contact("x", contact_number="y" * 51))


@pytest.mark.parametrize("email", ["", "x", "a@b", "ü@b.example", "a b@c.example", "a@b.example, c@d.example", "x" * 250 + "@b.example"])
def test_an_email_xero_would_refuse_is_left_out(email):
    assert "EmailAddress" not in contacts.to_xero(Contact("A", email=email))


def make_invoice(**changes):
    lines = (
        Line("Work", D("1.5"), D("10.1234"), "200", "OUTPUT", D(10), D("5"), D("1.44"), "line-1", tracking=(("cat", "opt"),) * 3),
        Line("", D(1), D(0), "200", "OUTPUT"),
        Line("Note", None, None, "200"),
    )
    given = {"kind": "ACCREC", "number": "INV/1", "contact_id": ID, "date": DAY, "due_date": DAY, "currency": "AUD", "lines": lines}
    return Invoice(**(given | {"total": D(0), "total_tax": D(0)} | changes))


def test_an_invoice():
    payload = invoices.to_xero(make_invoice(reference=" PO 7 ", currency_rate=D("1.23456789"), url="https://odoo.example/odoo/1"))
    assert payload["Contact"] == {"ContactID": ID}, "anything more would change the contact"
    assert (payload["Date"], payload["DueDate"]) == ("2026-11-22", "2026-11-22")
    assert (payload["Reference"], payload["CurrencyRate"], payload["Url"]) == ("PO 7", D("1.234568"), "https://odoo.example/odoo/1")
    first, second, note = payload["LineItems"]
    assert first["TaxAmount"] == D("1.44") and len(first["Tracking"]) == 2
    assert "TaxAmount" not in second and second["Description"] == "-" and second["UnitAmount"] == 0
    assert note == {"Description": "Note"}
    assert not {"SubTotal", "Total", "InvoiceID"} & set(payload) and "LineAmount" not in first


def test_a_tax_of_nothing_is_still_said():
    line = Line("x", D(1), D(1), "200", "OUTPUT", tax_amount=D(0))
    assert invoices.to_xero(make_invoice(lines=(line,)))["LineItems"][0]["TaxAmount"] == 0


def test_an_update_names_no_number():
    payload = invoices.to_xero(make_invoice(xero_id=ID))
    assert payload["InvoiceID"] == ID and "InvoiceNumber" not in payload


def test_a_bill_has_no_reference():
    assert "Reference" not in invoices.to_xero(make_invoice(kind="ACCPAY", reference="x"))


@pytest.mark.parametrize("url", ["https://xero.example.com/1", "ftp://a/b", "/odoo/1", "https://odoo.example/xero"])
def test_a_link_xero_would_refuse_is_left_out(url):
    assert "Url" not in invoices.to_xero(make_invoice(url=url))


@pytest.mark.parametrize("changes", [{"contact_id": ""}, {"lines": ()}, {"number": " "}])
def test_an_invoice_that_cannot_be_sent(changes):
    with pytest.raises(ValueError):
        invoices.to_xero(make_invoice(**changes))


def test_a_payment():
    made = Payment(ID, ID, DAY, D("10.00"), "P" * 200, D("9.50"))
    payload = payments.to_xero(made)
    assert payload["BankAmount"] == D("9.50") and "CurrencyRate" not in payload and len(payload["Reference"]) == 118
    for wrong in ({"amount": D(0)}, {"amount": D(-1)}, {"invoice_id": ""}, {"account_id": ""}):
        values_given = {"invoice_id": ID, "account_id": ID, "date": DAY, "amount": D(1)} | wrong
        with pytest.raises(ValueError):
            payments.to_xero(Payment(**values_given))


def test_an_account():
    payload = accounts.to_xero(Account("", "201", "Sales of <wood>", "REVENUE", tax_type="OUTPUT", enable_payments=True))
    assert payload == {"Code": "201", "Name": "Sales of wood", "Type": "REVENUE", "TaxType": "OUTPUT", "EnablePaymentsToAccount": True}
    bank = accounts.to_xero(Account("", "", "Till", "BANK", bank_account_number="12", currency="AUD", enable_payments=True))
    assert bank == {"Name": "Till", "Type": "BANK", "BankAccountNumber": "12", "CurrencyCode": "AUD"}
    for wrong in (("", "x", "REVENUE"), ("12345678901", "x", "REVENUE"), ("1", "", "REVENUE"), ("1", "x", ""), ("1", "x", "BANK")):
        with pytest.raises(ValueError):
            accounts.to_xero(Account("", *wrong))


def test_a_tax_rate():
    payload = tax_rates.to_xero(TaxRate("", "Levy", D("1.5"), report_tax_type="OUTPUT"))
    component = {"Name": "Levy", "Rate": D("1.5"), "IsCompound": False, "IsNonRecoverable": False}
    assert payload == {"Name": "Levy", "ReportTaxType": "OUTPUT", "TaxComponents": [component]}
    with pytest.raises(ValueError):
        tax_rates.to_xero(TaxRate("", "<>"))


# --- reading ---


@pytest.mark.parametrize("mapping", [*READERS.values(), on_account])
def test_readers_take_nothing_and_nonsense(mapping):
    mapping.from_xero({})
    keys = [
        "Contact",
        "Invoice",
        "Account",
        "LineItems",
        "Options",
        "TaxComponents",
        "Name",
        "Total",
        "Amount",
        "Date",
        "Status",
        "Type",
        "Code",
        "UpdatedDateUTC",
    ]
    wild = dict.fromkeys([*keys, "JournalLines", "Payments", "Addresses", "Phones", "SalesDetails"])
    mapping.from_xero(wild)
    mapping.from_xero({key: ["x", 1] for key in wild})
    mapping.from_xero({key: {"x": 1} for key in wild})


def test_unknown_enum_values_stay():
    assert organisation.from_xero({"Class": "ULTRA"}).subscription == "ULTRA"
    assert accounts.from_xero({"Type": "NEWTYPE"}).type == "NEWTYPE"


def test_a_merged_contact_tells_where_it_went():
    assert contacts.from_xero({"ContactID": ID, "MergedToContactID": ID.upper()}).merged_into == ID


def test_a_removed_payment():
    read = payments.from_xero(
        {"PaymentID": ID, "Status": "DELETED", "Amount": "5.10", "Date": "/Date(1789344000000+0000)/", "Account": {"AccountID": ID}}
    )
    assert (read.status, read.amount, read.date, read.account_id) == ("DELETED", D("5.10"), datetime.date(2026, 9, 14), ID)


def test_tracking():
    read = tracking.from_xero({"TrackingCategoryID": ID, "Name": "Region", "Options": [{"TrackingOptionID": ID, "Name": "North"}]})
    assert read.options == (RemoteOption(xero_id=ID, told=Option(ID, "North")),)
    assert currencies.from_xero({"Code": "AUD", "Description": None}) == Currency("AUD", "")


# --- live recordings ---


@recorded
def test_recorded_invoice():
    (row,) = body("invoice_create")["Invoices"]
    read = invoices.from_xero(row)
    assert (read.number, read.total, read.total_tax, read.amount_due) == ("INV-0055", D("24.15"), D("3.15"), D("24.15"))
    assert read.date == datetime.date(2026, 9, 14) and read.contact_id == ID and len(read.line_item_ids) == 1
    assert read.updated == datetime.datetime(2026, 9, 14, 9, 29, 59, tzinfo=datetime.timezone.utc)
    assert not batches.is_refused(row)


@recorded
def test_recorded_organisation():
    read = organisation.from_xero(body("organisation")["Organisations"][0])
    assert (read.short_code, read.base_currency, read.subscription, read.is_demo) == ("!Qj35V", "NZD", "DEMO", True)
    assert read.period_lock_date == datetime.date(2009, 9, 30) and read.end_of_year_lock_date is None
    assert values.invoice_url(read.short_code, "x").startswith("https://go.xero.com/organisationlogin/")


@recorded
def test_recorded_refusal():
    payload = body("contact_create_duplicate_name")
    assert batches.is_refused(payload["Elements"][0])
    assert contacts.from_xero(payload["Elements"][0]).xero_id == ""
    assert answers.messages(payload) == (payload["Elements"][0]["ValidationErrors"][0]["Message"],)


@recorded
def test_recorded_tax_rates_and_accounts():
    rates = {rate.tax_type: rate for rate in map(tax_rates.from_xero, body("tax_rates")["TaxRates"])}
    assert rates
    assert all(rate.name and rate.can_apply_to <= set(tax_rates.CLASS_FLAGS) for rate in rates.values())
    assert all(read.account_id and read.name and read.type for read in map(accounts.from_xero, body("accounts")["Accounts"]))


@recorded
@pytest.mark.parametrize("path", sorted(RECORDINGS.glob("*.json")) if RECORDINGS.is_dir() else [], ids=lambda path: path.stem)
def test_every_recording_can_be_read(path):
    payload = json.loads(path.read_text(), parse_float=Decimal)["body"] or {}
    for key, mapping in READERS.items():
        for row in payload.get(key, []):
            assert mapping.from_xero(row)
