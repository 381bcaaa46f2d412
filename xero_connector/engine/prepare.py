import logging
import uuid
from collections import Counter

from psycopg2 import OperationalError

from odoo import fields, models

from ..const import NO_REASON
from ..handlers.reasons import Held, HeldBehind, NothingToDo, Wait
from ..xero_core.resources import batches as sizes
from .run import Batch

_logger = logging.getLogger(__name__)

OPERATIONS = ("create", "update", "remove")


class XeroRunner(models.AbstractModel):
    """The first part of a run: what claimed jobs turn into, a call or the reason why there is none."""

    _inherit = "xero.runner"

    def _prepare(self, connection, handler, jobs):
        """The batches of these jobs; if what they have in common cannot be read for one of them, that one is found by halving."""
        reading = self._reading_of(connection, handler, jobs)
        if reading is None and len(jobs) > 1:
            half = len(jobs) // 2
            return self._prepare(connection, handler, jobs[:half]) + self._prepare(connection, handler, jobs[half:])
        if reading is None:
            self.env["xero.problem"]._hold(jobs, self._internal_error(jobs), "failed")
            return []
        outcomes = self._apart(self._outcomes(handler, jobs, reading))
        ready = [items for items in outcomes.values() if not isinstance(items, Exception)]
        self._set_aside({job: reason for job, reason in outcomes.items() if isinstance(reason, Exception)}, handler, reading)
        if done := jobs.filtered(lambda job: job.state == "done"):
            handler._after_done(connection, done.mapped("res_id"))
        self._tell_closed(connection, handler, jobs)
        # what is to go goes first: a payment that is made anew has no room beside its former self
        removals = [items for items in ready if items[0].operation == "remove"]
        priority, of = jobs[:1].priority, handler._kind
        groups = self._groups(removals or ready)
        batches = [Batch(self._handler(kind), operation, group, priority, of) for kind, operation, group in groups]
        for batch in batches:
            self._mark_sending(batch, f"{connection.external_key}-{uuid.uuid4().hex}")
        self.env.flush_all()
        return batches

    def _reading_of(self, connection, handler, jobs):
        try:
            with self.env.cr.savepoint():
                return handler._read(connection, jobs)
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 - whichever document it is, the others must not stop for it
            _logger.exception("xero: the documents of %s jobs (%s) could not be read together", len(jobs), handler._kind)
            return None

    def _mark_sending(self, batch, key):
        jobs = self.env["xero.job"].browse(batch.job_ids)
        jobs._set_state(
            "sending", operation=batch.operation, idempotency_key=key, sent_at=fields.Datetime.now(), **NO_REASON
        )  # fmt: skip
        traces = {}
        for item in batch.items:
            item.key = key
            traces.setdefault(item.job_id, []).append(item.trace())
        for job in jobs:
            job.traces = traces[job.id]
        self._unsettle(jobs.connection_id, batch)

    def _unsettle(self, connection, batch):
        """What is about to be changed in Xero in a way that no fingerprint tells."""
        records = [(item.res_model, item.res_id) for item in batch.items if item.unsettles]
        for model in {model for model, _res_id in records}:
            ids = [res_id for of, res_id in records if of == model]
            for binding in self.env["xero.binding"]._by_record(connection, model, ids, [batch.handler._kind]).values():
                binding.fingerprint = False

    def _apart(self, outcomes):
        """The same outcomes, without what claims something of Xero that others before it have taken."""
        taken = Counter()
        return {job: found if isinstance(found, Exception) else self._unclaimed(found, taken) for job, found in outcomes.items()}

    def _unclaimed(self, items, taken):
        """Those of a job's items that may go, or the reason why none may."""
        free, late = [], None
        for item in items:
            if claim := next((claim for claim in item.claims if taken[claim.what] >= claim.room), None):
                late = late or claim.reason
            else:
                taken.update(claim.what for claim in item.claims)
                free.append(item)
        if late:
            for item in free:
                item.last = False
        return free or late

    def _outcomes(self, handler, jobs, reading):
        """``{job: its items, or the reason why there are none}``; one poisoned document must not stop the others."""
        try:
            with self.env.cr.savepoint():
                return {job: self._outcome(handler, job, reading) for job in jobs}
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 - whichever document it is, is found by preparing each for itself
            return {job: self._outcome_alone(handler, job, reading) for job in jobs}

    def _outcome_alone(self, handler, job, reading):
        try:
            with self.env.cr.savepoint():
                return self._outcome(handler, job, reading)
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 - see above
            _logger.exception("xero: job %s (%s %s) could not be prepared", job.id, job.res_model, job.res_id)
            return self._internal_error(job)

    def _outcome(self, handler, job, reading):
        """The items, or the reason why there are none; caught here, because an exception that leaves a savepoint empties the cache."""
        try:
            self._check_wanted(handler, job)
            found = handler._decide(job, reading)
            items = found if isinstance(found, list) else [found]
            for item in items:
                item.kind, item.res_model = item.kind or job.kind, item.res_model or job.res_model
                self._check_size(self._handler(item.kind), item)
            return items
        except (NothingToDo, Held, HeldBehind, Wait) as reason:
            return reason

    def _set_aside(self, reasons, handler, reading):
        """Jobs that do not go now; those with the same reason together.

        :param dict reasons: job -> reason
        """
        groups = {}
        for job, reason in reasons.items():
            about = (getattr(reason, name, None) for name in ("code", "key", "seconds", "room"))
            groups.setdefault((type(reason), str(reason), tuple(reason.asks), *about), (reason, []))[1].append(job.id)
        for reason, job_ids in groups.values():
            self._set_aside_group(self.env["xero.job"].browse(job_ids), reason, handler, reading)

    def _set_aside_group(self, jobs, reason, handler, reading):
        if isinstance(reason, Held):
            self.env["xero.problem"]._hold(jobs, reason, "failed" if reason.failed else "blocked")
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

    def _groups(self, ready):
        """``(kind, operation, items)`` per call; the items of one job stay together.

        After a call that came to nothing its documents go in ever smaller groups, at last alone, so that one poisoned document
        cannot hold up the others and is found in few calls.

        :param ready: the items of each job, of one kind and operation
        """
        tries = {job.id: job.tries for job in self.env["xero.job"].browse([items[0].job_id for items in ready])}
        groups = {}
        for items in ready:
            first = items[0]
            groups.setdefault((OPERATIONS.index(first.operation), tries[first.job_id], first.kind), []).append(items)
        for (operation, tried, kind), group in sorted(groups.items(), key=lambda entry: entry[0]):
            most = max(1, self._handler(kind)._batch_limit(OPERATIONS[operation]) // 4**tried)
            for items in sizes.packed(group, most, sizes.ADVISED_BYTES):
                yield kind, OPERATIONS[operation], items
