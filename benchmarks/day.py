"""What days of reading and sending cost in calls, and how late Odoo hears what happened in Xero. In this process, in simulated time,
against the simulator over HTTP; the scheduled action runs whenever it is due.

1. A day on which nothing happens.
2. A day without webhooks: in the hours of an office invoices are posted and paid in Odoo, a lot every quarter of an hour, and people in
   Xero pay and edit others meanwhile (BENCH_DAY=5000 BENCH_DAY_CHANGES=1000 for the long one).
3. The same with webhooks, which also ring for what Odoo has sent itself.
"""

import base64
import hashlib
import hmac
import random
import statistics
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from freezegun import freeze_time

from benchmarks import ground
from benchmarks.inbound import Inbound
from dev import bootstrap, demo

DATABASE = "xero_bench_day"
OUT, CHANGES = ground.setting("BENCH_DAY", 1_000), ground.setting("BENCH_DAY_CHANGES", 200)
PAID_SHARE = 0.6  # of the changes; the others are edits
OPENS, CLOSES, QUARTER = timedelta(hours=8), timedelta(hours=18), timedelta(minutes=15)
IDLE_GOAL, BUSY_GOAL = 430, 1_000
POLL_GOAL, RING_GOAL = 15 * 60, 40  # seconds
KEY = "the key of the app"


class Receiver:
    """Where Xero rings: keeps what it is sent until it is asked."""

    def __init__(self):
        kept = self._kept = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802 - the name that the server looks for
                kept.append(self.rfile.read(int(self.headers["Content-Length"])))
                signed = base64.b64encode(hmac.new(KEY.encode(), kept[-1], hashlib.sha256).digest()).decode()
                self.send_response(200 if signed == self.headers["x-xero-signature"] else 401)
                self.end_headers()

            def log_message(self, *_args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self):
        taken, self._kept[:] = list(self._kept), []
        return taken


class Clock:
    """One time for Odoo and for Xero, which only we move."""

    def __init__(self, xero, frozen):
        self._xero, self._frozen = xero, frozen
        self.move_to(self.now())

    def now(self):
        return datetime.utcnow()  # noqa: DTZ003 - naive UTC, as Odoo has it

    def move_to(self, moment):
        self._frozen.move_to(max(moment, self.now()))
        self._xero.call("POST", "clock", now=f"{self.now().isoformat(timespec='seconds')}Z")


