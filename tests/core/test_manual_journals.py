"""Manual journals: payload and answer, the arithmetic, and the calls against the simulator, whichever way its switches stand."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from test_client_simulator import URL, Wired
from xero_core import errors
from xero_core.resources import manual_journals as resource
from xero_core.resources.manual_journals import JournalLine, ManualJournal

D = Decimal
DAY = datetime.date(2026, 10, 1)
LINES = (JournalLine("477", D("100.10"), "Wages"), JournalLine("825", D("-100.10"), "Owed"))
JOURNAL = ManualJournal("MISC/1 #7", DAY, LINES, url="https://odoo.example.com/7")
TAXED = replace(
    JOURNAL,
    lines=(JournalLine("200", D(-100), "Sale", "OUTPUT", D(10)), JournalLine("900", D(110), "Loan", "BASEXCLUDED")),
    line_amount_types="Exclusive",
)


@pytest.fixture
def wired():
    return Wired()


def make(wired, journal=JOURNAL, key="journal-1"):
    return wired.client.create_manual_journals([resource.to_xero(journal)], key)[0]


# --- mapping ---------------------------------------------------------------------------------------


def test_payload():
    assert resource.to_xero(replace(JOURNAL, on_cash_basis=False)) == {
        "Narration": "MISC/1 #7",
        "Date": "2026-10-01",
        "LineAmountTypes": "NoTax",
        "Status": "POSTED",
        "ShowOnCashBasisReports": False,
        "Url": "https://odoo.example.com/7",
        "JournalLines": [
            {"LineAmount": D("100.10"), "AccountCode": "477", "Description": "Wages"},
            {"LineAmount": D("-100.10"), "AccountCode": "825", "Description": "Owed"},
        ],
    }


def test_tax_is_never_sent():
    assert all("TaxAmount" not in line and line["TaxType"] for line in resource.to_xero(TAXED)["JournalLines"])


def test_tracking_at_most_two():
    line = replace(LINES[0], tracking=(("c1", "o1"), ("c2", "o2"), ("c3", "o3")))
    [first, _second] = resource.to_xero(replace(JOURNAL, lines=(line, LINES[1])))["JournalLines"]
    assert [pair["TrackingOptionID"] for pair in first["Tracking"]] == ["o1", "o2"]


@pytest.mark.parametrize("journal", [replace(JOURNAL, narration=" "), replace(JOURNAL, lines=LINES[:1])])
def test_incomplete(journal):
    with pytest.raises(ValueError, match="manual journal needs"):
        resource.to_xero(journal)


def test_removal():
    assert resource.removal("x", "POSTED")["Status"] == "VOIDED"
    assert resource.removal("x", "DRAFT")["Status"] == "DELETED"


def test_arithmetic():
    assert resource.imbalance(JOURNAL) == resource.imbalance(TAXED) == 0
    assert (resource.debits(JOURNAL), resource.debits(TAXED)) == (D("100.10"), D(110))
    tie = JournalLine("200", D("0.25"), "", "OUTPUT", D(10))
    assert (resource.tax(tie, "Exclusive"), resource.tax(tie, "Exclusive", "half_even"), resource.tax(tie, "NoTax")) == (
        D("0.03"),
        D("0.02"),
        0,
    )


def test_answer_without_lines_has_no_total():
    assert resource.from_xero({"ManualJournalID": "7a1e3b0c-0000-4000-8000-000000000001"}).total is None


# --- calls -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("journal", [JOURNAL, TAXED])
@pytest.mark.parametrize("switches", [{}, {"journal_tax_amount": "override"}, {"error_elements": "bare", "element_order": "reversed"}])
def test_made_found_changed_voided(journal, switches):
    wired = Wired(**switches)
    made = make(wired, journal)
    assert made.ok, made.errors
    assert (made.remote.total, made.remote.date, made.remote.status) == (resource.debits(journal), DAY, "POSTED")
    assert wired.client.manual_journals([DAY]) == [wired.client.manual_journal(made.remote.xero_id)]
    assert wired.client.manual_journals([DAY + datetime.timedelta(days=1)]) == []
    changed = replace(journal, narration="MISC/1: other #7", xero_id=made.remote.xero_id)
    [updated] = wired.client.update_manual_journals([resource.to_xero(changed)])
    assert (updated.remote.xero_id, updated.remote.narration) == (made.remote.xero_id, "MISC/1: other #7")
    [voided] = wired.client.update_manual_journals([resource.removal(made.remote.xero_id, "POSTED")])
    assert voided.remote.status == "VOIDED"
    [again] = wired.client.update_manual_journals([resource.removal(made.remote.xero_id, "POSTED")])
    assert not again.ok
    assert wired.client.manual_journal(made.remote.xero_id).status == "VOIDED"


def test_one_refused_does_not_spoil_the_others(wired):
    bad = replace(JOURNAL, narration="bad #8", lines=(JournalLine("610", D(5)), JournalLine("825", D(-5))))
    good = replace(JOURNAL, narration="good #9")
    answers = wired.client.create_manual_journals([resource.to_xero(each) for each in (JOURNAL, bad, good)], "three")
    assert [answer.ok for answer in answers] == [True, False, True]
    assert "not a valid code" in answers[1].errors[0]


def test_unbalanced_is_refused(wired):
    made = make(wired, replace(JOURNAL, lines=(LINES[0], replace(LINES[1], amount=D(-100)))))
    assert made.errors == ("The total debits (100.10) must equal total credits (-100.00)",)


def test_many_days_in_few_questions(wired):
    make(wired)
    days = [DAY + datetime.timedelta(days=offset) for offset in range(60)]
    before = len(wired.calls)
    assert len(wired.client.manual_journals(days)) == 1
    assert len(wired.calls) - before <= 3


def test_unknown_id(wired):
    assert wired.client.manual_journal("7a1e3b0c-0000-4000-8000-000000000001") is None


def test_missing_permission_is_not_a_lost_connection(wired):
    answer = wired.session.post(f"{URL}/_simulator/organisations/AU", json={"reports_permission": False}, timeout=5)
    assert answer.ok, answer.text
    for ask in (lambda: make(wired), lambda: wired.client.manual_journals([DAY]), lambda: wired.client.manual_journal("x")):
        with pytest.raises(errors.NotAllowed) as refusal:
            ask()
        assert refusal.value.scope is errors.Scope.DOCUMENT
    assert wired.client.contacts(names=["x"]) == []


def test_lost_consent_stays_lost_consent(wired):
    wired.order("unauthorised_tenant", times=2)
    with pytest.raises(errors.ConsentLost):
        make(wired)
