"""A browser in front of Odoo with demo data and the simulator, each started once per session on free ports."""

import contextlib
import os
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from world import Screen, World  # noqa: E402

from dev import databases, stack  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: Odoo runs as a process of its own."""


@pytest.fixture(scope="session")
def world():
    database = f"e2e_{os.getpid()}"
    odoo_port, xero_port = stack.free_port(), stack.free_port()
    databases.clone("demo", database)
    try:
        databases.run_odoo(
            "-d", database, "-i", "xero_connector", "--stop-after-init", "--no-http", "--log-level=warn", log=stack.LOGS / "e2e_install.log"
        )
        _point_at_simulator(database, odoo_port, xero_port)
        with (
            stack.simulator(xero_port, "AU", name="e2e_simulator"),
            stack.odoo(odoo_port, database, "--max-cron-threads=1", name="e2e_odoo"),
        ):
            yield World(f"http://localhost:{odoo_port}", f"http://localhost:{xero_port}")
    finally:
        databases.drop(database)


def _point_at_simulator(database, odoo_port, xero_port):
    databases.execute("UPDATE res_users SET odoobot_state = 'disabled'", database=database)  # its chat would cover a phone's screen
    values = {f"xero_connector.{name}": f"http://localhost:{xero_port}" for name in ("login_url", "identity_url", "api_url")}
    values["web.base.url"] = f"http://localhost:{odoo_port}"
    statement = "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
    for key, value in values.items():
        with contextlib.closing(databases.connect(database)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, (key, value))


@pytest.fixture(scope="module", autouse=True)
def clear_away(world):
    """What the tests of a file have left in the way is gone before those of the next begin."""
    yield
    world.clear_away()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, headless=True)
        yield browser
        browser.close()


@pytest.fixture
def open_screen(chromium, world):
    """``open_screen(login, width)`` logs in and gives a ``Screen``; afterwards no script may have failed on any of them."""
    screens = []

    def open_screen(login="admin", width=1280, height=800):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="en-AU")
        screens.append(Screen(context, world))
        screens[-1].log_in(login)
        return screens[-1]

    yield open_screen
    errors = [error for screen in screens for error in screen.errors]
    for screen in screens:
        screen.close()
    assert not errors, errors


@pytest.fixture
def screen(open_screen):
    return open_screen()


@pytest.fixture
def connected(world):
    """The id of the connection, with a confirmed mapping."""
    return world.ensure_connected()
