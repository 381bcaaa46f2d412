import logging

from psycopg2.errors import DeadlockDetected, SerializationFailure

from .guard import in_savepoint, mistake_in
from .run import Run
from .transactions import Transactions

_logger = logging.getLogger(__name__)

AT_ONCE = 50  # lines in one transaction
A_RUN = 500  # lines, for documents wait behind them


class ByRules:
    """What a company's rules do unseen with its bank lines, and what is suggested for the others.

    It needs no call of Xero, so nothing that pauses the connection stops it.
    Which rule it is for which line is asked again for every transaction: rules may be changed meanwhile.
    """

    def __init__(self, env, connection):
        self._env, self._connection = env, connection
        self._booking = env["xero.bank.booking"]

    def go(self):
        if not self._connection.active or self._connection.state == "draft":
            return
        self._transactions = Transactions(self._env, Run(self._connection))
        for step in (self._steps, self._suggest):
            self._try(step)

    def _try(self, step):
        error = mistake_in(step)  # whatever it is, documents have to go
        if error:
            self._transactions.rollback()
            if not isinstance(error, (SerializationFailure, DeadlockDetected)):
                _logger.error("xero: rules of connection %s ended early", self._connection.id, exc_info=error)

    def _steps(self):
        seen = set()
        while due := self._booking._due(self._connection, seen)[:AT_ONCE]:
            if len(seen) >= A_RUN:
                self._connection._wake()
                return
            for line, rule in due:
                seen.add(line.id)
                self._one(line, rule)
            self._transactions.commit(len(due))

    def _suggest(self):
        """What the lines that are left were probably for."""
        self._connection._suggest_for_bank_lines()
        self._transactions.commit()

    def _one(self, line, rule):
        """What is the matter with one line does not concern the others."""
        _done, error = in_savepoint(self._env, lambda: self._booking._book_by_rule(line, rule))
        if error:
            self._env.invalidate_all()
            self._booking._could_not(line, rule, error)
