"""How Xero's rings are heard. A real Odoo with some HTTP workers and one cron worker, the simulator over HTTP.

1. Fifty webhooks at once, beside fifty requests for Odoo's own health page (which reads no database), turn by turn.
2. From the moment at which an invoice is paid in Xero to the moment at which it is paid in Odoo: on an idle system, by a real clock.
"""

import base64
import hashlib
import hmac
import json
import statistics
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import requests

from benchmarks import ground
from benchmarks.cost import Books
from dev import bootstrap, databases, demo, stack

DATABASE = "xero_bench_webhook"
AT_ONCE, ROUNDS = 50, ground.setting("BENCH_WEBHOOK_ROUNDS", 10)
WORKERS = 6  # each lets eight wait at its door: of fifty none is sent away
ALONE, BURST = ground.setting("BENCH_WEBHOOK_PAID", 4), 10  # payments one after another, and all at once
BETWEEN = 15  # seconds, and a little more each time: other moments between two looks of the cron worker
EVENTS = 5  # in one body
KEY = "the key of the app"
MEDIAN_GOAL, LONGEST_GOAL, PAID_GOAL = 3, 5, 40  # times the health page; seconds; seconds from the ring


def prepare(xero_port, odoo_port):
    """A connection that hears rings, with invoices in Xero; returns the tenant, the address, and Xero's ids with the invoices'."""
    ground.prepare(DATABASE, odoo_port, xero_port)
    ground.start_odoo()
    with ground.opened(DATABASE) as env:
        books = Books(env, xero_port)
        books.connection.webhook_key = KEY
        banks = env["xero.journal.mapping"].search([("connection_id", "=", books.connection.id)])
        banks.sudo().recorded_in = "xero"
        ids = books.invoices(AT_ONCE)
        books.enqueue(ids)
        books.send()
        books.env["xero.runner"]._run(books.connection)  # what has just been sent is read
        env.cr.commit()
        bindings = books.env["xero.binding"].search([("kind", "=", "invoice"), ("res_id", "in", ids)])
        path = f"/xero/webhook/{books.connection.external_key}"
        known = {binding.xero_id: binding.res_id for binding in bindings}
        return books.connection.tenant_id, path, known, banks.sudo().xero_account_id[:1].code


class Ringer:
    """Xero, and whoever watches whether Odoo is there: fifty at a time, each request on a line of its own."""

    def __init__(self, odoo_port, path, tenant_id, xero_ids):
        self._address, self._path, self._tenant_id = f"http://127.0.0.1:{odoo_port}", path, tenant_id
        self._xero_ids = xero_ids
        self._together = threading.Barrier(AT_ONCE)

    def _body(self, line):
        """Some known ids and one that is not."""
        ids = [*(self._xero_ids[(line + step) % len(self._xero_ids)] for step in range(EVENTS - 1)), str(uuid.uuid4())]
        about = {"tenantId": self._tenant_id, "tenantType": "ORGANISATION", "eventCategory": "INVOICE", "eventType": "UPDATE"}
        about |= {"resourceUrl": "", "eventDateUtc": time.strftime("%Y-%m-%dT%H:%M:%S.000", time.gmtime())}
        return json.dumps({"events": [{**about, "resourceId": each} for each in ids], "firstEventSequence": 1, "lastEventSequence": 5})

    def _ring(self, line):
        body = self._body(line).encode()
        signature = base64.b64encode(hmac.new(KEY.encode(), body, hashlib.sha256).digest()).decode()
        headers = {"Content-Type": "application/json", "x-xero-signature": signature}
        return lambda: requests.post(f"{self._address}{self._path}", body, headers=headers, timeout=ground.TIMEOUT)

    def _health(self, _line):
        return lambda: requests.get(f"{self._address}/web/health", timeout=ground.TIMEOUT)

    def _timed(self, make, line):
        call = make(line)
        self._together.wait()
        started = time.perf_counter()
        answer = call()
        seconds = time.perf_counter() - started
        if answer.status_code != 200:
            raise SystemExit(f"answered with {answer.status_code}")
        return seconds

    def measure(self):
        """Seconds of each ring, and of each request for the health page."""
        seen = {self._ring: [], self._health: []}
        with ThreadPoolExecutor(AT_ONCE) as lines:
            for number in range(ROUNDS + 1):
                for make, seconds in seen.items():
                    found = list(lines.map(self._timed, [make] * AT_ONCE, range(AT_ONCE)))
                    if number:  # the first ones load what the others need
                        seconds.extend(found)
        return seen.values()


