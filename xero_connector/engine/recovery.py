from datetime import timedelta
from functools import partial

from odoo import fields

from ..const import MAX_TRIES
from ..handlers.reasons import Held
from ..xero_core import errors
from .fate import Fate
from .guard import recognised
from .turn import LONGEST_WAIT

# Xero may still be working on a call whose answer we did not wait for: how long "not there" is not yet proof.
SILENCE_SECONDS = 90
LOOKED_UP = 200  # documents without an answer asked for in one run
ONE_QUESTION = 20  # of them at a time: what has been answered is kept if the next question goes unanswered


class Recovery:
    """What became of the jobs without an answer."""

    def __init__(self, env, run, transactions, answers):
        self._env, self._run, self._transactions, self._answers = env, run, transactions, answers

    def mark_interrupted(self):
        """What a runner that died has left on the wire."""
        jobs = self._env["xero.job"].search([("connection_id", "=", self._run.connection.id), ("state", "=", "sending")])
        # when the call began, if it did, nobody knows: Xero may have been at work until this moment
        jobs._set_state("uncertain", message=self._env._("Checking in Xero whether it arrived."), sent_at=fields.Datetime.now())
        self._transactions.commit()

    def resolve_uncertain(self, handler):
        """Ask Xero what became of the jobs without an answer; only what is surely not there is sent again."""
        now = fields.Datetime.now()
        due = ["|", ("next_try", "=", False), "|", ("next_try", "<=", now), ("next_try", ">", now + LONGEST_WAIT)]
        own = [("connection_id", "=", self._run.connection.id), ("kind", "=", handler._kind), ("state", "=", "uncertain")]
        jobs = self._env["xero.job"].search([*own, *due], limit=LOOKED_UP)
        if not jobs or not self._run.allowance.permits(for_person=True):
            return
        # an update can be repeated; a job that was claimed but never got as far as a call has nothing to look for
        repeatable = jobs.filtered(lambda job: job.operation == "update" or not job.traces)
        # committed before anything is asked: nobody who changes one of these documents shall wait for Xero
        self._transactions.insist(lambda _guarded: [self._answers.repeat(job) for job in repeatable], len(repeatable))
        for kind, group in (jobs - repeatable).grouped(lambda job: job.traces[0].get("kind", job.kind)).items():
            for start in range(0, len(group), ONE_QUESTION):
                self._look_up(self._env["xero.handler"]._of(kind), group[start : start + ONE_QUESTION])

    def _look_up(self, handler, jobs):
        """Ask for these jobs' documents; if Xero refuses the question for one of them, ask in halves until only that one is left."""
        if not jobs:
            return
        try:
            items, found = recognised(handler, self._run.client, jobs)
        except errors.XeroError as error:
            if error.scope is not errors.Scope.DOCUMENT:
                raise
            if len(jobs) == 1:
                self._transactions.insist(partial(self._question_refused, jobs, error), 0)
            else:
                self._look_up(handler, jobs[: len(jobs) // 2])
                self._look_up(handler, jobs[len(jobs) // 2 :])
        else:
            self._transactions.insist(partial(self._write_found, handler, items, found), len(jobs))
            self._run.made_progress |= any(found.values())

    def _question_refused(self, job, error, _guarded):
        """Never sent again unasked: it may be there."""
        if job.tries + 1 >= MAX_TRIES:
            self._env["xero.problem"]._hold(job, self._unknown_whether(job, error), "failed")
            return
        wait = timedelta(seconds=min(3600, 30 * 2**job.tries))
        job._set_state(
            "uncertain", tries=job.tries + 1, next_try=fields.Datetime.now() + wait, xero_messages="\n".join(error.details) or error.message
        )

    def _write_found(self, handler, items, found, guarded):
        for item in items:
            if item.operation == "create" and found.get(item.id):
                handler._found_after_all(item, found[item.id])
        fates = {item.id: self._fate_of_lost(item, found.get(item.id)) for item in items}
        self._answers.write_fates(handler, fates, guarded)

    def _fate_of_lost(self, item, remote):
        """What is not in Xero is sent again as soon as it cannot turn up there any more."""
        if remote:
            return Fate(item, remote=remote)
        job = self._env["xero.job"].browse(item.job_id)
        if (until := self._silent_until(job)) > fields.Datetime.now():
            return Fate(item, unknown=self._env._("Checking in Xero whether it arrived."), until=until)
        return Fate(item, again=self._env._("Xero had not answered; sent again."), seconds=0)

    def _silent_until(self, job):
        """When what is not there cannot turn up any more; the clock may have been set back since it was sent."""
        return min(job.sent_at or job.create_date, fields.Datetime.now()) + timedelta(seconds=SILENCE_SECONDS)

    def _unknown_whether(self, job, error):
        return Held(
            "refused",
            self._env._("Nobody knows whether this change reached Xero: Xero refuses to say."),
            key=f"{job.res_model},{job.res_id}",
            help=self._env._("Look in Xero whether it is there. If it is, ignore it here; if not, press Retry: it is sent again."),
            details=error.details or (error.message,),
            record=(job.res_model, job.res_id),
            failed=True,
        )
