"""Installing, upgrading and uninstalling the module leaves no warning of ours in Odoo's log, and uninstalling leaves nothing behind."""

import subprocess

import pytest

from dev import bootstrap, databases, run_tests, stack

DATABASE = "xero_lifecycle"


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """pytest-odoo would open a database for every test; these start Odoo themselves."""


@pytest.fixture(scope="module")
def database():
    databases.clone("tests", DATABASE)
    yield DATABASE
    databases.drop(DATABASE)


def _module(action):
    """Run ``odoo module ACTION xero_connector``; returns the log."""
    log = stack.LOGS / f"lifecycle_{action}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    configuration = str(databases.write_configuration())
    command = [str(bootstrap.PYTHON), "-m", "odoo", "module", action, "-c", configuration, "-d", DATABASE, "xero_connector"]
    with log.open("w") as output:
        subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=True)
    return log


def _leftovers():
    tables = databases.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'xero%%'", database=DATABASE)
    columns = databases.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE column_name LIKE 'xero%%' AND table_schema = 'public'",
        database=DATABASE,
    )
    crons = databases.execute("SELECT cron_name FROM ir_cron WHERE cron_name ILIKE '%%xero%%'", database=DATABASE)
    parameters = databases.execute("SELECT key FROM ir_config_parameter WHERE key LIKE 'xero%%'", database=DATABASE)
    return tables + columns + crons + parameters


def test_install_upgrade_uninstall(database):
    for action in ("install", "upgrade"):
        run_tests.refuse_warnings(_module(action))
    assert _leftovers()
    databases.execute(
        "INSERT INTO ir_config_parameter (key, value) VALUES ('xero_connector.api_url', 'https://example.com')", database=DATABASE
    )
    run_tests.refuse_warnings(_module("uninstall"))
    assert _leftovers() == []
