"""What a rule by example keeps of a bank line, and what it lets go."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pure import load

pattern = load("handlers.banking.pattern")
AUD, EUR = 1, 2


def line(text, amount="-9.50", currency=AUD, **values):
    return pattern.Line(text, Decimal(amount), currency, **values)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CARD FEE NOV", "CARD FEE"),
        ("CARD FEE NOV 2026", "CARD FEE"),
        ("24/11 CARD FEE.", "CARD FEE"),
        ("DEPOSIT 44871", "DEPOSIT"),
        ("Direct Debit 0099 TELSTRA CORP LTD 12345", "TELSTRA CORP LTD"),
        ("UBER *TRIP HELP.UBER.COM", "UBER *TRIP HELP.UBER.COM"),
        ("FEE (monthly) [a-z]+ .*", "FEE (monthly) [a-z"),
        ("ЗАРПЛАТА за ноябрь 2026", "ЗАРПЛАТА за ноябрь"),
        ("手数料 11月", "手数料"),
        ("٣٤٥ رسوم البنك", "رسوم البنك"),
        ("50% OFF_ER SHOP", "SHOP"),
        ("one\ntwo words", "two words"),
        ("4471 8821", ""),
        ("AB 12", ""),
        ("", ""),
    ],
)
def test_what_stays(text, words):
    assert pattern.constant_words(text) == words


def test_months_of_another_language():
    assert pattern.constant_words("ЗАРПЛАТА за ноябрь 2026", months={"ноябрь"}) == "ЗАРПЛАТА за"


def test_lines_booked_alike_show_what_belongs():
    assert pattern.constant_words("UBER TRIP SYDNEY", ["UBER TRIP MELBOURNE"]) == "UBER TRIP"
    assert pattern.constant_words("UBER TRIP SYDNEY", ["TAXI"]) == "UBER TRIP SYDNEY"


def test_words_of_everything_else_are_no_mark():
    """Both are booked to the same account, and every other line says DIRECT CREDIT too."""
    words = pattern.constant_words("DIRECT CREDIT SMITH", ["DIRECT CREDIT JONES"], ["DIRECT CREDIT BROWN"])
    assert words == "DIRECT CREDIT SMITH"


def test_if_everything_says_it_the_longest_is_left():
    assert pattern.constant_words("DEPOSIT 1", against=["DEPOSIT 2"]) == "DEPOSIT"


@given(st.text(max_size=40))
def test_what_stays_is_in_the_text(text):
    assert pattern.constant_words(text) in text


@given(st.text(alphabet="abc %_\\1", max_size=20))
def test_nothing_that_means_something_else_in_a_condition(text):
    assert pattern.WILD.isdisjoint(pattern.constant_words(text))


@pytest.mark.parametrize(
    ("amount", "limit"),
    [("9.50", "10"), ("10", "20"), ("-0.30", "0.50"), ("0", "0.01"), ("1", "2"), ("2750", "5000"), ("49.99", "50")],
)
def test_round_amounts(amount, limit):
    assert pattern.next_round(Decimal(amount)) == Decimal(limit)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_round_amounts_are_above(amount):
    assert amount < pattern.next_round(amount) <= max(amount * Decimal("2.5"), Decimal("0.01"))


def test_the_example_of_the_drawing():
    assert pattern.condition(line("CARD FEE NOV")) == [
        ("payment_ref", "ilike", "CARD FEE"), ("amount", "<", 0), ("amount", ">", -10.0), ("currency_id", "=", AUD),
    ]  # fmt: skip


def test_money_in_stays_money_in():
    assert pattern.condition(line("INTEREST", "12.00"))[1:3] == [("amount", ">=", 0), ("amount", "<", 20.0)]


def test_the_limit_is_above_those_like_it():
    others = [line("CARD FEE OCT", "-19.00"), line("CARD FEE SEP", "300.00"), line("CARD FEE", "-400", EUR), line("RENT", "-2000")]
    assert ("amount", ">", -20.0) in pattern.condition(line("CARD FEE NOV"), others)


def test_without_words_the_number_and_then_the_partner():
    assert pattern.condition(line("4471", account_number="062-000 1", partner_id=7))[0] == ("account_number", "=", "062-000 1")
    assert pattern.condition(line("4471", partner_id=7))[0] == ("partner_id", "=", 7)
    assert pattern.condition(line("4471")) == []


def test_keys():
    assert pattern.key("CARD FEE NOV 2026") == pattern.key("Card fee  24/12") == "card fee"
    assert pattern.key("4471 AB") == ""


def test_a_habit():
    fees, travel, matched = ("card fee", "fees", True), ("card fee", "travel", True), ("card fee", None, True)
    assert pattern.habits([fees] * 2) == {}
    assert pattern.habits([fees] * 3) == {"card fee": "fees"}
    assert pattern.habits([fees] * 9 + [travel]) == {}
    assert pattern.habits([fees] * 9 + [matched]) == {}
    assert pattern.habits([matched] * 9) == {}


def test_what_rules_booked_is_no_habit_of_people():
    fees, by_rule, otherwise = ("card fee", "fees", True), ("card fee", "fees", False), ("card fee", "travel", False)
    assert pattern.habits([fees] * 2 + [by_rule] * 9) == {}
    assert pattern.habits([fees] * 3 + [by_rule]) == {"card fee": "fees"}
    assert pattern.habits([fees] * 3 + [otherwise]) == {}
