"""A short `make chaos` with the same seed each time: nothing lost, nothing twice, not a cent of difference."""

import os

import pytest

from tests.faults import report
from tests.faults.chaos import Run
from tests.faults.plan import Plan, Sizes

PATIENCE = 2  # seconds; the long run waits for Odoo's scheduler to come round by itself instead
# Xero's silence proves nothing for 90 seconds: the sooner the last fault, the sooner all is settled. A namesake may take that time twice.
SIZES = Sizes(documents=80, faults=15, kills=2, minutes=0.7, calm=0.5, namesakes=0)


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """pytest-odoo would open a database for every test; these start Odoo themselves."""


def test_short_chaos(capsys):
    seed = int(os.environ.get("CHAOS_SEED") or 1)
    words = " ".join(f"--{name} {getattr(SIZES, name)}" for name in ("documents", "faults", "kills", "minutes", "calm", "namesakes"))
    run = Run(Plan(seed, SIZES), words, PATIENCE, insists=False)()
    with capsys.disabled():
        violations = report.show(run)
    assert not violations, run.violations[:5]
