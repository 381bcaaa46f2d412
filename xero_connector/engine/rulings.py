from ..handlers.reasons import Held, LeftOut, ToApprove
from .guard import in_savepoint, internal_error

AT_ONCE = 2_000  # documents that are asked about together


class Rulings:
    """What a company's rules say about documents that are to go to Xero: they go, stay out of it, or wait for somebody who approves them.

    Of new ones before anything is done for them: what stays out needs no contact there, and is held by nothing. What is in Xero stays
    there; a change of it waits for approval, if a rule says so, once it is known that it is one.
    """

    def __init__(self, env, connection):
        self._env, self._connection = env, connection

    # === NEW DOCUMENTS === #

    def settle_all(self):
        """Those that wait, before a run looks at what they need; yields after each part, for it to be committed."""
        if self._rules():
            for handler in self._env["xero.handler"]._all():
                ids = self._waiting(handler) if handler._is_ruled else []
                for start in range(0, len(ids), AT_ONCE):
                    self.settle(handler, ids[start : start + AT_ONCE])
                    yield

    def settle(self, handler, job_ids):
        """Set those of these jobs aside that do not go by a rule; returns the ids of the others, in their order."""
        jobs = self._env["xero.job"].browse(job_ids)
        reasons, mistake = in_savepoint(self._env, lambda: self._settled(handler, jobs))
        if not mistake:
            return [job.id for job in jobs if job not in reasons]
        if len(jobs) > 1:  # whichever document it is must not stop the others
            return [job_id for each in jobs for job_id in self.settle(handler, each.ids)]
        self._env["xero.problem"]._hold(jobs, internal_error(self._env, jobs), "failed")
        return []

    def _settled(self, handler, jobs):
        reasons = self.of(handler, jobs)
        self.set_aside(handler, reasons)
        self._env.flush_all()
        return reasons

    def set_aside(self, handler, reasons):
        """:param dict reasons: ``{job: LeftOut, ToApprove, or Held by a rule that cannot be read}``"""
        for job, reason in reasons.items():
            if isinstance(reason, ToApprove):
                self._env["xero.approval"]._ask(handler, job, reason)
            elif isinstance(reason, Held):
                self._env["xero.problem"]._hold(job, reason)
        left = self._env["xero.job"].union(*(job for job, reason in reasons.items() if isinstance(reason, LeftOut)))
        for rule, group in left.grouped(lambda job: reasons[job].rule).items():
            group._set_state("ignored", problem_id=False, rule_id=rule.id, message=str(reasons[group[0]]))
        if left:
            handler._after_closed(self._connection, left)

    def of(self, handler, jobs):
        """``{job: why it does not go}`` of documents that are not in Xero, as the rules are now."""
        if not handler._is_ruled or not jobs or not self._rules():
            return {}
        known = self._bindings(handler, jobs)
        return self._reasons(handler, {job.res_id: job for job in jobs if not (job.res_id in known and known[job.res_id].is_there)})

    # === CHANGES === #

    def of_changes(self, handler, jobs):
        """``{job: why not yet}`` of documents in Xero of which a change would have to be approved, as they are in Odoo now."""
        if not handler._is_ruled or not jobs or not self._rules().filtered(lambda rule: rule.how == "ask"):
            return {}
        known = self._bindings(handler, jobs)
        there = {job.res_id: job for job in jobs if job.res_id in known and known[job.res_id].is_there}
        return {job: reason for job, reason in self._reasons(handler, there, ["ask"]).items() if not isinstance(reason, LeftOut)}

    def _reasons(self, handler, jobs, unread_ways=("leave", "ask")):
        """:param dict jobs: by record id"""
        unread = {}
        first = dict(self._env["xero.rule"]._first_of(self._connection, "send", jobs, unread, unread_ways))
        held = {jobs[res_id]: rule._unread(unread[rule]) for res_id, rule in first.items() if rule in unread}
        first = {res_id: rule for res_id, rule in first.items() if rule not in unread}
        asked = [res_id for res_id, rule in first.items() if rule.how == "ask"]
        approved = self._env["xero.approval"]._approved(handler, self._connection, asked)
        found = {jobs[res_id]: LeftOut(rule) for res_id, rule in first.items() if rule.how == "leave"}
        return held | found | {jobs[res_id]: ToApprove(first[res_id]) for res_id in asked if res_id not in approved}

    def _rules(self):
        return self._env["xero.rule"]._followed(self._connection, "send")

    def _bindings(self, handler, jobs):
        return self._env["xero.binding"]._by_record(self._connection, handler._res_model, jobs.mapped("res_id"), [handler._kind])

    def _waiting(self, handler):
        own = [("connection_id", "=", self._connection.id), ("kind", "=", handler._kind), ("state", "=", "pending")]
        return self._env["xero.job"].search(own, order="id").ids
