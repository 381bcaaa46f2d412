"""`make chaos`: two Odoo servers, two companies, people at work, faults and kills; at the end every document is compared with Xero.

python -m tests.faults.chaos [--seed N] [--documents N] [--faults N] [--kills N] [--minutes M] [--people N] [--patient]

The seed is printed; the same seed and sizes give the same plan of actions. The exit status is 1 on any violation.
Logs: .dev/logs/chaos_*.log
"""

import argparse
import contextlib
import functools
import json
import os
import secrets
import signal
import sys
import time
from collections import Counter

from dev import bootstrap, stack
from tests.faults import books, fleet, logs, report
from tests.faults.compare import Comparison
from tests.faults.facts import Facts
from tests.faults.people import Employee, Progress
from tests.faults.plan import Plan, Sizes
from tests.faults.postgres import HOME, Postgres
from tests.faults.settle import STUCK, Settling
from tests.faults.trouble import Administrator, Trouble, Watch

SETTLE_LIMIT = 300  # seconds; more if the faults make connections wait for minutes
PATIENT_LIMIT = 1500
LINGER_LIMIT = 30
TABLES = ("xero_job", "xero_binding", "xero_call", "xero_problem")


class Run:
    """One run of a plan, from an empty pair of organisations to the comparison."""

    def __init__(self, plan, options="", patience=STUCK):
        self.plan, self.options, self.patience = plan, options, patience
        self.database = f"chaos_{os.getpid()}"
        self.violations, self.idle_calls = [], 0

    def __call__(self):
        started = time.monotonic()
        with contextlib.ExitStack() as cleanup:
            postgres = cleanup.enter_context(Postgres())
            fleet.end_leftovers()
            postgres.create(self.database)
            cleanup.callback(postgres.drop, self.database)
            self._query = functools.partial(postgres.query, database=self.database)
            self._start(cleanup, postgres)
            self._open_companies()
            self._storm()
            self._settle()
            self._read_counters()
        self._read_logs()
        self.seconds = time.monotonic() - started
        return self

    # === BEFORE === #

    def _start(self, cleanup, postgres):
        xero_port, ports = stack.free_port(), [stack.free_port(), stack.free_port()]
        self._point_at_simulator(postgres, ports[0], xero_port)
        state = HOME / "simulator.state"
        state.unlink(missing_ok=True)
        cleanup.callback(state.unlink, missing_ok=True)
        countries = [country for _name, country in books.COMPANIES]
        xero_server = cleanup.enter_context(fleet.simulator(xero_port, countries, self.plan.seed, self.plan.switches, state))
        servers = [
            cleanup.enter_context(fleet.odoo(name, self.database, port, postgres, workers))
            for name, port, workers in zip(("odoo_a", "odoo_b"), ports, (0, 2), strict=True)
        ]
        self._fleet = fleet.Fleet(servers, postgres, xero_server, fleet.Xero(xero_port))

    def _point_at_simulator(self, postgres, odoo_port, xero_port):
        values = {f"xero_connector.{name}": f"http://localhost:{xero_port}" for name in ("login_url", "identity_url", "api_url")}
        values["web.base.url"] = f"http://localhost:{odoo_port}"
        statement = "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
        with postgres._cursor(self.database) as cursor:
            cursor.executemany(statement, list(values.items()))

    def _open_companies(self):
        bootstrap.step("Two companies, two organisations")
        address = self._fleet.addresses[0]
        self._admin = books.Person(address)
        books.more_decimals(self._admin)
        names = {one["country"]: one["name"] for one in self._fleet.xero.state()["organisations"]}
        self._companies = [books.open_company(self._admin, name, country, names[country]) for name, country in books.COMPANIES]
        self._administrator = Administrator(self._admin, self._companies, names, self._query)

    # === THE STORM === #

    def _storm(self):
        bootstrap.step(f"The storm: seed {self.plan.seed}, {self.plan.sizes}")
        until = time.monotonic() + self.plan.sizes.minutes * 60
        progress = Progress(sum(map(len, self.plan.people)))
        self.people = [self._employee(number, steps, progress, until) for number, steps in enumerate(self.plan.people)]
        trouble, watch = Trouble(self.plan.events, self._fleet, progress, until), Watch(self._administrator)
        for thread in (*self.people, trouble, watch):
            thread.start()
        for thread in (*self.people, trouble):
            thread.join(self.plan.sizes.minutes * 60 + 300)
        self._linger(LINGER_LIMIT * (10 if self.plan.sizes.patient else 1))
        watch.stop()
        self.trouble = trouble.happened
        self.violations += [("trouble", error) for error in trouble.errors]
        self.violations += [("people", error) for person in self.people for error in person.errors]
        self.violations += [("people", f"{person.name} is still at work") for person in self.people if person.is_alive()]

    def _linger(self, limit):
        """Everybody has gone home; while documents are on their way, what is left of the faults may still strike."""
        deadline = time.monotonic() + limit
        statement = "SELECT 1 FROM xero_job WHERE state IN ('pending', 'sending', 'uncertain') LIMIT 1"
        while time.monotonic() < deadline and self._fleet.xero.faults()["faults"] and self._query(statement):
            stack.pause(1)

    def _employee(self, number, steps, progress, until):
        company = self._companies[number % len(self._companies)]
        address = self._fleet.addresses[number // len(self._companies) % len(self._fleet.addresses)]
        person = books.hire(self._admin, address, number, company)
        return Employee(number, person, self._fleet.addresses, company, steps, progress, until)

    # === AFTER === #

    def _settle(self):
        bootstrap.step("Settling")
        self._fleet.xero.stop_faults()
        self._fleet.start_missing()
        self._fleet.wait_until_up()
        started, limit = time.monotonic(), PATIENT_LIMIT if self.plan.sizes.patient else SETTLE_LIMIT
        settling = Settling(self._admin, self._companies, self._administrator, self._query, self.patience)
        settling.run(limit)
        self.settling_seconds, self.notes = time.monotonic() - started, settling.notes
        self.waits, self.reasons = settling.waits, settling.reasons
        self.first = self._compare()
        before = self._calls()
        settling.press_sync_now(limit)
        self.idle_calls = self._calls() - before
        self.second = self._compare()
        self.violations += self._violations(self.first)
        self.violations += [found for found in self._violations(self.second) if found not in self.violations]
        self.violations += [("administrator", failure) for failure in self._administrator.failures[-3:]]

    def _compare(self):
        state = self._fleet.xero.state()
        return [Comparison(Facts(company, self._query, state)) for company in self._companies]

    def _violations(self, comparisons):
        return [violation for comparison in comparisons for violation in comparison.violations]

    def _calls(self):
        return sum(self._fleet.xero.state()["calls"].values())

    def _read_counters(self):
        self.calls = self._calls()
        self.faults = Counter(fault["kind"] for fault in self._fleet.xero.faults()["happened"])
        self.starts = sum(server.starts for server in self._fleet.servers)
        self.reconnections = self._administrator.reconnections
        if self.violations:
            self._keep_evidence()

    def _keep_evidence(self):
        """The database is dropped and the simulator forgets: what is needed to find out why goes into a file."""
        evidence = {name: self._query(f"SELECT * FROM {name} ORDER BY id") for name in TABLES}
        evidence |= {"requests": self._fleet.xero.log(), "state": self._fleet.xero.state()}
        (stack.LOGS / "chaos_evidence.json").write_text(json.dumps(evidence, default=str, indent=1))

    def _read_logs(self):
        unexpected, self.other_errors = logs.read([server.log for server in self._fleet.servers])
        self.violations += [("traceback", text) for text in unexpected]


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    sizes = Sizes(documents=400, faults=40, kills=6)
    for name in ("documents", "faults", "kills", "people"):
        parser.add_argument(f"--{name}", type=int, default=getattr(sizes, name))
    parser.add_argument("--minutes", type=float, default=sizes.minutes, help="how long the people work at most")
    parser.add_argument("--patient", action="store_true", help="also silence, limits, maintenance, lost consent: connections wait")
    return parser.parse_args()


def main():
    given = vars(options())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    seed = given.pop("seed")
    words = " ".join(f"--{name}" if value is True else f"--{name} {value}" for name, value in given.items() if value is not False)
    run = Run(Plan(seed, Sizes(**given)), words)()
    sys.exit(1 if report.show(run) else 0)


if __name__ == "__main__":
    main()
