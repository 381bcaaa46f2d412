"""Webhooks of a process of its own: neither a restart nor a kill -9 forgets what has still to be told."""

import signal
import time

import requests
from receiver import Receiver
from test_sim_persistence import connected, process


def post(base, path, body):
    return requests.post(f"{base}/_simulator/{path}", json=body, timeout=20).json()


def wait_until(condition):
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_killed_and_started_again_it_tells_the_rest(tmp_path):
    receiver = Receiver()
    server, address = receiver.serve()
    try:
        path = tmp_path / "world"
        with process(path) as (running, base):
            session = connected(base)
            tenant = session.headers["xero-tenant-id"]
            made = post(base, "webhooks", {"url": address, "key": "secret", "client_id": "demo-custom"})
            assert made["status"] == "ACTIVE", made
            receiver.refuse = 10**6
            act = {"verb": "write_contact", "user": "Rita Mills"}
            names = [f"C{number}" for number in range(5)]
            keys = [post(base, f"organisations/{tenant}/person", {**act, "name": name})["result"]["ContactID"] for name in names]
            wait_until(lambda: receiver.refuse < 10**6 - 1)
            running.send_signal(signal.SIGKILL)
        assert receiver.told  # sent, but refused
        receiver.posts.clear()
        receiver.refuse = 0
        with process(path) as (_running, base):
            post(base, "clock", {"advance_seconds": 901})
            wait_until(lambda: len({row[2] for row in receiver.told}) == 5)
            sequences = [body["firstEventSequence"] for _good, body in receiver.posts]
        assert {row[2] for row in receiver.told} == set(keys)
        assert sequences == sorted(sequences)
    finally:
        server.shutdown()
        server.server_close()
