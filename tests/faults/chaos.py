"""`make chaos`: two Odoo servers, several companies, people at work, faults and kills; at the end every document is compared with Xero.

python -m tests.faults.chaos [--seed N] [--documents N] [--faults N] [--kills N] [--minutes M] [--people N] [--companies N]
                            [--calm F] [--namesakes N] [--restores 0] [--copies 0] [--patient] [--both]

With --both people are at work in Xero too, and Xero rings, or does not: they pay, take back, edit and void without telling anyone, and an
accountant in Odoo answers. After the rest one more round of sending and reading may change nothing.

The seed is printed; the same seed and sizes give the same scenario. The exit status is 1 on any violation, and if fewer documents
were compared, or fewer faults and kills happened, than were asked for.
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

import requests

from dev import bootstrap, stack
from tests.faults import books, both_sides, fleet, logs, report
from tests.faults.calming import STUCK, Calming
from tests.faults.compare import Comparison
from tests.faults.databases import Databases
from tests.faults.facts import Facts
from tests.faults.lost_time import Accountant
from tests.faults.people import Employee
from tests.faults.postgres import HOME, Postgres
from tests.faults.scenario import Scenario, Sizes
from tests.faults.trouble import LONG_PAUSE, SHORT_PAUSE, Administrator, Storm, Trouble, Watch, Weather

CALM_LIMIT = 300  # seconds; more if the faults make connections wait for minutes
PATIENT_LIMIT = 1500
LATEST = 1.25  # times the planned length the storm goes on at most, until all that was planned has happened
TOKEN = "/connect/token"  # noqa: S105 - an address
COMPARED = ("invoices", "bills", "credit notes", "customers", "payments", "allocations", "money on account", "journal entries")
NAMED = """
    SELECT b.kind, b.res_model, b.res_id, b.xero_id, b.origin, ARRAY[m.name, m.ref, p.name] AS names
      FROM xero_binding b LEFT JOIN account_move m ON b.res_model = 'account.move' AND m.id = b.res_id
      LEFT JOIN account_payment p ON p.id = b.payment_id"""
TABLES = ("xero_job", "xero_binding", "xero_call", "xero_problem", "xero_drift", "xero_money")


class Run:
    """One run of a scenario, from an empty pair of organisations to the comparison."""

    def __init__(self, scenario, options="", patience=STUCK, insists=True):
        self.scenario, self.options, self.patience, self.insists = scenario, options, patience, insists
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
            self._come_to_rest()
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
        countries = [country for _name, country in self._books]
        xero_server = cleanup.enter_context(fleet.simulator(xero_port, countries, self.scenario.seed, self.scenario.switches, state))
        servers = [
            cleanup.enter_context(fleet.odoo(name, self.database, port, postgres, workers))
            for name, port, workers in zip(("odoo_a", "odoo_b"), ports, (0, 2), strict=True)
        ]
        self._fleet, self._postgres = fleet.Fleet(servers, postgres, xero_server, fleet.Xero(xero_port)), postgres

    def _point_at_simulator(self, postgres, odoo_port, xero_port):
        values = {f"xero_connector.{name}": f"http://localhost:{xero_port}" for name in ("login_url", "identity_url", "api_url")}
        values |= {"web.base.url": f"http://localhost:{odoo_port}", "web.base.url.freeze": "True"}
        statement = "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
        with postgres._cursor(self.database) as cursor:
            cursor.executemany(statement, list(values.items()))

    @property
    def _books(self):
        return books.COMPANIES[: self.scenario.sizes.companies]

    def _open_companies(self):
        bootstrap.step(f"{self.scenario.sizes.companies} companies, {self.scenario.sizes.companies} organisations")
        self._admin = books.Person(self._fleet.addresses[0])
        books.prepare(self._admin)
        names = {one["country"]: one["name"] for one in self._fleet.xero.state()["organisations"]}
        for country in names:
            self._fleet.xero.change(country, currencies=list(books.FOREIGN))
        self._companies = [books.open_company(self._admin, name, country, names[country]) for name, country in self._books]
        if self.scenario.sizes.both:
            self._banks = both_sides.open_all(self._admin, self._companies, self._fleet.xero, self.scenario.rings)
        pause = LONG_PAUSE if self.scenario.sizes.patient else SHORT_PAUSE
        self._administrator = Administrator(self._admin, self._companies, names, self._query, pause)

    # === THE STORM === #

    def _storm(self):
        bootstrap.step(f"The storm: seed {self.scenario.seed}, {self.scenario.sizes}")
        numbers = range(len(self.scenario.people))
        persons = [books.hire(self._admin, self._address(number), f"worker{number}", self._company(number)) for number in numbers]
        clerks = [books.Person(address) for address in self._fleet.addresses]
        storm = Storm(self.scenario.sizes.minutes * 60)
        self.people = [self._employee(number, person, storm) for number, person in enumerate(persons)]
        self.bookkeepers = self._other_side(storm)
        self._databases = Databases(self._fleet, self._postgres, self.database, self._companies, self._admin, self._query)
        self._databases.people, self._databases.administrator = self.people, self._administrator
        trouble = Trouble(self.scenario.events, self._fleet, storm, self._query, self._companies, clerks, self._databases)
        weather, watch = Weather(self.scenario, self._fleet, storm, self._query, self.insists), Watch(self._administrator)
        for thread in (*self.people, *self.bookkeepers, trouble, weather, watch):
            thread.start()
        self._wait_for_the_end(storm, trouble, weather)
        storm.over.set()
        everybody = [*self.people, *self.bookkeepers]
        for thread in (trouble, weather, *everybody):
            thread.join(300)
        watch.stop()
        self.trouble, self.left_over = trouble.happened, weather.waiting
        self.violations += [("trouble", error) for error in trouble.errors]
        self.violations += [("database", error) for error in self._databases.errors]
        self.violations += [("people", error) for person in everybody for error in person.errors]
        self.violations += [("people", f"{person.name} is still at work") for person in everybody if person.is_alive()]

    def _other_side(self, storm):
        """With people on both sides: the bookkeepers in Xero; the accountants who answer them in Odoo join the people there."""
        found, xero = [], self._fleet.xero
        for number, (company, steps) in enumerate(zip(self._companies, self.scenario.clerks, strict=False)):
            address = self._fleet.addresses[number % len(self._fleet.addresses)]
            person = books.hire(self._admin, address, f"accountant{number}", company)
            self.people.append(both_sides.Clerk(number, person, self._fleet.addresses, company, steps, storm, xero))
            found.append(both_sides.Bookkeeper(xero, company, self._banks[number], self.scenario.bookkeepers[number], storm))
        return found

    def _wait_for_the_end(self, storm, trouble, weather):
        """The planned time is over, and all that was planned has happened or does not come any more."""
        while storm() < LATEST or trouble.is_alive() and storm() < 3 * LATEST:
            with contextlib.suppress(requests.RequestException):
                if (
                    storm() >= 1
                    and not trouble.is_alive()
                    and weather.is_done
                    and all(one.is_done for one in (*self.people, *self.bookkeepers))
                ):
                    return
            stack.pause(1)

    def _company(self, number):
        return self._companies[number % len(self._companies)]

    def _address(self, number):
        return self._fleet.addresses[number // len(self._companies) % len(self._fleet.addresses)]

    def _employee(self, number, person, storm):
        steps, overtime = self.scenario.people[number], self.scenario.overtime(number)
        return Employee(number, person, self._fleet.addresses, self._company(number), steps, overtime, storm)

    # === AFTER === #

    def _come_to_rest(self):
        bootstrap.step("Coming to rest")
        self._fleet.xero.stop_faults()
        self._fleet.start_missing()
        self._fleet.wait_until_up()
        if self.scenario.rings and (left := both_sides.ring_again(self._fleet.xero)):
            self.violations.append(("webhooks", f"{left} rings that Odoo did not take, with everything up"))
        started, limit = time.monotonic(), PATIENT_LIMIT if self.scenario.sizes.patient else CALM_LIMIT
        seed = self.scenario.seed if self.scenario.sizes.both else None
        calming = Calming(self._admin, self._companies, self._administrator, self._query, self._fleet.xero, self.patience, seed)
        calming.run(limit)
        if self._databases.lost:
            self._clear_up(calming, limit)
        self.seconds_to_rest, self.notes = time.monotonic() - started, calming.notes
        self.waits, self.reasons = calming.waits, calming.reasons
        self.first = self._compare()
        self.given = calming.given
        self._one_more_round(calming, limit)
        self.second = self._compare()
        self.violations += self._violations(self.first)
        self.violations += [found for found in self._violations(self.second) if found not in self.violations]
        self.violations += [("administrator", failure) for failure in self._administrator.failures]

    def _one_more_round(self, calming, limit):
        """Nothing new comes of it: no echo. Who reads whole lists of Xero once more finds nothing either."""
        before = self._calls()
        footprint = both_sides.footprint(self._query, self._fleet.xero.state()["calls"]) if calming.answers else {}
        if calming.answers:
            calming.read_all()
        calming.press_sync_now(limit)
        self.idle_calls = self._calls() - before
        if footprint:
            after = both_sides.footprint(self._query, self._fleet.xero.state()["calls"])
            self.violations += [("one more round", text) for text in both_sides.changes(footprint, after)]

    def _clear_up(self, calming, limit):
        """What Odoo has forgotten is removed in Xero by people, who then ask whether what differed is the same now."""
        lost, state = self._databases.lost, self._fleet.xero.state()
        bindings = self._query(NAMED)
        self.violations += [("became another's", str(dict(row))) for row in lost.taken(bindings)]
        self.violations += [("another's changed", text) for text in lost.altered(state)]
        self._fleet.xero.call("POST", "switches", minute_limit=None)
        accountant = Accountant(self._fleet.xero, [company.tenant_id for company in self._companies])
        accountant.clear_up(lost, {row["xero_id"] for row in bindings})
        calming.notes["forgotten by the restored backup and removed in Xero by hand"] += accountant.removed
        calming.notes.update(f"refused by Xero: {text}" for text in accountant.refused)
        calming.ask_about_changes()
        calming.run(limit)

    def _compare(self):
        state = self._fleet.xero.state()
        return [Comparison(Facts(company, self._query, state, self._databases.lost)) for company in self._companies]

    def _violations(self, comparisons):
        """Nobody answers what comes from Xero where people are on one side only."""
        found = [violation for comparison in comparisons for violation in comparison.violations]
        return [violation for violation in found if self.scenario.sizes.both or violation[0] != "not answered"]

    @property
    def calls(self):
        return sum(self.endpoints.values())

    def _calls(self):
        return sum(self._fleet.xero.state()["calls"].values())

    def _read_counters(self):
        self.endpoints = Counter(self._fleet.xero.state()["calls"])
        happened = self._fleet.xero.faults()["happened"]
        self.faults = Counter(fault["kind"] for fault in happened if fault["kind"] != "slow")
        self.slow = sum(fault["kind"] == "slow" for fault in happened)
        self.token_faults = Counter(fault["kind"] for fault in happened if fault["path"] == TOKEN)
        self.renewals = self.endpoints[f"POST {TOKEN}"]
        self.starts = sum(server.starts for server in self._fleet.servers)
        self.reconnections = self._administrator.reconnections
        told = self._fleet.xero.state()["webhooks"]
        self.rung = ", ".join(f"{one['delivered']} delivered, {one['dropped']} dropped, {one['pending']} not yet" for one in told) or "none"
        if self.violations:
            self._keep_evidence()

    def _keep_evidence(self):
        """The database is dropped and the simulator forgets: what is needed to find out why goes into a file."""
        evidence = {name: self._query(f"SELECT * FROM {name} ORDER BY id") for name in TABLES}
        evidence |= {"requests": self._fleet.xero.log(), "state": self._fleet.xero.state()}
        (stack.LOGS / "chaos_evidence.json").write_text(json.dumps(evidence, default=str, indent=1))

    @property
    def documents(self):
        """What was compared at last, by kind."""
        counts = sum((comparison.counts for comparison in self.second), Counter())
        return {name: counts[name] for name in COMPARED if counts[name]}

    @property
    def kills(self):
        return sum(count for name, count in self.trouble.items() if name.startswith("kill -9") and "of Xero" not in name)

    @property
    def missing(self):
        """What was asked for and did not come about: too few documents, faults or kills."""
        sizes = self.scenario.sizes
        forgotten = len(self._databases.lost.strangers) if self._databases.lost else 0
        got = {"documents": sum(self.documents.values()) + forgotten, "faults": sum(self.faults.values()), "kills": self.kills}
        return [f"{count} {name} instead of {getattr(sizes, name)}" for name, count in got.items() if count < getattr(sizes, name)]

    def _read_logs(self):
        unexpected, self.other_errors = logs.read([server.log for server in self._fleet.servers])
        self.violations += [("traceback", text) for text in unexpected]


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    sizes = Sizes(documents=400, faults=40, kills=6, minutes=3.0)
    for name in ("documents", "faults", "kills", "people", "companies", "namesakes", "restores", "copies"):
        parser.add_argument(f"--{name}", type=int, default=getattr(sizes, name))
    parser.add_argument("--minutes", type=float, default=sizes.minutes, help="the length of the storm")
    parser.add_argument("--calm", type=float, default=sizes.calm, help="the fraction of it after which nothing more goes wrong")
    parser.add_argument("--both", action="store_true", help="people at work in Xero too, and in Odoo somebody who answers them")
    parser.add_argument("--patient", action="store_true", help="also silence; nobody connects again to end a wait of minutes")
    return parser.parse_args()


def main():
    given = vars(options())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    seed = given.pop("seed")
    words = " ".join(f"--{name}" if value is True else f"--{name} {value}" for name, value in given.items() if value is not False)
    run = Run(Scenario(seed, Sizes(**given)), words)()
    report.show(run)
    sys.exit(1 if run.violations or run.missing else 0)


if __name__ == "__main__":
    main()
