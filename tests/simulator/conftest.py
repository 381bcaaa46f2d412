from datetime import datetime, timezone

import pytest
from simulator_helpers import CheckedApi

from xero_simulator.app import create_app
from xero_simulator.clock import Clock

START = datetime(2026, 9, 14, 9, 30, tzinfo=timezone.utc)


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


@pytest.fixture
def clock():
    """A clock that stands still until it is moved."""
    return Clock(lambda: START)


@pytest.fixture
def app(clock):
    return create_app(("NZ", "AU"), clock=clock, minute_limit=None, day_limit=None)


@pytest.fixture
def api(app):
    """Connected to the New Zealand organisation."""
    return CheckedApi(app, "NZ")


@pytest.fixture
def switch(app):
    return lambda **values: app.world.switches.set(values)


@pytest.fixture
def control(api):
    """`control("faults", {...})` as a test over HTTP would do it."""

    def call(path, body=None, method="POST"):
        return api.session.request(method, f"http://localhost:5055/_simulator/{path}", json=body, timeout=5)

    return call
