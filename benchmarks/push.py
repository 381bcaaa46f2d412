"""`make bench`: what a day's work costs. Real Odoo, real PostgreSQL, the simulator over HTTP; every figure is measured in this run.

1. API calls for 100 invoices of 100 new customers, all paid, beside one call per document as other connectors do it.
2. Seconds from posting an invoice to "Synced" on an idle system.
"""

import os
import statistics
import sys
import time

import requests

from dev import bootstrap, databases, demo, stack

DATABASE = "xero_bench"
COUNT = int(os.environ.get("BENCH_COUNT", "100"))
IDLE_ROUNDS = 5


def prepare(odoo_port, xero_port):
    databases.clone("demo", DATABASE)
    bootstrap.step("Installing the module into the benchmark database")
    arguments = ["-d", DATABASE, "-i", "xero_connector", "--stop-after-init", "--no-http", "--log-level=warn"]
    databases.run_odoo(*arguments, log=stack.LOGS / "bench_install.log")
    demo.set_parameters(DATABASE, odoo_port, xero_port)


def make_invoices(person, count):
    """Draft invoices with two lines, each of a customer of its own; returns their ids."""
    taxes = person.search_read("account.tax", [("type_tax_use", "=", "sale"), ("amount", "=", 10)], ["id"], limit=1)
    partners = person.call(
        "res.partner", "create", [{"name": f"Bench {time.time_ns()} {n}", "email": f"b{n}@example.com"} for n in range(count)]
    )
    line = {"name": "Work", "quantity": 3, "price_unit": 33.33, "tax_ids": [(6, 0, [taxes[0]["id"]])]}
    values = [{"move_type": "out_invoice", "partner_id": partner, "invoice_line_ids": [(0, 0, line), (0, 0, line)]} for partner in partners]
    return person.call("account.move", "create", values)


def wait_until_synced(person, ids, limit=300):
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if person.call("account.move", "search_count", [("id", "in", ids), ("xero_state", "=", "synced")]) == len(ids):
            return
        stack.pause(0.05)
    sys.exit("the invoices did not arrive")


def calls(xero_port):
    state = requests.get(f"http://localhost:{xero_port}/_simulator/state", timeout=60).json()
    return sum(count for name, count in state["calls"].items() if not any(other in name for other in ("/connect", "/identity")))


def measure_calls(person, connection_id, xero_port):
    bootstrap.step(f"{COUNT} invoices of {COUNT} new customers, all paid")
    ids = make_invoices(person, COUNT)
    before, started = calls(xero_port), time.monotonic()
    # held back so that all of them travel together, as after an import or a night
    person.call("xero.connection", "write", [connection_id], {"sync_invoice": "manual", "sync_payment": "manual"})
    person.call("account.move", "action_post", ids)
    context = {"active_model": "account.move", "active_ids": ids}
    wizard = person.call("account.payment.register", "create", [{"group_payment": False}], context=context)
    person.call("account.payment.register", "action_create_payments", wizard, context=context)
    posted = time.monotonic()
    person.call("xero.connection", "write", [connection_id], {"sync_invoice": "auto", "sync_payment": "auto"})
    person.call("xero.connection", "action_sync_now", [connection_id])
    wait_until_synced(person, ids)
    demo.wait_until_settled(person, connection_id)
    return calls(xero_port) - before, time.monotonic() - posted, posted - started


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


def main():
    odoo_port, xero_port = stack.free_port(), stack.free_port()
    prepare(odoo_port, xero_port)
    with stack.simulator(xero_port, "AU", name="bench_simulator"), stack.odoo(odoo_port, DATABASE, name="bench_odoo"):
        person = stack.Person(f"http://localhost:{odoo_port}")
        [company] = person.search_read("res.company", [("name", "=", demo.COMPANY)], ["id"])
        person.work_for(company["id"])
        connection_id = demo.connect(person, company["id"])
        demo.sync(person, connection_id)
        used, sync_seconds, odoo_seconds = measure_calls(person, connection_id, xero_port)
        idle = measure_idle(person)
    one_by_one = 3 * COUNT
    print(f"\n{COUNT} invoices, {COUNT} new customers, {COUNT} payments: {used} API calls ({used * 100 / COUNT:.0f} per 100 invoices);")
    print(f"one call per document would be {one_by_one} ({one_by_one / used:.1f} times as many).")
    print(f"Posting and paying them in Odoo took {odoo_seconds:.1f} s, sending them {sync_seconds:.1f} s.")
    print(
        f"From posting one invoice to synced, idle system: median {statistics.median(idle):.1f} s, worst {max(idle):.1f} s of {len(idle)}."
    )


if __name__ == "__main__":
    main()
