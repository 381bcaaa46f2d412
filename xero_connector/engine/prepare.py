import json
import logging
import uuid
from collections import Counter

from odoo import fields
from odoo.tools import SQL

from ..const import NO_REASON, ON_ITS_WAY
from ..handlers.reasons import Asked, Held, HeldBehind, NothingToDo, ToApprove, Wait
from ..xero_core.resources import batches as sizes
from .guard import in_savepoint, internal_error
from .rulings import Rulings
from .run import Load

_logger = logging.getLogger(__name__)

OPERATIONS = ("create", "update", "remove")


def tell_closed(connection, handler, jobs):
    """Those that have nothing on the wire any more: documents that wait for them may look again."""
    closed = jobs.filtered(lambda job: job.state not in ON_ITS_WAY)
    if closed:
        handler._after_closed(connection, closed)


class Preparation:
    """What claimed jobs turn into: a call, or the reason why there is none."""

    def __init__(self, env, connection):
        self._env, self._connection = env, connection
        self._rulings = Rulings(env, connection)

    def _handler(self, kind):
        return self._env["xero.handler"]._of(kind)

    def prepare(self, handler, jobs):
        """The loads of these jobs; if what they have in common cannot be read for one of them, that one is found by halving."""
        reading = self._reading_of(handler, jobs)
        if reading is None and len(jobs) > 1:
            half = len(jobs) // 2
            return self.prepare(handler, jobs[:half]) + self.prepare(handler, jobs[half:])
        if reading is None:
            self._env["xero.problem"]._hold(jobs, internal_error(self._env, jobs), "failed")
            return []
        outcomes = self._apart(self._outcomes(handler, jobs, reading))
        ready = [items for items in outcomes.values() if not isinstance(items, Exception)]
        self._set_aside({job: reason for job, reason in outcomes.items() if isinstance(reason, Exception)}, handler, reading)
        self._tell(handler, jobs)
        # what is to go goes first: a payment that is made anew has no room beside its former self
        removals = [items for items in ready if items[0].operation == "remove"]
        priority, of = jobs[:1].priority, handler._kind
        groups = self._groups(removals or ready)
        loads = [Load(self._handler(kind), operation, group, priority, of) for kind, operation, group in groups]
        for load in loads:
            self._mark_sending(load, f"{self._connection.external_key}-{uuid.uuid4().hex}")
        self._env.flush_all()
        return loads

    def close_in_step(self, handler, jobs):
        """Close those of these jobs that there is nothing to do for. What else is found is left to the run: this reads Odoo only."""
        reading = self._reading_of(handler, jobs)
        if reading is None:
            return
        outcomes = self._outcomes(handler, jobs, reading)
        self._set_aside({job: reason for job, reason in outcomes.items() if isinstance(reason, NothingToDo)}, handler, reading)
        self._tell(handler, jobs)

    def would(self, handler, job):
        """What would become of ``job`` now, which need not be stored; see ``xero.runner._would``."""
        reading = self._reading_of(handler, job)
        outcome = self._outcomes(handler, job, reading)[job] if reading is not None else internal_error(self._env, job)
        if not isinstance(outcome, Exception):
            return outcome[0].operation, ""
        names = ((NothingToDo, "nothing"), (Wait, "waits"))
        return next((name for kind, name in names if isinstance(outcome, kind)), "held"), str(outcome)

    def _reading_of(self, handler, jobs):
        reading, mistake = in_savepoint(self._env, lambda: handler._read(self._connection, jobs))
        if mistake:
            _logger.error("xero: the documents of %s jobs (%s) could not be read together", len(jobs), handler._kind, exc_info=mistake)
        return reading

    def _tell(self, handler, jobs):
        """Whoever waits for those that are done, or have nothing on the wire any more."""
        if done := jobs.filtered(lambda job: job.state == "done"):
            handler._after_done(self._connection, done.mapped("res_id"))
        tell_closed(self._connection, handler, jobs)

    def _mark_sending(self, load, key):
        jobs = self._env["xero.job"].browse(load.job_ids)
        jobs._set_state(
            "sending", operation=load.operation, idempotency_key=key, sent_at=fields.Datetime.now(), **NO_REASON
        )  # fmt: skip
        traces = {}
        for item in load.items:
            item.key = key
            traces.setdefault(item.job_id, []).append(item.kept())
        self._keep(jobs, traces)
        self._unsettle(load)

    def _keep(self, jobs, traces):
        """Write down what is on the wire (``{job id: traces}``); one statement, as the ORM would copy each trace four times."""
        jobs.flush_model(["traces"])
        ids, texts = list(traces), [json.dumps(each) for each in traces.values()]
        statement = "UPDATE xero_job j SET traces = t.traces FROM UNNEST(%s, %s::jsonb[]) t (id, traces) WHERE j.id = t.id"
        self._env.cr.execute(SQL(statement, ids, texts))
        jobs.invalidate_recordset(["traces"])

    def _unsettle(self, load):
        """What is about to be changed in Xero in a way that no fingerprint tells."""
        records = [(item.res_model, item.res_id) for item in load.items if item.unsettles]
        for model in {model for model, _res_id in records}:
            ids = [res_id for of, res_id in records if of == model]
            for binding in self._env["xero.binding"]._by_record(self._connection, model, ids, [load.handler._kind]).values():
                binding.sent = False

    def _apart(self, outcomes):
        """The same outcomes, without what claims something of Xero that others before it have taken."""
        taken = Counter()
        return {job: found if isinstance(found, Exception) else self._unclaimed(found, taken) for job, found in outcomes.items()}

    def _unclaimed(self, items, taken):
        """Those of a job's items that may go, or the reason why none may."""
        free, late = [], None
        for item in items:
            if claim := next((claim for claim in item.claims if taken[claim.what] >= claim.room), None):
                late = late or claim.reason()
            else:
                taken.update(claim.what for claim in item.claims)
                free.append(item)
        if late:
            for item in free:
                item.last = False
        return free or late

    def _outcomes(self, handler, jobs, reading):
        """``{job: its items, or the reason why there are none}``; one poisoned document must not stop the others."""
        if unwanted := self._unwanted(handler):
            return dict.fromkeys(jobs, unwanted)
        outcomes, mistake = in_savepoint(self._env, lambda: {job: self._outcome(handler, job, reading) for job in jobs})
        if mistake:  # whichever document it is, is found by preparing each for itself
            outcomes = {job: self._outcome_alone(handler, job, reading) for job in jobs}
        return outcomes | self._unapproved(handler, outcomes)

    def _unapproved(self, handler, outcomes):
        """Those of these jobs that would change something in Xero which somebody has to approve first."""
        changes = [job.id for job, found in outcomes.items() if not isinstance(found, Exception) and found[0].operation == "update"]
        return self._rulings.of_changes(handler, self._env["xero.job"].browse(changes)) if changes else {}

    def _outcome_alone(self, handler, job, reading):
        outcome, mistake = in_savepoint(self._env, lambda: self._outcome(handler, job, reading))
        if mistake:
            _logger.error("xero: job %s (%s %s) could not be prepared", job.id, job.res_model, job.res_id, exc_info=mistake)
        return internal_error(self._env, job) if mistake else outcome

    def _outcome(self, handler, job, reading):
        """The items, or the reason why there are none; caught here, because an exception that leaves a savepoint empties the cache."""
        try:
            found = handler._decide(job, reading)
            items = found if isinstance(found, list) else [found]
            for item in items:
                item.kind, item.res_model = item.kind or job.kind, item.res_model or job.res_model
                handler._check_open_period(item, self._connection)
                self._check_size(item)
            return items
        except (NothingToDo, Held, HeldBehind, Wait) as reason:
            return reason

    def _set_aside(self, reasons, handler, reading):
        """Jobs that do not go now; those with the same reason together.

        :param dict reasons: job -> reason
        """
        self._rulings.set_aside(handler, asked := {job: reason for job, reason in reasons.items() if isinstance(reason, ToApprove)})
        groups = {}
        for job, reason in reasons.items():
            if job in asked:
                continue
            about = (getattr(reason, name, None) for name in ("code", "key", "seconds", "room"))
            groups.setdefault((type(reason), str(reason), tuple(reason.asks), *about), (reason, []))[1].append(job.id)
        for reason, job_ids in groups.values():
            self._set_aside_group(self._env["xero.job"].browse(job_ids), reason, handler, reading)

    def _set_aside_group(self, jobs, reason, handler, reading):
        if isinstance(reason, Held):
            self._env["xero.problem"]._hold(jobs, reason, "failed" if reason.failed else "blocked")
            jobs._ask(reason.asks)
        elif isinstance(reason, HeldBehind):
            jobs._set_state("blocked", problem_id=reason.problem.id, message=reason.message)
            reason.problem._count()
            jobs._ask(reason.asks)
        elif isinstance(reason, Wait):
            jobs._wait(reason)
        else:
            known = jobs.filtered(lambda job: handler._is_in_xero(job, reading))
            known._set_state("done")
            (jobs - known)._set_state("cancelled")
            if isinstance(reason, Asked):
                handler._changed_here(self._connection, jobs.mapped("res_id"))

    def _groups(self, ready):
        """``(kind, operation, items)`` per call; the items of one job stay together.

        After a call that came to nothing its documents go in ever smaller groups, at last alone, so that one poisoned document
        cannot hold up the others and is found in few calls.

        :param ready: the items of each job, of one kind and operation
        """
        tries = {job.id: job.tries for job in self._env["xero.job"].browse([items[0].job_id for items in ready])}
        groups = {}
        for items in ready:
            first = items[0]
            groups.setdefault((OPERATIONS.index(first.operation), tries[first.job_id], first.kind), []).append(items)
        for (operation, tried, kind), group in sorted(groups.items(), key=lambda entry: entry[0]):
            most = max(1, self._handler(kind)._batch_limit(OPERATIONS[operation]) // 4**tried)
            for items in sizes.packed(group, most, sizes.ADVISED_BYTES):
                yield kind, OPERATIONS[operation], items

    # === CHECKS === #

    def _unwanted(self, handler):
        """The ``Held`` if documents of this kind are not to be sent any more; customers go with the invoices that name them."""
        reason = not handler._goes_along and self._connection._reason_against_kind(handler._kind)
        help_text = self._env._("They go on by themselves when that is changed.")
        return Held("switched_off", reason, key=handler._kind, help=help_text) if reason else None

    def _check_size(self, item):
        """:raise Held: it is larger than any request Xero takes"""
        if item.size > sizes.MAX_BYTES:
            reason = self._env._("It is larger than Xero takes: shorten its texts, or split it in two.")
            raise self._handler(item.kind)._refused(item, (reason,))
