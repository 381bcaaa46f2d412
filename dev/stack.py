"""The simulator and Odoo as processes of their own, and a person at the keyboard: for the demo, the browser tests and the benchmarks."""

import contextlib
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import requests
from lxml import html

from dev import bootstrap, databases

TIMEOUT = 120
LOGS = bootstrap.DEV / "logs"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A server in the background: its log in a file, ready when its address answers, gone when the ``with`` block ends."""

    def __init__(self, name, command, ready_url):
        self.name, self.command, self.ready_url = name, command, ready_url
        self.log = LOGS / f"{name}.log"

    def __enter__(self):
        LOGS.mkdir(parents=True, exist_ok=True)
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                self.command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, cwd=bootstrap.ROOT
            )
        self._wait_until_ready()
        return self

    def __exit__(self, *_exception):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        """End the process and its children; a second signal if the first is not heard."""
        for attempt in (how, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, attempt)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
                return

    def _wait_until_ready(self):
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(requests.RequestException):
                requests.get(self.ready_url, timeout=5)
                return
            pause(0.2)
        self.stop()
        sys.exit(f"{self.name} did not start; the end of its log {self.log}:\n" + "".join(self.log.read_text().splitlines(True)[-30:]))


def pause(seconds):
    """Wait between two looks at another process."""
    with socket.socket() as never:
        never.settimeout(seconds)
        with contextlib.suppress(OSError):
            never.bind(("127.0.0.1", 0))
            never.listen()
            never.accept()


def simulator(port, *organisations, state=None, name="simulator"):
    command = [str(bootstrap.PYTHON), "-m", "xero_simulator", "--port", str(port), "--quiet"]
    command += list(itertools.chain.from_iterable(("--org", code) for code in organisations or ("AU",)))
    command += ["--state", str(state)] if state else []
    return Process(name, command, f"http://localhost:{port}/_simulator/state")


def odoo(port, database, *arguments, name="odoo"):
    command = databases.odoo_command(
        "-d", database, f"--db-filter=^{database}$", f"--http-port={port}", f"--gevent-port={free_port()}", *arguments
    )
    return Process(name, command, f"http://localhost:{port}/web/login")


class Xero:
    """The simulator's control plane: what a person does in Xero's own screens, and what nobody but us can look at."""

    def __init__(self, port):
        self.address = f"http://localhost:{port}"

    def call(self, method, path, **body):
        answer = requests.request(method, f"{self.address}/_simulator/{path}", json=body or None, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()

    def state(self):
        return self.call("GET", "state")

    def change(self, country, **changes):
        return self.call("POST", f"organisations/{country}", **changes)


class Person:
    """Somebody who uses Odoo over HTTP like the web client does, and Xero's consent page like a browser does."""

    def __init__(self, address, login="admin", password="admin"):
        self.address, self.session, self.context = address, requests.Session(), {"lang": "en_US"}
        page = self._get("/web/login")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        answer = self.session.post(f"{address}/web/login", {"csrf_token": token, "login": login, "password": password}, timeout=TIMEOUT)
        if "/web/login" in answer.url:
            sys.exit(f"Odoo does not let {login} in.")

    def _get(self, path):
        return self.session.get(f"{self.address}{path}", timeout=TIMEOUT)

    def work_for(self, company_id):
        self.context["allowed_company_ids"] = [company_id]

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does.

        :raise RuntimeError: with Odoo's message
        """
        kwargs["context"] = {**self.context, **kwargs.get("context", {})}
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        url = f"{self.address}/web/dataset/call_kw/{model}/{method}"
        answer = self.session.post(url, json={"jsonrpc": "2.0", "method": "call", "params": params}, timeout=600).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer.get("result")  # left out by Odoo when a method returns nothing

    def search_read(self, model, domain, fields, **kwargs):
        return self.call(model, "search_read", domain, fields, **kwargs)

    def pay(self, invoice_id, amount):
        """Register a payment with the dialog of the invoice."""
        context = {"active_model": "account.move", "active_ids": [invoice_id]}
        wizard = self.call("account.payment.register", "create", [{"amount": amount}], context=context)
        self.call("account.payment.register", "action_create_payments", wizard, context=context)

    def consent(self, url, organisation=None):
        """Go through Xero's consent page and back to Odoo; choose the organisation whose name contains the given text."""
        page = self.session.get(url, timeout=TIMEOUT)
        document = html.fromstring(page.text, base_url=page.url)
        form = document.forms[0]
        values = [(name, value) for name, value in form.form_values() if name]
        for radio in document.xpath("//input[@type='radio']"):
            label = " ".join(radio.getparent().text_content().split())
            if organisation and organisation in label:
                values = [(n, v) for n, v in values if n != radio.name] + [(radio.name, radio.get("value"))]
        allow = document.xpath("//button[@type='submit' and not(@value='cancel')]")
        if allow and allow[0].get("name"):
            values.append((allow[0].get("name"), allow[0].get("value")))
        target = requests.compat.urljoin(page.url, form.action)
        back = self.session.post(target, data=values, allow_redirects=False, timeout=TIMEOUT)
        location = back.headers["Location"]
        if not location.startswith(self.address):
            sys.exit(f"Xero's consent page led to {urlsplit(location).netloc}, not back to Odoo.")
        return self.session.get(location, timeout=TIMEOUT)
