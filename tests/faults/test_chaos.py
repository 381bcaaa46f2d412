"""A short `make chaos`, the same each time as far as its scenario goes: nothing lost, nothing twice, not a cent of difference."""

import os

import pytest

from tests.faults import report
from tests.faults.runs import short_run


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """pytest-odoo would open a database for every test; these start Odoo themselves."""


def test_short_chaos(capsys):
    run = short_run(int(os.environ.get("CHAOS_SEED") or 1))
    with capsys.disabled():
        violations = report.show(run)
    assert not violations, run.violations[:5]
