"""What makes two snapshots the same, and what an answer has to have to be one."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from xero_core.arithmetic import rounding
from xero_core.fingerprint import fingerprint
from xero_core.resources import bank_transfers, batch_payments, contacts, invoices, items, manual_journals, normal, on_account, payments
from xero_core.resources.contacts import Address, Contact, Phone
from xero_core.resources.invoices import Invoice
from xero_core.resources.items import Item, ItemSide
from xero_core.resources.lines import Line
from xero_core.resources.tracking import Option, RemoteOption

D = Decimal
ID, OTHER, CATEGORY = (f"2f79af6c-5f57-49e8-9e44-30149953{number}dd" for number in ("8a", "9b", "0c"))
DAY = datetime.date(2026, 11, 22)
LINE = Line("Work", D(1), D(10), "200", "OUTPUT", tracking=((CATEGORY, ID),))
INVOICE = Invoice("ACCREC", "INV/1", ID, DAY, DAY, "AUD", (LINE,), D(11), D(1))


def same(one, other, options=normal.NO_OPTIONS):
    forms = normal.form(one, options), normal.form(other, options)
    assert (forms[0] == forms[1]) == (fingerprint(forms[0]) == fingerprint(forms[1]))
    return forms[0] == forms[1]


@pytest.mark.parametrize(
    "other",
    [
        replace(INVOICE, total=D("11.00"), xero_id=OTHER),
        replace(INVOICE, currency_rate=D("1.000000")),
        replace(INVOICE, status="PAID"),
        replace(INVOICE, lines=(replace(LINE, line_item_id=OTHER, key="7", tax_rate=D(10), amount=D(10)),)),
        replace(INVOICE, lines=(replace(LINE, option_names=("North",)),)),
    ],
)
def test_what_says_the_same(other):
    assert same(INVOICE, other)


@pytest.mark.parametrize(
    "other",
    [
        replace(INVOICE, total=D("11.01")),
        replace(INVOICE, currency_rate=D("1.000001")),
        replace(INVOICE, status="VOIDED"),
        replace(INVOICE, reference="7"),
        replace(INVOICE, lines=(replace(LINE, tax_amount=D(1)),)),
        replace(INVOICE, lines=(LINE, LINE)),
        replace(INVOICE, lines=(replace(LINE, tracking=()),)),
        replace(INVOICE, lines=(replace(LINE, tracking=((CATEGORY, OTHER),)),)),
    ],
)
def test_what_does_not(other):
    assert not same(INVOICE, other)


def test_the_order_of_lines_counts_and_that_of_slots_does_not():
    second = replace(LINE, description="More")
    assert not same(replace(INVOICE, lines=(LINE, second)), replace(INVOICE, lines=(second, LINE)))
    slots = (Phone("FAX", "1"), Phone("DDI", "2"))
    one = Contact("A", addresses=(Address("POBOX", "1"), Address("STREET", "2")), phones=slots)
    assert same(one, replace(one, addresses=one.addresses[::-1], phones=slots[::-1]))


def test_an_item_that_is_sold_without_details_is_not_one_that_is_not_sold():
    assert not same(Item("A", "Chair", ItemSide()), Item("A", "Chair"))


def test_an_option_is_found_by_its_name_if_the_options_are_known():
    listed = replace(INVOICE, lines=(replace(LINE, tracking=((CATEGORY, ""),), option_names=("North",)),))
    options = normal.option_ids([RemoteOption(xero_id=ID, told=Option(CATEGORY, "NORTH"))])
    assert same(INVOICE, listed, options)
    assert not same(INVOICE, listed), "nobody knows which one North is"
    assert not same(listed, replace(listed, lines=(replace(listed.lines[0], option_names=("South",)),)))


def test_an_option_that_only_its_name_is_known_of_is_sent_by_name():
    listed = replace(LINE, tracking=((CATEGORY, ""),), option_names=("North",))
    [line] = invoices.to_xero(replace(INVOICE, lines=(listed,)))["LineItems"]
    assert line["Tracking"] == [{"TrackingCategoryID": CATEGORY, "Option": "North"}]


@pytest.mark.parametrize(
    "remote",
    [
        invoices.from_xero({"InvoiceID": ID, "InvoiceNumber": "7", "LineItems": []}),
        contacts.from_xero({"ContactID": ID, "Name": "7", "Addresses": []}),
        payments.from_xero({"PaymentID": ID, "Amount": 7, "Date": "/Date(1789344000000+0000)/"}),
        batch_payments.from_xero({"BatchPaymentID": ID, "Status": "DELETED", "TotalAmount": 7, "Payments": []}),
        bank_transfers.from_xero({"BankTransferID": ID, "Status": "DELETED", "Amount": 7}),
        manual_journals.from_xero({"ManualJournalID": ID, "Narration": "7"}),
        on_account.from_xero({"BankTransactionID": ID, "Total": 7, "LineItems": [{"UnitAmount": 3}, {"UnitAmount": 4}]}),
        on_account.from_xero({"BankTransactionID": ID, "Total": 11, "TotalTax": 1, "LineItems": [{"UnitAmount": 10}]}),
        items.from_xero({"ItemID": ID, "Code": "7", "IsTrackedAsInventory": True}),
    ],
)
def test_an_answer_without_all_of_it_is_no_snapshot(remote):
    assert remote.xero_id == ID and remote.told and remote.snapshot is None and not remote.complete


def test_lists_name_every_refunded_document_as_an_invoice():
    row = {"PaymentID": ID, "PaymentType": "AROVERPAYMENTPAYMENT", "Invoice": {"InvoiceID": ID}, "Account": {"AccountID": ID}}
    remote = payments.from_xero({**row, "Date": "2026-11-22"})
    assert (remote.snapshot.target, remote.invoice_id) == ("Overpayment", ID)
    for kind, target in (("ACCRECPAYMENT", "Invoice"), ("APCREDITPAYMENT", "CreditNote"), ("APPREPAYMENTPAYMENT", "Prepayment")):
        assert payments.read({**row, "PaymentType": kind}).target == target


def test_a_discount_in_money():
    row = {"Quantity": 2, "UnitAmount": "12.50", "DiscountAmount": "5.00", "LineAmount": "20.00", "TaxAmount": "2.00", "AccountCode": "200"}
    told = invoices.from_xero({"LineAmountTypes": "Exclusive", "LineItems": [row]}).told
    assert told.lines[0].amount == rounding.line_amount(told.lines[0]) == 20
    [sent] = invoices.to_xero(replace(INVOICE, lines=told.lines))["LineItems"]
    assert sent["DiscountAmount"] == 5 and "DiscountRate" not in sent


def test_prices_with_tax():
    row = {"Quantity": 1, "UnitAmount": 11, "LineAmount": 11, "TaxAmount": 1, "AccountCode": "200"}
    [line] = invoices.from_xero({"LineAmountTypes": "Inclusive", "LineItems": [row]}).told.lines
    assert (line.unit_amount, line.amount, line.tax_amount, line.includes_tax) == (11, 10, 1, True)
