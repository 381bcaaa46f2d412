"""Plays histories of one kind in one database: a line of JSON in, a line of JSON out, until the input ends; nothing is committed.

python -m dev.trial_worker DATABASE
"""

import importlib
import json
import logging
import sys
import threading
import time
import unittest

import pytest_odoo

import odoo.modules
import odoo.service
import odoo.tests
import odoo.tools

from dev import databases

TESTS = "odoo.addons.xero_connector.tests.trials"
# kind of trial -> (module, class)
CASES = {
    "documents": ("rest", "TrialCase"), "journals": ("journals", "JournalTrialCase"), "both": ("both", "BothSidesTrialCase"),
    "bank": ("bank", "BankTrialCase"),
}  # fmt: skip


def load(database):
    """Odoo as it is under its tests, without a test runner."""
    options = ["-d", database, "-c", str(databases.write_configuration()), "--log-level=critical", "--no-http"]
    odoo.tools.config.parse_config(options)
    pytest_odoo.support_subtest()
    pytest_odoo.disable_odoo_test_retry()
    threading.current_thread().testing = True
    odoo.modules.registry.Registry(database)
    odoo.tools.config["test_enable"] = True


def case(kind):
    module, name = CASES[kind]
    found = getattr(importlib.import_module(f"{TESTS}.{module}"), name)
    return type(f"Played{name}", (found,), {"runTest": lambda self: self.play(self.history), "__module__": found.__module__})


def common(name):
    """A class that the registry tests have in common, by its name."""
    return getattr(importlib.import_module("odoo.addons.xero_connector.tests.common.push"), name)


def play(cls, history):
    """``''`` if all went well, else what went wrong."""
    test = cls()
    test.history = history
    return run(test)


def run(test):
    """``''`` if the test passed, else what went wrong."""
    result = unittest.TestResult()
    odoo.modules.module.current_test = test
    test(result)
    texts = [text for _test, text in (*result.failures, *result.errors)]
    return texts[0].partition("AssertionError: ")[2] or texts[0] if texts else ""


def main():
    load(sys.argv[1])
    logging.getLogger("xero_simulator").setLevel(logging.WARNING)
    history, cls = importlib.import_module(f"{TESTS}.history"), None
    for line in sys.stdin:
        job, started = json.loads(line), time.monotonic()
        if not cls:
            cls = case(job["kind"])
            odoo.modules.module.current_test = cls()  # on whose behalf the class opens its cursors
            cls.setUpClass()
        wrong = play(cls, history.told(job["history"]))
        print(json.dumps({"wrong": wrong, "seconds": time.monotonic() - started}), flush=True)


if __name__ == "__main__":
    main()
