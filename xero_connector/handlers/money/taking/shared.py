from datetime import timedelta

from odoo import models

from ....const import GONE
from ....xero_core.resources.payments import RemotePayment
from ... import mark
from ...dispatch import Result
from ..trace import PaymentTrace

DAYS = timedelta(days=5)
SENT = ("payment", "batch_payment")


class XeroHandlerPayment(models.AbstractModel):
    """Payments of a bank that is recorded on both sides: before one is sent, it is asked whether somebody has just made it in Xero.

    Xero refuses a second one only if there is no room for it; and what was made there since the last reading is not known here.
    """

    _inherit = "xero.handler.payment"

    def _shared(self, parts, payments, reading):
        """What is remembered of these payments, on one day, for that question; nothing if only Odoo records payments of the bank."""
        if parts.journal.id not in reading.recorded_on_both:
            return {}
        known = {xero_id for payment in payments for xero_id in reading.paid_there.get(payment.invoice_id, ())}
        return {"shared": True, "known": tuple(sorted(known))}

    def _read_details(self, reading, coming):
        super()._read_details(reading, coming)
        sources = [source for kind in SENT for source in coming.get(kind, ()) if source.journal.id in reading.recorded_on_both]
        ids = {part.xero_id for source in sources for part in source.movement.parts if part.xero_id}
        own = [("connection_id", "=", reading.connection.id), ("kind", "=", self._kind), ("is_there", "=", True)]
        for binding_sudo in self.env["xero.binding"].sudo().search([*own, ("parent_xero_id", "in", list(ids))]) if ids else ():
            reading.paid_there.setdefault(binding_sudo.parent_xero_id, set()).add(binding_sudo.xero_id)

    def _asked_first(self, items):
        return [item for item in super()._asked_first(items) if not _is_shared(item)]

    def _send(self, client, operation, items, idempotency_key):
        shared = [item for item in items if operation == "create" and _is_shared(item)]
        results = self._ask_about(client, shared) if shared else []
        answered = {result.item.id for result in results}
        rest = [item for item in items if item.id not in answered]
        return results + (super()._send(client, operation, rest, idempotency_key) if rest else [])

    def _ask_about(self, client, items):
        """Those that were made before, and those that somebody seems to have made in Xero."""
        remotes, results = self._candidates(client, items, []), []
        made, there = self._owns(items, remotes), self._there(client, items, remotes)
        for item in items:
            theirs = [each for each in there if _is_like(item.trace, each)]
            if made.get(item.id):
                results.append(Result(item, remote=made[item.id], adopted=True))
            elif theirs:
                results.append(Result(item, evidence=theirs))
        return results

    def _there(self, client, items, remotes):
        """Payments in Xero of what these pay; ``remotes`` are the candidates."""
        return remotes

    def _why_refused(self, result):
        if result.item.operation == "create" and not result.errors and _is_shared(result.item):
            return self._held_theirs(result.item)
        return super()._why_refused(result)

    def _held_theirs(self, item):
        """Held until the payment there has been read, which tells the two sides apart for people."""
        connection = self.env["xero.job"].browse(item.job_id).connection_id
        payments = self.env["xero.handler.payment"]._list
        self.env["xero.cursor"].sudo()._of(connection, [payments])._ask("person")
        return self._held(
            item,
            "maybe_twice",
            self.env._("%s may be in Xero already: somebody has recorded the same amount there.", item.label),
            self.env._("Say whether the two are the same payment."),
        )


class XeroHandlerBatchPayment(models.AbstractModel):
    """Of a batch it is asked whether any of its documents was paid in Xero meanwhile, by itself or in a batch of theirs."""

    _inherit = "xero.handler.batch_payment"

    def _asked_first(self, items):
        return [item for item in super()._asked_first(items) if not _is_shared(item)]

    def _there(self, client, items, remotes):
        return client.payments(sorted({xero_id for item in items for xero_id in item.trace.amounts}))

    def _why_refused(self, result):
        item = result.item
        return (
            self._held_theirs(item)
            if item.operation == "create" and not result.errors and _is_shared(item)
            else super()._why_refused(result)
        )


def _is_shared(item):
    return getattr(item.trace, "shared", False)


def _is_like(trace, remote):
    """Whether a payment there that is neither known nor marked as ours has its document, amount and, by some days, its date."""
    if not isinstance(remote, RemotePayment) or remote.status in GONE or remote.xero_id in trace.known or mark.in_text(remote.reference):
        return False
    amounts = {trace.invoice_id: trace.amount} if isinstance(trace, PaymentTrace) else trace.amounts
    same = amounts.get(remote.invoice_id) == remote.amount
    return same and bool(trace.date and remote.date) and abs(remote.date - trace.date) <= DAYS
