from odoo import fields, models

from ...const import GONE, OFTEN
from ...xero_core.resources.payments import RemotePayment


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
