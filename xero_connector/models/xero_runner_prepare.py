import logging
import uuid
from itertools import islice

from psycopg2 import OperationalError

from odoo import fields, models

from ..handlers.base import Behind, Held, Later, NothingToDo
from ..xero_core import batches as sizes
from .xero_job import NO_REASON
from .xero_run import Batch

_logger = logging.getLogger(__name__)

OPERATIONS = ("create", "update", "remove")


class XeroRunner(models.AbstractModel):
    """The first part of a run: what claimed jobs turn into, a call or the reason why there is none."""

    _inherit = "xero.runner"

    def _prepare(self, connection, handler, jobs):
        """The batches of these jobs; if what they have in common cannot be read for one of them, that one is found by halving."""
        context = self._context_of(connection, handler, jobs)
        if context is None and len(jobs) > 1:
            half = len(jobs) // 2
            return self._prepare(connection, handler, jobs[:half]) + self._prepare(connection, handler, jobs[half:])
        if context is None:
            self.env["xero.problem"]._hold(jobs, self._internal_error(handler, jobs), "failed")
            return []
        outcomes = self._outcomes(handler, jobs, context)
        items = [outcome for outcome in outcomes.values() if not isinstance(outcome, Exception)]
        self._set_aside({job: reason for job, reason in outcomes.items() if isinstance(reason, Exception)}, context)
        if done := jobs.filtered(lambda job: job.state == "done"):
            handler._after_done(connection, done.mapped("res_id"))
        # what is to go goes first: a payment that is made anew has no room beside its former self
        removals = [item for item in items if item.operation == "remove"]
        priority = jobs[:1].priority
        batches = [Batch(handler, operation, group, priority) for operation, group in self._groups(handler, removals or items)]
        for batch in batches:
            self._mark_sending(batch, f"{connection.external_key}-{uuid.uuid4().hex}")
        self.env.flush_all()
        return batches

    def _context_of(self, connection, handler, jobs):
        try:
            with self.env.cr.savepoint():
                return handler._context(connection, jobs)
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
        for job, item in zip(jobs, batch.items, strict=True):
            item.key = key
            job.write({"payload_hash": item.fingerprint, "sent_as": item.sent_as})

    def _outcomes(self, handler, jobs, context):
        """``{job: its item, or the reason why there is none}``; one poisoned document must not stop the others."""
        try:
            with self.env.cr.savepoint():
                return {job: self._outcome(handler, job, context) for job in jobs}
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 - whichever document it is, is found by preparing each for itself
            return {job: self._outcome_alone(handler, job, context) for job in jobs}

    def _outcome_alone(self, handler, job, context):
        try:
            with self.env.cr.savepoint():
                return self._outcome(handler, job, context)
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 - see above
            _logger.exception("xero: job %s (%s %s) could not be prepared", job.id, job.res_model, job.res_id)
            return self._internal_error(handler, job)

    def _outcome(self, handler, job, context):
        """The item, or the reason why there is none; caught here, because an exception that leaves a savepoint empties the cache."""
        try:
            self._check_wanted(handler, job)
            item = handler._item(job, context)
            self._check_size(handler, item)
            return item
        except (NothingToDo, Held, Behind, Later) as reason:
            return reason

    def _set_aside(self, reasons, context):
        """Jobs that do not go now; those with the same reason together.

        :param dict reasons: job -> reason
        """
        groups = {}
        for job, reason in reasons.items():
            same = (type(reason), str(reason), getattr(reason, "code", ""), getattr(reason, "key", ""), getattr(reason, "seconds", 0))
            groups.setdefault(same, (reason, []))[1].append(job.id)
        for reason, job_ids in groups.values():
            self._set_aside_group(self.env["xero.job"].browse(job_ids), reason, context)

    def _set_aside_group(self, jobs, reason, context):
        if isinstance(reason, Held):
            self.env["xero.problem"]._hold(jobs, reason, "failed" if reason.failed else "blocked")
        elif isinstance(reason, Behind):
            jobs._set_state("blocked", problem_id=reason.problem.id, message=reason.message)
            reason.problem._count()
        elif isinstance(reason, Later):
            jobs._back_off(str(reason), seconds=reason.seconds, count=False)
        else:
            known = jobs.filtered(lambda job: job.res_id in context["bindings"])
            known._set_state("done")
            (jobs - known)._set_state("cancelled")

    def _groups(self, handler, items):
        """``(operation, items)`` per call.

        After a call that came to nothing its documents go in ever smaller groups, at last alone, so that one poisoned document
        cannot hold up the others and is found in few calls.
        """
        tries = {job.id: job.tries for job in self.env["xero.job"].browse([item.job_id for item in items])}
        groups = {}
        for item in items:
            groups.setdefault((OPERATIONS.index(item.operation), tries[item.job_id]), []).append(item)
        for (operation, tried), group in sorted(groups.items(), key=lambda entry: entry[0]):
            most = max(1, handler._batch_limit(OPERATIONS[operation]) // 4**tried)
            left = iter(group)
            for count in sizes.fitting([item.payload for item in group], most, sizes.ADVISED_BYTES):
                yield OPERATIONS[operation], list(islice(left, count))
