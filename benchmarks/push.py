"""What a day's work costs in calls. Real Odoo, real PostgreSQL, the simulator over HTTP with Xero's limits.

1. API calls for 1,000 invoices of 1,000 new customers, all paid; beside it a part of the same work done one call per document, as other
   connectors do it: the very bodies that the connector sent, under other names.
2. Seconds from posting an invoice to "Synced" on an idle system.
"""

import copy
import json
import statistics
import sys
import time

import requests

from benchmarks import ground
from dev import bootstrap, databases, demo, stack

DATABASE = "xero_bench"
COUNT = ground.setting("BENCH_COUNT", 1_000)
CHUNK = 200  # records a request of the web client: Odoo ends requests that take two minutes
ONE_BY_ONE = min(COUNT, 50)
IDLE_ROUNDS = 5
HELD_BACK = ("sync_invoice", "sync_payment")


def chunks(ids):
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def make_invoices(person, count):
    """Draft invoices with two lines, each of a customer of its own; returns their ids."""
    taxes = person.search_read("account.tax", [("type_tax_use", "=", "sale"), ("amount", "=", 10)], ["id"], limit=1)
    values = [{"name": f"Bench {time.time_ns()} {n}", "email": f"b{n}@example.com"} for n in range(count)]
    partners = [partner for some in chunks(values) for partner in person.call("res.partner", "create", some)]
    line = {"name": "Work", "quantity": 3, "price_unit": 33.33, "tax_ids": [(6, 0, [taxes[0]["id"]])]}
    values = [{"move_type": "out_invoice", "partner_id": partner, "invoice_line_ids": [(0, 0, line), (0, 0, line)]} for partner in partners]
    return [move for some in chunks(values) for move in person.call("account.move", "create", some)]


def wait_until_synced(person, ids, limit=600):
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if person.call("account.move", "search_count", [("id", "in", ids), ("xero_state", "=", "synced")]) == len(ids):
            return
        stack.pause(0.05 if len(ids) == 1 else 1)
    sys.exit("the invoices did not arrive")


def post_and_pay(person, ids):
    for some in chunks(ids):
        person.call("account.move", "action_post", some)
        context = {"active_model": "account.move", "active_ids": some}
        wizard = person.call("account.payment.register", "create", [{"group_payment": False}], context=context)
        person.call("account.payment.register", "action_create_payments", wizard, context=context)


def measure_calls(person, connection_id, xero_port):
    """Calls used, seconds it took to send, seconds it took in Odoo before."""
    bootstrap.step(f"{COUNT} invoices of {COUNT} new customers, all paid")
    ids = make_invoices(person, COUNT)
    before, started = ground.calls(xero_port), time.monotonic()
    # held back so that all of them travel together, as after an import or a night
    person.call("xero.connection", "write", [connection_id], dict.fromkeys(HELD_BACK, "manual"))
    post_and_pay(person, ids)
    posted = time.monotonic()
    person.call("xero.connection", "write", [connection_id], dict.fromkeys(HELD_BACK, "auto"))
    person.call("xero.connection", "action_sync_now", [connection_id])
    wait_until_synced(person, ids)
    demo.wait_until_at_rest(person, connection_id)
    return ground.calls(xero_port) - before, time.monotonic() - posted, posted - started


def measure_idle(person):
    bootstrap.step("Posting single invoices on an idle system")
    seconds = []
    for move_id in make_invoices(person, IDLE_ROUNDS):
        started = time.monotonic()
        person.call("account.move", "action_post", [move_id])
        wait_until_synced(person, [move_id])
        seconds.append(time.monotonic() - started)
        stack.pause(1)
    return seconds


class OneByOne:
    """The work of the other connectors: a call for each customer, each invoice and each payment."""

    def __init__(self, xero_port):
        self._address = f"http://localhost:{xero_port}"
        token = requests.post(
            f"{self._address}/connect/token", {"grant_type": "client_credentials"}, auth=("demo-custom", demo.CLIENT_SECRET),
            timeout=ground.TIMEOUT,
        )  # fmt: skip
        token.raise_for_status()
        self._session = requests.Session()
        self._session.headers.update({"Authorization": f"Bearer {token.json()['access_token']}", "Accept": "application/json"})
        self.calls = 0

    def _last_bodies(self, kind):
        """The documents of one kind that the connector sent last, as Xero got them."""
        log = requests.get(f"{self._address}/_simulator/state", timeout=ground.TIMEOUT).json()["log"]
        sent = [json.loads(entry["body"])[kind] for entry in log if entry["method"] == "PUT" and entry["path"].endswith(kind)]
        return sent[-1][:ONE_BY_ONE]

    def _put(self, kind, body):
        self.calls += 1
        answer = self._session.put(f"{self._address}/api.xro/2.0/{kind}", json={kind: [body]}, timeout=ground.TIMEOUT)
        answer.raise_for_status()
        return answer.json()[kind][0]

    def send(self):
        """Returns the seconds it took."""
        kinds = [self._last_bodies(kind) for kind in ("Contacts", "Invoices", "Payments")]
        started = time.monotonic()
        for contact, invoice, payment in zip(*map(copy.deepcopy, kinds), strict=False):
            made = self._put("Contacts", {**contact, "Name": f"{contact['Name']} too", "ContactNumber": f"{contact['ContactNumber']} too"})
            invoice |= {"InvoiceNumber": f"{invoice['InvoiceNumber']} too", "Contact": {"ContactID": made["ContactID"]}}
            made = self._put("Invoices", invoice)
            self._put("Payments", {**payment, "Invoice": {"InvoiceID": made["InvoiceID"]}})
        return time.monotonic() - started


def report(used, sync_seconds, odoo_seconds, others, others_seconds):
    theirs, floor = others.calls * COUNT // ONE_BY_ONE, 3 * -(-COUNT // 50)
    print(f"\n{COUNT} invoices, {COUNT} new customers, {COUNT} payments: {used} API calls ({used / floor:.2f} times the floor of {floor}).")
    print(f"One call per document, as other connectors do it: {theirs} calls, {theirs / used:.0f} times as many;")
    print(f"at 60 a minute and 1,000 a day {theirs / 60:.0f} minutes in {-(-theirs // 1000)} days.")
    print(f"(Measured with {ONE_BY_ONE} of each, in {others_seconds:.1f} s without limits.)")
    print(f"Posting and paying them in Odoo took {odoo_seconds:.1f} s, sending them {sync_seconds:.1f} s.")


def main():
    odoo_port, xero_port = stack.free_port(), stack.free_port()
    ground.prepare(DATABASE, odoo_port, xero_port)
    with stack.simulator(xero_port, "AU", name="bench_simulator"), stack.odoo(odoo_port, DATABASE, name="bench_odoo"):
        person = stack.Person(f"http://localhost:{odoo_port}")
        [company] = person.search_read("res.company", [("name", "=", demo.COMPANY)], ["id"])
        person.work_for(company["id"])
        connection_id = demo.connect(person, company["id"])
        demo.sync(person, connection_id)
        figures = measure_calls(person, connection_id, xero_port)
        ground.without_limits(xero_port)
        others = OneByOne(xero_port)
        report(*figures, others, others.send())
        idle = measure_idle(person)
    median, worst = statistics.median(idle), max(idle)
    print(f"From posting one invoice to synced, idle system: median {median:.1f} s, worst {worst:.1f} s of {len(idle)}.")
    databases.drop(DATABASE)


if __name__ == "__main__":
    main()
