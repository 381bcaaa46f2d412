"""What suggestions for bank lines must reach on lines that somebody else made up, and what each is called sure for."""

from datetime import date, timedelta
from decimal import Decimal
from zlib import crc32

import bank_answers
import pytest
from bank_answers import facts, matcher

from benchmarks.bank_lines import World

DAY = date(2026, 11, 27)
SEEDS = (1, 2, 3, 17, 42, 154, 555)  # 154: a number of last year has the end of one that was paid; 555: a day that looks like a number


@pytest.mark.parametrize("seed", SEEDS)
def test_goals(seed):
    figures = bank_answers.judged(World(seed))
    assert figures.lines == 500
    assert figures.wrong == []
    assert figures.sure_share >= 0.6
    assert figures.right_share >= 0.9


def item(number, amount, *, kind=facts.DOCUMENT, partner=1, name="Azure Interior Pty Ltd", currency="AUD", **values):
    about = {"reference": number, "day": DAY - timedelta(days=30), "due": DAY, **values}
    return facts.OpenItem(
        crc32(f"{number} {partner}".encode()), kind, Decimal(amount), currency, number, partner=partner, name=name, **about
    )


def first_of(text, amount, *items, past=(), **values):
    line = facts.Line(1, DAY, text, Decimal(amount), values.pop("currency", "AUD"), **values)
    ranked = matcher.suggest([line], items, past)[1]
    return ranked[0] if ranked else None


NUMBER = "INV/2026/00142"
OTHER = {"partner": 2, "name": "Harbour Catering"}


@pytest.mark.parametrize(
    ("text", "reason", "is_sure"),
    [
        ("CUSTOMER A PTY INV/2026/00142", "number", True),  # of whoever pays it
        ("DIRECT CREDIT inv 2026 00142", "number", True),
        ("AZURE INT 0142", "number", True),
        ("WOOLWORTHS 0142", "number", False),
        ("AZURE INTERIOR", "partner", True),
        ("AZR INTRR", "partner", True),
        ("INTERIOR AZURE NETBANK", "partner", True),
        ("AZURE", "name", False),
        ("AZURE INTERIOR INV/2026/00099", "another_number", False),
        ("AZURE INTERIOR INV 099", "another_number", False),
        ("DEPOSIT 44871", "amount", False),
    ],
)
def test_one_item(text, reason, is_sure):
    found = first_of(text, "1320", item(NUMBER, "1320"), item("INV/2026/00150", "77", **OTHER))
    assert (found.reason, found.is_sure) == (reason, is_sure)


def test_who_is_not_named_gets_nothing():
    assert first_of("WOOLWORTHS 4471", "1320", item(NUMBER, "1320")) is None
    assert first_of("AZURE INTERIOR", "1320", item(NUMBER, "1320", currency="USD")) is None
    assert first_of("AZURE INTERIOR", "1320", item(NUMBER, "-1320")) is None


def test_a_day_is_no_number():
    mine = item("INV/2026/00211", "1320")
    assert not first_of("AZURE 0211", "1320", mine).is_sure
    assert first_of("AZURE INV 0211", "1320", mine).is_sure
    assert first_of("AZURE 00211", "1320", mine).is_sure


def test_the_bank_knows_whose_it_is():
    mine, other = item(NUMBER, "1320"), item("INV/2026/00150", "1320", **OTHER)
    found = first_of("DEPOSIT", "1320", mine, other, partner=1)
    assert (found.items, found.is_sure) == ((mine.id,), True)
    assert not first_of("DEPOSIT INV/2026/00142", "1320", mine, other, partner=2).is_sure


def test_twins_are_never_sure():
    mine = item(NUMBER, "1320")
    assert not first_of("AZURE INTERIOR", "1320", mine, item("INV/2026/00150", "1320")).is_sure
    assert not first_of("AZURE", "1320", mine, item("INV/2026/00150", "1320", partner=2, name="Azure Catering")).is_sure
    assert not first_of("AZURE 00142", "1320", mine, item("INV/2025/00142", "1320")).is_sure
    assert not first_of("AZURE INTERIOR", "1320", mine, item("INV/2026/00150", "1000"), item("INV/2026/00151", "320")).is_sure
    assert not first_of("AZURE INTERIOR", "1320", mine, item("INV/2026/00150", "1", partner=2, name="Azure Interior Design")).is_sure


