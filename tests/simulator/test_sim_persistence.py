"""The world in a file: whole after any end, and written by what has changed only."""

import contextlib
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests
from simulator_helpers import check_tables, line

from xero_simulator import organisation as organisation_module
from xero_simulator.persistence import StateFile, load
from xero_simulator.store import Table
from xero_simulator.testing import SCOPES

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path):
    file = StateFile(tmp_path / "world")
    yield file
    file.close()


def rows(world):
    """All records in their order, by table."""
    return {place: list(table) for place, table in world.tables()}


def reread(file):
    file.close()
    return load(file._path)


def test_what_changed_is_written_and_read_again(api, app, file, control):
    invoice = api.invoice(line(10))
    file.save(app.world)
    steps = [
        lambda: api.payment(invoice, 4),
        lambda: api.put("Items", {"Items": [{"Code": "A"}, {"Code": "B"}]}, headers={"Idempotency-Key": "k"}),
        lambda: api.delete(f"Items/{api.get('Items').json()['Items'][0]['ItemID']}"),
        lambda: api.put("Contacts", {"Contacts": [{"Name": "A"}, {"Name": ""}]}),  # refused: nothing stays
        lambda: api.upload(f"Invoices/{invoice['InvoiceID']}", "a.pdf", b"%PDF"),
        lambda: control("organisations", {"country": "UK", "name": "Second"}),
        lambda: control("clock", {"advance_seconds": 400}),
        lambda: api.invoice(line(20)),  # the answer kept for the key is forgotten by now
    ]
    for step in steps:
        step()
        file.save(app.world)
        world = reread(file)
        assert rows(world) == rows(app.world)
        assert world.rng.getstate() == app.world.rng.getstate()
        assert world.identity.access_tokens == app.world.identity.access_tokens
        assert world.organisation("NZ").numbers == api.organisation.numbers
        for organisation in world.organisations.values():
            check_tables(organisation)
            assert organisation.rng is world.rng


def test_a_save_does_not_grow_with_what_is_there(api, app, file):
    for number in range(30):
        api.invoice(InvoiceNumber=f"A-{number}")
    file.save(app.world)
    database = file._opened()
    before = database.total_changes
    api.invoice(InvoiceNumber="one more")
    file.save(app.world)
    assert database.total_changes - before < 10


def test_what_a_reset_leaves(api, app, file, control):
    api.invoice()
    file.save(app.world)
    control("reset")
    file.save(app.world)
    assert rows(reread(file)) == rows(app.world)


def test_a_file_in_which_nothing_was_saved(tmp_path):
    assert load(tmp_path / "none") is None
    (tmp_path / "empty").touch()
    assert load(tmp_path / "empty") is None


def test_a_pickle_of_an_older_version(api, app, tmp_path, monkeypatch):
    """Whole in one pickle, with the functions by which it found its records."""

    def _number(record):
        return record["Number"]

    _number.__module__, _number.__qualname__ = "xero_simulator.organisation", "_number"
    invoice = api.invoice()
    path = tmp_path / "world"
    with monkeypatch.context() as patched:
        patched.setattr(organisation_module, "_number", _number, raising=False)
        patched.setattr(
            Table, "__getstate__", lambda table: {"_rows": table._rows, "id_field": table.id_field, "_keys": {"number": _number}}
        )
        path.write_bytes(pickle.dumps(app.world))
    world = load(path)
    assert world.organisation("NZ").invoices.get(invoice["InvoiceID"])["Total"] == 115
    assert rows(world) == rows(app.world)
    assert rows(load(path)) == rows(app.world)  # by now it is a database
    assert path.stat().st_mode & 0o077 == 0


