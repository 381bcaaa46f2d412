"""The administrator of a chaos run: what counts against them at the end."""

from types import SimpleNamespace

import pytest

from tests.faults import books
from tests.faults.trouble import Administrator


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


@pytest.mark.parametrize(("after", "blamed"), [("connected", False), ("reconnect", True)])
def test_a_failed_attempt_counts_while_help_is_needed(monkeypatch, after, blamed):
    def fail(*_args):
        raise RuntimeError("the database system is starting up")

    monkeypatch.setattr(books, "reconnect", fail)
    row = {"state": "reconnect", "state_message": "gone", "wait": None}
    company = SimpleNamespace(name="AU Company", country="AU", connection_id=1)
    administrator = Administrator(None, [company], {"AU": "Demo"}, lambda *_args: [row], 12)
    administrator.look_after()
    assert administrator.failures
    row["state"] = after
    administrator.look_after()
    assert bool(administrator.failures) is blamed
