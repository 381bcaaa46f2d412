from decimal import Decimal

from odoo import models

from ....const import GONE
from .facts import BATCH, PAYMENT, Share, Told

ASKED_ABOUT = 20  # payments, in one go


class XeroHandlerPayment(models.AbstractModel):
    """What was removed in Xero though no list tells of it: whether removed payments are listed, nobody knows (``xero-inbound`` 1.4).

    But then more is open on their document there than here, and so they are asked for one by one.
    """

    _inherit = "xero.handler.payment"

    def _seek_removed(self, connection, client, xero_ids):
        """Hear of payments that are gone from these documents of Xero's, on which more is open there than here. A call each.

        That a list leaves something out proves nothing; what Xero says of the one payment does.

        :raise XeroError: if Xero did not say
        """
        found_sudo = self.env["xero.binding"].sudo()._money_on(connection, xero_ids) if xero_ids else self.env["xero.binding"]
        about_sudo = found_sudo.filtered(lambda each: each.kind in (PAYMENT, BATCH)).sorted("id", reverse=True)[:ASKED_ABOUT]
        gone = [_gone(each) for each in about_sudo if self._is_removed(client, each)]
        if gone:
            self.env["xero.taking"]._hear(connection, [], gone)
            connection._wake()

    def _is_removed(self, client, binding):
        remote = (client.payment if binding.kind == PAYMENT else client.batch_payment)(binding.xero_id)
        return remote is None or remote.status in GONE


def _gone(binding):
    total = Decimal(str(binding.xero_total))
    if binding.kind == BATCH:
        return Told(BATCH, binding.xero_id, binding.date, amount=total)
    return Told(PAYMENT, binding.xero_id, binding.date, (Share(binding.parent_xero_id, total),))
