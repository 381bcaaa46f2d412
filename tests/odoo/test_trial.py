"""That `make trial` plays: what its histories find, they find elsewhere."""

import subprocess
import sys

import pytest

from dev import bootstrap


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """pytest-odoo would open a database for every test; these start Odoo themselves."""


def test_a_short_history_of_each_kind():
    command = [sys.executable, "-m", "dev.trial", "--seeds", "1", "--first", "1", "--steps", "2", "--kinds", "documents,journals"]
    done = subprocess.run(command, cwd=bootstrap.ROOT, capture_output=True, text=True, check=False)
    assert "trial: 2 of 2 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
