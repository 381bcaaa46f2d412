import random
from datetime import timedelta
from functools import partial

from odoo import fields, models
from odoo.tools import SQL

from ..const import MAX_TRIES, PEOPLE, SPARE
from ..handlers.dispatch import Outgoing
from ..handlers.reasons import Held
from ..xero_core import errors
from .answer import Fate
from .runner import LONGEST_PAUSE, LONGEST_WAIT, NOT_ON_THE_WIRE

# Xero may still be working on a call whose answer we did not wait for: how long "not there" is not yet proof.
SETTLE_SECONDS = 90
LOOKED_UP = 200  # documents without an answer asked for in one run
SPARE_WAIT = timedelta(hours=1)
ONE_QUESTION = 20  # of them at a time: what has been answered is kept if the next question goes unanswered


class XeroRunner(models.AbstractModel):
    """The last part of a run: what to do when no answer came, and when to go on."""

    _inherit = "xero.runner"

    # === NO ANSWER === #

    def _resolve_uncertain(self, run, handler):
        """Ask Xero what became of the jobs without an answer; only what is surely not there is sent again."""
        now = fields.Datetime.now()
        due = ["|", ("next_try", "=", False), "|", ("next_try", "<=", now), ("next_try", ">", now + LONGEST_WAIT)]
        own = [("connection_id", "=", run.connection.id), ("kind", "=", handler._kind), ("state", "=", "uncertain")]
        jobs = self.env["xero.job"].search([*own, *due], limit=LOOKED_UP)
        if not jobs or not run.allowance.permits(for_person=True):
            return
        # an update can be repeated; a job that was claimed but never got as far as a call has nothing to look for
        repeatable = jobs.filtered(lambda job: job.operation == "update" or not job.traces)
        # committed before anything is asked: nobody who changes one of these documents shall wait for Xero
        self._insist(run, lambda _guarded: [self._repeat(job) for job in repeatable], len(repeatable))
        for kind, group in (jobs - repeatable).grouped(lambda job: job.traces[0]["kind"]).items():
            for start in range(0, len(group), ONE_QUESTION):
                self._look_up(run, self._handler(kind), group[start : start + ONE_QUESTION])

    def _look_up(self, run, handler, jobs):
        """Ask for these jobs' documents; if Xero refuses the question for one of them, ask in halves until only that one is left."""
        if not jobs:
            return
        items = [item for job in jobs for item in Outgoing.traced(job)]
        try:
            found = self._ask_xero(handler, run.client, items)
        except errors.XeroError as error:
            if error.scope is not errors.Scope.DOCUMENT:
                raise
            if len(jobs) == 1:
                self._insist(run, partial(self._question_refused, jobs, error), 0)
            else:
                self._look_up(run, handler, jobs[: len(jobs) // 2])
                self._look_up(run, handler, jobs[len(jobs) // 2 :])
        else:
            self._insist(run, partial(self._settle_all, run.connection, handler, items, found), len(jobs))
            run.made_progress |= any(found.values())

    def _question_refused(self, job, error, _guarded):
        """Never sent again unasked: it may be there."""
        if job.tries + 1 >= MAX_TRIES:
            self.env["xero.problem"]._hold(job, self._unknown_whether(job, error), "failed")
            return
        wait = timedelta(seconds=min(3600, 30 * 2**job.tries))
        job._set_state(
            "uncertain", tries=job.tries + 1, next_try=fields.Datetime.now() + wait, xero_messages="\n".join(error.details) or error.message
        )

    def _settle_all(self, connection, handler, items, found, guarded):
        fates = {item.id: self._fate_of_lost(item, found.get(item.id)) for item in items}
        self._write_fates(connection, handler, fates, guarded)

    def _fate_of_lost(self, item, remote):
        """What is not in Xero is sent again as soon as it cannot turn up there any more."""
        if remote:
            return Fate(item, remote=remote)
        job = self.env["xero.job"].browse(item.job_id)
        if (until := self._settles_at(job)) > fields.Datetime.now():
            return Fate(item, unknown=self.env._("Checking in Xero whether it arrived."), until=until)
        return Fate(item, again=self.env._("Xero had not answered; sent again."), seconds=0)

    def _settles_at(self, job):
        """When what is not there cannot turn up any more; the clock may have been set back since it was sent."""
        return min(job.sent_at or job.create_date, fields.Datetime.now()) + timedelta(seconds=SETTLE_SECONDS)

    def _repeat(self, job, seconds=None, message=""):
        """Send again, the later the more often it was tried, and at last not at all."""
        if job.tries + 1 >= MAX_TRIES:
            self.env["xero.problem"]._hold(job, self._gave_up(job), "failed")
        else:
            job._back_off(message or self.env._("Xero had not answered; sent again."), seconds=seconds)

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

    def _unknown_whether(self, job, error):
        return Held(
            "refused",
            self.env._("Nobody knows whether this change reached Xero: Xero refuses to say."),
            key=f"{job.res_model},{job.res_id}",
            help=self.env._("Look in Xero whether it is there. If it is, ignore it here; if not, press Retry: it is sent again."),
            details=error.details or (error.message,),
            record=(job.res_model, job.res_id),
            failed=True,
        )

    # === STOP AND GO ON === #

    def _stopped(self, connection, error, made_progress=False):
        """A run ended early: note why, and when it makes sense to go on. One that got somewhere is no sign of a lasting trouble."""
        connection.failures *= not made_progress
        resumes = fields.Datetime.now() + self._pause_after(connection, error)
        connection.failures += 1
        if isinstance(error, errors.DayLimit) and connection.state != "draft":
            connection._set_state("paused", self._words(error))
            connection.day_resets_at = resumes
        elif connection._apply_error(error) and not isinstance(error, errors.PermissionDenied):
            return  # only a person can help
        connection.write({"paused_until": resumes, "state_message": self._words(error)})

    def _pause_after(self, connection, error):
        """How long until the connection is tried again: what Xero asks for, else the longer the more runs in a row have failed.

        A little chance in it keeps the connections of many companies from all coming back at the same moment.
        """
        wait = 3600.0 if isinstance(error, errors.PermissionDenied) else error.wait(connection.failures)
        if getattr(error, "retry_after", None) is None:
            wait *= random.uniform(1, 1.2)  # noqa: S311 - no secret
        return min(timedelta(seconds=wait), LONGEST_PAUSE["paused" if isinstance(error, errors.DayLimit) else "connected"])

    def _words(self, error):
        """What an error means, for an accountant."""
        if isinstance(error, errors.DayLimit):
            return self.env._("Today's calls to Xero are used up; it goes on by itself when Xero counts anew.")
        return self.env["xero.connection"]._sentence(error)

    def _wake_for_rest(self, connection):
        """Have the cron come back when the earliest waiting job may be tried again, and the day's calls suffice for it."""
        if connection.state not in ("connected", "paused"):
            return
        now, earliest = fields.Datetime.now(), self._earliest(connection)
        moments = [max(moment or now, self._may_go_at(connection, priority)) for priority, moment in earliest]
        if moments:
            connection._wake(max(min(moments), connection.paused_until or min(moments)))

    def _may_go_at(self, connection, priority):
        """When the day's calls suffice for what has this priority: at once, or when they are counted anew."""
        allowance, now, (_began, next_day) = connection._allowance(), fields.Datetime.now(), connection._day()
        if not allowance.permits(priority == PEOPLE):
            return next_day
        if priority == SPARE and not allowance.permits(False, connection._spared_calls()):
            return min(next_day, now + SPARE_WAIT)  # the less is left of the day, the fewer calls are kept
        return now

    def _earliest(self, connection):
        """Per priority, when the first waiting job is due; a question about an uncertain one is never put off to keep calls."""
        self.env["xero.job"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT CASE WHEN j.state = 'uncertain' THEN %s ELSE j.priority END, MIN(COALESCE(j.next_try, j.create_date))
                     FROM xero_job j
                    WHERE j.connection_id = %s AND (j.state IN ('uncertain', 'sending') OR j.state = 'pending' AND %s)
                 GROUP BY 1""",
                PEOPLE, connection.id, NOT_ON_THE_WIRE,
            )
        )  # fmt: skip
