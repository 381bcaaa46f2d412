"""A short `make chaos` with a new seed each time: nothing lost, nothing twice, not a cent of difference."""

import os
import secrets

import pytest

from tests.faults import report
from tests.faults.chaos import Run
from tests.faults.plan import Plan, Sizes

PATIENCE = 2  # seconds; the long run waits for Odoo's scheduler to come round by itself instead
SIZES = Sizes(documents=80, faults=20, kills=2, minutes=1.0)


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """pytest-odoo would open a database for every test; these start Odoo themselves."""


def test_same_seed_same_plan():
    first, second, other = Plan(7, SIZES), Plan(7, SIZES), Plan(8, SIZES)
    assert (first.people, first.events, first.switches) == (second.people, second.events, second.switches)
    assert first.people != other.people


def test_short_chaos(capsys):
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(10**6))
    words = f"--documents {SIZES.documents} --faults {SIZES.faults} --kills {SIZES.kills} --minutes {SIZES.minutes}"
    run = Run(Plan(seed, SIZES), words, PATIENCE)()
    with capsys.disabled():
        violations = report.show(run)
    assert not violations, run.violations[:5]
