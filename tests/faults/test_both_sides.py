"""People on both sides: what the accountant answers, what counts as a change after the rest, and that a scenario has it all."""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest
import requests

from tests.faults import both_sides
from tests.faults.answers import Answers
from tests.faults.runs import SHORT, is_both
from tests.faults.scenario import CLERK, STAMPS, Scenario
from xero_simulator.app import create_app
from xero_simulator.person.bookkeeper import WEIGHTS
from xero_simulator.switches import CHOICES, NAMED

BOTH = replace(SHORT, both=True)
LONG = replace(SHORT, both=True, documents=10_000, companies=3, people=9)
COMPANY = SimpleNamespace(name="AU Company", connection_id=3, tenant_id="t")


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


class Odoo:
    """Answers with what is there, and remembers what was pressed; ``impossible`` are answers to differences that cannot be given."""

    def __init__(self, money=(), drifts=(), impossible=()):
        self.money, self.drifts, self.impossible, self.pressed = list(money), list(drifts), impossible, []

    def __call__(self, model, method, *args, **_kwargs):
        if method == "search_read":
            return self.money
        if method == "search":
            return self.drifts
        if method == "read":
            return [{"is_possible": args[0][0] not in self.impossible}]
        self.pressed.append((method, args[0]))
        if model == "xero.drift":
            return {"res_model": "xero.drift.answer", "res_id": method.removeprefix("action_")}
        return {"params": {"type": "success"}}


class Xero:
    def __init__(self, refuses=False):
        self.refuses, self.done = refuses, []

    def person(self, _organisation, verb, **arguments):
        if self.refuses:
            raise requests.HTTPError()
        self.done.append((verb, arguments))


def row(state, *, is_gone=False, kind="payment", message="Why"):
    told = {"credit_id": "c1"}
    return {"id": 1, "kind": kind, "xero_id": "x1", "is_gone": is_gone, "state": state, "cause": "", "message": message, "told": told}


@pytest.mark.parametrize(
    ("money", "pressed"),
    [
        (row("asked"), "action_book"),
        (row("asked", kind="write_off"), "action_send_again"),
        (row("held", is_gone=True), "action_send_again"),
        (row("twice"), "action_another"),
        (row("held"), "action_look_again"),
    ],
)
def test_what_is_pressed_about_money(money, pressed):
    odoo = Odoo([money])
    answers = Answers(odoo, Xero(), COMPANY, "1")
    assert answers.money()
    assert odoo.pressed == [(pressed, [1])]
    assert not Answers(Odoo(), Xero(), COMPANY, "1").money()


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("payment", ("remove_and_redo", {"item": "x1"})),
        ("batch_payment", ("remove_and_redo", {"item": "x1"})),
        ("on_account", ("void", {"item": "x1"})),
        ("allocation", ("unallocate", {"credit": "c1", "allocation": "x1"})),
    ],
)
def test_what_cannot_be_booked_is_removed_in_xero_if_somebody_insists(kind, done):
    odoo, xero = Odoo([row("held", kind=kind)]), Xero()
    Answers(odoo, xero, COMPANY, "1").money(insists=True)
    assert (xero.done, odoo.pressed) == ([done], [])


def test_what_is_on_its_way_or_gone_in_xero_is_looked_at_again():
    for money, xero in ((row("held", message="Something of it is on its way to Xero."), Xero()), (row("held"), Xero(refuses=True))):
        odoo = Odoo([money])
        Answers(odoo, xero, COMPANY, "1").money(insists=True)
        assert (xero.done, odoo.pressed) == ([], [("action_look_again", [1])])


def test_answers_to_differences_by_lot_and_only_what_is_possible():
    given = Counter()
    for lot in range(60):
        odoo = Odoo(drifts=[5])
        Answers(odoo, Xero(), COMPANY, str(lot)).drifts()
        given[odoo.pressed[0][0]] += 1
        assert odoo.pressed[1] == ("action_apply", [odoo.pressed[0][0].removeprefix("action_")])
    assert given["action_take"] > given["action_leave"] > 0
    odoo = Odoo(drifts=[5], impossible=("take", "send"))
    Answers(odoo, Xero(), COMPANY, "1").drifts()
    assert odoo.pressed[-1] == ("action_apply", ["leave"])


def test_who_has_tried_in_vain_leaves_it():
    odoo = Odoo(drifts=[5])
    answers = Answers(odoo, Xero(), COMPANY, "1")
    for _round in range(4):
        answers.drifts()
    assert [method for method, _ids in odoo.pressed][-4:] == ["action_leave", "action_apply"] * 2


def test_one_more_round_may_change_nothing():
    rows, calls = [{"id": 1, "state": "open"}], {"GET /Invoices": 1, "PUT /Invoices": 2, "POST /connect/token": 1}
    before = both_sides.footprint(lambda _text: rows, calls)
    assert not list(both_sides.changes(before, both_sides.footprint(lambda _text: rows, {**calls, "GET /Invoices": 9})))
    renewed = {**calls, "POST /connect/token": 5}
    assert not list(both_sides.changes(before, both_sides.footprint(lambda _text: rows, renewed)))
    [found] = both_sides.changes(before, both_sides.footprint(lambda _text: rows, {**calls, "PUT /Invoices": 3}))
    assert found.startswith("calls:")
    later = both_sides.footprint(lambda text: [{"id": 1, "state": "left"}] if "drift" in text else rows, calls)
    assert list(both_sides.changes(before, later)) == ["differences: [(1, 'open')] became [(1, 'left')]"]


def test_a_scenario_has_people_on_both_sides():
    first, second = Scenario(7, BOTH), Scenario(7, BOTH)
    assert (first.bookkeepers, first.clerks, first.rings) == (second.bookkeepers, second.clerks, second.rings)
    assert {len(first.bookkeepers), len(first.clerks)} == {BOTH.companies}
    assert Scenario(7, SHORT).people == first.people, "who works in Odoo does the same"
    assert not Scenario(7, SHORT).bookkeepers
    steps = {step.kind for steps in Scenario(7, LONG).bookkeepers for step in steps}
    assert steps == set(WEIGHTS)
    assert {step.kind for steps in Scenario(7, LONG).clerks for step in steps} == set(CLERK)


def test_some_seeds_are_deaf_and_every_other_one_has_both_sides():
    deaf = sum(not Scenario(seed, BOTH).rings for seed in range(40))
    assert 4 < deaf < 25
    assert [is_both(seed, "mixed") for seed in (1, 2, 3)] == [False, True, False]
    assert (is_both(1, "both"), is_both(2, "odoo")) == (True, False)


def test_what_stamps_and_webhooks_may_be_is_known_to_the_simulator():
    switches = create_app().world.switches
    words = {"true": True, "false": False}
    for name, choices in STAMPS.items():
        for choice in choices:
            switches.set({name: words.get(choice, choice)})
        assert name in CHOICES or name in NAMED or isinstance(choices[0], int) or choices[0] in words
