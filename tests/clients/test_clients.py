"""Clients that nobody here wrote, as they are, against the simulator in Xero's place.

Each does what its script asks of it and prints how it went, step by step; that is compared with `expected.json`.
"""

import json
import os
import subprocess
import sys

import pytest
import requests
import table
from place import xero

from dev import clients

TIMEOUT = 600


def run(*command, **keywords):
    return subprocess.run(command, text=True, stdout=subprocess.PIPE, timeout=TIMEOUT, check=True, **keywords).stdout


def results(name):
    folder = clients.FOLDER / name
    script = [clients.node(name), folder / "client.js"] if (folder / "client.js").exists() else [clients.python(name), folder / "client.py"]
    with xero(name) as environment:
        run(sys.executable, clients.FOLDER / "books.py", env=environment)
        return json.loads(run(*script, env=environment))


@pytest.mark.parametrize("name", clients.names())
def test_client(name):
    got = results(name)
    if os.environ.get("RECORD"):
        table.record(name, got)
    assert got == {step: table.came(result) for step, result in table.expected()[name].items()}


def test_the_proxy_leads_nowhere_else():
    with xero("proxy") as environment, pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://example.com/", proxies={"https": environment["HTTPS_PROXY"]}, timeout=10)
