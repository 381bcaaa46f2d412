"""Xero's arithmetic: per line, rounded, then summed."""

import pytest
from simulator_helpers import line, messages


def amounts(made):
    return made["SubTotal"], made["TotalTax"], made["Total"]


def test_exclusive_is_rounded_per_line(api):
    """Xero's own example: 3.76 + 3.84 + 3.84, not 11.45."""
    assert amounts(api.invoice(line(25.06), line(25.61), line(25.63))) == (76.30, 11.44, 87.74)


@pytest.mark.parametrize(("total", "tax", "subtotal"), [(541.25, 70.60, 470.65), (500, 65.22, 434.78)])
def test_inclusive(api, total, tax, subtotal):
    assert amounts(api.invoice(line(total), LineAmountTypes="Inclusive")) == (subtotal, tax, total)


def test_no_tax(api):
    made = api.invoice(line(100, TaxType="OUTPUT2"), LineAmountTypes="NoTax")
    assert amounts(made) == (100.0, 0.0, 100.0)
    assert made["LineItems"][0]["TaxType"] == "NONE"


@pytest.mark.parametrize(("ties", "tax"), [("half_up", 2.17), ("half_even", 2.16)])
def test_ties(api, switch, ties, tax):
    switch(ties=ties)
    assert api.invoice(line(14.4333, TaxAmount="2.165"))["TotalTax"] == tax


@pytest.mark.parametrize(("ties", "tax"), [("half_up", 0.08), ("half_even", 0.08)])
def test_computed_ties(api, switch, ties, tax):
    switch(ties=ties)
    assert api.invoice(line(0.5))["TotalTax"] == tax  # 0.075: up, and to even 8


@pytest.mark.parametrize(("ties", "tax"), [("half_up", 0.03), ("half_even", 0.02)])
def test_computed_ties_that_differ(api, switch, ties, tax):
    switch(ties=ties)
    api.put("TaxRates", {"Name": "Levy", "ReportTaxType": "OUTPUT", "TaxComponents": [{"Name": "L", "Rate": 2.5}]})
    assert api.invoice(line(1, TaxType="TAX001"))["TotalTax"] == tax


def test_unit_price_is_rounded_first_without_unitdp(api):
    element = api.draft(line(0.3333, Quantity=300))
    assert api.send(element)["SubTotal"] == 99.0
    four = api.send(element, unitdp=4)
    assert (four["SubTotal"], four["LineItems"][0]["UnitAmount"]) == (99.99, 0.3333)
    read = api.get(f"Invoices/{four['InvoiceID']}").json()["Invoices"][0]
    assert read["LineItems"][0]["UnitAmount"] == 0.33
    assert api.get(f"Invoices/{four['InvoiceID']}", unitdp=4).json()["Invoices"][0]["LineItems"][0]["UnitAmount"] == 0.3333
    assert api.get("Invoices", unitdp=7).status_code == 400


def test_quantity_has_four_places(api):
    assert api.invoice(line(100, Quantity=0.33333))["SubTotal"] == 33.33


def test_missing_quantity_or_price_follows_from_the_amount(api):
    made = api.invoice(
        {"Description": "x", "AccountCode": "200", "LineAmount": 50, "Quantity": 4},
        {"Description": "y", "AccountCode": "200", "LineAmount": 7},
    )
    assert [(row["Quantity"], row["UnitAmount"]) for row in made["LineItems"]] == [(4.0, 12.5), (1.0, 7.0)]


def test_discounts(api):
    rate = api.invoice(line(100, DiscountRate=12.5))
    assert (rate["SubTotal"], rate["TotalDiscount"], rate["IsDiscounted"]) == (87.5, 12.5, True)
    assert rate["LineItems"][0]["DiscountRate"] == 12.5
    assert api.invoice(line(100, Quantity=2, DiscountAmount=5))["SubTotal"] == 195.0
    assert api.invoice(line(9.99, Quantity=3, DiscountRate=10))["SubTotal"] == 26.97  # 26.973


@pytest.mark.parametrize(("path", "kind"), [("Invoices", "ACCPAY"), ("CreditNotes", "ACCRECCREDIT"), ("CreditNotes", "ACCPAYCREDIT")])
def test_discounts_on_sales_invoices_only(api, path, kind):
    code = "400" if "PAY" in kind else "200"
    element = {"Type": kind, "Contact": {"ContactID": api.contact_id()}, "LineItems": [line(DiscountRate=10, AccountCode=code)]}
    assert messages(api.send(element, path)) == ["Discounts are not supported for this type of document."]


def test_tax_amount_may_be_overridden(api, switch):
    made = api.invoice(line(100, TaxAmount=14.99))
    assert amounts(made) == (100.0, 14.99, 114.99)
    assert api.invoice(line(1, Quantity=100, TaxAmount=15))["TotalTax"] == 15.0
    switch(tax_amount_limit="unit_amount")
    refused = api.send(api.draft(line(1, Quantity=100, TaxAmount=15)))
    assert messages(refused) == ["The TaxAmount specified cannot be greater than the UnitAmount."]


def test_overridden_inclusive_tax(api):
    assert amounts(api.invoice(line(115, TaxAmount=14.98), LineAmountTypes="Inclusive")) == (100.02, 14.98, 115.0)


@pytest.mark.parametrize(("decimals", "total"), [("two", 115.58), ("iso", 116.0)])
def test_yen(api, switch, decimals, total):
    api.put("Currencies", {"Code": "JPY"})
    switch(currency_decimals=decimals)
    assert api.invoice(line(100.50), CurrencyCode="JPY", CurrencyRate=90)["Total"] == total


def test_money_does_not_drift(api):
    made = api.invoice(*[line(0.1) for _ in range(30)])
    assert amounts(made) == (3.0, 0.6, 3.6)  # 0.015 a line, rounded up
    assert made["AmountDue"] == 3.6
