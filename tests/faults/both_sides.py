"""People on both sides: a bookkeeper at work in each organisation of Xero, an accountant in Odoo for each company, and Xero rings."""

import secrets
import threading
from collections import Counter

import requests

from dev import demo, stack
from tests.faults.answers import Answers
from tests.faults.people import Employee

PAUSE = 1.0  # seconds, before Xero is tried again


# What one more round of sending and reading may not change.
FOOTPRINT = {
    "differences": "SELECT id, state, revision FROM xero_drift ORDER BY id",
    "money from Xero": "SELECT id, state, is_gone FROM xero_money ORDER BY id",
    "entries": "SELECT id, state, amount_total FROM account_move ORDER BY id",
    "payments": "SELECT id, state FROM account_payment ORDER BY id",
    "matches": "SELECT id, amount FROM account_partial_reconcile ORDER BY id",
    "counterparts": "SELECT id, xero_id, xero_status, state FROM xero_binding ORDER BY id",
}
SHOWN = 5


def footprint(query, calls):
    """``{what: rows}``, and how often Xero was written to."""
    writes = {name: count for name, count in calls.items() if not name.startswith("GET") and "/connect/" not in name}
    return {**{name: [tuple(row.values()) for row in query(text)] for name, text in FOOTPRINT.items()}, "calls": sorted(writes.items())}


def changes(before, after):
    """What has changed between two footprints, in words."""
    for name, rows in after.items():
        if rows != before[name]:
            new, old = ([row for row in some if row not in set(others)] for some, others in ((rows, before[name]), (before[name], rows)))
            yield f"{name}: {old[:SHOWN]} became {new[:SHOWN]}"


def open_all(admin, companies, xero, rings):
    """All companies at once; returns the codes of the banks of each."""
    key = secrets.token_urlsafe(32) if rings else ""
    for company in companies:
        open_books(admin, company, key)
    if rings:
        listen(admin, xero, companies[0], key)
    return [banks_of(admin, company) for company in companies]


def banks_of(admin, company):
    """Codes of the bank accounts that journals are mapped to, that of the first bank journal first."""
    admin.work_for(company.company_id)
    own = ("connection_id", "=", company.connection_id)
    lines = admin.search_read("xero.journal.mapping", [own, ("xero_account_id.type", "=", "BANK")], ["journal_id", "xero_account_id"])
    lines.sort(key=lambda line: line["journal_id"][0] != company.bank)
    ids = [line["xero_account_id"][0] for line in lines]
    codes = {row["id"]: row["code"] for row in admin.search_read("xero.account", [("id", "in", ids)], ["code"])}
    return list(dict.fromkeys(codes[each] for each in ids if codes[each]))


def open_books(admin, company, key):
    """Payments and credit are recorded on both sides; ``key``: what Xero's webhooks are signed with, if there are any."""
    admin.work_for(company.company_id)
    values = {"reads": "auto", "records_allocations": "both", **({"webhook_key": key} if key else {})}
    admin.call("xero.connection", "write", [company.connection_id], values)
    lines = admin.search_read("xero.journal.mapping", [("connection_id", "=", company.connection_id)], ["id"])
    admin.call("xero.journal.mapping", "write", [line["id"] for line in lines], {"recorded_in": "both"})


def listen(admin, xero, company, key):
    """Webhooks are set up in Xero's portal, for the app: it rings at one address, for all organisations.

    :raise RuntimeError: Odoo did not answer Xero's questions as it has to
    """
    admin.work_for(company.company_id)
    [connection] = admin.search_read("xero.connection", [("id", "=", company.connection_id)], ["webhook_url"])
    told = xero.call("POST", "webhooks", url=connection["webhook_url"], key=key, client_id=demo.CLIENT_ID)
    if told["status"] != "ACTIVE":
        raise RuntimeError(f"Xero does not ring: {told['handshake']}")


def ring_again(xero):
    """After a break Xero tells what it could not tell, and once more what it has told; returns how many rings Odoo did not take."""
    xero.call("POST", "webhooks/replay")
    told = xero.call("POST", "webhooks/deliver")["webhooks"]
    return sum(one["pending"] for one in told)


class Bookkeeper(threading.Thread):
    """Works in Xero, spread over the storm; ``did`` counts what."""

    def __init__(self, xero, company, banks, steps, storm):
        super().__init__(name=f"bookkeeper of {company.name}", daemon=True)
        self._xero, self._company, self._banks, self._steps, self._storm = xero, company, banks, steps, storm
        self.did, self.errors, self.is_done = Counter(), [], False

    def run(self):
        for number, step in enumerate(self._steps):
            self._storm.wait_for(number / len(self._steps))
            if self._storm.over.is_set():
                self.did["steps left undone"] = len(self._steps) - number
                return
            with self._storm.at_work():
                self._do(step)
        self.is_done = True

    def _do(self, step):
        """Xero may be away just now; a click whose answer was lost is not repeated."""
        try:
            did = self._xero.bookkeeper(self._company.tenant_id, step.kind, str(step.which), self._banks)
            self.did[step.kind if did else "nothing to do it with"] += 1
        except requests.HTTPError as refusal:
            self.errors.append(f"{self.name}, {step.kind}: {refusal.response.text[:300]}")
        except requests.RequestException:
            self.did["clicks that came to nothing"] += 1
            stack.pause(PAUSE)


class Clerk(Employee):
    """The accountant in Odoo, who answers what comes from Xero while the storm is on."""

    def __init__(self, number, person, addresses, company, steps, storm, xero):
        super().__init__(number, person, addresses, company, steps, (), storm)
        self.name = f"accountant of {company.name}"
        self.answers = Answers(self._call, xero, company, f"accountant {number}")

    def _do_read(self, _step):
        self.answers.read()

    def _do_money(self, _step):
        self.answers.money()

    def _do_drifts(self, _step):
        self.answers.drifts()