# --- a violent end ---


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def process(path):
    """A simulator over HTTP on that file: `(process, address)`. Killed at the end at the latest."""
    port = free_port()
    command = [sys.executable, "-m", "xero_simulator", "--port", str(port), "--quiet", "--state", str(path)]
    command += ["--switch", "minute_limit=none", "--switch", "concurrent_limit=none"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert "http://" in running.stdout.readline()
        _wait_for(port)
        yield running, f"http://127.0.0.1:{port}"
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


def _wait_for(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)


def connected(base):
    """A session with a token."""
    session = requests.Session()
    session.trust_env = False
    form = {"grant_type": "client_credentials", "scope": SCOPES.replace("offline_access ", "")}
    token = session.post(f"{base}/connect/token", data=form, auth=("demo-custom", "demo-secret"), timeout=10).json()
    session.headers.update({"Authorization": f"Bearer {token['access_token']}", "Accept": "application/json"})
    tenant = session.get(f"{base}/connections", timeout=10).json()[0]["tenantId"]
    session.headers["xero-tenant-id"] = tenant
    return session


class Writer(threading.Thread):
    """Sends pairs of invoices and pays the first of each in part, until nobody answers any more."""

    def __init__(self, number, base, headers):
        super().__init__()
        self.name, self.base, self.headers = f"W{number}", base, headers
        self.answered = {}  # number of an invoice: (id, what was paid of it)

    def run(self):
        for turn in range(1000):
            try:
                self._pair(turn)
            except requests.exceptions.ConnectionError:
                return

    def _put(self, path, rows, key):
        headers = {**self.headers, "Idempotency-Key": key}
        answer = requests.put(f"{self.base}/api.xro/2.0/{path}", json={path: rows}, headers=headers, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()[path]

    def _pair(self, turn):
        element = {"Type": "ACCREC", "Contact": {"Name": self.name}, "Date": "2026-09-14", "DueDate": "2026-09-14", "Status": "AUTHORISED"}
        numbers = [f"{self.name}-{turn}-{part}" for part in "ab"]
        made = self._put("Invoices", [{**element, "InvoiceNumber": number, "LineItems": [line(100)]} for number in numbers], numbers[0])
        self.answered |= {row["InvoiceNumber"]: (row["InvoiceID"], 0) for row in made}
        payment = {"Invoice": {"InvoiceID": made[0]["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 40, "Date": "2026-09-14"}
        self._put("Payments", [payment], f"{numbers[0]} paid")
        self.answered[numbers[0]] = (made[0]["InvoiceID"], 40)


def test_killed_in_the_midst_of_writes_it_has_all_that_it_answered(tmp_path):
    path = tmp_path / "world"
    with process(path) as (running, base):
        session = connected(base)
        writers = [Writer(number, base, dict(session.headers)) for number in range(3)]
        for writer in writers:
            writer.start()
        while sum(len(writer.answered) for writer in writers) < 40:
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        for writer in writers:
            writer.join()
    answered = {number: row for writer in writers for number, row in writer.answered.items()}
    _is_whole(load(path), answered)
    with process(path) as (_running, base):  # the tokens, the answers kept for keys, the numbers: all go on
        number = max(answered)
        body = {"Invoices": [{"Type": "ACCREC", "InvoiceNumber": number, "Contact": {"Name": "x"}}]}
        again = session.put(f"{base}/api.xro/2.0/Invoices", json=body, headers={"Idempotency-Key": f"{number[:-1]}a"}, timeout=10)
        assert "different request" in again.text
        shown = session.get(f"{base}/api.xro/2.0/Invoices/{number}", timeout=10).json()["Invoices"][0]
        assert shown["InvoiceID"] == answered[number][0]


def _is_whole(world, answered):
    [organisation] = world.organisations.values()
    check_tables(organisation)
    found = {row["Number"]: row for row in organisation.invoices}
    for number, (id_, paid) in answered.items():
        assert found[number]["DocumentID"] == id_
        assert found[number]["AmountPaid"] >= paid
    for number, row in found.items():  # what was not answered is there whole, or not at all
        assert {f"{number[:-1]}a", f"{number[:-1]}b"} <= found.keys()
        assert row["AmountPaid"] == sum(payment["Amount"] for payment in organisation.payments_of(row["DocumentID"]))
        assert row["AmountDue"] == row["Total"] - row["AmountPaid"]