def test_several():
    one, two, three = (item(f"INV/2026/0013{number}", amount) for number, amount in ((7, "1100"), (8, "1210"), (9, "90")))
    found = first_of("DIRECT CREDIT CUST B 0137 0138", "2310", one, two, three)
    assert (set(found.items), found.reason, found.is_sure) == ({one.id, two.id}, "numbers", True)
    found = first_of("AZURE INTERIOR", "2310", one, two, three)
    assert (set(found.items), found.reason, found.is_sure) == ({one.id, two.id}, "together", False)
    found = first_of("AZURE INTERIOR", "2400", one, two, three)
    assert (len(found.items), found.is_sure) == (3, False)
    assert first_of("AZURE INTERIOR", "2311", one, two, three) is None


def test_a_credit_note_with_an_invoice():
    invoice, credit = item(NUMBER, "1320"), item("RINV/2026/00007", "-20", kind=facts.CREDIT)
    found = first_of("AZURE INV/2026/00142 RINV/2026/00007", "1300", invoice, credit)
    assert (set(found.items), found.is_sure) == ({invoice.id, credit.id}, True)


def test_fee_as_before():
    day = DAY - timedelta(days=1)
    cards = [
        item(f"PAY{number}", amount, kind=facts.PAYMENT, day=day, method="card", partner=number)
        for number, amount in enumerate(("500", "336.10"), 3)
    ]  # noqa: E501
    before = [facts.Past("CARD PAYOUT 0111", 0, Decimal("23.80"), Decimal("1000"), "fees")]
    found = first_of("CARD PAYOUT 2611", "816.20", *cards, past=before)
    assert (set(found.items), found.fee, found.account, found.is_sure) == ({each.id for each in cards}, Decimal("19.90"), "fees", False)
    assert first_of("CARD PAYOUT 2611", "816.20", *cards) is None, "nobody has said where the fee goes"
    assert first_of("CARD PAYOUT 2611", "700", *cards, past=before) is None


def test_less_what_a_bank_took_before():
    before = [facts.Past("AZURE", 1, Decimal("15"), Decimal("900"), "fees")] * 2
    found = first_of("AZURE INV/2026/00142", "1305", item(NUMBER, "1320"), past=before)
    assert (found.reason, found.fee, found.is_sure) == ("fee", Decimal("15"), False)
    found = first_of("AZURE INV/2026/00142", "1319.98", item(NUMBER, "1320"))
    assert (found.reason, found.fee, found.is_sure) == ("cents", Decimal("0.02"), False)


def test_part():
    for text in ("AZURE INV/2026/00142", "AZURE INTERIOR PART PMT"):
        found = first_of(text, "500", item(NUMBER, "1250"))
        assert (found.reason, found.is_part, found.is_sure) == ("part", True, False)
    assert first_of("AZURE INV/2026/00142", "1500", item(NUMBER, "1250")) is None


def test_transfer():
    came = item("Savings", "-1000", kind=facts.TRANSFER, partner=0, name="", day=DAY)
    late = item("Savings 2", "-1000", kind=facts.TRANSFER, partner=0, name="", day=DAY - timedelta(days=3))
    found = first_of("TRF TO SAVINGS 4471", "-1000", came)
    assert (found.reason, found.is_sure) == ("transfer", True)
    assert not first_of("TRF TO JONES 4471", "-1000", came).is_sure
    assert first_of("INTERNAL TRANSFER 4471", "-1000", came).is_sure
    assert not first_of("INTERNAL TRANSFER 4471", "-1000", late).is_sure
    assert not first_of("INTERNAL TRANSFER 4471", "-1000", came, late).is_sure
    assert not first_of("OFFICEWORKS", "-1000", came).is_sure


def test_an_item_goes_to_one_line():
    """Of two lines the one that names the number has it; where both do, somebody paid twice, and nobody can say which was it."""
    mine = item(NUMBER, "1320")
    lines = [facts.Line(number, DAY, text, Decimal("1320"), "AUD") for number, text in ((1, "AZURE INTERIOR"), (2, f"AZURE {NUMBER}"))]
    found = matcher.suggest(lines, [mine])
    assert (found[1][0].is_sure, found[2][0].is_sure) == (False, True)
    twice = [facts.Line(number, DAY, f"AZURE {NUMBER}", Decimal("1320"), "AUD") for number in (1, 2)]
    assert not any(ranked[0].is_sure for ranked in matcher.suggest(twice, [mine]).values())


def test_words_of_names_stay_names():
    """A word that many lines say is the bank's, unless somebody is called so."""
    mine = item(NUMBER, "1320", name="Metro Freight")
    lines = [facts.Line(number, DAY, "METRO FREIGHT", Decimal("1320") + number, "AUD") for number in range(50)]
    assert matcher.suggest(lines, [mine])[0][0].is_sure
