"""Over real sockets: threads, slowness, silence, resets, the concurrency limit."""

import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
import requests
from simulator_helpers import CheckedApi, check_tables

from xero_simulator.app import create_app
from xero_simulator.server import running


@pytest.fixture(scope="module")
def served():
    app = create_app(("AU",), minute_limit=None)
    with running(app) as base:
        yield app, base


@pytest.fixture
def remote(served):
    """A plain session with a token; everything goes over the socket."""
    app, base = served
    app.world.faults.clear()
    session = requests.Session()
    session.trust_env = False
    session.headers.update(CheckedApi(app).headers)
    yield session, base
    session.close()


def order(remote, kind, **fields):
    session, base = remote
    assert session.post(f"{base}/_simulator/faults", json={"faults": [{"kind": kind, **fields}]}, timeout=5).status_code == 200


def test_over_http(remote):
    session, base = remote
    for _ in range(3):
        assert session.get(f"{base}/api.xro/2.0/Organisation", timeout=5).json()["Organisations"][0]["CountryCode"] == "AU"
    page = session.get(f"{base}/identity/connect/authorize", timeout=5)
    assert (page.status_code, "Sorry" in page.text) == (400, True)
    assert session.get(f"{base}/api.xro/2.0/Invoices/none", timeout=5).headers["Content-Type"] == "text/html; charset=utf-8"


def test_429_has_no_content_type_over_http(remote):
    session, base = remote
    order(remote, "minute_limit")
    answer = session.get(f"{base}/api.xro/2.0/Organisation", timeout=5)
    assert (answer.status_code, answer.content, "Content-Type" in answer.headers) == (429, b"", False)


def test_silence(remote):
    session, base = remote
    order(remote, "timeout_after", method="PUT", seconds=1.5)
    with pytest.raises(requests.exceptions.ReadTimeout):
        session.put(f"{base}/api.xro/2.0/Contacts", json={"Contacts": [{"Name": "Silent"}]}, timeout=(1, 0.3))
    assert session.get(f"{base}/api.xro/2.0/Contacts", params={"where": 'Name=="Silent"'}, timeout=5).json()["Contacts"]


@pytest.mark.parametrize(("kind", "done"), [("reset_before", False), ("reset_after", True)])
def test_reset(remote, kind, done):
    session, base = remote
    order(remote, kind, method="PUT")
    with pytest.raises(requests.exceptions.ConnectionError):
        session.put(f"{base}/api.xro/2.0/Contacts", json={"Contacts": [{"Name": kind}]}, timeout=5)
    found = session.get(f"{base}/api.xro/2.0/Contacts", params={"where": f'Name=="{kind}"'}, timeout=5).json()["Contacts"]
    assert bool(found) is done


def test_slowness_holds_up_nobody_else(remote):
    session, base = remote
    order(remote, "slow", path="/Currencies", seconds=0.6)
    slow = threading.Thread(target=lambda: requests.get(f"{base}/api.xro/2.0/Currencies", headers=session.headers, timeout=5))
    slow.start()
    time.sleep(0.1)
    before = time.monotonic()
    session.get(f"{base}/api.xro/2.0/Organisation", timeout=5)
    assert time.monotonic() - before < 0.4
    slow.join()


def test_five_at_a_time(remote):
    session, base = remote
    order(remote, "slow", path="/Currencies", seconds=0.8, times=None)
    answers = []

    def call():
        answers.append(requests.get(f"{base}/api.xro/2.0/Currencies", headers=session.headers, timeout=5))

    threads = [threading.Thread(target=call) for _ in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 2
    assert {answer.headers.get("X-Rate-Limit-Problem") for answer in answers} == {None, "concurrent"}
    session.delete(f"{base}/_simulator/faults", timeout=5)


def test_many_threads_lose_nothing(remote):
    session, base = remote
    session.post(f"{base}/_simulator/switches", json={"concurrent_limit": None}, timeout=5)

    def write(number):
        requests.put(f"{base}/api.xro/2.0/Contacts", json={"Contacts": [{"Name": f"Thread {number}"}]}, headers=session.headers, timeout=10)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = session.get(f"{base}/api.xro/2.0/Contacts", params={"where": 'Name.StartsWith("Thread ")'}, timeout=5).json()["Contacts"]
    assert len(found) == 20


def test_command_line(tmp_path):
    command = [
        sys.executable,
        "-m",
        "xero_simulator",
        "--port",
        "5973",
        "--org",
        "UK",
        "--switch",
        "minute_limit=7",
        "--switch",
        "day_limit=none",
        "--switch",
        "silent_edits=none",
        "--state",
        str(tmp_path / "world"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    try:
        assert "http://localhost:5973 with Demo Company (UK)" in process.stdout.readline()
        state = _patiently(lambda: requests.get("http://127.0.0.1:5973/_simulator/state", timeout=5).json())
        told = [state["switches"][name] for name in ("minute_limit", "day_limit", "silent_edits")]
        assert told == [7, None, "none"]  # of some "none" is a word
        requests.post("http://127.0.0.1:5973/_simulator/organisations/UK", json={"add_contacts": ["Kept"]}, timeout=5)
        assert (tmp_path / "world").exists()
    finally:
        process.terminate()
        assert process.wait(timeout=10) == 0


def _patiently(work):
    for _ in range(50):
        try:
            return work()
        except requests.exceptions.ConnectionError:
            time.sleep(0.1)
    return work()


def _at_once(*works):
    """Each work in a thread of its own, all begun together; gives their answers."""
    barrier, answers = threading.Barrier(len(works)), []

    def run(work):
        barrier.wait()
        answers.append(work())

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_clients_at_once_lose_no_update(served, remote):
    """Each changes its own field of one contact, and both pay what is due of one invoice only once."""
    app, base = served
    headers = dict(remote[0].headers)
    remote[0].post(f"{base}/_simulator/switches", json={"concurrent_limit": None}, timeout=5)

    def write(method, path, element):
        return requests.request(method, f"{base}/api.xro/2.0/{path}", json={path: [element]}, headers=headers, timeout=20)

    contact = write("PUT", "Contacts", {"Name": "Both"}).json()["Contacts"][0]["ContactID"]
    lines = [{"Description": "Work", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200", "TaxType": "BASEXCLUDED"}]
    document = {"Type": "ACCREC", "Contact": {"ContactID": contact}, "Date": "2026-09-14", "DueDate": "2026-09-14", "Status": "AUTHORISED"}
    invoice = write("PUT", "Invoices", {**document, "LineItems": lines}).json()["Invoices"][0]["InvoiceID"]
    for turn in range(8):
        payment = {"Invoice": {"InvoiceID": invoice}, "Account": {"Code": "090"}, "Amount": 9, "Date": "2026-09-14"}
        works = [partial(write, "POST", "Contacts", {"ContactID": contact, field: f"{turn}"}) for field in ("AccountNumber", "TaxNumber")]
        paid = _at_once(*works, *(partial(write, "PUT", "Payments", payment) for _ in range(2)))
        assert turn > 4 or {answer.status_code for answer in paid} == {200}
        shown = requests.get(f"{base}/api.xro/2.0/Contacts/{contact}", headers=headers, timeout=5).json()["Contacts"][0]
        assert (shown["AccountNumber"], shown["TaxNumber"]) == (f"{turn}", f"{turn}")
    organisation = next(iter(app.world.organisations.values()))
    payments = organisation.payments_of(invoice)
    assert (len(payments), organisation.invoices.get(invoice)["AmountDue"]) == (11, 1)
    check_tables(organisation)
