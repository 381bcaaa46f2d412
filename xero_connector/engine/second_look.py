import time

from odoo import fields

from ..const import AFRESH, HELD, PEOPLE
from ..handlers.causes import CAUSES
from ..xero_core import errors


class SecondLook:
    """Whether what holds documents up has changed in Xero since it was read: each list is read once a run, however many documents.

    ``before_all`` answers a person who says that a cause is gone, ``after`` a refusal. Documents are decided anew with what is known then:
    they go, or stand behind the cause that is known now. If nothing has changed, the refusal stands.
    """

    def __init__(self, env, run, transactions):
        self._env, self._run, self._transactions = env, run, transactions

    def before_all(self):
        """Read what the problems that are looked at again concern. If it cannot be read, the documents show what has become of it."""
        problems, lists = self._env["xero.problem"]._to_read(self._run.connection)
        if not problems or not self._run.permits(PEOPLE):
            return
        self._read(lists)
        problems.write({"to_read": False, "looked_at": fields.Datetime.now()})
        self._transactions.commit()

    def after(self, load):
        """Look at what Xero refused of this call: what was made before the news is made anew."""
        held = self._env["xero.job"].search([("id", "in", load.job_ids), ("state", "=", "failed"), ("problem_id", "!=", False)])
        doubts, problems = {job: self._doubts(job) for job in held}, held.problem_id
        missing = {name for lists in doubts.values() for name in lists} - self._run.looked.keys()
        if missing and self._run.permits(load.priority, len(self._run.running)):
            self._read(missing)
        again = held.filtered(lambda job: any(self._is_news(name, load) for name in doubts[job]))
        if again:
            self._transactions.insist(lambda _guarded: self._anew(again, problems), 0)

    def _doubts(self, job):
        """The lists that may explain why this job's document was refused."""
        cause = CAUSES[job.problem_id.code]
        return cause.reads or cause.doubts

    def _is_news(self, name, load):
        changed, moment = self._run.looked.get(name, (False, 0))
        return changed and load.made_at < moment

    def _read(self, lists):
        reference, connection = self._env["xero.handler.reference"], self._run.connection
        try:
            answers = reference._fetch(connection, [name for name in reference._lists() if name in lists], self._run.client)
        except errors.XeroError as error:
            if error.scope is not errors.Scope.DOCUMENT:
                self._run.stop = self._run.stop or error
            return
        self._transactions.insist(lambda _guarded: self._keep(reference, connection, answers), 0)

    def _keep(self, reference, connection, answers):
        news, moment = reference._keep(connection, answers), time.monotonic()
        self._run.looked |= {name: (name in news.lists, moment) for name in answers}
        if news.codes:
            self._env["xero.problem"]._release(connection, news.codes)

    def _anew(self, jobs, problems):
        jobs.filtered(lambda job: job.state in HELD)._set_state("pending", next_try=False, tries=0, **AFRESH)
        # of what was explained within the moment nobody needs to hear
        problems.filtered(lambda problem: not problem.told and not problem.job_ids).unlink()
        problems.exists()._count()
