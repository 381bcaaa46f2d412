import logging
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from ..xero_core import errors
from .guard import called
from .pause import words
from .run import MAX_IN_FLIGHT

_logger = logging.getLogger(__name__)

MANY_REFUSALS = 5


class Calls:
    """Makes the calls, several at a time if Xero takes its time to answer, and has each answer written down as it comes."""

    def __init__(self, env, run, transactions, turn, answers, second_look):
        self._env, self._run, self._transactions, self._turn, self._answers = env, run, transactions, turn, answers
        self._second_look = second_look

    def send_all(self):
        """Claim and call until nothing is left or the run is over; several calls at a time if Xero takes its time to answer.

        What each answers is written down and committed as it comes, and the next documents are read meanwhile.

        :raise XeroError: the first error that concerns the run or the connection; what was not sent by then waits again
        """
        with ThreadPoolExecutor(MAX_IN_FLIGHT) as pool:
            while self._begin(pool):
                for future in wait(self._run.running, timeout=self._run.pause(), return_when=FIRST_COMPLETED).done:
                    self._finish(future)
        self._give_back()
        if self._run.stop:
            raise self._run.stop

    def _begin(self, pool):
        """Begin as many calls as may be under way; returns whether any is."""
        while True:
            self._turn.claim_next()
            if not self._run.waiting or not self._run.may_begin() or not self._is_still_live():
                return bool(self._run.running)
            load = self._run.waiting.popleft()
            self._run.allowance.begin()
            self._run.running[self._start(pool, load)] = load

    def _is_still_live(self):
        """Somebody may have disconnected since the run began, and the token in memory would still work."""
        self._run.connection.invalidate_recordset(["state", "active"], flush=False)
        return bool(self._run.connection.exists()) and self._run.connection._is_live()

    def _start(self, pool, load):
        """Make a call: in a thread of its own if several are to be in flight, else here and now."""
        arguments = (self._run.client, load.operation, load.items, load.items[0].key)
        if self._run.in_flight > 1:
            return pool.submit(load.handler._send, *arguments)
        return called(load.handler._send, *arguments)

    def _give_back(self):
        """What was claimed but not sent waits again."""
        unsent = self._env["xero.job"].browse([job_id for load in self._run.waiting for job_id in load.job_ids])
        self._run.waiting.clear()
        message = words(self._env, self._run.stop) if self._run.stop else False
        if unsent:
            self._transactions.insist(lambda _guarded: unsent._set_state("pending", message=message), 0)

    def _finish(self, future):
        """Write down what came of a call."""
        load, error = self._run.running.pop(future), future.exception()
        if error and not isinstance(error, errors.XeroError):
            _logger.error("xero: a call for %s documents (%s) failed in the connector", len(load.items), load.operation, exc_info=error)
            error = errors.OutcomeUnknown(self._env._("The connector made a mistake; the server log has the details."))
        self._transactions.insist(lambda guarded: self._write_down(load, future, error, guarded), len(load.items))
        self._second_look.after(load)
        if error and error.scope is not errors.Scope.DOCUMENT:
            self._run.stop = self._run.stop or error
        self._count_refusals(load, error)

    def _count_refusals(self, load, error):
        """One document after the other is refused, whatever it is: that is no document's fault, and each costs a call."""
        if not error:
            self._run.refused = 0
        elif len(load.items) == 1 and error.outcome is errors.Outcome.REFUSED:
            self._run.refused += 1
        if self._run.refused >= MANY_REFUSALS:
            self._run.stop = self._run.stop or errors.EverythingRefused("Xero refuses one document after the other.", details=error.details)

    def _write_down(self, load, future, error, guarded):
        jobs = self._env["xero.job"].browse(load.job_ids)
        if error is None:
            self._answers.absorb(load.handler, future.result(), guarded)
        elif isinstance(error, errors.OutcomeUnknown):
            self._answers.uncertain(jobs, error)
        else:
            self._not_done(load, jobs, error)

    def _not_done(self, load, jobs, error):
        """The call as a whole came to nothing; the documents wait, or stand behind their own fault."""
        if error.scope is not errors.Scope.DOCUMENT:
            jobs._set_state("pending", message=words(self._env, error))
        elif len(load.items) > 1:
            # Xero refused all for one of them: smaller groups next time, so that only the culprit stays behind
            jobs._back_off(self._env._("Sent again in smaller groups."), seconds=0)
        else:
            [item] = load.items
            self._answers.refuse(jobs, item, load.handler._refused(item, error.details or (error.message,)))
