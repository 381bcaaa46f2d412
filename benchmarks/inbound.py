"""What reading costs when much was changed in Xero. In this process, against the simulator over HTTP, without its limits.

Of as many invoices as wanted (BENCH_INBOUND=20000 for the long one) people in Xero change the stamps only, then due dates, then all are
paid. Each time a plain script (``plain_in.py``) reads the same lists and writes by Odoo's ORM, all of which is undone; then the connector
reads. Counted are the calls for each list; side by side are processor time and queries, and the memory beside that for one page.
"""

import math
import os

from benchmarks import ground
from benchmarks.cost import Books
from benchmarks.mixed import calls_by_endpoint
from benchmarks.plain_in import PlainReader
from dev import bootstrap, stack

DATABASE = "xero_bench_inbound"
COUNT = ground.setting("BENCH_INBOUND", 2_000)
KINDS = os.environ.get("BENCH_INBOUND_KINDS", "stamps,dates,payments").split(",")  # of changes
FEW = ground.setting("BENCH_INBOUND_FEW", 1_000)  # a page of them
PAGE, MORE = 1_000, 2  # rows a call, and calls beside those for the rows
A_SECOND = 20  # changes; an app could make fifty
DUE, PAID = "2026-12-24", "2026-10-20"
LISTS = ("Invoices", "Payments")
CPU_GOAL = 3


class Inbound(Books):
    """The company, invoices of its that are in Xero, and what people do with them there."""

    def __init__(self, env, xero_port):
        super().__init__(env, xero_port)
        self.xero, self.xero_port = stack.Xero(xero_port), xero_port
        banks = self.env["xero.journal.mapping"].search([("connection_id", "=", self.connection.id)])
        banks.recorded_in = "xero"
        self.bank_code, self.last = banks.xero_account_id[:1].code, ""
        self.env.cr.commit()

    def prepare(self, count):
        """Invoices in Xero; returns their ids there."""
        ids = self.invoices(count)
        self.enqueue(ids)
        self.send()
        own = [("connection_id", "=", self.connection.id), ("kind", "=", "invoice"), ("res_id", "in", ids)]
        bindings = self.env["xero.binding"].search(own)
        if len(bindings) != count:
            raise SystemExit("not all were sent")
        self.read()
        return bindings.mapped("xero_id")

    def change(self, xero_ids, verb, **how):
        """What a person does with each of them, some a second."""
        item = "document" if verb == "pay" else "item"
        for number, xero_id in enumerate(xero_ids):
            self.xero.call("POST", "organisations/AU/person", verb=verb, **{item: xero_id}, **how)
            if number % A_SECOND == 0:
                self.xero.call("POST", "clock", advance_seconds=1)
        # beyond what two readings overlap; this one is read twice, those above once
        self.xero.call("POST", "clock", advance_seconds=6 * 60)
        self.xero.call("POST", "organisations/AU/person", verb="edit", item=self.last, fields={"PlannedPaymentDate": DUE})

    def now(self):
        return self.xero.call("GET", "clock")["now"]

    def read(self):
        """Let the connector read until nothing is left to read; returns what it took, the calls by list, and the most memory it took."""
        cursors = self.env["xero.cursor"]._of(self.connection, self.connection._read_lists())
        cursors._ask("person")
        self.env.cr.commit()
        self.env.invalidate_all()
        before, meter = calls_by_endpoint(self.xero_port), ground.Meter(self.env.cr)
        ground.forget_peak_memory()
        while any(cursor.asked or cursor.started_at for cursor in cursors) or self.env["xero.money"]._due(self.connection):
            self.env["xero.runner"]._run(self.connection)
            if self.connection.state_message or any(cursors.mapped("message")):
                raise SystemExit(f"it was not read: {self.connection.state_message} {cursors.mapped('message')}")
        figures, memory = meter.read(), ground.peak_memory()
        used = calls_by_endpoint(self.xero_port) - before
        return figures, {name: used[f"GET /{name}"] for name in LISTS}, memory

    def drifts(self):
        return self.env["xero.drift"].search_count([("state", "=", "open")])

    def paid(self):
        own = [("connection_id", "=", self.connection.id), ("kind", "=", "payment"), ("origin", "=", "xero")]
        return self.env["xero.binding"].search_count(own)


def beside(figures, plain, count):
    mine, theirs = figures.per(count), plain.per(count)
    absolute = f"{mine.cpu * 1000:.2f} ms beside {theirs.cpu * 1000:.2f} ms"
    total = f"with the database {mine.all_cpu / theirs.all_cpu:.2f} times"
    return f"CPU {mine.cpu / theirs.cpu:.2f} times ({absolute}), {total}; {mine.queries:.2f} SQL queries beside {theirs.queries:.2f}"


def measure(books, few, many, verb, steps, **how):
    """One kind of change, of a page of invoices and then of many; returns whether the calls are no more than their goal."""
    books.change(few, verb, **how)
    _figures, _calls, with_few = books.read()
    since = books.now()
    books.change(many, verb, **how)
    reader = PlainReader(books.connection, books.address, since)
    plain = reader.measure(*(getattr(reader, step) for step in steps))
    if reader.rows < len(steps) * len(many):
        raise SystemExit(f"the script has read {reader.rows} rows")
    figures, calls, memory = books.read()
    most = math.ceil(len(many) / PAGE) + MORE
    print(f"    {', '.join(f'{name} {used} calls' for name, used in calls.items())}; goal: {most} for each list")
    print(f"    {beside(figures, plain, len(many))}; goal: {CPU_GOAL} times")
    print(f"    peak memory {memory / with_few:.2f} times that of {FEW} ({memory:.0f} MB beside {with_few:.0f} MB)", flush=True)
    return max(calls.values()) <= most


def measure_stamps(books, few, many):
    print("  nothing on them but the stamp is new; the script compares their heads and lines", flush=True)
    return measure(books, few, many, "edit", ["compare"], fields={"PlannedPaymentDate": DUE})


def measure_dates(books, few, many):
    print("  their due dates are others; the connector lists them for a person, the script writes them into the invoices", flush=True)
    good = measure(books, few, many, "edit", ["take_due_dates"], fields={"DueDate": DUE})
    if (found := books.drifts()) != FEW + COUNT:
        raise SystemExit(f"{found} differ, not {FEW + COUNT}")
    return good


def measure_payments(books, few, many):
    print("  they are paid; both book the payments and match them, the script a hundred at a time", flush=True)
    good = measure(books, few, many, "pay", ["take_payments", "read"], date=PAID, account=books.bank_code)
    if (found := books.paid()) != FEW + COUNT:
        raise SystemExit(f"{found} are paid, not {FEW + COUNT}")
    return good


MEASURES = {"stamps": measure_stamps, "dates": measure_dates, "payments": measure_payments}


def measure_all(books):
    bootstrap.step(f"Sending {FEW} and {COUNT} invoices")
    few, many = books.prepare(FEW), books.prepare(COUNT)
    [books.last] = books.prepare(1)
    print(f"\nReading {COUNT} invoices that were changed in Xero, beside a plain script that reads the same lists:")
    good = [measure_kind(books, few, many) for kind, measure_kind in MEASURES.items() if kind in KINDS]
    return all(good)


def main():
    with ground.simulated(DATABASE) as (env, xero_port):
        good = measure_all(Inbound(env, xero_port))
    if not good:
        raise SystemExit("more calls than their goal")


if __name__ == "__main__":
    main()
