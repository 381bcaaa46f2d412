"""Splitting by analytic distribution: every option's sum, the line's amount and its tax are exact to the cent."""

import datetime
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from chance import play
from xero_core.arithmetic import rounding, settling, tracking
from xero_core.arithmetic.tracking import Share
from xero_core.resources.invoices import Invoice
from xero_core.resources.lines import Line

D = Decimal
DAY = datetime.date(2026, 11, 22)
NORTH, SOUTH, WEST = (("region", name) for name in ("north", "south", "west"))
ROADS, RAIL = ("work", "roads"), ("work", "rail")


def line(quantity="1", unit="100", tax="10", discount="0", **more):
    return Line("Work", D(quantity), D(unit), "200", "OUTPUT", D(10), D(discount), tax_amount=D(tax), key="7", **more)


def shares(*entries, digits=2):
    return {share.tracking: share.weight for share in tracking.shares([(D(weight), tags) for weight, tags in entries], digits)}


# --- what a distribution says ---


@pytest.mark.parametrize(
    "entries, expected",
    [
        ((), {(): D(100)}),
        ([("60", (NORTH,)), ("40", (SOUTH,))], {(NORTH,): D(60), (SOUTH,): D(40)}),
        ([("60", (NORTH, ROADS)), ("40", (SOUTH,))], {(NORTH, ROADS): D(60), (SOUTH,): D(40)}),
        ([("60", (ROADS, NORTH)), ("40", (NORTH, ROADS))], {(NORTH, ROADS): D(100)}),  # the order of tags does not matter
        ([("25", (NORTH,))], {(NORTH,): D(25), (): D(75)}),
        ([("60", (NORTH,)), ("40", (ROADS,))], {(NORTH,): D(60), (ROADS,): D(40)}),  # room for all
        ([("100", (NORTH,)), ("100", (ROADS,))], {(NORTH, ROADS): D(100)}),
        ([("100", (NORTH,)), ("60", (ROADS,)), ("40", (RAIL,))], {(NORTH, ROADS): D(60), (NORTH, RAIL): D(40)}),
        ([("70", (NORTH,)), ("50", (ROADS,))], {(NORTH,): D(50), (NORTH, ROADS): D(20), (ROADS,): D(30)}),
        ([("30", (NORTH, RAIL)), ("70", (SOUTH,)), ("70", (ROADS,))], {(NORTH, RAIL): D(30), (SOUTH, ROADS): D(70)}),
        ([("150", (NORTH,))], {(NORTH,): D(150), (): D(-50)}),
        ([("120", (NORTH,)), ("-20", (SOUTH,))], {(NORTH,): D(120), (SOUTH,): D(-20)}),
        ([("100", (NORTH,)), ("100", (ROADS,)), ("10", (RAIL,))], {(NORTH,): D(100), (ROADS,): D(100), (RAIL,): D(10), (): D(-110)}),
        ([("100", ()), ("60", (NORTH,))], {(NORTH,): D(60), (): D(40)}),  # a plan that is not tracked says nothing
        ([("0", (NORTH,))], {(): D(100)}),
    ],
)
def test_shares(entries, expected):
    assert shares(*entries) == expected


def test_three_thirds_are_the_whole_within_the_precision_of_percentages():
    thirds = [("33.3333", (tag,)) for tag in (NORTH, SOUTH, WEST)]
    assert () not in shares(*thirds, digits=2)
    assert shares(*thirds, digits=4)[()] == D("0.0001")


# --- splitting ---


@pytest.mark.parametrize(
    "amount, weights, currency, expected",
    [
        ("100.00", "60 40", "AUD", "60.00 40.00"),
        ("0.01", "50 50", "AUD", "0.01 0.00"),
        ("100.00", "1 1 1", "AUD", "33.34 33.33 33.33"),
        ("-100.00", "1 1 1", "AUD", "-33.34 -33.33 -33.33"),  # as the credit note of the line above
        ("10.00", "15 85", "AUD", "1.50 8.50"),
        ("0.05", "33 33 34", "AUD", "0.02 0.01 0.02"),
        ("100.00", "150 -50", "AUD", "150.00 -50.00"),
        ("1", "1 1", "JPY", "1 0"),
        ("0.001", "40 60", "KWD", "0 0.001"),
    ],
)
def test_apportion(amount, weights, currency, expected):
    found = tracking.apportion(D(amount), [D(weight) for weight in weights.split()], currency)
    assert found == [D(part) for part in expected.split()]