def report(rings, healths):
    """Returns whether all is as it should be."""
    (ring, health), longest = map(statistics.median, (rings, healths)), max(rings)
    print(f"\n{AT_ONCE} webhooks of {EVENTS} events at once, {ROUNDS} times, {WORKERS} workers, beside as many requests for /web/health:")
    print(f"  median {ring / health:.2f} times ({ring * 1000:.0f} ms beside {health * 1000:.0f} ms); goal: {MEDIAN_GOAL} times")
    print(f"  longest {longest:.2f} s; goal: none beyond {LONGEST_GOAL} s", flush=True)
    return longest <= LONGEST_GOAL


def wait_until_paid(person, move_ids, limit=180):
    started, paid = time.monotonic(), [("id", "in", move_ids), ("payment_state", "in", ("paid", "in_payment"))]
    while time.monotonic() - started < limit:
        if person.call("account.move", "search_count", paid) == len(move_ids):
            return time.monotonic() - started
        stack.pause(0.2)
    raise SystemExit("what was paid in Xero is not paid in Odoo")


def measure_paid(person, xero, odoo_port, path, known, bank):
    """Seconds from payments in Xero, whose rings follow at once: of each that was made alone, and until the last of many is here."""
    url = f"http://127.0.0.1:{odoo_port}{path}"
    registered = xero.call("POST", "webhooks", url=url, key=KEY, client_id=demo.CLIENT_ID)
    if registered["status"] != "ACTIVE":
        raise SystemExit(f"the handshake failed: {registered}")
    documents, seconds = list(known.items()), []
    for xero_id, move_id in documents[:ALONE]:
        pay(xero, xero_id, bank)
        seconds.append(wait_until_paid(person, [move_id]))
        stack.pause(BETWEEN + len(seconds))
    together = documents[ALONE : ALONE + BURST]
    for xero_id, _move_id in together:
        pay(xero, xero_id, bank)
    return seconds, wait_until_paid(person, [move_id for _xero_id, move_id in together])


def pay(xero, xero_id, bank):
    xero.call("POST", "organisations/AU/person", verb="pay", document=xero_id, account=bank, date="2026-10-20")


def main():
    odoo_port, xero_port = stack.free_port(), stack.free_port()
    with stack.simulator(xero_port, "AU", name="bench_simulator"):
        tenant_id, path, known, bank = prepare(xero_port, odoo_port)
        ground.without_limits(xero_port)
        with stack.odoo(odoo_port, DATABASE, f"--workers={WORKERS}", name="bench_odoo"):
            good = report(*Ringer(odoo_port, path, tenant_id, list(known)).measure())
            person = stack.Person(f"http://localhost:{odoo_port}")
            [company] = person.search_read("res.company", [("name", "=", demo.COMPANY)], ["id"])
            person.work_for(company["id"])
            bootstrap.step("Paying in Xero")
            stack.pause(90)  # what has rung is read
            alone, burst = measure_paid(person, stack.Xero(xero_port), odoo_port, path, known, bank)
    print("\nFrom paid in Xero to paid in Odoo, rung for, idle system, real clock:")
    print(f"  one after another {', '.join(f'{each:.1f}' for each in alone)} s; goal: {PAID_GOAL} s")
    print(f"  {BURST} at once: the last of them after {burst:.1f} s (Odoo looks only once a minute for what is due later than at once)")
    databases.drop(DATABASE)
    if not good:
        raise SystemExit(f"Xero gives up after {LONGEST_GOAL} s")


if __name__ == "__main__":
    main()
