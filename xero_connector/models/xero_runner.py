import logging
import math
import uuid
from collections import deque

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.tools import SQL

from ..handlers.base import Behind, Held, Later, NothingToDo
from ..xero_core import errors
from ..xero_core.errors import XeroError

_logger = logging.getLogger(__name__)

# Contacts before what names them, invoices before their payments.
KINDS = ("contact", "invoice", "payment")
CLAIM = 200  # documents claimed at a time: one call's worth for each of the calls in flight
MAX_IN_FLIGHT = 4
OPERATIONS = ("create", "update", "remove")
NOT_ON_THE_WIRE = SQL(
    """NOT EXISTS (SELECT 1 FROM xero_job o WHERE o.res_model = j.res_model AND o.res_id = j.res_id
                      AND o.connection_id = j.connection_id AND o.state IN ('sending', 'uncertain'))"""
)
# Xero may still be working on a call whose answer we did not wait for: how long "not there" is not yet proof.
SETTLE_SECONDS = 90
MAX_TRIES = 8


class Run:
    """What one run remembers: its connection, its client, and the calls it has made but not yet written down."""

    def __init__(self, connection):
        self.connection = connection
        self.client = connection._client(on_call=self.note)
        self.calls = []
        self._durations = deque(maxlen=10)

    def note(self, call):
        """Keep the record of one exchange; called in the thread that made it."""
        self.calls.append(call)
        self._durations.append(call.duration_ms / 1000)

    def take_calls(self):
        """The calls since the last time."""
        taken, self.calls = self.calls, []
        return taken

    @property
    def in_flight(self):
        """How many calls at a time use up Xero's 60 a minute: one if it answers within a second, never more than 4 of the 5 it allows."""
        latency = sum(self._durations) / len(self._durations) if self._durations else 0
        return max(1, min(MAX_IN_FLIGHT, math.ceil(latency)))


