from ..handlers.reasons import LeftOut

AT_ONCE = 2_000  # documents that are asked about together


class Rulings:
    """What a company's rules say about documents that are to go to Xero for the first time.

    Before anything is done for them: what is left out needs no contact there, and is held by nothing. What is in Xero stays in step.
    """

    def __init__(self, env, connection):
        self._env, self._connection = env, connection

    def settle_all(self):
        """Those that wait, before a run looks at what they need; yields after each part, for it to be committed."""
        if not self._rules():
            return
        for handler in self._env["xero.handler"]._all():
            ids = self._waiting(handler) if handler._is_ruled else []
            for start in range(0, len(ids), AT_ONCE):
                self.settle(handler, ids[start : start + AT_ONCE])
                yield

    def settle(self, handler, job_ids):
        """Set those of these jobs aside that a rule keeps out of Xero; returns the ids of the others, in their order."""
        jobs = self._env["xero.job"].browse(job_ids)
        reasons = self.of(handler, jobs)
        for rule, group in jobs.filtered(reasons.get).grouped(lambda job: reasons[job].rule).items():
            group._set_state("ignored", problem_id=False, rule_id=rule.id, message=str(reasons[group[0]]))
            handler._after_closed(self._connection, group)
        return [job.id for job in jobs if job not in reasons]

    def of(self, handler, jobs):
        """``{job: why it does not go}``, as the rules are now."""
        if not handler._is_ruled or not jobs or not self._rules():
            return {}
        there = self._env["xero.binding"]._by_record(self._connection, handler._res_model, jobs.mapped("res_id"), [handler._kind])
        new = {job.res_id: job for job in jobs if not (job.res_id in there and there[job.res_id].is_there)}
        first = self._env["xero.rule"]._first_of(self._connection, "send", new)
        return {new[res_id]: LeftOut(rule) for res_id, rule in first if rule.how == "leave"}

    def _rules(self):
        return self._env["xero.rule"]._followed(self._connection, "send")

    def _waiting(self, handler):
        own = [("connection_id", "=", self._connection.id), ("kind", "=", handler._kind), ("state", "=", "pending")]
        return self._env["xero.job"].search(own, order="id").ids
