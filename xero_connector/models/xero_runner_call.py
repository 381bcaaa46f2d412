from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from decimal import Decimal

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.tools import SQL

from ..handlers.base import Held
from ..xero_core import errors
from .xero_runner import MAX_IN_FLIGHT, MAX_TRIES, NOT_ON_THE_WIRE, SETTLE_SECONDS

ATTEMPTS = 5  # at writing an answer down


class XeroRunner(models.AbstractModel):
    """The second half of a run: the call, what its answer means, and what to do when there is none."""

    _inherit = "xero.runner"

    # === CALL === #

    def _send_all(self, run, handler, batches):
        """Make the calls, as many at a time as it takes; what each answers is written down and committed as it comes.

        :raise XeroError: the first error that concerns the run or the connection; what was not sent by then waits again
        """
        waiting, running, stop = deque(batches), {}, None
        with ThreadPoolExecutor(MAX_IN_FLIGHT) as pool:
            while running or (waiting and not stop):
                while waiting and not stop and len(running) < run.in_flight:
                    operation, items = waiting.popleft()
                    running[self._start(pool, run, handler, operation, items)] = items
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    stop = self._finish(run, handler, running.pop(future), future) or stop
        if stop:
            unsent = self.env["xero.job"].browse([item.job_id for _operation, items in waiting for item in items])
            unsent._set_state("pending", message=self._words(stop))
            self._commit()
            raise stop

    def _start(self, pool, run, handler, operation, items):
        """Make a call: in a thread of its own if several are to be in flight, else here and now."""
        if run.in_flight > 1:
            return pool.submit(handler._send, run.client, operation, items, items[0].key)
        future = Future()
        try:
            future.set_result(handler._send(run.client, operation, items, items[0].key))
        except errors.XeroError as error:
            future.set_exception(error)
        return future

    def _finish(self, run, handler, items, future):
        """Write down what came of a call; returns the error if it concerns more than these documents."""
        error, calls = future.exception(), run.take_calls()
        if error and not isinstance(error, errors.XeroError):
            raise error
        for attempt in range(ATTEMPTS):
            try:
                self._write_down(run, handler, items, future, calls)
                self._commit()
                break
            except (OperationalError, UniqueViolation):
                # somebody changed one of these documents meanwhile; the answer is too good to be thrown away and asked for again
                self._rollback()
                if attempt == ATTEMPTS - 1:
                    raise
        return error if isinstance(error, errors.XeroError) and error.scope is not errors.Scope.DOCUMENT else None

    def _write_down(self, run, handler, items, future, calls):
        jobs = self.env["xero.job"].browse([item.job_id for item in items])
        error = future.exception()
        if error is None:
            self._absorb(run.connection, handler, future.result())
        elif isinstance(error, errors.OutcomeUnknown):
            self._uncertain(jobs, error)
        else:
            self._not_done(handler, jobs, items, error)
        if calls:
            self.env["xero.call"]._record(run.connection, calls)

    def _uncertain(self, jobs, error):
        jobs._set_state(
            "uncertain",
            message=self.env._("Xero did not answer; checking whether it arrived."),
            xero_messages=error.message,
            next_try=False,
            sent_at=fields.Datetime.now(),  # from now on, not from the claim: others may have been sent before it
        )

    def _not_done(self, handler, jobs, items, error):
        """The call as a whole came to nothing; the documents wait, or stand behind their own fault."""
        if error.scope is not errors.Scope.DOCUMENT:
            jobs._set_state("pending", message=self._words(error))
        elif len(items) > 1:
            # Xero refused all for one of them: smaller groups next time, so that only the culprit stays behind
            jobs._back_off(self.env._("Sent again in smaller groups."), seconds=0)
        else:
            self.env["xero.problem"]._hold(jobs, handler._refused(items[0], error.details or (error.message,)), "failed")

    # === ANSWER === #

    def _absorb(self, connection, handler, results):
        bound, done = [], []
        for result in results:
            job = self.env["xero.job"].browse(result.item.job_id)
            if result.unknown:
                self._uncertain(job, errors.OutcomeUnknown(self.env._("The answer did not name this document.")))
            elif result.again:
                job._back_off(self._words(result.again))
            elif self._is_refused(handler, result):
                self.env["xero.problem"]._hold(job, result.held, "failed" if result.held.failed else "blocked")
            elif self._bind(connection, handler, job, result.remote, result.item.fingerprint):
                bound.append(result.item.res_id)
            if job.state == "done":
                done.append(job)
        self._follow_up(connection, handler, bound, done)

    def _follow_up(self, connection, handler, bound, done):
        """Let other documents know; ``bound`` are ids of records, ``done`` jobs."""
        if bound:
            handler._after_bound(connection, bound)
        if done:
            handler._after_done(connection, [job.res_id for job in done])
        if removed := [job.res_id for job in done if job.operation == "remove"]:
            handler._after_removed(connection, removed)

    def _is_refused(self, handler, result):
        if result.remote is None:
            handler._judge(result)
        return result.held is not None

    def _bind(self, connection, handler, job, remote, digest):
        """Remember the pair and close the job; returns whether the document is new in Xero."""
        Binding = self.env["xero.binding"]
        own = [("connection_id", "=", connection.id), ("res_model", "=", job.res_model), ("res_id", "=", job.res_id)]
        binding = Binding.search(own)
        values = {
            **handler._binding_values(remote),
            "fingerprint": digest,
            "last_sync": fields.Datetime.now(),
            "state": "synced",
            "message": False,
        }
        if self._taken(connection, job, remote, binding):
            return False
        if job.operation == "remove":
            binding.write({"xero_status": values["xero_status"], "last_sync": values["last_sync"]})
        elif binding:
            # another id than before if the former counterpart was removed and the document made anew
            binding.write({**values, "xero_id": remote.xero_id})
        else:
            names = ("kind", "res_model", "res_id")
            Binding.create(
                {
                    "connection_id": connection.id,
                    "xero_id": remote.xero_id,
                    "payment_id": job.payment_id.id,
                    **{name: job[name] for name in names},
                    **values,
                }
            )
        self._close(job, remote, binding or Binding.search(own))
        return job.operation == "create"

    def _taken(self, connection, job, remote, binding):
        """Whether the Xero record found for this document already belongs to another Odoo record."""
        domain = [("connection_id", "=", connection.id), ("kind", "=", job.kind), ("xero_id", "=", remote.xero_id)]
        other = self.env["xero.binding"].search([*domain, ("id", "not in", binding.ids)])
        if not other:
            return False
        record = self.env[other.res_model].browse(other.res_id).exists()
        if job.kind == "contact" and not record:
            other.unlink()  # of a customer that was merged or deleted
            return False
        held = Held(
            "contact_namesake" if job.kind == "contact" else "number_in_use",
            self.env._("Its counterpart in Xero already belongs to %s.", record.display_name or other.number),
            key=f"{job.res_model},{job.res_id}" if job.kind != "contact" else str(job.res_id),
            help=self.env._("Give this one another name, or merge the two in Odoo, then press Retry."),
            record=(job.res_model, job.res_id),
        )
        self.env["xero.problem"]._hold(job, held)
        return True

    def _close(self, job, remote, binding):
        """Done, unless Xero's totals are not the ones that were sent: that is a problem, never a shrug."""
        expected = job.sent_as or {}
        total = getattr(remote, "total", None)
        if job.operation == "remove" or total is None or "total" not in expected or total == Decimal(expected["total"]):
            job._set_state("done", tries=0)
            return
        binding.fingerprint = False
        held = Held(
            "totals_differ",
            self.env._(
                "%(number)s: Odoo's total is %(odoo)s, Xero made it %(xero)s.", number=remote.number, odoo=expected["total"], xero=total
            ),
            key=f"{job.res_model},{job.res_id}",
            help=self.env._("Compare the two documents line by line. Retry sends Odoo's version again."),
            record=(job.res_model, job.res_id),
            failed=True,
        )
        self.env["xero.problem"]._hold(job, held, "failed")

    # === NO ANSWER === #

    def _resolve_uncertain(self, run, handler):
        """Ask Xero what became of the jobs without an answer; only what is surely not there is sent again."""
        now = fields.Datetime.now()
        connection = run.connection
        domain = [("connection_id", "=", connection.id), ("kind", "=", handler._kind), ("state", "=", "uncertain")]
        jobs = self.env["xero.job"].search([*domain, "|", ("next_try", "=", False), ("next_try", "<=", now)], limit=200)
        if not jobs:
            return
        # an update can be repeated; a job that was claimed but never got as far as a call has nothing to look for
        repeatable = jobs.filtered(lambda job: job.operation == "update" or not job.sent_as)
        for job in repeatable:
            self._repeat(job)
        self._commit()  # nobody who changes one of these documents shall wait for Xero
        found = handler._look_up(run.client, jobs - repeatable)
        bound = [job.res_id for job in jobs - repeatable if self._settle(connection, handler, job, found.get(job.id))]
        self._follow_up(connection, handler, bound, jobs.filtered(lambda job: job.state == "done"))
        self._keep_calls(run)
        self._commit()

    def _repeat(self, job, seconds=None):
        """Send again, the later the more often it was tried, and at last not at all."""
        if job.tries + 1 >= MAX_TRIES:
            self.env["xero.problem"]._hold(job, self._gave_up(job), "failed")
        else:
            job._back_off(self.env._("Xero had not answered; sent again."), seconds=seconds)

    def _settle(self, connection, handler, job, remote):
        if remote is not None:
            return self._bind(connection, handler, job, remote, job.payload_hash)
        settled_at = (job.sent_at or job.create_date) + timedelta(seconds=SETTLE_SECONDS)
        if settled_at > fields.Datetime.now():
            job._set_state("uncertain", next_try=settled_at)
        else:
            self._repeat(job, seconds=0)
        return False

    def _gave_up(self, job):
        return Held(
            "refused",
            self.env._("Xero did not answer %s times; this change is not in Xero.", MAX_TRIES),
            key=f"{job.res_model},{job.res_id}",
            help=self.env._("Press Retry; if it fails again, open the calls and send their correlation id to Xero's support."),
            details=(job.xero_messages,) if job.xero_messages else (),
            record=(job.res_model, job.res_id),
            failed=True,
        )

    # === STOP AND GO ON === #

    def _stopped(self, connection, error):
        """A run ended early: note why, and when it makes sense to go on."""
        if isinstance(error, errors.DayLimit) and connection.state != "draft":
            connection._set_state("paused", self._words(error))
        elif connection._apply_error(error) and not isinstance(error, errors.PermissionDenied):
            return  # only a person can help
        wait = timedelta(seconds=getattr(error, "retry_after", 3600.0 if connection.state == "paused" else 60.0))
        connection.write({"paused_until": fields.Datetime.now() + wait, "state_message": self._words(error)})

    def _words(self, error):
        """What an error means, for an accountant."""
        if isinstance(error, errors.DayLimit):
            return self.env._("Today's calls to Xero are used up; it goes on by itself when Xero counts anew.")
        return self.env["xero.connection"]._sentence(error)

    def _wake_for_rest(self, connection):
        """Have the cron come back when the earliest waiting job may be tried again."""
        self.env["xero.job"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT j.next_try FROM xero_job j
                    WHERE j.connection_id = %s AND (j.state = 'uncertain' OR j.state = 'pending' AND %s)
                 ORDER BY j.next_try NULLS FIRST LIMIT 1""",
                connection.id, NOT_ON_THE_WIRE,
            )
        )  # fmt: skip
        if rows and connection.state in ("connected", "paused"):
            times = [moment for moment in (rows[0][0], connection.paused_until) if moment]
            connection._wake(max(times) if times else None)
