"""What becomes of Xero's bank transactions and transfers: the pure parts."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pure import load
from xero_core.resources import bank_transactions

transfers, pieces, taking = load("handlers.banking.transfer_facts"), load("handlers.money.feed.pieces"), load("handlers.money.taking.facts")
Facts = transfers.Facts
DAY = date(2026, 10, 31)

DECISIONS = [
    ("known, whatever else", replace(Facts(), is_known=True, comes=1, locked=DAY), "booked", ""),
    ("neither bank's lines come from Xero", Facts(comes=0, is_sent_once=True), "seen", ""),
    ("an Odoo has made it", Facts(is_sent_once=True, comes=1), "asked", "sent"),
    ("an Odoo has made it, and a person wants it", Facts(is_sent_once=True, is_said=True), "book", ""),
    ("one bank has statements here", Facts(comes=1, other="Savings", alike="BNK1/1"), "held", "one_side"),
    ("two currencies", Facts(two_currencies=True, alike="BNK1/1"), "held", "two_currencies"),
    ("a journal is archived", Facts(journal_off="Savings", alike="BNK1/1"), "held", "journal_off"),
    ("a line like it is here", Facts(alike="BNK1/1", locked=DAY), "proposed", "alike"),
    ("a closed period", Facts(locked=DAY, is_said=True), "held", "locked"),
    ("else", Facts(), "book", ""),
]


@pytest.mark.parametrize(("facts", "state", "cause"), [row[1:] for row in DECISIONS], ids=[row[0] for row in DECISIONS])
def test_transfers(facts, state, cause):
    assert transfers.decide(facts)[:2] == (state, cause)


def _transaction(types, *lines):
    """As Xero tells it; each line is ``(what stands there, its tax)``."""
    rows = [
        {
            "Description": "x",
            "Quantity": 1,
            "UnitAmount": str(amount),
            "LineAmount": str(amount),
            "TaxAmount": str(tax),
            "AccountCode": "429",
        }
        for amount, tax in lines
    ]
    return bank_transactions.from_xero({"Type": "SPEND", "LineAmountTypes": types, "LineItems": rows}).told


@pytest.mark.parametrize(
    ("types", "line", "gross"), [("Exclusive", ("100", "10"), "110"), ("Inclusive", ("110", "10"), "110"), ("NoTax", ("110", "0"), "110")]
)
def test_parts_are_with_tax_whatever_the_prices_were(types, line, gross):
    [piece] = pieces.pieces_of(_transaction(types, line), is_out=True)
    assert (piece.amount, piece.tax_amount) == (-Decimal(gross), -Decimal(line[1]))
    [piece] = pieces.pieces_of(_transaction(types, line), is_out=False)
    assert piece.amount == Decimal(gross)


def test_texts_and_nothing_are_no_parts():
    transaction = _transaction("Inclusive", ("0", "0"), ("5", "0"), ("-2", "0"))
    text = replace(transaction.lines[0], quantity=None, unit_amount=None, amount=None)
    found = pieces.pieces_of(replace(transaction, lines=(*transaction.lines, text)), is_out=True)
    assert [piece.amount for piece in found] == [Decimal(-5), Decimal(2)]


def test_any_parts_make_up_the_whole():
    """Whatever people enter: what moved is what its parts come to, and so is the tax, exactly."""
    chance = random.Random(14)
    for _number in range(500):
        types, is_out = chance.choice(["Exclusive", "Inclusive", "NoTax"]), chance.random() < 0.5
        lines = [
            (Decimal(chance.randint(-9999, 99999)) / 100, Decimal(chance.randint(0, 999)) / 100) for _line in range(chance.randint(1, 6))
        ]
        lines = [(amount, Decimal(0) if types == "NoTax" else tax) for amount, tax in lines]
        total = sum(amount + (tax if types == "Exclusive" else 0) for amount, tax in lines)
        found = pieces.pieces_of(_transaction(types, *lines), is_out)
        sign = -1 if is_out else 1
        assert sum(piece.amount for piece in found) == sign * total
        assert sum(piece.tax_amount for piece in found) == sign * sum(tax for _amount, tax in lines)


def test_what_was_kept_before_says_the_same():
    """Money of other kinds says nothing more than before: rows that a person has answered are not asked about again."""
    told = taking.Told(taking.PAYMENT, "p", DAY, (taking.Share("i", Decimal(1)),))
    assert "said" not in told.as_json()
    assert taking.Told.from_json(told.as_json()) == told
    line = taking.Told(taking.BANK, "b", DAY, amount=Decimal("1.10"), said={"transaction": {}, "is_reconciled": True, "payee": "A"})
    assert taking.Told.from_json(line.as_json()) == line


def test_that_the_bank_was_matched_makes_no_other_line():
    one = {"amount": "1", "said": {"transaction": {"lines": []}, "is_reconciled": True, "payee": "A"}}
    assert pieces.content(one) == pieces.content({**one, "said": {**one["said"], "is_reconciled": False, "payee": "B"}})
    assert pieces.content(one) != pieces.content({**one, "amount": "2"})
