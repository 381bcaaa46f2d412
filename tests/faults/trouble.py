"""What goes wrong, when the plan says so; and the administrator who connects again when Xero has ended the consent."""

import threading
import time
from collections import Counter

import requests

from dev import stack
from tests.faults import books

# How long to wait for a call that can be cut in the middle.
WAIT_FOR_CALL = 8
# A pause longer than this is not waited for: the administrator connects again, which ends it.
LONG_PAUSE = 330
CONNECTION = """
    SELECT state, state_message, EXTRACT(EPOCH FROM paused_until - now() AT TIME ZONE 'UTC') AS wait FROM xero_connection WHERE id = %s
"""


class Trouble(threading.Thread):
    """Lets the events of the plan happen as the people's work goes on; whatever was killed is started again."""

    def __init__(self, events, fleet, progress, until):
        super().__init__(name="trouble", daemon=True)
        self._events, self._fleet, self._progress, self._until = events, fleet, progress, until
        self.happened, self.errors = Counter(), []

    def run(self):
        for event in self._events:
            while self._progress() < event.at and time.monotonic() < self._until:
                stack.pause(0.1)
            try:
                getattr(self, f"_do_{event.kind}")(event.values)
                self._fleet.start_missing()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - reported as a violation at the end
                self.errors.append(f"{event.kind} {event.values}: {type(error).__name__}: {error}")

    # === FAULTS OF XERO === #

    def _do_fault(self, values):
        self._fleet.xero.order(*_faults(values))
        self.happened["faults ordered"] += 1

    # === KILLS === #

    def _do_kill(self, values):
        stack.pause(values["wait"])
        self._kill(values["server"])

    def _kill(self, index):
        self._fleet.kill_server(index)
        self.happened["kill -9 of a server"] += 1

    def _do_kill_worker(self, values):
        """One process of the server that has several; the other server as a whole."""
        stack.pause(values["wait"])
        if values["server"] == 1 and self._fleet.servers[1].kill_child(values["choice"]):
            self.happened["kill -9 of a worker process"] += 1
        else:
            self._kill(0)

    def _do_kill_in_call(self, values):
        """Wait until a call is on its way, then kill; half of the times both servers, so that the one that called is among them."""
        before = len(self._fleet.xero.faults()["happened"])
        self._fleet.xero.order({"kind": "slow", "method": values["method"], "path": values["path"], "seconds": 3.0})
        deadline = time.monotonic() + WAIT_FOR_CALL
        while time.monotonic() < deadline:
            news = self._fleet.xero.faults()["happened"][before:]
            if any(fault["kind"] == "slow" for fault in news):
                self.happened["kills in the middle of a call"] += 1
                break
            stack.pause(0.1)
        stack.pause(values["wait"])
        for index in (values["server"],) if values["choice"] < 0.5 else (0, 1):
            self._kill(index)

    def _do_postgres(self, values):
        self._fleet.postgres.restart(values["mode"])
        self.happened[f"PostgreSQL restarted ({values['mode']})"] += 1

    def _do_simulator(self, _values):
        self._fleet.xero_server.kill()
        self.happened["kill -9 of Xero"] += 1


def _faults(values):
    """The orders for the simulator; some troubles need two of them."""
    if values["kind"] in ("lost_token", "lost_token_answer", "invalid_grant"):
        kind = {"lost_token": "reset_before", "lost_token_answer": "reset_after"}.get(values["kind"], "invalid_grant")
        times = 3 if kind == "invalid_grant" else 1
        expired = {"kind": "token_expired", "method": values["method"], "path": values["path"]}
        return [expired, {"kind": kind, "path": "/connect/token$", "times": times}]
    return [values]


class Administrator:
    """Connects again when a connection asks for it, or stands still for longer than anyone would wait."""

    def __init__(self, admin, companies, organisations, query):
        self._admin, self._companies, self._organisations, self._query = admin, companies, organisations, query
        self.reconnections, self.failures = Counter(), []

    def look_after(self):
        for company in self._companies:
            [row] = self._query(CONNECTION, company.connection_id)
            stuck = row["state"] == "paused" and (row["wait"] is None or row["wait"] > LONG_PAUSE)
            if row["state"] == "reconnect" or stuck or (row["wait"] or 0) > LONG_PAUSE:
                self._reconnect(company, row)

    def _reconnect(self, company, row):
        try:
            books.reconnect(self._admin, company, self._organisations[company.country])
            self.reconnections[f"{row['state']}: {row['state_message']}"] += 1
        except (RuntimeError, requests.RequestException, SystemExit, KeyError) as error:
            self.failures.append(f"{company.name}: {error}")


class Watch(threading.Thread):
    """The administrator's glance at the connections, every few seconds until ``stop``."""

    def __init__(self, administrator):
        super().__init__(name="administrator", daemon=True)
        self._administrator, self._stop_asked, self.errors = administrator, threading.Event(), Counter()

    def run(self):
        while not self._stop_asked.wait(5):
            try:
                self._administrator.look_after()
            except Exception as error:  # noqa: BLE001 - the database may be away; the next glance comes soon
                self.errors[type(error).__name__] += 1

    def stop(self):
        self._stop_asked.set()
        self.join(60)