def test_shares_that_cancel_out_are_refused():
    with pytest.raises(ValueError, match="cancel out"):
        tracking.apportion(D(10), [D(1), D(-1)])


def test_quantity_is_split_where_xero_then_arrives_at_the_amount():
    found = tracking.split(line("10", "5", "5"), tracking.shares([(D(60), (NORTH,)), (D(40), (SOUTH,))]), "AUD")
    assert [(part.quantity, part.unit_amount, part.description) for part in found] == [(D(6), D(5), "Work"), (D(4), D(5), "Work")]
    assert [part.tracking for part in found] == [(NORTH,), (SOUTH,)]
    assert [part.tax_amount for part in found] == [D(3), D(2)]


def test_otherwise_a_part_is_one_unit_that_tells_what_it_is_part_of():
    found = tracking.split(line("3", "3.35", "1.01"), tracking.shares([(D("33.3"), (NORTH,)), (D("66.7"), (SOUTH,))]), "AUD")
    assert [(part.quantity, part.unit_amount) for part in found] == [(D("0.999"), D("3.35")), (D("2.001"), D("3.35"))]
    found = tracking.split(line("1", "0.05", "0"), tracking.shares([(D(50), (NORTH,)), (D(50), (SOUTH,))]), "AUD")
    assert [(part.quantity, part.unit_amount) for part in found] == [(D(1), D("0.03")), (D(1), D("0.02"))]
    assert found[0].description == "Work\n50 %"
    thirds = tracking.shares([(D("33.33"), (tag,)) for tag in (NORTH, SOUTH, WEST)])
    assert tracking.split(line("2", "0.05", "0.01"), thirds, "AUD")[0].description == "Work\n33.33 % of 2"


def test_parts_without_anything_are_left_out():
    assert [part.tracking for part in tracking.split(line("1", "0.01", "0"), [Share(D(60), (NORTH,)), Share(D(40))], "AUD")] == [(NORTH,)]
    free = tracking.split(line("3", "0", "0"), [Share(D(40), (NORTH,)), Share(D(60), (SOUTH,))], "AUD")
    assert [(part.quantity, part.tracking) for part in free] == [(D(3), (SOUTH,))]


def test_texts_and_whole_lines_stay_one():
    text = Line("Section", None, None)
    assert tracking.split(text, tracking.shares([(D(60), (NORTH,))]), "AUD") == (text,)
    assert tracking.split(line(), tracking.shares([(D(100), (NORTH,))]), "AUD") == (replace(line(), tracking=(NORTH,)),)
    assert tracking.split(line(), tracking.shares([]), "AUD") == (line(),)


def test_keys_tell_the_parts_apart():
    found = tracking.split(line(), [Share(D(60), (NORTH,)), Share(D(30), (SOUTH,)), Share(D(10))], "AUD")
    assert [part.key for part in found] == ["7", "7.1", "7.2"]


def _a_distribution(dice):
    """One as Odoo may have it: of one or two plans, whole or not, sometimes above 100 or below 0."""
    tags = [("region", f"r{n}") for n in range(4)], [("work", f"w{n}") for n in range(4)]
    entries = []
    for _number in range(dice.randint(1, 4)):
        chosen = tuple(dice.choice(kind) for kind in tags if dice.random() < 0.7)
        weight = dice.choice([D(100), D(50), D(dice.randint(1, 9999)) / 100, D(dice.randint(1, 999999)) / 10000])
        entries.append((-weight if dice.random() < 0.05 else weight, chosen))
    return entries


