from datetime import timedelta

from odoo import fields, models

from .dispatch import Outgoing
from .reasons import Wait

# A document that is reset to draft is mostly confirmed again soon: only then is it taken out of Xero.
EDITING = timedelta(hours=1)


class XeroHandlerRemoval(models.AbstractModel):
    """What takes counterparts out of Xero: never in haste, and never out of a closed period."""

    _inherit = "xero.handler"

    def _check_left(self, move, job):
        """:raise Wait: the document is in draft, and somebody may still be at work on it"""
        rest = move.write_date + EDITING - fields.Datetime.now()
        if move.state == "draft" and rest.total_seconds() > 0 and not job.manual:
            message = self.env._("It was reset to draft; if it is not confirmed again within the hour, it is voided in Xero.")
            raise Wait(message, rest.total_seconds() + 1)

    def _removal(self, job, binding, connection):
        """What takes a counterpart out of Xero.

        :rtype: Outgoing
        :raise Held: it stands in a closed period
        """
        self._check_locked_removal(binding, connection)
        return Outgoing(
            job_id=job.id,
            res_id=binding.res_id,
            operation="remove",
            payload=self._removal_payload(binding),
            fingerprint="",
            xero_id=binding.xero_id,
            trace=self._removal_trace(binding),
            label=binding.number or "",
        )

    def _check_locked_removal(self, binding, connection):
        """:raise Held: the counterpart stands in a closed period, whose figures stay as they are"""
        self._check_lock_date(binding.date, connection)

    def _removal_payload(self, binding):
        return {}

    def _removal_trace(self, binding):
        """What else tells whether it has been removed, if no answer comes."""
        return self._trace()
