"""What becomes of documents that were made in Xero: a test for each row of the table, and that what is kept of them loses nothing."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pure import load
from xero_core.resources import invoices
from xero_core.resources.lines import Line

facts = load("handlers.made_facts")
Facts, Verdict = facts.Facts, facts.Verdict
DAY = date(2026, 10, 5)
GOOD = Facts(mode="posted")

DECISIONS = [
    ("known, whatever else", replace(GOOD, is_known=True, alike="INV/1", is_gone=True), Verdict.KNOWN, ""),
    ("voided before it came in", replace(GOOD, is_gone=True, alike="INV/1"), Verdict.GONE, ""),
    ("its number is on the wire", replace(GOOD, is_on_the_wire=True, alike="INV/1"), Verdict.WAIT, ""),
    ("like what is here", replace(GOOD, alike="INV/1", mode="no"), Verdict.PROPOSED, "alike"),
    ("an Odoo has sent it", replace(GOOD, is_sent_once=True, may_be=2), Verdict.ASKED, "sent"),
    ("an Odoo has sent it, and a person wants it", replace(GOOD, is_sent_once=True, is_said=True), Verdict.POST, ""),
    ("its kind does not come in any more", replace(GOOD, mode="no"), Verdict.ASKED, "mode"),
    ("nobody has chosen any more", replace(GOOD, mode=""), Verdict.ASKED, "mode"),
    ("its kind does not come in, and a person wants it", replace(GOOD, mode="no", is_said=True), Verdict.DRAFT, ""),
    ("several contacts", replace(GOOD, may_be=2, lacks="no journal"), Verdict.ASKED, "who"),
    ("no place", replace(GOOD, lacks="no journal", locked=DAY), Verdict.HELD, "lacks"),
    ("closed period", replace(GOOD, locked=DAY), Verdict.HELD, "locked"),
    ("a person wants what is impossible", replace(GOOD, locked=DAY, is_said=True), Verdict.HELD, "locked"),
    ("posted", GOOD, Verdict.POST, ""),
    ("as a draft", replace(GOOD, mode="draft"), Verdict.DRAFT, ""),
]


@pytest.mark.parametrize(("case", "known", "verdict", "cause"), DECISIONS, ids=[row[0] for row in DECISIONS])
def test_each_row(case, known, verdict, cause):
    answer = facts.decide(known)
    assert (answer.verdict, answer.cause) == (verdict, cause)


def test_what_is_kept_comes_back():
    told = invoices.Invoice(
        "ACCPAY", "B-1", "c", DAY, None, "EUR",
        (
            Line("Work", Decimal("1.5"), Decimal("33.3333"), "400", "INPUT", tax_amount=Decimal("5.01"), amount=Decimal("50.00"),
                 tracking=(("plan", "one"), ("plan2", "")), option_names=("One", "Two")),
            Line("a note", None, None),
        ),
        Decimal("55.01"), Decimal("5.01"), currency_rate=Decimal("0.612345"),
    )  # fmt: skip
    remote = invoices.RemoteInvoice(
        xero_id="x", told=told, status="PAID", amount_due=Decimal(0), amount_settled=Decimal("55.01"), credits=(("CreditNote", "n"),)
    )
    assert invoices.recalled(json.loads(json.dumps(invoices.kept(remote)))) == remote


def test_a_field_that_is_not_known_any_more_is_left_out():
    remote = invoices.from_xero({"InvoiceID": "11111111-1111-1111-1111-111111111111", "Type": "ACCREC", "Total": "1.10"})
    assert invoices.recalled({**invoices.kept(remote), "colour": "red"}) == remote


def test_what_was_used_for_it():
    payload = {"Type": "ACCREC", "Overpayments": [{"OverpaymentID": "A1111111-1111-1111-1111-111111111111"}], "CISDeduction": 20}
    remote = invoices.from_xero(payload)
    assert (remote.credits, remote.cis) == ((("Overpayment", "a1111111-1111-1111-1111-111111111111"),), Decimal(20))
