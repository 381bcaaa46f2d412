import datetime
from decimal import Decimal

import pytest
from xero_core.arithmetic.rounding import Totals, in_full, is_certain, line_amount, line_tax, totals, written
from xero_core.resources.invoices import Invoice
from xero_core.resources.lines import Line

D = Decimal
DAY = datetime.date(2026, 11, 22)


def line(quantity, unit, rate="10", discount="0", tax=None, description="Work"):
    return Line(description, D(quantity), D(unit), "200", "OUTPUT", D(rate), D(discount), None if tax is None else D(tax))


def booked(quantity, unit, discount, amount, **values):
    return Line("Work", D(quantity), D(unit), "200", "OUTPUT", D(10), D(discount), amount=D(amount), **values)


def invoice(*lines, types="Exclusive", currency="AUD"):
    return Invoice("ACCREC", "INV/1", "c", DAY, DAY, currency, lines, D(0), D(0), line_amount_types=types)


# --- Xero's arithmetic ---


@pytest.mark.parametrize(
    "quantity, unit, discount, currency, amount",
    [
        ("3", "0.3333", "0", "AUD", "1.00"),
        ("1", "2.165", "0", "AUD", "2.17"),
        ("1", "2.164", "0", "AUD", "2.16"),
        ("1", "-2.165", "0", "AUD", "-2.17"),
        ("2", "100", "12.5", "AUD", "175.00"),
        ("1", "0.33335", "0", "KWD", "0.333"),  # the unit price is rounded to 4 decimals first
        ("3", "33.5", "0", "JPY", "101"),
        ("1.00005", "10000", "0", "AUD", "10001.00"),  # and the quantity too
    ],
)
def test_line_amount(quantity, unit, discount, currency, amount):
    assert line_amount(line(quantity, unit, discount=discount), currency) == D(amount)


def test_ties():
    assert line_amount(line("1", "2.165"), ties="half_even") == D("2.16")
    assert line_tax(line("1", "12.35"), "Exclusive") == D("1.24")
    assert line_tax(line("1", "12.45"), "Exclusive", ties="half_even") == D("1.24")


def test_xeros_own_example_of_tax_per_line():
    lines = [line("1", unit, "15") for unit in ("25.06", "25.61", "25.63")]
    assert totals(invoice(*lines)) == Totals(D("76.30"), D("11.44"), D("87.74"))


@pytest.mark.parametrize("amount, tax, subtotal", [("541.25", "70.60", "470.65"), ("500", "65.22", "434.78")])
def test_recorded_inclusive_amounts(amount, tax, subtotal):
    assert totals(invoice(line("1", amount, "15"), types="Inclusive")) == Totals(D(subtotal), D(tax), D(amount))


def test_recorded_exclusive_amount():
    assert totals(invoice(line("1", "21", "15"))) == Totals(D("21.00"), D("3.15"), D("24.15"))


def test_no_tax_and_descriptions():
    note = Line("only words", None, None)
    assert totals(invoice(line("1", "10", tax="1"), note, types="NoTax")) == Totals(D(10), D(0), D(10))
    assert line_amount(note) == line_tax(note, "Exclusive") == 0


@pytest.mark.parametrize(
    "exact, amount, currency, certain",
    [
        ("1.2449", "1.24", "AUD", True),
        ("1.245", "1.25", "AUD", False),  # an exact half
        ("1.24499999999999999999999999", "1.24", "AUD", False),  # one that a division just missed
        ("33.3", "33", "JPY", False),  # whole yen, or with two decimals?
        ("33", "33", "JPY", True),
        ("1.235", "1.235", "KWD", False),
        ("1.2301", "1.23", "KWD", True),
        ("1.234", "1.23", "KWD", False),
    ],
)
def test_what_does_not_hang_on_how_xero_rounds(exact, amount, currency, certain):
    assert is_certain(D(exact), D(amount), currency) is certain


# --- lines ---


def test_a_line_that_computes_stays_as_it_is():
    made = written(booked("3", "10", "12.5", "26.25"))
    assert (made.quantity, made.unit_amount, made.discount_rate, made.description) == (3, 10, D("12.5"), "Work")
    assert (made.account_code, made.tax_rate) == ("200", 10)


@pytest.mark.parametrize(
    "quantity, unit, discount, amount, told",
    [
        ("3", "0.333333", "0", "1.00", "3 x 0.333333"),
        ("1.23456", "10", "0", "12.35", "1.23456 x 10"),
        ("1", "100", "33.33333", "66.67", "1 x 100 - 33.33333 %"),
        ("1", "2.165", "0", "2.17", "1 x 2.165"),  # an exact half: not left to Xero
        ("2", "10", "0", "19.99", "2 x 10"),
        ("0", "10", "0", "0.00", "0 x 10"),
    ],
)
def test_a_line_that_does_not_becomes_one_of_its_amount(quantity, unit, discount, amount, told):
    made = written(booked(quantity, unit, discount, amount))
    assert (made.quantity, made.unit_amount, made.discount_rate) == (1, D(amount), 0)
    assert made.description == f"Work\n{told}"


def test_no_discounts_on_bills():
    kept = written(booked("3", "10", "50", "15.00"), discounts=False)
    assert (kept.quantity, kept.unit_amount, kept.discount_rate, kept.description) == (3, 5, 0, "Work")
    one = written(booked("3", "0.0001", "50", "0.00"), discounts=False)
    assert (one.unit_amount, one.description) == (0, "Work\n3 x 0.0001 - 50 %")


def test_everything_off():
    assert written(booked("3", "10", "100", "0.00")).discount_rate == 100
    assert written(booked("3", "10", "100", "0.00"), discounts=False).unit_amount == 0


def test_a_price_with_tax_is_kept_where_xero_takes_it_so():
    typed = booked("2", "11", "0", "20.00", tax_amount=D("2.00"), includes_tax=True)
    assert (written(typed, "Inclusive").unit_amount, written(typed, "Exclusive").unit_amount) == (11, 10)
    uneven = booked("3", "3.33", "10", "8.17", tax_amount=D("0.82"), includes_tax=True)
    assert (written(uneven, "Inclusive").discount_rate, written(uneven, "Inclusive").unit_amount) == (10, D("3.33"))
    assert written(uneven, "Exclusive").unit_amount == D("2.7233")


def test_yen_are_right_with_and_without_cents():
    made = written(Line("Work", D(3), D("33.5"), amount=D(101)), currency="JPY")
    assert (made.quantity, made.unit_amount) == (1, 101)


def test_a_line_without_amount_of_the_books_stays():
    made = line("3", "0.333333")
    assert written(made) is made


def test_what_is_too_long_goes_on_below():
    made = written(replace_description(booked("3", "0.333333", "0", "1"), "word " * 1700))
    parts = in_full((made, line("1", "1")))
    assert len(parts) == 4 and [part.quantity for part in parts] == [1, None, None, 1]
    assert "".join(part.description for part in parts[:3]) == made.description
    assert all(0 < len(part.description) <= 4000 for part in parts) and parts[0].description.endswith("word ")
    assert parts[2].description.endswith("\n3 x 0.333333")
    assert [len(part.description) for part in in_full((replace_description(made, "x" * 8001),))] == [4000, 4000, 1]


def replace_description(made, description):
    from dataclasses import replace

    return replace(made, description=description)
