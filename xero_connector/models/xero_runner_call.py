import logging
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from decimal import Decimal

from odoo import fields, models

from ..handlers.base import Held
from ..xero_core import errors
from .xero_run import MAX_IN_FLIGHT

_logger = logging.getLogger(__name__)

MANY_REFUSALS = 5


class XeroRunner(models.AbstractModel):
    """The second half of a run: the calls, and what their answers mean."""

    _inherit = "xero.runner"

    # === CALL === #

    def _send_all(self, run):
        """Claim and call until nothing is left or the run is over; several calls at a time if Xero takes its time to answer.

        What each answers is written down and committed as it comes, and the next documents are read meanwhile.

        :raise XeroError: the first error that concerns the run or the connection; what was not sent by then waits again
        """
        with ThreadPoolExecutor(MAX_IN_FLIGHT) as pool:
            while self._begin_calls(run, pool):
                for future in wait(run.running, timeout=run.pause(), return_when=FIRST_COMPLETED).done:
                    self._finish(run, future)
        self._give_back(run)
        if run.stop:
            raise run.stop

    def _begin_calls(self, run, pool):
        """Begin as many calls as may be under way; returns whether any is."""
        while True:
            self._claim_next(run)
            if not run.waiting or not run.may_begin() or not self._is_still_live(run):
                return bool(run.running)
            batch = run.waiting.popleft()
            run.allowance.begin()
            run.running[self._start(pool, run, batch)] = batch

    def _is_still_live(self, run):
        """Somebody may have disconnected since the run began, and the token in memory would still work."""
        run.connection.invalidate_recordset(["state", "active"], flush=False)
        return bool(run.connection.exists()) and run.connection._is_live()

    def _start(self, pool, run, batch):
        """Make a call: in a thread of its own if several are to be in flight, else here and now."""
        arguments = (run.client, batch.operation, batch.items, batch.items[0].key)
        if run.in_flight > 1:
            return pool.submit(batch.handler._send, *arguments)
        future = Future()
        try:
            future.set_result(batch.handler._send(*arguments))
        except Exception as error:  # noqa: BLE001 - as in a thread
            future.set_exception(error)
        return future

    def _give_back(self, run):
        """What was claimed but not sent waits again."""
        unsent = self.env["xero.job"].browse([job_id for batch in run.waiting for job_id in batch.job_ids])
        run.waiting.clear()
        message = self._words(run.stop) if run.stop else False
        if unsent:
            self._insist(run, lambda _guarded: unsent._set_state("pending", message=message), 0)

    def _finish(self, run, future):
        """Write down what came of a call."""
        batch, error = run.running.pop(future), future.exception()
        if error and not isinstance(error, errors.XeroError):
            _logger.error("xero: a call for %s documents (%s) failed in the connector", len(batch.items), batch.operation, exc_info=error)
            error = errors.OutcomeUnknown(self.env._("The connector made a mistake; the server log has the details."))
        self._insist(run, lambda guarded: self._write_down(run, batch, future, error, guarded), len(batch.items))
        if error and error.scope is not errors.Scope.DOCUMENT:
            run.stop = run.stop or error
        self._count_refusals(run, batch, error)

    def _count_refusals(self, run, batch, error):
        """One document after the other is refused, whatever it is: that is no document's fault, and each costs a call."""
        if not error:
            run.refused = 0
        elif len(batch.items) == 1 and error.outcome is errors.Outcome.REFUSED:
            run.refused += 1
        if run.refused >= MANY_REFUSALS:
            run.stop = run.stop or errors.EverythingRefused("Xero refuses one document after the other.", details=error.details)

    def _write_down(self, run, batch, future, error, guarded):
        jobs = self.env["xero.job"].browse(batch.job_ids)
        if error is None:
            self._absorb(run.connection, batch.handler, future.result(), guarded)
        elif isinstance(error, errors.OutcomeUnknown):
            self._uncertain(jobs, error)
        else:
            self._not_done(batch, jobs, error)

    def _uncertain(self, jobs, error):
        jobs._set_state(
            "uncertain",
            message=self.env._("Xero did not answer; checking whether it arrived."),
            xero_messages=error.message,
            next_try=False,
            sent_at=fields.Datetime.now(),  # from now on, not from the claim: others may have been sent before it
        )

    def _not_done(self, batch, jobs, error):
        """The call as a whole came to nothing; the documents wait, or stand behind their own fault."""
        if error.scope is not errors.Scope.DOCUMENT:
            jobs._set_state("pending", message=self._words(error))
        elif len(jobs) > 1:
            # Xero refused all for one of them: smaller groups next time, so that only the culprit stays behind
            jobs._back_off(self.env._("Sent again in smaller groups."), seconds=0)
        else:
            held = batch.handler._refused(batch.items[0], error.details or (error.message,))
            self.env["xero.problem"]._hold(jobs, held, "failed")

    # === ANSWER === #

    def _absorb(self, connection, handler, results, guarded=False):
        bound, done = [], []
        for result in results:
            job = self.env["xero.job"].browse(result.item.job_id)
            with self._each(handler, job, guarded):
                if self._absorb_one(connection, handler, job, result):
                    bound.append(result.item.res_id)
            if job.state == "done":
                done.append(job)
        with self._for_others(guarded):
            self._follow_up(connection, handler, bound, done)

    def _absorb_one(self, connection, handler, job, result):
        """Write down one result; returns whether the document is new in Xero."""
        if result.unknown:
            self._uncertain(job, errors.OutcomeUnknown(self.env._("The answer did not name this document.")))
        elif result.again:
            self._repeat(job, message=self._words(result.again))
        elif self._is_refused(handler, result):
            self.env["xero.problem"]._hold(job, result.held, "failed" if result.held.failed else "blocked")
        else:
            return self._bind(connection, handler, job, result.remote, result.item.fingerprint)
        return False

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
