from odoo import fields

from ..const import MAX_TRIES, NO_REASON
from ..handlers.reasons import Held
from ..xero_core import errors
from .fate import Fate
from .guard import harmless_if, one_document_if
from .pause import words
from .prepare import tell_closed


class Answers:
    """What the answers mean, written down for all documents of a call at once: pairs to remember, jobs to close or put back."""

    def __init__(self, env, connection):
        self._env, self._connection = env, connection

    def absorb(self, handler, results, guarded=False):
        """:param bool guarded: one document after the other, so that a mistake of ours about one does not cost the others their answer"""
        fates = {}
        for result in results:
            with one_document_if(guarded, self._env, result.item, fates):
                fates[result.item.id] = self._fate(handler, result)
        self.write_fates(handler, fates, guarded)

    def write_fates(self, handler, fates, guarded):
        """Remember the pairs, close or put back the jobs, and let others know."""
        bound = self._bind_each(handler, fates, guarded)
        by_job = {}
        for fate in fates.values():
            by_job.setdefault(fate.item.job_id, []).append(fate)
        jobs = self._env["xero.job"].browse(by_job)
        self._conclude(jobs, by_job)
        with harmless_if(guarded, self._env):
            self._follow_up(handler, bound, [fate.item for fate in fates.values() if fate.is_done])
            tell_closed(self._connection, self._env["xero.handler"]._of(jobs[:1].kind), jobs)

    def _fate(self, handler, result):
        """What an answer means, before it is compared with what was sent."""
        item = result.item
        if result.unknown:
            return Fate(item, unknown=self._env._("The answer did not name this document."))
        if result.again:
            return Fate(item, again=words(self._env, result.again))
        if result.remote is None:
            handler._judge(result)
            result.adopted = item.operation == "create"
            result.held = result.held and handler._blame(item, result.held)
        if result.adopted and result.remote is not None:
            handler._take_over(item, result.remote)
        if result.retry:
            return Fate(item, again=result.retry, seconds=0)
        return Fate(item, remote=result.remote, held=result.held)

    def _follow_up(self, handler, bound, done):
        """Let other documents know; ``bound`` are ids of records that are new in Xero, ``done`` the items that are in step."""
        if bound:
            handler._after_bound(self._connection, bound)
        if done:
            handler._after_done(self._connection, [item.res_id for item in done])
        if removed := [item.res_id for item in done if item.operation == "remove"]:
            handler._after_removed(self._connection, removed)
        handler._tell_arrived(self._connection, {item.res_id: item.operation for item in done})

    # === JOBS === #

    def _conclude(self, jobs, fates):
        """What the items of jobs (``{job id: fates}``) mean for them; those that are done together."""
        plain = jobs.filtered(lambda job: all(fate.is_done for fate in fates[job.id]))
        last = plain.filtered(lambda job: all(fate.item.last for fate in fates[job.id]))
        last._set_state("done", tries=0)
        (plain - last)._set_state("pending", next_try=False, tries=0, traces=False, **NO_REASON)
        for job in jobs - plain:
            self._conclude_one(job, fates[job.id])

    def _conclude_one(self, job, fates):
        """What is unclear is looked up before anything else is done about the job's record; what is refused does not keep the rest."""
        unclear, again, held = ([fate for fate in fates if getattr(fate, name)] for name in ("unknown", "again", "held"))
        has_more = any(not fate.item.last for fate in fates)
        goes_on = unclear or again or has_more
        if held and goes_on:
            job._keep_refused(held)  # the rest goes on, and the job stops at last for these
        if unclear:
            self._still_unclear(job, unclear)
        elif again:
            self.repeat(job, seconds=again[0].seconds, message=again[0].again)
        elif has_more:
            job._set_state("pending", next_try=False, tries=0, traces=False, **NO_REASON)
        else:
            self._env["xero.problem"]._hold(job, held[0].held, "failed" if held[0].held.failed else "blocked")

    def _still_unclear(self, job, unclear):
        """Only these of its items are still asked about."""
        if unclear[0].until:
            # the clock may have been set back since it was sent
            job._set_state("uncertain", next_try=unclear[0].until, sent_at=min(job.sent_at or job.create_date, fields.Datetime.now()))
        else:
            self.uncertain(job, errors.OutcomeUnknown(unclear[0].unknown))
        job.traces = [fate.item.kept() for fate in unclear]

    def refuse(self, job, item, held):
        """A call for this document alone was refused as a whole."""
        held = self._env["xero.handler"]._of(item.kind)._blame(item, held)
        self._conclude(job, {job.id: [Fate(item, held=held)]})
        tell_closed(self._connection, self._env["xero.handler"]._of(job.kind), job)

    def uncertain(self, jobs, error):
        jobs._set_state(
            "uncertain",
            message=self._env._("Xero did not answer; checking whether it arrived."),
            xero_messages=error.message,
            next_try=False,
            sent_at=fields.Datetime.now(),  # from now on, not from the claim: others may have been sent before it
        )

    def repeat(self, job, seconds=None, message=""):
        """Send again, the later the more often it was tried, and at last not at all."""
        if job.tries + 1 >= MAX_TRIES:
            self._env["xero.problem"]._hold(job, self._gave_up(job), "failed")
        else:
            job._back_off(message or self._env._("Xero had not answered; sent again."), seconds=seconds)

    def _gave_up(self, job):
        return Held(
            "refused",
            self._env._("Xero did not answer %s times; this change is not in Xero.", MAX_TRIES),
            key=f"{job.res_model},{job.res_id}",
            help=self._env._("Press Retry; if it fails again, open the calls and send their correlation id to Xero's support."),
            details=(job.xero_messages,) if job.xero_messages else (),
            record=(job.res_model, job.res_id),
            failed=True,
        )

    # === BIND === #

    def _bind_each(self, handler, fates, guarded):
        arrived = [fate for fate in fates.values() if fate.is_done]
        if not guarded:
            return self._bind(handler, arrived)
        bound = []
        for fate in arrived:
            with one_document_if(guarded, self._env, fate.item, fates):
                bound += self._bind(handler, [fate])
        return bound

    def _bind(self, handler, arrived):
        """Remember the pairs; in a number of queries that does not grow with the batch.

        :param list[Fate] arrived: what is in Xero now; those that cannot be remembered are held
        :return: ids of the records that are new there
        """
        Binding, bindings = self._env["xero.binding"], self._bindings_of(handler, arrived)
        owners = Binding._by_xero_id(self._connection, handler._kind, [fate.remote.xero_id for fate in arrived])
        first, free = {}, []
        for fate in arrived:
            first.setdefault(fate.remote.xero_id, fate)
        for xero_id, fate in first.items():
            other = owners.get(xero_id, Binding) - bindings.get(fate.item.record, Binding)
            fate.held = handler._taken(fate.item, other) if other else None
            free += [] if fate.held else [fate]
        self._remember(handler, free, bindings)
        created = [fate.item.res_id for fate in free if fate.item.operation == "create"]
        # of two that were given the same counterpart, the second is looked at when the first has it
        twice = [fate for fate in arrived if first[fate.remote.xero_id] is not fate]
        return created + (self._bind(handler, twice) if twice else [])

    def _bindings_of(self, handler, arrived):
        """``{what an item says its record is: binding}``; some kinds are made of records of two models."""
        by_model, bindings = {}, {}
        for fate in arrived:
            by_model.setdefault(fate.item.res_model, []).append(fate.item.res_id)
        for model, ids in by_model.items():
            found = self._env["xero.binding"]._by_record(self._connection, model, ids, [handler._kind])
            bindings |= {(handler._kind, model, res_id): binding for res_id, binding in found.items()}
        return bindings

    def _remember(self, handler, arrived, bindings):
        """Write the bindings, and a version of each."""
        new, changes, accounts = [], {}, self._accounts()
        jobs = {job.id: job for job in self._env["xero.job"].browse({fate.item.job_id for fate in arrived})}
        for fate in arrived:
            item, binding = fate.item, bindings.get(fate.item.record)
            values = self._as_remembered(handler, fate, accounts)
            changes[item.record] = (binding, item, fate.remote)
            if binding:
                # another id than before if the former counterpart was removed and the document made anew
                binding.write(values)
            elif item.operation != "remove":
                job = jobs[item.job_id]
                pair = {"kind": item.kind, "res_model": item.res_model, "res_id": item.res_id}
                new.append({"connection_id": self._connection.id, "payment_id": job.payment_id.id, **pair, **_owner(job, item), **values})
        created = {(each.kind, each.res_model, each.res_id): each for each in self._env["xero.binding"].create(new)}
        self._env["xero.version"]._keep(
            self._connection,
            [
                # what an answer was lost of is known by its traces only
                (known, item.operation, item.payload or item.trace.to_json() or {"xero_id": item.xero_id}, remote)
                for record, (binding, item, remote) in changes.items()
                if (known := binding or created.get(record)) and not item.look_again  # nothing was written, and nothing agreed
            ],
        )

    def _accounts(self):
        """``{code: id in Xero}`` as last read; of accounts of one code the one in use."""
        own = [("connection_id", "=", self._connection.id), ("code", "!=", False)]
        rows = self._env["xero.account"].with_context(active_test=False).search_fetch(own, ["code", "xero_id"], order="active, id")
        return {row.code: row.xero_id for row in rows}

    def _as_remembered(self, handler, fate, accounts):
        """Values of the binding; what was sent only if Xero's totals are those that were sent. If not, that is a problem, never a shrug."""
        item, remote = fate.item, fate.remote
        if item.operation != "remove":
            fate.held = handler._disagreement(item, remote) or handler._recoded(item, remote, accounts)
        values, remembered = {"last_sync": fields.Datetime.now()}, handler._remembered(remote, item.trace)
        if seen := handler._seen(remote):
            values |= {"seen": seen, "xero_updated": _naive(getattr(remote, "updated", None))}
        if item.operation == "remove":
            return {**values, "xero_status": remembered["xero_status"]}
        values |= {**remembered, "xero_id": remote.xero_id, "state": "synced", "message": False}
        values["sent"] = False if fate.held else item.fingerprint
        values |= {"look_again": True} if item.operation == "create" and handler._is_marked(item, remote) else {}
        return values | ({"correction": item.trace.correction} if item.trace.correction else {})


def _naive(moment):
    """An aware moment in UTC as the database has it."""
    return moment.replace(tzinfo=None, microsecond=0) if moment else False


def _owner(job, item):
    """Whose job decides about this counterpart, if it is remembered by another record than the job's."""
    same = (job.kind, job.res_model, job.res_id) == item.record
    return {} if same else {"owner_model": job.res_model, "owner_id": job.res_id}
