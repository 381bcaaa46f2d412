"""What becomes of money that was made or removed in Xero: a test for each row of the tables, without a database."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pure import load

facts = load("handlers.money.taking.facts")
Facts, Debt, Gone, Recorder, Share, Told, Verdict = (
    facts.Facts, facts.Debt, facts.Gone, facts.Recorder, facts.Share, facts.Told, facts.Verdict,
)  # fmt: skip
TEN, DAY = Decimal(10), date(2026, 10, 5)
DEBT = Debt("INV/1", open=TEN, amount=TEN)
GOOD = Facts((DEBT,), recorder=Recorder.XERO)

DECISIONS = [
    ("known, whatever else", replace(GOOD, is_known=True, strangers=1, alike="P1"), Verdict.KNOWN, ""),
    ("none of its documents is ours", Facts(strangers=1), Verdict.NOT_OURS, ""),
    ("it may be our own, on the wire", replace(GOOD, is_on_the_wire=True, strangers=1), Verdict.WAIT, ""),
    ("some of its documents are not ours", replace(GOOD, strangers=1, alike="P1"), Verdict.HELD, "strangers"),
    ("something has no place", replace(GOOD, lacks="no contact"), Verdict.HELD, "lacks"),
    ("no journal", replace(GOOD, unmapped_bank="Cheque", recorder=Recorder.NOBODY), Verdict.HELD, "unmapped"),
    ("like what is here", replace(GOOD, alike="P1"), Verdict.PROPOSED, "alike"),
    ("like what is here, and nobody records", replace(GOOD, alike="P1", recorder=Recorder.NOBODY), Verdict.PROPOSED, "alike"),
    ("nobody has chosen", replace(GOOD, recorder=Recorder.NOBODY), Verdict.ASKED, "nobody"),
    ("nobody has chosen for credit", replace(GOOD, recorder=Recorder.NOBODY, needs_bank=False), Verdict.ASKED, "nobody_allocates"),
    ("Odoo records", replace(GOOD, recorder=Recorder.ODOO), Verdict.ASKED, "odoo"),
    ("Odoo matches credit", replace(GOOD, recorder=Recorder.ODOO, needs_bank=False), Verdict.ASKED, "odoo_allocates"),
    ("Odoo records, and a person wants this", replace(GOOD, recorder=Recorder.ODOO, is_said=True), Verdict.BOOK, ""),
    ("a person wants what is impossible", replace(GOOD, is_said=True, locked=DAY), Verdict.HELD, "locked"),
    ("tax of a prepayment", replace(GOOD, debts=(), tax="$ 4.00", locked=DAY), Verdict.ASKED, "taxed"),
    ("tax of a prepayment, and a person wants it", replace(GOOD, debts=(), tax="$ 4.00", is_said=True), Verdict.BOOK, ""),
    ("tax of a prepayment, and Odoo records", replace(GOOD, debts=(), tax="$ 4.00", recorder=Recorder.ODOO), Verdict.ASKED, "odoo"),
    ("draft", replace(GOOD, debts=(DEBT, replace(DEBT, is_posted=False))), Verdict.HELD, "draft"),
    ("a third currency", replace(GOOD, debts=(replace(DEBT, is_other_currency=True),)), Verdict.HELD, "currency"),
    ("more than is open", replace(GOOD, debts=(DEBT, replace(DEBT, open=Decimal("9.99")))), Verdict.HELD, "too_much"),
    ("Odoo would refuse it", replace(GOOD, refusal=("journal_off", "Bank"), locked=DAY), Verdict.HELD, "journal_off"),
    ("closed period", replace(GOOD, locked=DAY), Verdict.HELD, "locked"),
    ("money without a document", Facts(recorder=Recorder.BOTH), Verdict.BOOK, ""),
    ("Xero records", GOOD, Verdict.BOOK, ""),
    ("both record", replace(GOOD, recorder=Recorder.BOTH), Verdict.BOOK, ""),
]

MINE = Gone(is_ours=True)
GONE = [
    ("on the wire", Gone(is_on_the_wire=True, is_matched=True), Verdict.WAIT, ""),
    ("made here, nobody has chosen", MINE, Verdict.ASKED, "gone"),
    ("made here, Odoo records", replace(MINE, recorder=Recorder.ODOO, is_matched=True), Verdict.ASKED, "gone"),
    ("made here, Xero records", replace(MINE, recorder=Recorder.XERO), Verdict.BOOK, ""),
    ("made here, a person wants it back", replace(MINE, is_said=True), Verdict.BOOK, ""),
    ("matched on the bank", Gone(is_matched=True, is_in_part=True), Verdict.HELD, "gone_bank"),
    ("part of more", Gone(is_in_part=True), Verdict.HELD, "gone_part"),
    ("secured", Gone(is_hashed=True), Verdict.HELD, "gone_hash"),
    ("closed period", Gone(locked=DAY), Verdict.HELD, "gone_locked"),
    ("made in Xero", Gone(), Verdict.BOOK, ""),
]


@pytest.mark.parametrize(("what", "given", "verdict", "cause"), DECISIONS, ids=[row[0] for row in DECISIONS])
def test_made(what, given, verdict, cause):
    answer = facts.decide(given)
    assert (answer.verdict, answer.cause) == (verdict, cause)


@pytest.mark.parametrize(("what", "given", "verdict", "cause"), GONE, ids=[row[0] for row in GONE])
def test_removed(what, given, verdict, cause):
    answer = facts.decide_gone(given)
    assert (answer.verdict, answer.cause) == (verdict, cause)


def test_what_it_is_about():
    assert facts.decide(replace(GOOD, alike="P1")).about == "P1"
    assert facts.decide(replace(GOOD, locked=DAY)).about == DAY


def test_kept_as_it_was_told():
    """Through JSON and back: amounts stay what they are, and what is not there stays so."""
    told = Told(
        "payment", "x1", DAY, (Share("d1", Decimal("10.10"), None), Share("d2", TEN, Decimal("21.5"))), account_id="a", reference="EFT"
    )
    again = Told.from_json(json.loads(json.dumps(told.as_json())))
    assert again == told
    assert again.as_json() == told.as_json()
    assert told.total == Decimal("20.10")


def test_told_by_a_later_version():
    """A row may name what this version does not know."""
    told = Told("payment", "x1", DAY)
    assert Told.from_json({**told.as_json(), "colour": "blue"}) == told
