import logging

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import fields, models
from odoo.tools import SQL

from ..const import AUTOMATIC, PEOPLE
from ..xero_core import errors
from ..xero_core.errors import XeroError
from .answer import Answers
from .by_rules import ByRules
from .call import Calls
from .guard import harmless, mistake_in
from .intake import Intake, is_of_list
from .pause import Pause, words
from .prepare import Preparation
from .recovery import Recovery
from .rulings import Rulings
from .run import Run
from .second_look import SecondLook
from .transactions import Transactions
from .turn import NOT_ON_THE_WIRE, Turn

_logger = logging.getLogger(__name__)

LOOKED_AT = 200  # as many documents as can be compared while a person waits


class XeroRunner(models.AbstractModel):
    """What the scheduled action of a connection calls.

    Odoo locks the connection's cron row for the whole run, so there is one runner per connection; whatever is found in ``sending`` when a
    run starts was left by a runner that died and is looked up first.
    """

    _name = "xero.runner"
    _description = "Xero Runner"

    def _run(self, connection):
        """Send what is ready, until nothing is, or the limits or the run's time say stop."""
        ByRules(self.env, connection).go()
        if Pause(self.env, connection).is_over():
            Runner(self.env, connection).go()

    def _close_in_step(self, connection, newest):
        """Close those waiting jobs above the id ``newest`` that there is nothing to do for: without a call, and in this transaction.

        Only documents with a counterpart can be in step; one of which something is on the wire is left to the run. So are all of them if
        they are many: a person waits. What goes beside a document is asked for when that is closed, and looked at then.
        """
        seen, preparation = self.env["xero.job"], Preparation(self.env, connection)
        while (new := (jobs := self._perhaps_in_step(connection, newest)) - seen) and len(jobs) <= LOOKED_AT:
            seen |= new
            for handler in self.env["xero.handler"]._all():
                if of_kind := new.filtered(lambda job, handler=handler: job.kind == handler._kind):
                    preparation.close_in_step(handler, of_kind)

    def _would(self, connection, handler, record):
        """``(what, why)``: what a run would do about a record now, as a person asks. It reads, and calls nobody.

        'create', 'update' or 'remove'; 'nothing', 'waits' or 'held', with the sentence.
        """
        jobs = self.env["xero.job"].new(
            {"connection_id": connection.id, "kind": handler._kind, "res_model": record._name, "res_id": record.id}
        )
        ruled = Rulings(self.env, connection).of(handler.sudo(), jobs)
        return ("held", str(ruled[jobs])) if ruled else Preparation(self.env, connection).would(handler.sudo(), jobs)

    def _perhaps_in_step(self, connection, newest):
        """Waiting jobs above that id of documents that Xero has, one more than can be compared at most."""
        self.env["xero.job"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT j.id FROM xero_job j
                    WHERE j.connection_id = %s AND j.state = 'pending' AND j.id > %s AND %s
                      AND EXISTS (SELECT 1 FROM xero_binding b
                                   WHERE b.connection_id = j.connection_id AND (b.res_model = j.res_model AND b.res_id = j.res_id
                                         OR b.owner_model = j.res_model AND b.owner_id = j.res_id)) LIMIT %s""",
                connection.id, newest, NOT_ON_THE_WIRE, LOOKED_AT + 1,
            )
        )  # fmt: skip
        return self.env["xero.job"].browse(job_id for (job_id,) in rows)


class Runner:
    """One run of one connection: claim jobs, commit, call, bind, commit.

    Plain objects, each with one concern and the others that it needs: ``Transactions`` commits, ``Turn`` says whose turn it is,
    ``Rulings`` what rules keep out of Xero, ``Preparation`` turns jobs into calls, ``Calls`` makes them, ``Answers`` writes down what
    they led to, ``Recovery`` asks what became of those without an answer, ``Intake`` takes what was changed in Xero, ``SecondLook``
    asks whether what holds documents up has changed there, ``Pause`` says when to go on. What they have in common is the ``Run``. None
    of them knows a kind of document.
    """

    def __init__(self, env, connection):
        self._env, self._connection = env, connection
        self._run = Run(connection)
        self._pause = Pause(env, connection)
        self._transactions = Transactions(env, self._run)
        answers = Answers(env, connection)
        self._rulings = Rulings(env, connection)
        self._turn = Turn(env, self._run, self._transactions, Preparation(env, connection), self._rulings)
        self._recovery = Recovery(env, self._run, self._transactions, answers)
        self._intake = Intake(env, self._run, self._transactions)
        self._second_look = SecondLook(env, self._run, self._transactions)
        self._calls = Calls(env, self._run, self._transactions, self._turn, answers, self._second_look)

    def go(self):
        error = mistake_in(self._steps)  # an error of ours must not make Odoo switch the scheduled action off
        if error:
            self._transactions.rollback()
            self._note(error)
        self._transactions.keep_calls()
        self._pause.wake_for_rest()
        self._env["xero.problem"]._close_empty(self._connection)
        self._env["xero.approval"]._close_overtaken(self._connection)
        self._connection._update_activities()
        self._transactions.commit()

    def _steps(self):
        self._recovery.mark_interrupted()
        self._refresh_reference_data()
        self._second_look.before_all()
        self._turn.close_unknown()
        self._intake.go()
        for _part in self._rulings.settle_all():
            self._transactions.commit()
        for handler in self._env["xero.handler"]._all():
            self._recovery.resolve_uncertain(handler)
            with harmless(self._env):
                handler._enqueue_needed(self._connection)
            self._transactions.commit()
        self._calls.send_all()
        self._compare_marked()
        self._read_balances()
        self._pause.went_well()

    def _note(self, error):
        """A run that ended early: why, and when to go on."""
        if isinstance(error, (SerializationFailure, DeadlockDetected)):
            return  # somebody wrote to the same rows meanwhile: nobody's mistake, and the next run sees what they wrote
        if not isinstance(error, XeroError):
            _logger.error("xero: the run of connection %s ended early", self._connection.id, exc_info=error)
            self._pause.stopped(errors.NotReached("an error of ours"))
            return
        self._transactions.keep_calls()  # counts them: whether the run got somewhere decides how long to pause
        self._pause.stopped(error, made_progress=self._run.made_progress)

    def _compare_marked(self):
        """What is to be looked at again as soon as nothing of it is on its way."""
        marked = [("connection_id", "=", self._connection.id), ("look_again", "=", True)]
        for [kind] in self._env["xero.binding"]._read_group(marked, ["kind"]):
            handler = self._env["xero.handler"]._of(kind)
            if handler is not None and self._run.permits(AUTOMATIC):
                handler._compare_marked(self._connection, self._run.client)
        self._transactions.commit()

    def _read_balances(self):
        """What the banks have in Xero, with what was just sent, if somebody looks at them. That Xero does not tell stops nothing."""
        if not self._connection.balances_asked or not self._run.permits(PEOPLE):
            return
        try:
            self._env["xero.bank.balances"]._read(self._connection, self._run.client)
        except XeroError as error:
            if not is_of_list(error):
                raise
            self._connection._balances_told(words(self._env, error))
        self._transactions.commit()

    def _refresh_reference_data(self):
        """Read accounts, taxes and the like once a day. A list that cannot be read is no reason to send nothing while there is a copy."""
        connection = self._connection
        if not (self._run.allowance.permits(for_person=False) and connection._reference_is_stale()):
            return
        try:
            connection._read_reference_data()
        except XeroError as error:
            passing = error.scope is errors.Scope.DOCUMENT or isinstance(error, errors.AnswerLost)
            if not passing or not connection.reference_read_at:
                raise
        connection.reference_tried_at = fields.Datetime.now()
        self._transactions.commit()
