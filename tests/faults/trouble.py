"""What goes wrong, when the scenario says so; and the administrator who connects again when Xero has ended the consent."""

import contextlib
import threading
import time
from collections import Counter

import psycopg2
import requests

from dev import stack
from tests.faults import books
from tests.faults.scenario import TOKEN_PATH

# How long to wait for a call that can be cut in the middle.
WAIT_FOR_CALL = 8
# A pause longer than this is not waited for: the administrator connects again, which ends it.
LONG_PAUSE, SHORT_PAUSE = 330, 12
# Of the calls that are made, at most this share is ordered to go wrong, so that work goes on.
SHARE = 0.5
# So many faults may wait for their call. More of those that any call or question can meet would pile up while a connection pauses, hit each
# of its first calls, and keep it from ever getting anywhere.
WAITING = {"any": 2, "expired": 1, "token": 1, "PUT": 6, "POST": 3}
TICK, LOOK_AHEAD = 0.5, 100
RENEWAL = 2.5  # seconds that the renewal of a token takes that several processes want
CONNECTION = """
    SELECT state, state_message, EXTRACT(EPOCH FROM paused_until - now() AT TIME ZONE 'UTC') AS wait FROM xero_connection WHERE id = %s
"""
EXPIRE = "UPDATE xero_token SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE connection_id = %s RETURNING id"
WAITERS = """
    SELECT count(*) AS number FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%%FROM xero_token%%NO KEY UPDATE%%'
"""


class Storm:
    """The clock of a run: how far it has come, from 0 to 1 at the end of the planned time; ``over`` when everybody may go home."""

    def __init__(self, seconds):
        self._seconds, self._started, self.over = seconds, time.monotonic(), threading.Event()
        self._working, self._is_closed, self._change, self._closed_at = 0, False, threading.Condition(), 0.0

    def __call__(self):
        now = self._closed_at if self._is_closed else time.monotonic()
        return (now - self._started) / self._seconds

    def wait_for(self, fraction):
        """Wait until then, or until it is over."""
        while not self.over.wait(min(1, max(0, (fraction - self()) * self._seconds))) and self() < fraction:
            pass

    @contextlib.contextmanager
    def at_work(self):
        """For a step of a person: not begun while the office is closed."""
        with self._change:
            self._change.wait_for(lambda: not self._is_closed)
            self._working += 1
        try:
            yield
        finally:
            with self._change:
                self._working -= 1
                self._change.notify_all()

    @contextlib.contextmanager
    def closed_office(self):
        """Everybody finishes what they are doing, and waits; so does the clock."""
        with self._change:
            self._closed_at, self._is_closed = time.monotonic(), True
            self._change.wait_for(lambda: not self._working, timeout=300)
        try:
            yield
        finally:
            with self._change:
                self._started += time.monotonic() - self._closed_at
                self._is_closed = False
                self._change.notify_all()


class Trouble(threading.Thread):
    """Lets the events of the scenario happen; whatever was killed is started again."""

    def __init__(self, events, fleet, storm, query, companies, clerks, databases):
        super().__init__(name="trouble", daemon=True)
        self._events, self._fleet, self._storm, self._query = events, fleet, storm, query
        self._companies, self._clerks, self._databases = companies, clerks, databases
        self.happened, self.errors = Counter(), []

    def run(self):
        for event in self._events:
            self._storm.wait_for(event.at)
            if self._storm.over.is_set():
                break
            try:
                getattr(self, f"_do_{event.kind}")(event.values)
                self._fleet.start_missing()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - reported as a violation at the end
                self.errors.append(f"{event.kind} {event.values}: {type(error).__name__}: {error}")

    # === KILLS === #

    def _do_kill(self, values):
        stack.pause(values["wait"])
        self._kill(values["server"])

    def _kill(self, index):
        self._fleet.kill_server(index)
        self.happened["kill -9 of a server"] += 1

    def _do_kill_worker(self, values):
        """One process of the server that has several."""
        stack.pause(values["wait"])
        if self._fleet.servers[1].kill_child(values["choice"]):
            self.happened["kill -9 of a worker process"] += 1
        else:
            self._kill(1)

    def _do_kill_in_call(self, values):
        """Wait until a call is on its way, then kill who makes it."""
        before = len(self._fleet.xero.faults()["happened"])
        self._fleet.xero.order({"kind": "slow", "method": values["method"], "path": values["path"], "seconds": 3.0})
        deadline = time.monotonic() + WAIT_FOR_CALL
        while time.monotonic() < deadline:
            news = self._fleet.xero.faults()["happened"][before:]
            if any(fault["kind"] == "slow" for fault in news):
                break
            stack.pause(0.1)
        killed = self._fleet.kill_callers()
        if killed:
            self.happened["kill -9 in the middle of a call to Xero"] += killed
        else:
            self._kill(values["server"])

    def _do_postgres(self, values):
        self._fleet.postgres.restart(values["mode"])
        self.happened[f"PostgreSQL restarted ({values['mode']})"] += 1

    def _do_simulator(self, _values):
        self._fleet.xero_server.kill()
        self.happened["kill -9 of Xero"] += 1

    # === DATABASES === #

    def _do_backup(self, _values):
        self._databases.back_up()

    def _do_restore(self, _values):
        with self._storm.closed_office():
            self._databases.restore()
        self.happened["older backups that came back"] += 1

    def _do_copy(self, _values):
        self._databases.run_a_copy()
        self.happened["copies of the database that ran"] += 1

    # === TOKENS === #

    def _do_renewal(self, values):
        """The token runs out, and two people, each on a server of their own, and the runner want a new one at the same moment."""
        company = self._companies[values["company"]]
        clicks = [threading.Thread(target=self._read_again, args=(clerk, company), daemon=True) for clerk in self._clerks]
        self._fleet.xero.order({"kind": "slow", "path": TOKEN_PATH, "seconds": RENEWAL})
        self._query(EXPIRE, company.connection_id)
        for click in clicks:
            click.start()
        deadline, waiters = time.monotonic() + 2 * RENEWAL, 0
        while not waiters and time.monotonic() < deadline and any(click.is_alive() for click in clicks):
            [row] = self._query(WAITERS)
            waiters = row["number"]
            stack.pause(0.1)
        for click in clicks:
            click.join(30)
        self.happened["tokens that ran out while several processes wanted one"] += 1
        self.happened["of these, seen waiting for another's renewal"] += bool(waiters)

    def _read_again(self, clerk, company):
        """Xero may be away just now, or the server: then the click came to nothing."""
        try:
            clerk.work_for(company.company_id)
            clerk.call("xero.connection", "action_refresh_reference_data", [company.connection_id])
        except (RuntimeError, requests.RequestException) as refusal:
            self.happened[f"clicks on Read again that came to nothing: {type(refusal).__name__}"] += 1