class XeroRunner(models.AbstractModel):
    """One run of one connection: claim jobs, commit, call, bind, commit.

    The only place that commits and the only one that catches everything. Odoo locks the connection's cron row for the whole run, so there
    is one runner per connection; whatever is found in ``sending`` when a run starts was left by a runner that died and is looked up first.
    """

    _name = "xero.runner"
    _description = "Xero Runner"

    def _run(self, connection):
        """Send what is ready, until nothing is, or Xero's limits or Odoo's time say stop."""
        if not self._may_run(connection):
            return
        run = None
        try:
            run = Run(connection)
            self._mark_interrupted(run)
            self._refresh_reference_data(connection)
            for kind in KINDS:
                self._run_kind(run, kind)
            self._went_well(connection)
        except XeroError as error:
            self._rollback()
            self._stopped(connection, error)
        except Exception:  # noqa: BLE001 - an error of ours must not make Odoo switch the scheduled action off
            self._rollback()
            _logger.exception("xero: the run of connection %s ended early", connection.id)
            self._stopped(connection, errors.NotReached("an error of ours"))
        self._keep_calls(run)
        self._wake_for_rest(connection)
        self.env["xero.problem"]._close_empty(connection)
        connection._update_activities()
        self._commit()

    def _may_run(self, connection):
        if connection.state == "paused" and connection.paused_until and connection.paused_until <= fields.Datetime.now():
            connection._set_state("connected")
        waits = connection.paused_until and connection.paused_until > fields.Datetime.now()
        if waits:
            connection._wake(connection.paused_until)
        return connection._is_live() and not waits

    def _went_well(self, connection):
        if connection.state_message or connection.paused_until:
            connection.write({"state_message": False, "paused_until": False})

    def _refresh_reference_data(self, connection):
        if connection._reference_is_stale():
            connection._read_reference_data()
            self._commit()

    # === TRANSACTIONS === #

    def _commit(self, processed=0):
        """Commit; returns the seconds this run may still take."""
        return self.env["ir.cron"]._commit_progress(processed)

    def _rollback(self):
        self.env.cr.rollback()
        self.env.invalidate_all()

    def _keep_calls(self, run):
        if run and run.calls:
            self.env["xero.call"]._record(run.connection, run.take_calls())

    # === JOBS === #

    def _mark_interrupted(self, run):
        jobs = self.env["xero.job"].search([("connection_id", "=", run.connection.id), ("state", "=", "sending")])
        # when the call began, if it did, nobody knows: Xero may have been at work until this moment
        jobs._set_state("uncertain", message=self.env._("Checking in Xero whether it arrived."), sent_at=fields.Datetime.now())
        self._commit()

    def _run_kind(self, run, kind):
        handler = self.env[f"xero.handler.{kind}"]
        self._resolve_uncertain(run, handler)
        handler._enqueue_needed(run.connection)
        self._commit()
        while True:
            batches = self._claim(run.connection, handler)
            if batches is None:
                return
            self._send_all(run, handler, batches)
            if self._commit(sum(len(items) for _operation, items in batches)) <= 0:
                return

    def _ready(self, connection, kind):
        """Jobs that may go now; never two of one document at a time."""
        self.env["xero.job"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT j.id FROM xero_job j
                    WHERE j.connection_id = %s AND j.kind = %s AND j.state = 'pending' AND (j.next_try IS NULL OR j.next_try <= %s) AND %s
                 ORDER BY j.priority, j.id LIMIT %s""",
                connection.id, kind, fields.Datetime.now(), NOT_ON_THE_WIRE, CLAIM,
            )
        )  # fmt: skip
        return self.env["xero.job"].browse([row[0] for row in rows])

    def _claim(self, connection, handler):
        """Turn ready jobs into items, all others into their reason; commits, so that what follows is known to have been begun.

        :return: list of ``(operation, items)``, one per call, or ``None`` when no job is ready
        """
        for _attempt in range(5):
            jobs = self._ready(connection, handler._kind)
            if not jobs:
                return None
            try:
                batches = self._prepare(connection, handler, jobs)
                self._commit()
            except OperationalError:
                # somebody changed a document while we read it: read again
                self._rollback()
                continue
            return batches
        return None

    def _prepare(self, connection, handler, jobs):
        context = handler._context(connection, jobs)
        items = [item for job in jobs if (item := self._item_or_reason(handler, job, context))]
        if done := jobs.filtered(lambda job: job.state == "done"):
            handler._after_done(connection, done.mapped("res_id"))
        # what is to go goes first: a payment that is made anew has no room beside its former self
        removals = [item for item in items if item.operation == "remove"]
        batches = list(self._batches(handler, removals or items))
        for operation, batch in batches:
            key = f"{connection.external_key}-{uuid.uuid4().hex}"
            for item in batch:
                item.key = key
                self.env["xero.job"].browse(item.job_id)._set_state(
                    "sending", operation=operation, idempotency_key=key, payload_hash=item.fingerprint, sent_as=item.sent_as,
                    sent_at=fields.Datetime.now(), message=False, xero_messages=False, problem_id=False,
                )  # fmt: skip
        self.env.flush_all()
        return batches

    def _item_or_reason(self, handler, job, context):
        try:
            with self.env.cr.savepoint():
                outcome = self._outcome(handler, job, context)
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 - one poisoned document must not stop the others
            _logger.exception("xero: job %s (%s %s) could not be prepared", job.id, job.res_model, job.res_id)
            outcome = self._internal_error(handler, job)
        if not isinstance(outcome, Exception):
            return outcome
        self._set_aside(job, context, outcome)
        return None

    def _outcome(self, handler, job, context):
        """The item, or the reason why there is none; caught here, because an exception that leaves a savepoint empties the cache."""
        try:
            return handler._item(job, context)
        except (NothingToDo, Held, Behind, Later) as reason:
            return reason

    def _set_aside(self, job, context, reason):
        if isinstance(reason, Held):
            self.env["xero.problem"]._hold(job, reason, "failed" if reason.failed else "blocked")
        elif isinstance(reason, Behind):
            job._set_state("blocked", problem_id=reason.problem.id, message=reason.message)
            reason.problem._count()
        elif isinstance(reason, Later):
            job._back_off(str(reason), seconds=60, count=False)
        else:
            job._set_state("done" if job.res_id in context["bindings"] else "cancelled")

    def _internal_error(self, handler, job):
        return Held(
            "internal",
            self.env._("The connector could not read this document."),
            key=f"{job.res_model},{job.res_id}",
            help=self.env._("The server log has the details. Press Retry after an update of the module."),
            record=(job.res_model, job.res_id),
            failed=True,
        )

    def _batches(self, handler, items):
        """``(operation, items)`` per call.

        After a call that came to nothing its documents go in ever smaller groups, at last alone, so that one poisoned document
        cannot hold up the others and is found in few calls.
        """
        tries = {job.id: job.tries for job in self.env["xero.job"].browse([item.job_id for item in items])}
        groups = {}
        for item in items:
            groups.setdefault((OPERATIONS.index(item.operation), tries[item.job_id]), []).append(item)
        for (operation, tried), group in sorted(groups.items(), key=lambda entry: entry[0]):
            size = max(1, handler._batch_limit(OPERATIONS[operation]) // 4**tried)
            for start in range(0, len(group), size):
                yield OPERATIONS[operation], group[start : start + size]
