from odoo import models

from ....xero_core.resources import invoices as resource


class XeroHandlerDocument(models.AbstractModel):
    """What was paid or credited of a document in Xero before it came in: nothing here knew of it then, so it is asked for once."""

    _inherit = "xero.handler.document"

    def _hear_money_made(self, connection, client, rows):
        """Calls: one for the payments of forty documents, and one for each credit that was used.

        :param rows: ``xero.made`` of the kind that were taken in
        :raise XeroError: Xero did not say; it is asked again
        """
        paid, remotes = client.payments(rows.mapped("xero_id")), [self._kept_made(row) for row in rows]
        self.env["xero.handler.payment"]._take(connection, client, paid, False)
        sums = {}
        for payment in paid:
            sums[payment.invoice_id] = sums.get(payment.invoice_id, 0) + payment.amount
        for remote in remotes:
            if remote.amount_settled > sums.get(remote.xero_id, 0):
                self.env["xero.handler.allocation"]._hear_used(connection, client, self._credits_of(client, remote))
        rows.money_due = False

    def _credits_of(self, client, remote):
        """What was used for an invoice, or the credit note itself; lists may leave out what is nested in them."""
        if self._resource is not resource:
            return [("CreditNote", remote.xero_id)]
        found = remote if remote.credits else client.invoice(remote.xero_id)
        return found.credits if found else ()
