from dataclasses import replace

from odoo import fields, models

from ...const import GONE, OFTEN
from ...xero_core.resources.payments import RemotePayment
from ..reasons import Held

ON_BANK = "matched_on_bank"


class XeroHandlerPayment(models.AbstractModel):
    """Payments as the lists of Xero tell of them: whether one is matched with a line of the bank statement there.

    That is mirrored, never performed: Xero matches, its people do, and both take it back.
    """

    _inherit = "xero.handler.payment"

    _list = "Payments"
    _interval = OFTEN
    _rings = ("INVOICE", "CREDITNOTE", "OVERPAYMENT", "PREPAYMENT")  # there is no category of payments
    _taken_at = 40  # before documents are compared: what was paid explains what is open

    def _take(self, connection, client, remotes, baseline):
        """A batch is matched as a whole, as each of its payments tells; batches, read for a kind that is made like this one, do not."""
        super()._take(connection, client, remotes, baseline)
        payments = (remote for remote in remotes if isinstance(remote, RemotePayment) and remote.status not in GONE)
        told = {remote.batch_id or remote.xero_id: remote.is_reconciled for remote in payments}
        kinds = [self._kind, *self._settling_kinds()[1]]
        own = [("connection_id", "=", connection.id), ("kind", "in", kinds), ("xero_id", "in", list(told)), ("is_there", "=", True)]
        for binding_sudo in self.env["xero.binding"].sudo().search(own):
            is_reconciled = told[binding_sudo.xero_id]
            if not binding_sudo.bank_read_at or binding_sudo.is_reconciled != is_reconciled:
                binding_sudo.write({"is_reconciled": is_reconciled, "bank_read_at": fields.Datetime.now()})
                if not is_reconciled:  # what was to leave may go
                    keys = [f"{binding_sudo.res_model},{binding_sudo.res_id}"]
                    self.env["xero.problem"].sudo()._release(connection, codes=[ON_BANK], keys=keys)

    def _why_refused(self, result):
        """Matched with the bank since that was last read."""
        item = result.item
        found = next((each for each in result.evidence if isinstance(each, RemotePayment) and each.xero_id == item.xero_id), None)
        if item.operation == "remove" and found and found.is_reconciled:
            return self._held(item, ON_BANK, self._on_bank_words(item.label), self._on_bank_help(), result.errors)
        return super()._why_refused(result)


class XeroHandlerMoney(models.AbstractModel):
    """What is matched with a line of the bank in Xero stays there until people undo that: no app can, nor may it remove it."""

    _inherit = "xero.handler.money"

    def _removal(self, job, binding, connection):
        """:raise Held: it is matched with a line of the bank in Xero, as far as was read"""
        outgoing = super()._removal(job, binding, connection)
        record = job._document()
        name = outgoing.label or (record and self._entry_of(record).display_name) or self.env._("A deleted payment")
        if binding.is_reconciled:
            key = f"{binding.res_model},{binding.res_id}"
            raise Held(ON_BANK, self._on_bank_words(name), key=key, help=self._on_bank_help(), record=(job.res_model, job.res_id))
        return replace(outgoing, label=name)

    def _on_bank_words(self, name):
        return self.env._("%s is matched with a line of the bank in Xero, and cannot be taken out of it.", name)

    def _on_bank_help(self):
        return self.env._(
            "If it is wrong, undo the match in Xero (Remove & Redo). It follows by itself when that was read; Retry tries now."
        )
