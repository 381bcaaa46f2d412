from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import fields

from .guard import mistake_in

ATTEMPTS = 5  # at a transaction that others disturb


class Transactions:
    """The only place of the engine that commits. The calls that were made are written down with what they led to.

    :param env: of the run, whose cursor is its own
    :param Run run: whose calls are kept
    """

    def __init__(self, env, run):
        self._env, self._run = env, run

    def commit(self, processed=0):
        """:param int processed: documents dealt with since the last time, for the progress of the scheduled action"""
        self._env["ir.cron"]._commit_progress(processed)

    def rollback(self):
        self._env.cr.rollback()
        self._env.invalidate_all()

    def insist(self, write, processed=0):
        """Write down what Xero said, and commit; again if others changed the same documents meanwhile: it is too good to be asked twice.

        :param write: called with True after a mistake of ours: one document then must not spoil the others
        :raise Exception: it cannot be written, however often it is tried
        """
        calls, guarded = self._run.take_calls(), False
        for attempt in range(ATTEMPTS):
            error = mistake_in(lambda guarded=guarded: self._attempt(write, guarded, calls, processed))
            if error is None:
                return
            self.rollback()
            if attempt == ATTEMPTS - 1:
                raise error
            guarded = guarded or not isinstance(error, (OperationalError, UniqueViolation))

    def _attempt(self, write, guarded, calls, processed):
        write(guarded)
        self._record(calls)
        self.commit(processed)

    def keep_calls(self):
        """Write down the calls made since the last time."""
        self._record(self._run.take_calls())

    def _record(self, calls):
        if calls:
            self._env["xero.call"]._record(self._run.connection, calls)
        if self._run.allowance.renewed:
            self._run.connection.day_resets_at = fields.Datetime.now()