class Weather(threading.Thread):
    """Orders the faults of the scenario, so many that the wanted number has happened when calm sets in.

    :param insists: whether faults go on after that until the wanted number has happened; else whatever still waits for a call is taken back
    """

    def __init__(self, scenario, fleet, storm, query, insists):
        super().__init__(name="weather", daemon=True)
        self._insists, self._is_calm = insists, False
        self._coming, self._wanted, self._calm = list(scenario.faults), scenario.sizes.faults, scenario.sizes.calm
        self._fleet, self._storm, self._query = fleet, storm, query
        self._newest, self._forgotten = 0, 0
        self._ordered, self._calls, self.errors = 0, self._count_calls(), Counter()
        self.waiting = Counter()  # how many still wait for their call, by group

    def run(self):
        while not self._storm.over.wait(TICK):
            try:
                self._tick() if self._insists or self._storm() < self._calm else self._calm_down()
            except (requests.RequestException, psycopg2.Error) as error:  # Xero or the database is away: the next look comes soon
                self.errors[type(error).__name__] += 1

    @property
    def happened(self):
        """How many faults have happened; an answer that is merely slow is none."""
        return sum(fault["kind"] != "slow" for fault in self._fleet.xero.faults()["happened"])

    @property
    def is_done(self):
        return self._is_calm or self.happened >= self._wanted

    def _calm_down(self):
        if not self._is_calm:
            self._fleet.xero.stop_faults()
            self._is_calm = True

    def _tick(self):
        known = self._fleet.xero.faults()
        happened, waiting = sum(fault["kind"] != "slow" for fault in known["happened"]), len(known["faults"])
        self.waiting = groups(known["faults"])
        # about one in four of those that wait will not meet its call soon
        due = self._wanted * min(1, self._storm() / self._calm) - happened - 0.75 * waiting
        allowed = SHARE * (self._count_calls() - self._calls) + 2 - self._ordered
        for _ in range(int(min(due, allowed))):
            self._order()

    def _order(self):
        """The next one of which not enough wait for their call already."""
        fitting = (number for number, orders in enumerate(self._coming[:LOOK_AHEAD]) if self._is_room(groups(orders)))
        number = next(fitting, None)
        if number is not None:
            orders = self._coming.pop(number)
            self._fleet.xero.order(*orders)
            self._ordered += len(orders)
            self.waiting += groups(orders)

    def _is_room(self, more):
        return all(self.waiting[group] + count <= WAITING[group] for group, count in more.items())

    def _count_calls(self):
        """Those that a restored database has forgotten are counted too."""
        newest = self._query("SELECT coalesce(max(id), 0) AS number FROM xero_call")[0]["number"]
        self._forgotten += max(0, self._newest - newest)
        self._newest = newest
        return newest + self._forgotten


def groups(faults):
    """How many faults wait for any call (or question), for a renewal of the token, for a PUT, for a POST; and how many expire the token."""
    found = Counter()
    for fault in faults:
        method = fault.get("method", "")
        found["token" if fault["path"] == TOKEN_PATH else method if method in WAITING else "any"] += 1
        found["expired"] += fault["kind"] == "token_expired"
    return found


class Administrator:
    """Connects again when a connection asks for it, or stands still for longer than they would wait."""

    def __init__(self, admin, companies, organisations, query, longest_pause):
        self._admin, self._companies, self._organisations, self._query = admin, companies, organisations, query
        self._longest_pause = longest_pause
        self.reconnections, self._failures = Counter(), {}
        self.at_work = threading.Lock()  # held by who needs them for something else

    @property
    def failures(self):
        """The last attempt of each company that still needs one."""
        return [f"{name}: {failure}" for name, failure in self._failures.items() if failure]

    def look_after(self):
        with self.at_work:
            self._look_after()

    def _look_after(self):
        for company in self._companies:
            [row] = self._query(CONNECTION, company.connection_id)
            stuck = row["state"] == "paused" and row["wait"] is None
            if row["state"] == "reconnect" or stuck or (row["wait"] or 0) > self._longest_pause:
                self._reconnect(company, row)
            else:
                self._failures[company.name] = ""  # nothing to do here any more, whatever became of the last attempt

    def _reconnect(self, company, row):
        try:
            books.reconnect(self._admin, company, self._organisations[company.country])
            self.reconnections[f"{row['state']}: {row['state_message']}"] += 1
            self._failures[company.name] = ""
        except (RuntimeError, requests.RequestException, SystemExit, KeyError) as error:
            self._failures[company.name] = str(error)


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
