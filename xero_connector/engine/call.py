import logging
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from odoo import fields, models

from ..const import AFRESH
from ..xero_core import errors
from .answer import Fate
from .run import MAX_IN_FLIGHT

_logger = logging.getLogger(__name__)

MANY_REFUSALS = 5


class XeroRunner(models.AbstractModel):
    """The second part of a run: the calls."""

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
        self._look_for_locks(run, batch)
        if error and error.scope is not errors.Scope.DOCUMENT:
            run.stop = run.stop or error
        self._count_refusals(run, batch, error)

    def _look_for_locks(self, run, batch):
        """Refused, and nothing that is known explains it: a period may have been locked since it was read. Asked once a run."""
        refused = self.env["xero.job"].browse(batch.job_ids).filtered(lambda job: job.problem_id.code == "refused")
        if not refused or run.has_read_locks or not run.permits(batch.priority, len(run.running)):
            return
        run.has_read_locks = True
        try:
            organisation = run.client.organisation()
        except errors.XeroError:
            return  # whatever it is, the refusal stands as it is
        self._insist(run, lambda _guarded: self._note_locks(run.connection, refused, organisation), 0)

    def _note_locks(self, connection, refused, organisation):
        if self.env["xero.handler.reference"]._note_locks(connection, organisation):
            self.env["xero.problem"]._release(connection, ["lock_date"])
            refused.filtered(lambda job: job.state == "failed")._set_state("pending", next_try=False, **AFRESH)

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
        elif len(batch.items) > 1:
            # Xero refused all for one of them: smaller groups next time, so that only the culprit stays behind
            jobs._back_off(self.env._("Sent again in smaller groups."), seconds=0)
        else:
            [item] = batch.items
            held = batch.handler._refused(item, error.details or (error.message,))
            self._conclude(jobs, {jobs.id: [Fate(item, held=held)]})
            self._tell_closed(jobs.connection_id, self._handler(jobs.kind), jobs)
