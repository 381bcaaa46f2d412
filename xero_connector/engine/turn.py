from datetime import timedelta

from psycopg2 import OperationalError

from odoo import fields
from odoo.tools import SQL

from ..const import ON_THE_WIRE, PRIORITIES
from .transactions import ATTEMPTS

# No wait of ours is longer. A moment further ahead was written by a clock that has been set back since.
LONGEST_WAIT = timedelta(hours=2)
NOT_ON_THE_WIRE = SQL(
    f"""NOT EXISTS (SELECT 1 FROM xero_job o WHERE o.res_model = j.res_model AND o.res_id = j.res_id
                      AND o.connection_id = j.connection_id AND o.is_open AND o.state IN {ON_THE_WIRE})"""
)


class Turn:
    """Whose turn it is: what people asked for first, then by kind, nothing before what it names.

    :param Run run: gets the calls that are ready
    """

    def __init__(self, env, run, transactions, preparation, rulings):
        self._env, self._run, self._transactions, self._preparation = env, run, transactions, preparation
        self._rulings = rulings
        self._connection = run.connection

    def close_unknown(self):
        """Jobs whose module was uninstalled: what they have sent stays as it is in Xero, and nobody waits for them any more."""
        known, Job = self._env["xero.handler"]._codes(), self._env["xero.job"]
        own = ("connection_id", "=", self._connection.id)
        jobs = Job.search([own, ("is_open", "=", True), ("kind", "not in", known)])
        # nobody can tell what became of a counterpart that the module of another kind has sent
        unclear = Job.search([own, ("state", "=", "uncertain"), ("traces", "!=", False)])
        jobs |= unclear.filtered(lambda job: any(kept.get("kind", job.kind) not in known for kept in job.traces))
        if jobs:
            jobs._set_state("cancelled", message=self._env._("The module that sent such documents is not installed any more."))
            self._transactions.commit()

    def claim_next(self):
        """Add to the run's loads what goes next, if nothing is ready yet."""
        while not self._run.waiting and not self._run.is_over:
            # what was read for the last claim is not kept: the books go on, and memory would grow
            self._env.invalidate_all()
            found = self._next_ready()
            if not found or not self._run.is_open_to(found[0]):
                return
            kind, priority = found
            loads = self._claim(self._env["xero.handler"]._of(kind), priority)
            if loads is None:
                return
            self._run.waiting.extend(loads)

    def _next_ready(self):
        """``(kind, priority)`` of the documents whose turn it is and for which the day's calls suffice."""
        permitted = [priority for priority in PRIORITIES if self._run.permits(priority, len(self._run.running))]
        self._env["xero.job"].flush_model()
        rows = self._env.execute_query(
            SQL(
                """SELECT k.kind, p.priority
                     FROM UNNEST(%s) WITH ORDINALITY k (kind, rank) CROSS JOIN UNNEST(%s::int[]) p (priority)
               CROSS JOIN LATERAL (SELECT j.id FROM xero_job j WHERE %s ORDER BY j.id LIMIT 1) first
                 ORDER BY p.priority, k.rank LIMIT 1""",
                list(self._env["xero.handler"]._codes()), permitted, self._is_ready(SQL("k.kind"), SQL("p.priority")),
            )
        )  # fmt: skip
        return rows[0] if rows else None

    def _is_ready(self, kind, priority):
        """SQL condition: the job ``j`` may go now; never two of one document at a time."""
        return SQL(
            """j.connection_id = %s AND j.kind = %s AND j.priority = %s AND j.state = 'pending'
               AND (j.next_try IS NULL OR j.next_try <= %s OR j.next_try > %s) AND %s AND %s""",
            self._connection.id, kind, priority, fields.Datetime.now(), fields.Datetime.now() + LONGEST_WAIT, NOT_ON_THE_WIRE,
            self._connection._is_due_sql(),
        )  # fmt: skip

    def _claim(self, handler, priority):
        """Turn ready jobs into loads, all others into their reason; commits, so that what follows is known to have been begun.

        :return: list of ``Load``, one per call; empty if other work is to be looked for; ``None`` if others are in the way
        """
        condition = self._is_ready(handler._kind, priority)
        for _attempt in range(ATTEMPTS):
            self._env["xero.job"].flush_model()
            rows = self._env.execute_query(
                SQL("SELECT j.id FROM xero_job j WHERE %s ORDER BY j.id LIMIT %s", condition, handler._claim_limit())
            )
            try:
                ids = self._rulings.settle(handler, [row[0] for row in rows])
                # an invoice that was posted since the run began may name a customer who goes first
                first = not ids or handler._enqueue_first(self._connection, ids)
                loads = [] if first else self._preparation.prepare(handler, self._env["xero.job"].browse(ids))
                self._transactions.commit()
            except OperationalError:
                # somebody changed a document while we read it: read again
                self._transactions.rollback()
                continue
            return loads
        return None
