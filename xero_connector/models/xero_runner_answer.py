from decimal import Decimal
from typing import NamedTuple

from odoo import fields, models

from ..handlers.base import Held
from ..handlers.kinds import DOCUMENTS
from ..xero_core import errors


class Arrived(NamedTuple):
    """A document that is in Xero: its job, Xero's answer, and the fingerprint of what was sent."""

    job: object
    remote: object
    digest: str


class XeroRunner(models.AbstractModel):
    """The third part of a run: what the answers mean; written down for all documents of a call at once."""

    _inherit = "xero.runner"

    def _absorb(self, connection, handler, results, guarded=False):
        """:param bool guarded: one document after the other, so that a mistake of ours about one does not cost the others their answer"""
        arrived, jobs = [], self.env["xero.job"].browse([result.item.job_id for result in results])
        for job, result in zip(jobs, results, strict=True):
            with self._each(handler, job, guarded):
                if self._has_arrived(handler, job, result):
                    arrived.append(Arrived(job, result.remote, result.item.fingerprint))
        bound = self._bind_each(connection, handler, arrived, guarded)
        with self._for_others(guarded):
            self._follow_up(connection, handler, bound, jobs)

    def _has_arrived(self, handler, job, result):
        """Whether the document is in Xero; if not, its job is told why."""
        if result.unknown:
            self._uncertain(job, errors.OutcomeUnknown(self.env._("The answer did not name this document.")))
        elif result.again:
            self._repeat(job, message=self._words(result.again))
        elif not self._is_refused(handler, result):
            return True
        elif result.retry:
            self._repeat(job, seconds=0, message=result.retry)
        else:
            self.env["xero.problem"]._hold(job, result.held, "failed" if result.held.failed else "blocked")
        return False

    def _is_refused(self, handler, result):
        if result.remote is None:
            handler._judge(result)
        return result.held is not None or bool(result.retry)

    def _follow_up(self, connection, handler, bound, jobs):
        """Let other documents know; ``bound`` are ids of records that are new in Xero."""
        if bound:
            handler._after_bound(connection, bound)
            if handler._kind in DOCUMENTS:
                self.env["ir.attachment"]._xero_enqueue_of_moves(connection, bound)
        done = jobs.filtered(lambda job: job.state == "done")
        if done:
            handler._after_done(connection, done.mapped("res_id"))
        if removed := done.filtered(lambda job: job.operation == "remove"):
            handler._after_removed(connection, removed.mapped("res_id"))

    # === BIND === #

    def _bind_each(self, connection, handler, arrived, guarded):
        if not guarded:
            return self._bind(connection, handler, arrived)
        bound = []
        for each in arrived:
            with self._one_document(handler, each.job):
                bound += self._bind(connection, handler, [each])
        return bound

    def _bind(self, connection, handler, arrived):
        """Remember the pairs and close the jobs; in a number of queries that does not grow with the batch.

        :param list[Arrived] arrived: what is in Xero now
        :return: ids of the records that are new there
        """
        Binding = self.env["xero.binding"]
        bindings = {}  # some kinds are made of records of two models
        for model, jobs in Binding.env["xero.job"].union(*(each.job for each in arrived)).grouped("res_model").items():
            found = Binding._by_record(connection, model, jobs.mapped("res_id"), [handler._kind])
            bindings |= {(model, res_id): binding for res_id, binding in found.items()}
        owners = Binding._by_xero_id(connection, handler._kind, [each.remote.xero_id for each in arrived])
        first = {}
        for each in arrived:
            first.setdefault(each.remote.xero_id, each)
        free = [
            each
            for xero_id, each in first.items()
            if not self._taken(each.job, owners.get(xero_id, Binding) - bindings.get(_record(each.job), Binding))
        ]
        self._remember(connection, handler, free, bindings)
        self._close(free)
        created = [each.job.res_id for each in free if each.job.operation == "create"]
        # of two that were given the same counterpart, the second is looked at when the first has it
        twice = [each for each in arrived if first[each.remote.xero_id] is not each]
        return created + (self._bind(connection, handler, twice) if twice else [])

    def _remember(self, connection, handler, arrived, bindings):
        """Write the bindings; the fingerprint only if Xero's totals are those that were sent."""
        new, now = [], fields.Datetime.now()
        for job, remote, digest in arrived:
            binding, values = bindings.get(_record(job)), {**handler._remembered(remote, job.sent_as or {}), "last_sync": now}
            values |= {
                "xero_id": remote.xero_id,
                "fingerprint": digest if _is_as_sent(job, remote) else False,
                "state": "synced",
                "message": False,
            }
            if correction := (job.sent_as or {}).get("correction"):
                values["correction"] = correction
            if job.operation == "remove":
                values = {name: values[name] for name in ("xero_status", "last_sync")}
            if binding:
                # another id than before if the former counterpart was removed and the document made anew
                binding.write(values)
            elif job.operation != "remove":
                pair = {name: job[name] for name in ("kind", "res_model", "res_id")}
                new.append({"connection_id": connection.id, "payment_id": job.payment_id.id, **pair, **values})
        self.env["xero.binding"].create(new)

    def _taken(self, job, other):
        """Whether the Xero record found for this document already belongs to another Odoo record, by its binding ``other``."""
        if not other:
            return False
        record = self.env[other.res_model].browse(other.res_id).exists()
        if job.kind in ("contact", "item") and not record:
            other.unlink()  # of a partner or product that was merged or deleted
            return False
        held = Held(
            "contact_namesake" if job.kind == "contact" else "number_in_use",
            self.env._("Its counterpart in Xero already belongs to %s.", record.display_name or other.number),
            key=f"{job.res_model},{job.res_id}" if job.kind != "contact" else str(job.res_id),
            help=self.env._("Give this one another name, or merge the two in Odoo, then press Retry."),
            record=(job.res_model, job.res_id),
        )
        self.env["xero.problem"]._hold(job, held)
        return True

    def _close(self, arrived):
        """Done, unless Xero's totals are not the ones that were sent: that is a problem, never a shrug."""
        done = [each.job.id for each in arrived if _is_as_sent(each.job, each.remote)]
        for job, remote, _digest in arrived:
            if job.id not in done:
                self.env["xero.problem"]._hold(job, self._difference(job, remote), "failed")
        self.env["xero.job"].browse(done)._set_state("done", tries=0)

    def _difference(self, job, remote):
        """What people read: the totals, or where these are the same the tax."""
        if not _has_its_tracking(job, remote):
            return self._tracking_left_out(job, remote)
        expected, same = job.sent_as, remote.total == Decimal(job.sent_as["total"])
        text = (
            self.env._("%(number)s: the tax should be %(odoo)s, Xero made it %(xero)s.")
            if same
            else self.env._("%(number)s: Odoo's total is %(odoo)s, Xero made it %(xero)s.")
        )
        odoo, xero = (expected["tax"], remote.total_tax) if same else (expected["total"], remote.total)
        return Held(
            "totals_differ",
            text % {"number": remote.number or job.sent_as.get("number"), "odoo": odoo, "xero": xero},
            key=f"{job.res_model},{job.res_id}",
            help=self.env._("Compare the two documents line by line. Retry sends Odoo's version again."),
            record=(job.res_model, job.res_id),
            failed=True,
        )

    def _tracking_left_out(self, job, remote):
        return Held(
            "option_missing",
            self.env._("%s is in Xero, but not with the tracking options it was sent with.", remote.number),
            key=f"{job.res_model},{job.res_id}",
            help=self.env._("Press “Refresh from Xero” in the mapping: it shows which option is no longer in use. Then press Retry."),
            record=(job.res_model, job.res_id),
            failed=True,
        )


def _record(job):
    return job.res_model, job.res_id


def _is_as_sent(job, remote):
    """Whether Xero's total, tax and tracking are those that were sent; true of what has none."""
    if job.operation == "remove":
        return True
    expected = job.sent_as or {}
    pairs = [(expected.get("total"), getattr(remote, "total", None)), (expected.get("tax"), getattr(remote, "total_tax", None))]
    return _has_its_tracking(job, remote) and all(sent is None or made is None or made == Decimal(sent) for sent, made in pairs)


def _has_its_tracking(job, remote):
    """Xero may leave out options it does not know without a word; a document without them is not the one that was sent."""
    expected, found = (job.sent_as or {}).get("tracking"), getattr(remote, "tracking", None)
    return expected is None or found is None or expected == sorted(list(ids) for ids in found if ids)
