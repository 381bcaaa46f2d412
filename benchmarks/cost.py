"""What sending an invoice costs Odoo. In this process, against the simulator over HTTP, without its limits.

1. Beside the plain script (``plain.py``), which posts the same bodies: CPU and SQL queries, turn by turn.
2. Per document with 20,000 documents queued beside 1,000, and the memory it takes.
3. The same when all of them are held by one missing tax, and released by one fix.
"""

import json
import statistics

import requests

from benchmarks import copies, ground
from benchmarks.plain import PlainScript
from dev import bootstrap

DATABASE = "xero_bench_cost"
CUSTOMERS = 500
FEW, MANY = ground.setting("BENCH_FEW", 1_000), ground.setting("BENCH_MANY", 20_000)
ROUNDS = ground.setting("BENCH_COST_ROUNDS", 5)


class Books:
    """The company, its connection, customers that are in Xero, and as many posted invoices as wanted."""

    def __init__(self, env, xero_port):
        self.connection = ground.connect(env).sudo()
        self.env = self.connection.env
        self.address = f"http://localhost:{xero_port}"
        self.customers = ground.customers(self.env, CUSTOMERS)
        self.model = ground.posted_invoice(self.env, self.customers[0])
        self.env["xero.job"]._enqueue(self.connection, "contact", "res.partner", self.customers.ids)
        self.send()

    def invoices(self, count):
        """New posted invoices; returns their ids."""
        ids = copies.copy_invoices(self.env, self.model, count, self.customers)
        self.env.cr.commit()
        return ids

    def enqueue(self, ids):
        self.env["xero.job"]._enqueue(self.connection, "invoice", "account.move", ids)
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE xero_job, xero_binding")
        self.env.cr.commit()

    def send(self):
        """Let the connector send all that is queued; returns what it took."""
        self.env.cr.commit()
        self.env.invalidate_all()
        meter = ground.Meter(self.env.cr)
        while self.env["xero.job"].search_count([("state", "in", ("pending", "sending"))], limit=1):
            self.env["xero.runner"]._run(self.connection)
        return meter.read()

    def count(self, state):
        return self.env["xero.job"].search_count([("kind", "=", "invoice"), ("state", "=", state)])

    def last_bodies(self):
        """The invoices of the last call, as Xero got them."""
        log = requests.get(f"{self.address}/_simulator/state", timeout=ground.TIMEOUT).json()["log"]
        return json.loads(log[-1]["body"])["Invoices"]


def beside_plain(books):
    script = PlainScript(books.connection, books.address)
    check_bodies(books, script)
    ours, theirs = [], []
    for _round in range(ROUNDS):
        ids = books.invoices(FEW)
        books.enqueue(ids[: FEW // 2])
        ours.append(books.send())
        books.env.invalidate_all()
        meter = ground.Meter(books.env.cr)
        script.send(ids[FEW // 2 :])
        theirs.append(meter.read())
    half = FEW // 2
    mine, plain = (
        ground.Figures(*map(statistics.median, zip(*map(ground.astuple, seen), strict=True))).per(half) for seen in (ours, theirs)
    )
    print(f"\nSending an invoice, beside a plain script that posts the same bodies (median of {ROUNDS} times {half}):")
    print(f"  fifty a call: {_beside(mine, plain)}")
    books.env.invalidate_all()
    ids, meter = books.invoices(half), ground.Meter(books.env.cr)
    script.send(ids, batch=1)
    print(f"  the script with one call per document, as other connectors do it: {_beside(mine, meter.read().per(half))}")


def _beside(mine, plain):
    cpu, total = mine.cpu / plain.cpu, mine.all_cpu / plain.all_cpu
    absolute = f"{mine.cpu * 1000:.2f} ms beside {plain.cpu * 1000:.2f} ms"
    return (
        f"CPU {cpu:.2f} times ({absolute}), with the database {total:.2f} times; {mine.queries:.2f} SQL queries beside {plain.queries:.2f}"
    )


def check_bodies(books, script):
    """The bodies are the same, but for what the connector adds for people (the link back)."""
    ids = books.invoices(1)
    books.enqueue(ids)
    books.send()
    [sent] = books.last_bodies()
    sent.pop("Url", None)
    if sent != script.body(books.env["account.move"].browse(ids)):
        raise SystemExit(f"the bodies differ: {sent}")


def queue(books, count):
    """Send ``count`` documents queued at once; returns what each took."""
    before = books.count("done")
    books.enqueue(books.invoices(count))
    ground.forget_peak_memory()
    figures = books.send().per(count)
    if books.count("done") - before != count:
        raise SystemExit("not all were sent")
    return figures, ground.peak_memory()


def held(books, count):
    """The same with a tax that is missing in Xero: each is held; then the fix."""
    ids = books.invoices(count)
    lines = books.env["xero.tax.mapping"].search([("connection_id", "=", books.connection.id)])
    lines.confirmed = False
    books.enqueue(ids)
    figures = books.send().per(count)
    if books.count("blocked") != count:
        raise SystemExit("not all were held")
    lines.confirmed = True
    meter = ground.Meter(books.env.cr)
    books.env["xero.problem"]._release(books.connection)
    books.env.cr.commit()
    released = meter.read().per(count)
    books.env["xero.job"].search([("state", "=", "pending")])._set_state("cancelled")
    books.env.cr.commit()
    return figures, released


def with_queue(books):
    bootstrap.step(f"{FEW} and {MANY} documents in the queue")
    queue(books, FEW)
    few, few_memory = queue(books, FEW)
    many, many_memory = queue(books, MANY)
    print(f"\nPer document with {MANY} queued beside {FEW}:")
    print(f"  sending: {_beside(many, few)}")
    print(f"  peak memory {many_memory / few_memory:.2f} times ({many_memory:.0f} MB beside {few_memory:.0f} MB)")
    few, few_release = held(books, FEW)
    many, many_release = held(books, MANY)
    print(f"  holding behind one missing tax: {_beside(many, few)}")
    print(f"  releasing them all: {_beside(many_release, few_release)}")


def main():
    with ground.simulated(DATABASE) as (env, xero_port):
        books = Books(env, xero_port)
        beside_plain(books)
        with_queue(books)


if __name__ == "__main__":
    main()
