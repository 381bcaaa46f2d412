"""A scenario is the same for the same seed, and a long one leaves no kind of fault out."""

import itertools
import pickle

import pytest

from tests.faults.scenario import Scenario, Sizes
from xero_simulator.app import create_app
from xero_simulator.faults import KINDS, Fault

SHORT = Sizes(documents=80, faults=20, kills=3)
LONG = Sizes(documents=10_000, faults=1_000, kills=100, people=9, companies=3, patient=True)


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def test_same_seed_same_scenario():
    first, second, other = Scenario(7, SHORT), Scenario(7, SHORT), Scenario(8, SHORT)
    for part in ("people", "events", "faults", "switches"):
        assert getattr(first, part) == getattr(second, part)
    assert first.people != other.people
    assert list(itertools.islice(first.overtime(0), 3)) == list(itertools.islice(second.overtime(0), 3))


def test_a_long_plan_has_every_kind_of_fault():
    ordered = [Fault(**order) for orders in Scenario(7, LONG).faults for order in orders]
    assert {fault.kind for fault in ordered} == set(KINDS)
    on_renewals = {fault.kind for fault in ordered if fault.path == "/connect/token$"}
    assert on_renewals == {"reset_before", "reset_after", "invalid_grant", "invalid_client"}


def test_a_long_plan_has_what_was_asked_for():
    scenario = Scenario(7, LONG)
    steps = [step for steps in scenario.people for step in steps]
    invoices = [invoice for step in steps for invoice in step.values.get("invoices", ())]
    kinds = [event.kind for event in scenario.events]
    assert sum(kind.startswith("kill") for kind in kinds) == 100
    assert kinds.count("postgres") == kinds.count("simulator") == 10
    assert {event.values["mode"] for event in scenario.events if event.kind == "postgres"} == {"fast", "immediate"}
    assert len(invoices) >= 6_000
    assert any(invoice["currency"] is not None for invoice in invoices)


def test_a_simulator_that_is_started_again_has_nothing_in_flight():
    world = create_app().world
    world.limits.in_flight["t"] = 4
    assert not pickle.loads(pickle.dumps(world)).limits.in_flight["t"]  # noqa: S301
