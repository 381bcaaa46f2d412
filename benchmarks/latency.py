"""How much of what Xero allows is used when it answers slowly: 3 seconds an answer, 60 calls a minute.

A real Odoo with one cron worker sends new customers, fifty a call. Counted are the calls that Xero has served in two minutes in which work
remained, beside the 120 it would have served.
"""

import requests

from benchmarks import copies, ground
from dev import bootstrap, databases, demo, stack

DATABASE = "xero_bench_latency"
SECONDS = ground.setting("BENCH_LATENCY", 3)
PER_MINUTE = 60
WARM_UP, WINDOW = 15, ground.setting("BENCH_WINDOW", 120)
CUSTOMERS = 50 * (PER_MINUTE * (WARM_UP + WINDOW) // 60 + 30)


def prepare(xero_port, odoo_port):
    """A connection with customers waiting; returns its id."""
    ground.prepare(DATABASE, odoo_port, xero_port)
    ground.start_odoo()
    with ground.opened(DATABASE) as env:
        connection = ground.connect(env).sudo()
        model = ground.customers(env, 1)
        copies.copy_rows(
            env.cr, "res_partner", f"generate_series(1, {CUSTOMERS}) AS n", f"t.id = {model.id}", id=f"{model.id} + n",
            name="'Bench ' || n", complete_name="'Bench ' || n", email="'bench' || n || '@example.com'",
            commercial_partner_id=f"{model.id} + n",
        )  # fmt: skip
        ids = list(range(model.id + 1, model.id + CUSTOMERS + 1))
        connection.env["xero.job"]._enqueue(connection, "contact", "res.partner", ids)
        env.cr.commit()
        return connection.id


def slow_down(xero_port):
    fault = {"kind": "slow", "path": "/api.xro/", "times": None, "seconds": SECONDS}
    requests.post(f"http://localhost:{xero_port}/_simulator/faults", json={"faults": [fault]}, timeout=ground.TIMEOUT).raise_for_status()


def served(person, connection_id, **more):
    return person.call("xero.call", "search_count", [("connection_id", "=", connection_id), ("ok", "=", True)], **more)


def waiting(person, connection_id):
    return person.call("xero.job", "search_count", [("connection_id", "=", connection_id), ("state", "in", ("pending", "sending"))])


def main():
    odoo_port, xero_port = stack.free_port(), stack.free_port()
    with stack.simulator(xero_port, "AU", name="bench_simulator"):
        connection_id = prepare(xero_port, odoo_port)
        ground.switch(xero_port, minute_limit=PER_MINUTE, day_limit=None)
        slow_down(xero_port)
        with stack.odoo(odoo_port, DATABASE, name="bench_odoo"):
            person = stack.Person(f"http://localhost:{odoo_port}")
            [company] = person.search_read("res.company", [("name", "=", demo.COMPANY)], ["id"])
            person.work_for(company["id"])
            used = measure(person, connection_id)
    print(f"\nXero answers after {SECONDS} s and allows {PER_MINUTE} calls a minute: {used:.0%} of the calls it allows are used")
    databases.drop(DATABASE)


def measure(person, connection_id):
    """The share of the allowed calls that was used."""
    person.call("xero.connection", "action_wake", [connection_id])  # a cron worker that has just started looks around only after a minute
    before = served(person, connection_id)
    while served(person, connection_id) < before + PER_MINUTE * WARM_UP // 60:
        stack.pause(1)
    bootstrap.step(f"Watching for {WINDOW} s")
    before = served(person, connection_id)
    stack.pause(WINDOW)
    calls = served(person, connection_id) - before
    if not waiting(person, connection_id):
        raise SystemExit("the work was done too early to be a measure")
    return calls / (PER_MINUTE * WINDOW / 60)


if __name__ == "__main__":
    main()
