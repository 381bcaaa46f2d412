from odoo import models

from ...const import GONE
from ...xero_core.resources import invoices as resource
from ...xero_core.resources.batches import folded
from ...xero_core.resources.invoices import RemoteInvoice
from .. import mark
from ..dispatch import Result
from ..reasons import Held
from .document import rank
from .snapshot import SALES


class XeroHandlerDocument(models.AbstractModel):
    """The second part of a document's way: the calls, and what a refusal means."""

    _inherit = "xero.handler.document"

    # === CALLS === #

    def _fetch(self, client, ids=(), numbers=()):
        """The documents of Xero with these ids or numbers."""
        return client.invoices(ids=ids, numbers=numbers)

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_invoices(payloads, idempotency_key)
        return client.update_invoices(payloads)

    def _asked_first(self, items):
        """Those of the purchase side, which may also have been typed in by hand."""
        return [item for item in items if item.trace.type not in SALES]

    def _call(self, client, operation, items, idempotency_key):
        if operation == "remove":
            return self._remove(client, items)
        return [self._without_status(client, result) for result in super()._call(client, operation, items, idempotency_key)]

    def _without_status(self, client, result):
        """A document that was approved or paid in Xero meanwhile is not brought forward by us: the rest of the change is sent alone."""
        item = result.item
        remote = next((found for found in result.evidence if found.xero_id == item.xero_id), None)
        if item.operation != "update" or "Status" not in item.payload or not remote or rank(remote.status) < rank(item.payload["Status"]):
            return result
        item.payload.pop("Status")
        return super()._call(client, item.operation, [item], item.key)[0]

    def _remove(self, client, items):
        """Void or delete, as the status in Xero allows; on the sales side under another number, so that this one can be used again."""
        remotes = {remote.xero_id: remote for remote in self._fetch(client, ids=[item.xero_id for item in items])}
        alive, results = [], []
        for item in items:
            remote = remotes.get(item.xero_id)
            if remote is None:
                results.append(Result(item, errors=(NOT_THERE,)))
            elif remote.status in GONE:
                results.append(Result(item, remote=remote, evidence=[remote]))
            elif remote.amount_settled:
                results.append(Result(item, evidence=[remote]))
            else:
                alive.append((item, remote))
        return results + (self._end(client, alive) if alive else [])

    def _end(self, client, alive):
        sales = [remote for _item, remote in alive if remote.kind in SALES and remote.number]
        renamed = self._rename(client, sales)
        endings = [self._resource.ending(remote.xero_id, _ending(remote)) for _item, remote in alive]
        results = []
        for (item, remote), answer in zip(alive, self._write(client, "remove", endings, ""), strict=True):
            results.append(
                Result(item, answer.remote if answer.ok else None, errors=answer.errors, evidence=[remote], unknown=answer.unknown)
            )
        kept = {result.item.xero_id for result in results if not result.remote and not result.unknown}
        back = [self._resource.rename(remote.xero_id, remote.number) for remote in renamed if remote.xero_id in kept]
        if back:
            self._write(client, "update", back, "")
        return results

    def _rename(self, client, remotes, attempt=1):
        """Give these documents, about to be voided, a number of their own; returns those that got one."""
        renames = {remote: f"{remote.number[:240]} void {attempt}" for remote in remotes if " void " not in remote.number}
        if not renames or attempt > ATTEMPTS:
            return []
        payloads = [self._resource.rename(remote.xero_id, number) for remote, number in renames.items()]
        written = dict(zip(renames, self._write(client, "update", payloads, ""), strict=True))
        refused = {remote: folded(renames[remote]) for remote, answer in written.items() if not answer.ok}
        taken = {folded(found.number) for found in self._fetch(client, numbers=list(refused.values()))} if refused else set()
        again = [remote for remote, number in refused.items() if number in taken]
        return [remote for remote in written if remote not in refused] + self._rename(client, again, attempt + 1)

    # === REFUSALS === #

    def _evidence(self, client, operation, items):
        if operation == "create":
            found = self._fetch(client, numbers=_numbers(item.trace for item in items if item.trace.type in SALES))
        else:
            found = self._fetch(client, ids=[item.xero_id for item in items])
            renumbered = _numbers(item.trace for item in items if item.trace.type in SALES and self._resource.NUMBER in item.payload)
            found += self._fetch(client, numbers=renumbered) if renumbered else []
        contacts = client.contacts(ids=sorted({item.trace.contact_id for item in items}))
        return [*found, *contacts, *self._line_evidence(client, items)]

    def _why_refused(self, result):
        item, errors = result.item, result.errors
        remotes = [found for found in result.evidence if isinstance(found, RemoteInvoice)]
        if item.operation == "remove":
            return self._why_kept(item, next(iter(remotes), None), errors)
        if held := self._judge_lines(result):
            return held
        remote = next((found for found in remotes if self._is_meant(found, item)), None)
        # another document has the number of this one
        numbered = next((found for found in remotes if found != remote and self._has_number(found, item)), None)
        contact = next((found for found in result.evidence if found.xero_id == item.trace.contact_id), None)
        return self._why_not_taken(item, remote, numbered, contact, errors)

    def _is_meant(self, remote, item):
        if item.operation == "create":
            return self._has_number(remote, item)
        return remote.xero_id == item.xero_id

    def _has_number(self, remote, item):
        return remote.kind == item.trace.type and folded(remote.number) == folded(item.trace.number)

    def _why_not_taken(self, item, remote, numbered, contact, errors):
        if remote and item.operation == "create":
            return self._held_number(item, remote, errors)
        if numbered and self._is_in_the_way(numbered, item):
            return self._held_number(item, numbered, errors)
        held = self._why_unchanged(item, remote, errors)
        if not held and contact and contact.status == "ARCHIVED":
            held = self.env["xero.handler.contact"]._held_document(contact, item.trace.partner_id, item.trace.partner, errors)
        return held or (remote and self._held_by_lock(item, remote, errors)) or self._refused(item, errors)

    def _is_in_the_way(self, numbered, item):
        return numbered.status not in GONE and numbered.kind in SALES and self._resource.NUMBER in item.payload

    def _why_unchanged(self, item, remote, errors):
        """Why Xero takes no change of the document as it stands there; None if it should."""
        if not remote:
            return self._refused(item, (NOT_THERE,)) if item.operation == "update" else None
        if remote.status in GONE:
            return self._held_void(item, errors)
        return self._held_paid(item, remote, errors) if remote.amount_settled else None

    def _held_by_lock(self, item, remote, errors):
        """What changes no figure is sent to a closed period too: whether Xero takes it is Xero's affair. None if it is open."""
        lock = self.env["xero.job"].browse(item.job_id).connection_id._last_locked_day()
        is_closed = lock and remote.date and remote.date <= lock
        return self._held_locked_change(item.res_id, item.label, lock, errors) if is_closed else None

    def _why_kept(self, item, remote, errors):
        """Why a document that is gone from Odoo stays in Xero."""
        if remote and remote.amount_settled:
            return self._held_paid(item, remote, errors)
        return self._refused(item, errors)

    def _held_paid(self, item, remote, errors):
        return Held(
            "paid_in_xero",
            self.env._("%(document)s has payments or credits of %(amount)s in Xero that are not known here; it stays as it is there.",
                       document=item.label or remote.number, amount=f"{remote.amount_settled:.2f} {remote.currency}"),
            key=f"account.move,{item.res_id}",
            help=self.env._("Remove them in Xero, then press Retry; or undo the change in Odoo."),
            details=errors,
            record=("account.move", item.res_id),
            failed=True,
        )  # fmt: skip

    def _held_void(self, item, errors):
        return Held(
            "refused",
            self.env._("%s was voided in Xero.", item.label),
            key=f"account.move,{item.res_id}",
            help=self.env._(
                "If that is right, cancel it in Odoo too. If not, cancel it, reset it to draft and confirm it: it is made anew in Xero."
            ),
            details=errors,
            record=("account.move", item.res_id),
            failed=True,
        )

    def _held_number(self, item, remote, errors):
        return Held(
            "number_in_use",
            self.env._("The number %(number)s is already used in Xero by another document (%(total)s %(currency)s, %(status)s).",
                       number=item.label, total=f"{remote.total:.2f}", currency=remote.currency, status=remote.status.lower()),
            key=f"account.move,{item.res_id}",
            help=self.env._("Change the number of the other document in Xero, or of this one in Odoo, then press Retry."),
            details=errors,
            record=("account.move", item.res_id),
            failed=True,
        )  # fmt: skip

    # === RECOGNISE === #

    def _is_ours(self, trace, remote):
        """Alive, under our number, and with a link that bears our mark."""
        return self._may_be(trace, remote) and mark.same(trace.url, remote.url)

    def _may_be(self, trace, remote):
        alive = isinstance(remote, RemoteInvoice) and remote.kind == (trace.type or "ACCREC") and remote.status not in GONE
        return alive and folded(remote.number) == folded(trace.number)

    def _is_same(self, item, remote):
        """Typed in by hand, or of a time that this database does not remember: contact, day, currency, amounts and lines agree."""
        trace, content = item.trace, item.trace.content
        if not self._may_be(trace, remote) or {remote.xero_id, remote.url} & set(trace.others):
            return False
        if (remote.total, remote.total_tax) != (trace.total, trace.tax) or not (content or item.payload):
            return False
        return (content or self._content(item.payload)) == resource.content(remote.told)

    def _free(self, item, remotes):
        connection = self.env["xero.job"].browse(item.job_id).connection_id
        owners = self.env["xero.binding"]._by_xero_id(connection, self._kind, [remote.xero_id for remote in remotes])
        return [remote for remote in remotes if remote.xero_id not in owners or owners[remote.xero_id].res_id == item.res_id]

    def _take_over(self, item, remote):
        """What is ours, but says something else, was not compared: it is brought in step at once, but for other amounts, which are told."""
        if not self._is_same(item, remote):
            item.fingerprint, item.last = "", self._disagreement(item, remote) is not None


NOT_THERE = "Xero does not have this record."
ATTEMPTS = 9  # at a number that no voided document has


def _numbers(traces):
    return sorted({trace.number for trace in traces})


def _ending(remote):
    """What Xero allows: VOIDED of what was approved, DELETED of what was not."""
    return "DELETED" if remote.status in ("DRAFT", "SUBMITTED") else "VOIDED"
