import logging
from datetime import timedelta

from psycopg2 import OperationalError
from psycopg2.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from odoo import fields, models
from odoo.tools import SQL

from ..const import PRIORITIES
from ..xero_core import errors
from ..xero_core.errors import XeroError
from .run import Run

_logger = logging.getLogger(__name__)

ATTEMPTS = 5  # at a transaction that others disturb
# No wait of ours is longer. A moment further ahead was written by a clock that has been set back since.
LONGEST_WAIT = timedelta(hours=2)
LONGEST_PAUSE = {"connected": LONGEST_WAIT, "paused": timedelta(hours=25)}
NOT_ON_THE_WIRE = SQL(
    """NOT EXISTS (SELECT 1 FROM xero_job o WHERE o.res_model = j.res_model AND o.res_id = j.res_id
                      AND o.connection_id = j.connection_id AND o.state IN ('sending', 'uncertain'))"""
)


class XeroRunner(models.AbstractModel):
    """One run of one connection: claim jobs, commit, call, bind, commit.

    The only place that commits and the only one that catches everything. Odoo locks the connection's cron row for the whole run, so there
    is one runner per connection; whatever is found in ``sending`` when a run starts was left by a runner that died and is looked up first.
    """

    _name = "xero.runner"
    _description = "Xero Runner"

    def _run(self, connection):
        """Send what is ready, until nothing is, or the limits or the run's time say stop."""
        if not self._may_run(connection):
            return
        run = None
        try:
            run = Run(connection)
            self._mark_interrupted(run)
            self._refresh_reference_data(run)
            self._close_unknown(run)
            for handler in self.env["xero.handler"]._all():
                self._resolve_uncertain(run, handler)
                with self._harmless():
                    handler._enqueue_needed(connection)
                self._commit()
            self._send_all(run)
            self._went_well(connection)
        except XeroError as error:
            self._rollback()
            self._keep_calls(run)  # counts them: whether the run got somewhere decides how long to pause
            self._stopped(connection, error, made_progress=bool(run and run.made_progress))
        except (SerializationFailure, DeadlockDetected):
            # somebody wrote to the same rows meanwhile: nobody's mistake, and the next run sees what they wrote
            self._rollback()
        except Exception:  # noqa: BLE001 - an error of ours must not make Odoo switch the scheduled action off
            self._rollback()
            _logger.exception("xero: the run of connection %s ended early", connection.id)
            self._stopped(connection, errors.NotReached("an error of ours"))
        self._keep_calls(run)
        self._wake_for_rest(connection)
        self.env["xero.problem"]._close_empty(connection)
        connection._update_activities()
        self._commit()

    def _handler(self, kind):
        return self.env["xero.handler"]._of(kind)

    def _close_unknown(self, run):
        """Jobs whose module was uninstalled: what they have sent stays as it is in Xero, and nobody waits for them any more."""
        known = self.env["xero.handler"]._codes()
        own = [("connection_id", "=", run.connection.id), ("state", "not in", ("done", "cancelled"))]
        jobs = self.env["xero.job"].search([*own, ("kind", "not in", known)])
        if jobs:
            jobs._set_state("cancelled", message=self.env._("The module that sent such documents is not installed any more."))
            self._commit()

    def _may_run(self, connection):
        if connection.state == "paused" and connection.paused_until and connection.paused_until <= fields.Datetime.now():
            connection._set_state("connected")
        now = fields.Datetime.now()
        waits = connection.paused_until and now < connection.paused_until <= now + LONGEST_PAUSE.get(connection.state, LONGEST_WAIT)
        if waits:
            connection._wake(connection.paused_until)
        return connection._is_live() and not waits

    def _went_well(self, connection):
        if connection.state_message or connection.paused_until or connection.failures:
            connection.write({"state_message": False, "paused_until": False, "failures": 0})

    def _refresh_reference_data(self, run):
        """Read accounts, taxes and the like once a day. A list that cannot be read is no reason to send nothing while there is a copy."""
        connection = run.connection
        if not (run.allowance.permits(for_person=False) and connection._reference_is_stale()):
            return
        try:
            connection._read_reference_data()
        except XeroError as error:
            passing = error.scope is errors.Scope.DOCUMENT or isinstance(error, errors.AnswerLost)
            if not passing or not connection.reference_read_at:
                raise
        connection.reference_tried_at = fields.Datetime.now()
        self._commit()

    # === TRANSACTIONS === #

    def _commit(self, processed=0):
        self.env["ir.cron"]._commit_progress(processed)

    def _rollback(self):
        self.env.cr.rollback()
        self.env.invalidate_all()

    def _insist(self, run, write, processed):
        """Write down what Xero said, and commit; again if others changed the same documents meanwhile: it is too good to be asked twice.

        :param write: called with True after a mistake of ours: one document then must not spoil the others
        """
        calls, guarded = run.take_calls(), False
        for attempt in range(ATTEMPTS):
            try:
                write(guarded)
                self._record_calls(run, calls)
                self._commit(processed)
                return
            except Exception as error:  # noqa: BLE001 - whatever it is, it concerns one of the documents only
                self._rollback()
                if attempt == ATTEMPTS - 1:
                    raise
                guarded = guarded or not isinstance(error, (OperationalError, UniqueViolation))

    def _keep_calls(self, run):
        """Write down the calls made since the last time."""
        if run:
            self._record_calls(run, run.take_calls())

    def _record_calls(self, run, calls):
        if calls:
            self.env["xero.call"]._record(run.connection, calls)
        if run.allowance.renewed:
            run.connection.day_resets_at = fields.Datetime.now()

    # === CLAIM === #

    def _mark_interrupted(self, run):
        jobs = self.env["xero.job"].search([("connection_id", "=", run.connection.id), ("state", "=", "sending")])
        # when the call began, if it did, nobody knows: Xero may have been at work until this moment
        jobs._set_state("uncertain", message=self.env._("Checking in Xero whether it arrived."), sent_at=fields.Datetime.now())
        self._commit()

    def _claim_next(self, run):
        """Add to the run's batches what goes next: what people asked for, then contacts before invoices before payments."""
        while not run.waiting and not run.is_over:
            # what was read for the last claim is not kept: the books go on, and memory would grow
            self.env.invalidate_all()
            found = self._next_ready(run)
            if not found or not run.is_open_to(found[0]):
                return
            kind, priority = found
            batches = self._claim(run.connection, self._handler(kind), priority)
            if batches is None:
                return
            run.waiting.extend(batches)

    def _next_ready(self, run):
        """``(kind, priority)`` of the documents whose turn it is and for which the day's calls suffice."""
        permitted = [priority for priority in PRIORITIES if run.permits(priority, len(run.running))]
        self.env["xero.job"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT k.kind, p.priority
                     FROM UNNEST(%s) WITH ORDINALITY k (kind, rank) CROSS JOIN UNNEST(%s::int[]) p (priority)
               CROSS JOIN LATERAL (SELECT j.id FROM xero_job j WHERE %s ORDER BY j.id LIMIT 1) first
                 ORDER BY p.priority, k.rank LIMIT 1""",
                list(self.env["xero.handler"]._codes()), permitted, self._is_ready(run.connection, SQL("k.kind"), SQL("p.priority")),
            )
        )  # fmt: skip
        return rows[0] if rows else None

    def _is_ready(self, connection, kind, priority):
        """SQL condition: the job ``j`` may go now; never two of one document at a time."""
        return SQL(
            """j.connection_id = %s AND j.kind = %s AND j.priority = %s AND j.state = 'pending'
               AND (j.next_try IS NULL OR j.next_try <= %s OR j.next_try > %s) AND %s""",
            connection.id, kind, priority, fields.Datetime.now(), fields.Datetime.now() + LONGEST_WAIT, NOT_ON_THE_WIRE,
        )  # fmt: skip

    def _claim(self, connection, handler, priority):
        """Turn ready jobs into items, all others into their reason; commits, so that what follows is known to have been begun.

        :return: list of ``Batch``, one per call; empty if other work is to be looked for; ``None`` if others are in the way
        """
        condition = self._is_ready(connection, handler._kind, priority)
        for _attempt in range(ATTEMPTS):
            self.env["xero.job"].flush_model()
            rows = self.env.execute_query(
                SQL("SELECT j.id FROM xero_job j WHERE %s ORDER BY j.id LIMIT %s", condition, handler._claim_limit())
            )
            try:
                batches = []
                # an invoice that was posted since the run began may name a customer who goes first
                if not handler._enqueue_first(connection, [row[0] for row in rows]):
                    batches = self._prepare(connection, handler, self.env["xero.job"].browse([row[0] for row in rows]))
                self._commit()
            except OperationalError:
                # somebody changed a document while we read it: read again
                self._rollback()
                continue
            return batches
        return None
