from odoo import models

from ....const import GONE
from ....xero_core.resources.payments import RemotePayment
from .facts import BATCH, PAYMENT, Share, Told


class XeroHandlerPayment(models.AbstractModel):
    """Payments and batches that were made or removed in Xero.

    What is part of a batch is told of as such; what the batch is made of, it is asked for itself.
    """

    _inherit = "xero.handler.payment"

    def _take(self, connection, client, remotes, baseline):
        super()._take(connection, client, remotes, baseline)
        payments = [remote for remote in remotes if isinstance(remote, RemotePayment) and remote.complete]
        there = [remote for remote in payments if remote.status not in GONE]
        single = [_payment(remote) for remote in there if not remote.batch_id]
        batches = self._batches(connection, client, {remote.batch_id: remote for remote in there if remote.batch_id})
        gone = [_payment(remote) for remote in payments if remote.status in GONE]
        self.env["xero.taking"]._hear(connection, [*single, *batches], gone)

    def _batches(self, connection, client, of_batches):
        """Batches that nothing here remembers, of documents that are ours; one call for those of a page.

        :param dict of_batches: one of its payments by the batch's id
        """
        taking, Binding = self.env["xero.taking"], self.env["xero.binding"].sudo()
        own = [("connection_id", "=", connection.id), ("kind", "=", BATCH), ("xero_id", "in", list(of_batches))]
        known = set(Binding.search(own).mapped("xero_id"))
        ours = taking._ours(connection, [_payment(remote) for xero_id, remote in of_batches.items() if xero_id not in known])
        ids = sorted({told.batch_id for told in ours})
        return [_batch(remote) for remote in client.batch_payments(ids=ids) if remote.status not in GONE] if ids else []


def _payment(remote):
    share = Share(remote.invoice_id, remote.amount, remote.told.bank_amount)
    return Told(
        PAYMENT, remote.xero_id, remote.date, (share,), account_id=remote.account_id, reference=remote.reference, batch_id=remote.batch_id
    )


def _batch(remote):
    shares = tuple(Share(payment.invoice_id, payment.amount, payment.bank_amount) for payment in remote.payments)
    return Told(BATCH, remote.xero_id, remote.date, shares, account_id=remote.account_id, reference=" ".join(remote.texts))
