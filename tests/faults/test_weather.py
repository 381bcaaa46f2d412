"""How many faults are ordered: never more than the calls can bear, and none once it is calm."""

import itertools
from types import SimpleNamespace

import pytest

from tests.faults.scenario import orders
from tests.faults.trouble import SHARE, WAITING, Weather, groups


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


class Xero:
    """Remembers what is ordered; ``strike`` lets the oldest happen."""

    def __init__(self):
        self.waiting, self.happened = [], []

    def order(self, *faults):
        self.waiting += [{"method": "", **fault} for fault in faults]

    def faults(self):
        return {"faults": self.waiting, "happened": self.happened}

    def stop_faults(self):
        self.waiting = []

    def strike(self):
        if self.waiting:
            self.happened.append(self.waiting.pop(0))


def weather(insists=True, wanted=20):
    coming = itertools.cycle([orders("reset_after", "PUT", "/api.xro/", 1), orders("lost_token", "", "/api.xro/", 1)])
    scenario = SimpleNamespace(faults=list(itertools.islice(coming, 400)), sizes=SimpleNamespace(faults=wanted, calm=0.5))
    xero, calls = Xero(), [0]
    made = Weather(scenario, SimpleNamespace(xero=xero), lambda: 1.0, lambda _statement: [{"number": calls[0]}], insists)
    return made, xero, calls


def test_no_more_faults_than_the_calls_can_bear():
    made, xero, calls = weather()
    for _second in range(30):
        made._tick()
        assert len(xero.waiting) + len(xero.happened) <= SHARE * calls[0] + 3
        calls[0] += 3
        xero.strike()
    assert xero.happened


def test_not_too_many_wait_for_calls_that_do_not_come():
    made, xero, calls = weather(wanted=1000)
    for _second in range(30):
        calls[0] += 50
        made._tick()
    assert all(count <= WAITING[group] for group, count in groups(xero.waiting).items())
    assert groups(xero.waiting)["PUT"] == WAITING["PUT"]


def test_the_wanted_number_happens():
    made, xero, calls = weather()
    for _second in range(200):
        calls[0] += 3
        made._tick()
        xero.strike()
    assert made.is_done
    assert 20 <= len(xero.happened) <= 26


def test_calm_is_calm():
    made, xero, _calls = weather(insists=False)
    made._tick()
    assert xero.waiting
    made._calm_down()
    assert made.is_done
    assert not xero.waiting
