from dataclasses import dataclass
from datetime import datetime

from odoo import fields, models

from ..const import NO_REASON
from ..handlers.dispatch import Outgoing
from ..handlers.reasons import Held
from ..xero_core import errors

CLOSED = ("done", "cancelled", "blocked", "failed", "ignored")


@dataclass
class Fate:
    """What became of one item: it is in Xero as ``remote`` (done), ``held``, ``unknown``, or to be sent ``again`` (why, in words)."""

    item: Outgoing
    remote: object = None
    held: Held | None = None
    unknown: str = ""
    until: datetime | None = None  # what is unknown may still turn up by itself until then (UTC)
    again: str = ""
    seconds: int | None = None  # until it is sent again; None: the longer the more often it was tried

    @property
    def is_done(self):
        return self.remote is not None and not (self.held or self.unknown or self.again)


class XeroRunner(models.AbstractModel):
    """The third part of a run: what the answers mean; written down for all documents of a call at once."""

    _inherit = "xero.runner"

    def _absorb(self, connection, handler, results, guarded=False):
        """:param bool guarded: one document after the other, so that a mistake of ours about one does not cost the others their answer"""
        fates = {}
        for result in results:
            with self._each(result.item, fates, guarded):
                fates[result.item.id] = self._fate(handler, result)
        self._write_fates(connection, handler, fates, guarded)

    def _write_fates(self, connection, handler, fates, guarded):
        """Remember the pairs, close or put back the jobs, and let others know."""
        bound = self._bind_each(connection, handler, fates, guarded)
        by_job = {}
        for fate in fates.values():
            by_job.setdefault(fate.item.job_id, []).append(fate)
        jobs = self.env["xero.job"].browse(by_job)
        self._conclude(jobs, by_job)
        with self._for_others(guarded):
            self._follow_up(connection, handler, bound, [fate.item for fate in fates.values() if fate.is_done])
            self._tell_closed(connection, self._handler(jobs[:1].kind), jobs)

    def _fate(self, handler, result):
        """What an answer means, before it is compared with what was sent."""
        item = result.item
        if result.unknown:
            return Fate(item, unknown=self.env._("The answer did not name this document."))
        if result.again:
            return Fate(item, again=self._words(result.again))
        if result.remote is None:
            handler._judge(result)
        if result.retry:
            return Fate(item, again=result.retry, seconds=0)
        return Fate(item, remote=result.remote, held=result.held)

    def _follow_up(self, connection, handler, bound, done):
        """Let other documents know; ``bound`` are ids of records that are new in Xero, ``done`` the items that are in step."""
        if bound:
            handler._after_bound(connection, bound)
        if done:
            handler._after_done(connection, [item.res_id for item in done])
        if removed := [item.res_id for item in done if item.operation == "remove"]:
            handler._after_removed(connection, removed)

    def _tell_closed(self, connection, handler, jobs):
        """Those that have nothing on the wire any more: documents that wait for them may look again."""
        closed = jobs.filtered(lambda job: job.state in CLOSED)
        if closed:
            handler._after_closed(connection, closed)

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
        has_more = not all(fate.item.last for fate in fates)
        if held and (unclear or again or has_more):
            job._keep_refused(held)  # the rest goes on, and the job stops at last for these
        if unclear:
            self._still_unclear(job, unclear)
        elif again:
            self._repeat(job, seconds=again[0].seconds, message=again[0].again)
        elif has_more:
            job._set_state("pending", next_try=False, tries=0, traces=False, **NO_REASON)
        else:
            self.env["xero.problem"]._hold(job, held[0].held, "failed" if held[0].held.failed else "blocked")

    def _still_unclear(self, job, unclear):
        """Only these of its items are still asked about."""
        if unclear[0].until:
            # the clock may have been set back since it was sent
            job._set_state("uncertain", next_try=unclear[0].until, sent_at=min(job.sent_at or job.create_date, fields.Datetime.now()))
        else:
            self._uncertain(job, errors.OutcomeUnknown(unclear[0].unknown))
        job.traces = [fate.item.trace() for fate in unclear]

    # === BIND === #

    def _bind_each(self, connection, handler, fates, guarded):
        arrived = [fate for fate in fates.values() if fate.is_done]
        if not guarded:
            return self._bind(connection, handler, arrived)
        bound = []
        for fate in arrived:
            with self._each(fate.item, fates, guarded):
                bound += self._bind(connection, handler, [fate])
        return bound

    def _bind(self, connection, handler, arrived):
        """Remember the pairs; in a number of queries that does not grow with the batch.

        :param list[Fate] arrived: what is in Xero now; those that cannot be remembered are held
        :return: ids of the records that are new there
        """
        Binding, bindings = self.env["xero.binding"], self._bindings_of(connection, handler, arrived)
        owners = Binding._by_xero_id(connection, handler._kind, [fate.remote.xero_id for fate in arrived])
        first, free = {}, []
        for fate in arrived:
            first.setdefault(fate.remote.xero_id, fate)
        for xero_id, fate in first.items():
            other = owners.get(xero_id, Binding) - bindings.get(fate.item.record, Binding)
            fate.held = handler._taken(fate.item, other) if other else None
            free += [] if fate.held else [fate]
        self._remember(connection, handler, free, bindings)
        created = [fate.item.res_id for fate in free if fate.item.operation == "create"]
        # of two that were given the same counterpart, the second is looked at when the first has it
        twice = [fate for fate in arrived if first[fate.remote.xero_id] is not fate]
        return created + (self._bind(connection, handler, twice) if twice else [])

    def _bindings_of(self, connection, handler, arrived):
        """``{what an item says its record is: binding}``; some kinds are made of records of two models."""
        by_model, bindings = {}, {}
        for fate in arrived:
            by_model.setdefault(fate.item.res_model, []).append(fate.item.res_id)
        for model, ids in by_model.items():
            found = self.env["xero.binding"]._by_record(connection, model, ids, [handler._kind])
            bindings |= {(handler._kind, model, res_id): binding for res_id, binding in found.items()}
        return bindings

    def _remember(self, connection, handler, arrived, bindings):
        """Write the bindings; the fingerprint only if Xero's totals are those that were sent. If not, that is a problem, never a shrug."""
        new, now = [], fields.Datetime.now()
        jobs = {job.id: job for job in self.env["xero.job"].browse({fate.item.job_id for fate in arrived})}
        for fate in arrived:
            item, remote, binding = fate.item, fate.remote, bindings.get(fate.item.record)
            fate.held = None if item.operation == "remove" else handler._disagreement(item, remote)
            same = fate.held is None
            if item.operation == "remove":
                if binding:
                    binding.write({"xero_status": handler._remembered(remote, item.sent_as)["xero_status"], "last_sync": now})
                continue
            values = {**handler._remembered(remote, item.sent_as), "last_sync": now, "state": "synced", "message": False}
            values |= {"xero_id": remote.xero_id, "fingerprint": item.fingerprint if same else False}
            if correction := item.sent_as.get("correction"):
                values["correction"] = correction
            if binding:
                # another id than before if the former counterpart was removed and the document made anew
                binding.write(values)
            else:
                job = jobs[item.job_id]
                pair = {"kind": item.kind, "res_model": item.res_model, "res_id": item.res_id}
                new.append({"connection_id": connection.id, "payment_id": job.payment_id.id, **pair, **_owner(job, item), **values})
        self.env["xero.binding"].create(new)


def _owner(job, item):
    """Whose job decides about this counterpart, if it is remembered by another record than the job's."""
    same = (job.kind, job.res_model, job.res_id) == item.record
    return {} if same else {"owner_model": job.res_model, "owner_id": job.res_id}