def _a_line(dice):
    unit = D(dice.randint(0, 5_000_000)) / dice.choice([1, 10, 100, 1000, 10000])
    quantity = D(dice.choice([1, 1, 2, 3, 7, 12, D("0.5"), D("1.3333"), D("24.75")]))
    discount = D(dice.choice([0, 0, 0, 10, 33, D("12.5")]))
    currency = dice.choice(["AUD", "AUD", "USD", "JPY"])
    sign = dice.choice([1, 1, 1, -1])
    amount = rounding.rounded(sign * quantity * unit * (100 - discount) / 100, currency)
    tax = rounding.rounded(amount / 10, currency) + dice.choice([0, 0, D("0.01") if currency != "JPY" else D(1)])
    made = Line("Work", quantity, sign * unit, tax_rate=D(10), discount_rate=discount, tax_amount=tax, key="7", amount=amount)
    return made, amount, tax, currency


def test_whatever_the_line_and_the_distribution_every_sum_is_exact():
    def one_line(dice):
        made, amount, tax, currency = _a_line(dice)
        entries = _a_distribution(dice)
        shared = tracking.shares(entries)
        found = [rounding.written(part, "Exclusive", currency) for part in tracking.split(made, shared, currency)]
        for ties in rounding.TIES:
            assert sum(rounding.line_amount(part, currency, ties) for part in found) == amount, (made, entries)
        assert sum(part.tax_amount for part in found) == tax, (made, entries)
        _assert_each_option_exact(found, entries, shared, amount, currency, (made, entries))

    play(1000, one_line)


def _assert_each_option_exact(found, entries, shared, amount, currency, told):
    """What an option gets differs from its percentage by less than a cent for each line that it is spread over."""
    whole = sum(share.weight for share in shared)
    if not amount:
        return
    for tag in {tag for _weight, tags in entries for tag in tags}:
        got = sum((rounding.line_amount(part, currency) for part in found if tag in part.tracking), D(0))
        due = Fraction(amount) * Fraction(sum((weight for weight, tags in entries if tag in tags), D(0))) / Fraction(whole)
        spread = max(1, sum(tag in share.tracking for share in shared))
        assert abs(Fraction(got) - due) < spread * Fraction(D(1).scaleb(-rounding.decimals(currency))), (tag, *told)
        assert all(len({kind for kind, _option in part.tracking}) == len(part.tracking) for part in found), told


def test_a_document_of_split_lines_settles_to_the_same_totals():
    def one_document(dice):
        lines = [line(str(dice.randint(1, 9)), f"{dice.randint(1, 99999) / 100:.2f}", "0") for _line in range(dice.randint(1, 6))]
        lines = [replace(each, tax_amount=rounding.line_tax(replace(each, tax_amount=None), "Exclusive", "AUD")) for each in lines]
        whole = rounding.totals(Invoice("ACCREC", "INV/1", "c", DAY, DAY, "AUD", tuple(lines), D(0), D(0)))
        parts = [part for each in lines for part in tracking.split(each, tracking.shares(_a_distribution(dice)), "AUD")]
        document = Invoice("ACCREC", "INV/1", "c", DAY, DAY, "AUD", tuple(parts), whole.total, whole.total_tax)
        assert rounding.totals(settling.settle(document, settling.Cents(tolerance=D(1))).invoice) == whole, parts

    play(200, one_document)


@pytest.mark.parametrize(
    ("found", "same"),
    [
        ([[("o1", "North")], [("o2", "Red"), ("o1", "North")]], True),
        ([[("o2", "Red"), ("o1", "North")], [], [("o1", "North")]], True),
        ([[("", "north ")], [("", "RED"), ("", "North")]], True),
        ([[("", "North")], [("", "North")]], False),
        ([[("", "South")], [("", "Red"), ("", "North")]], False),
        ([[("o3", "North")], [("o2", "Red"), ("o1", "North")]], False),
        ([], False),
    ],
)
def test_options_that_an_answer_repeats(found, same):
    """By their ids, and in Xero's lists, which leave these out, by their names."""
    assert tracking.repeats((("o1",), ("o1", "o2")), {"o1": "North", "o2": "Red"}, found) is same
