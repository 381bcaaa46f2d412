from odoo import models

from ....const import QUIET
from .facts import ALLOCATION


class XeroTaking(models.AbstractModel):
    """Takes back what was booked, when its counterpart was removed in Xero: nothing of that is sent there."""

    _inherit = "xero.taking"

    def _take_back(self, binding):
        """Undo the matches that the counterpart stands for, and cancel a payment that has no other.

        The pair is remembered as gone before anything is undone, so that nothing is left to be removed in Xero.

        :raise UserError: Odoo does not allow it; whoever calls undoes what was begun
        :return: the documents that are open again
        """
        payment, partials = self._booked_as(binding), self._matches_of(binding)
        moves = (partials.debit_move_id | partials.credit_move_id).move_id - payment.move_id
        binding.write({"xero_status": "DELETED", "state": "synced", "message": False})
        partials.unlink()
        if binding.kind != ALLOCATION:
            payment.with_context(**QUIET).action_cancel()
        return moves.filtered(lambda move: move.is_invoice(include_receipts=True))
