from datetime import datetime, timezone

import pytest
from simulator_helpers import CheckedApi

from xero_simulator.app import create_app
from xero_simulator.clock import Clock

START = datetime(2026, 9, 14, 9, 30, tzinfo=timezone.utc)


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def pytest_terminal_summary(terminalreporter):
    """How much of the recordings of the real Xero the simulator answers alike."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    found = sorted(
        {value for report in reports for name, value in report.user_properties if name == "replayed" for value in [tuple(value)]}
    )
    if not found:
        return
    terminalreporter.section("the simulator beside recordings of Xero: fields right of all")
    for name, right, total in found:
        terminalreporter.line(f"{right:6}/{total:<6} {name}")
    right, total = sum(row[1] for row in found), sum(row[2] for row in found)
    terminalreporter.line(f"{right:6}/{total:<6} in all: {100 * right / total:.2f} %")


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