class Days(Inbound):
    """The company, its connection, and the time between."""

    def begin(self, frozen):
        self.clock = Clock(self.xero, frozen)
        self.env["xero.journal.mapping"].search([("connection_id", "=", self.connection.id)]).recorded_in = "both"
        self.receiver, self.waiting, self.delays = None, {}, []
        self.spare = self.prepare(2 * CHANGES)  # for people in Xero to work on, of both busy days
        self.rng = random.Random(13)  # noqa: S311 - the same each time

    def ring(self):
        """From now on Xero rings."""
        self.receiver = Receiver()
        self.connection.webhook_key = KEY
        self.env.cr.commit()
        made = self.xero.call("POST", "webhooks", url=self.receiver.url, key=KEY, client_id=demo.CLIENT_ID)
        if made["status"] != "ACTIVE":
            raise SystemExit(f"the handshake failed: {made}")
        self.receiver.take()

    # === TIME PASSES === #

    def pass_until(self, moment):
        """Until then the scheduled action runs whenever it is due."""
        while (due := self._due_at()) <= moment:
            self.clock.move_to(due)
            self._run()
        self.clock.move_to(moment)

    def _due_at(self):
        self.env.invalidate_all()
        cron = self.connection.cron_id
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        return min([*triggers.mapped("call_at"), cron.nextcall])

    def _run(self):
        """As Odoo runs it: what has triggered it is used up."""
        cron, now = self.connection.cron_id, self.clock.now()
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id), ("call_at", "<=", now)]).unlink()
        while cron.nextcall <= now:
            cron.nextcall += timedelta(**{cron.interval_type: cron.interval_number})
        self.env.cr.commit()
        self.env["xero.connection"]._cron_run(self.connection.id)
        self.env.cr.commit()
        self._hear()
        self._note_paid()

    def _hear(self):
        """What Xero rings for is heard at once."""
        if self.receiver:
            self.xero.call("POST", "webhooks/deliver")
            for body in self.receiver.take():
                signature = base64.b64encode(hmac.new(KEY.encode(), body, hashlib.sha256).digest()).decode()
                if self.env["xero.connection"]._heard(self.connection.external_key, body, signature) != 200:
                    raise SystemExit("a ring was not heard")
                self.env.cr.commit()

    def _note_paid(self):
        own = [("kind", "=", "payment"), ("parent_xero_id", "in", list(self.waiting)), ("origin", "=", "xero")]
        for binding in self.env["xero.binding"].search(own) if self.waiting else ():
            self.delays.append((self.clock.now() - self.waiting.pop(binding.parent_xero_id)).total_seconds())

    # === WHAT HAPPENS === #

    def post_and_pay(self, count):
        if not count:
            return  # of few, none falls into some of the day's parts
        moves = self.env["account.move"].browse(self.invoices(count))
        self.env["xero.job"]._enqueue(self.connection, "invoice", "account.move", moves.ids)
        context = {"active_model": "account.move", "active_ids": moves.ids}
        self.env["account.payment.register"].with_context(**context).create({"group_payment": False})._create_payments()
        self.env.cr.commit()

    def change_one(self):
        xero_id = self.spare.pop()
        if self.rng.random() < PAID_SHARE:
            day = self.clock.now().date().isoformat()
            self.xero.call("POST", "organisations/AU/person", verb="pay", document=xero_id, account=self.bank_code, date=day)
            self.waiting[xero_id] = self.clock.now()
        else:
            self.xero.call("POST", "organisations/AU/person", verb="edit", item=xero_id, fields={"DueDate": "2027-12-24"})
        self._hear()

    def paid_here(self):
        """Payments of Odoo's that are in Xero."""
        own = [("kind", "=", "payment"), ("origin", "=", "odoo"), ("is_there", "=", True)]
        return self.env["xero.binding"].search_count(own)

    def open_jobs(self):
        return self.env["xero.job"].search([("is_open", "=", True)]).mapped("message")

    def calls_of(self, work):
        """The calls of a whole day of it."""
        self.pass_until(self.clock.now().replace(hour=0, minute=0, second=0) + timedelta(days=1))
        before = ground.calls(self.xero_port)
        midnight = self.clock.now() + timedelta(days=1)
        work()
        self.pass_until(midnight)
        return ground.calls(self.xero_port) - before

    def office(self):
        """A day at work: lots in Odoo at the quarters, people in Xero at any time."""
        start, quarters = self.clock.now() + OPENS, (CLOSES - OPENS) // QUARTER
        changes = sorted(start + (CLOSES - OPENS) * self.rng.random() for _each in range(CHANGES))
        for number in range(quarters):
            begins = start + number * QUARTER
            self.pass_until(begins)
            self.post_and_pay(OUT * (number + 1) // quarters - OUT * number // quarters)
            while changes and changes[0] < begins + QUARTER:
                self.pass_until(changes.pop(0))
                self.change_one()


def busy(days):
    """A day at work; returns its calls, and how late each payment was here."""
    days.delays, known = [], days.paid_here()
    calls = days.calls_of(days.office)
    if days.waiting or days.paid_here() - known != OUT or days.open_jobs():
        raise SystemExit(f"not all came through: {len(days.waiting)}, {days.paid_here() - known}, {days.open_jobs()}")
    return calls, days.delays


def report(name, calls, delays, goal):
    print(f"  {name}: {calls} calls of {BUSY_GOAL}; from paid in Xero to paid in Odoo median {statistics.median(delays):.0f} s,")
    print(f"    longest {max(delays):.0f} s of {len(delays)}, goal: {goal} s", flush=True)


def measure(env, xero_port):
    """Returns what has missed its goal."""
    days = Days(env, xero_port)
    with freeze_time(datetime.utcnow(), tick=True) as frozen:  # noqa: DTZ003
        days.begin(frozen)
        bootstrap.step("A day without work")
        idle = days.calls_of(lambda: None)
        print(f"\n  Nothing happens: {idle} calls; goal: {IDLE_GOAL}", flush=True)
        bootstrap.step(f"Two days with {OUT} paid invoices out and {CHANGES} changes in each")
        polled, polled_delays = busy(days)
        report("Without webhooks", polled, polled_delays, POLL_GOAL)
        days.ring()
        rung, rung_delays = busy(days)
        report("With webhooks", rung, rung_delays, RING_GOAL)
    missed = {"idle day": idle > IDLE_GOAL, "busy day": polled >= BUSY_GOAL, "poll": max(polled_delays) > POLL_GOAL + 60}
    return [name for name, is_missed in missed.items() if is_missed]


def main():
    with ground.simulated(DATABASE) as (env, xero_port):
        missed = measure(env, xero_port)
    if missed:
        raise SystemExit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
