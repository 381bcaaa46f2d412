from odoo import fields, models

from ..base import Held, Item


class XeroHandlerMoney(models.AbstractModel):
    """What the counterparts of money have in common: each of them is one form of the same money, made and removed, never changed."""

    _inherit = "xero.handler.money"

    def _counterpart_item(self, step, job, source, reading):
        """What is sent for one step of a movement.

        :raise Held, Behind, Later: why it cannot go now
        """
        if step.operation == "remove":
            return self._removal(job, source.bindings[step.key], reading.connection)
        return self._creation(step, job, source, reading)

    def _creation(self, step, job, source, reading):
        raise NotImplementedError

    def _removal(self, job, binding, connection):
        self._check_lock_date(binding.date, connection)
        return Item(
            job_id=job.id,
            res_id=binding.res_id,
            operation="remove",
            payload=self._removal_payload(binding),
            fingerprint="",
            xero_id=binding.xero_id,
            sent_as=self._removal_trace(binding),
            label=binding.number or "",
        )

    def _removal_payload(self, binding):
        return {}

    def _removal_trace(self, binding):
        """What else tells whether it has been removed, if no answer comes."""
        return {}

    # === TROUBLE === #

    def _held(self, item, code, message, help_text, errors=()):
        """The ``Held`` of one counterpart; people know it by the payment or bank statement line."""
        record = tuple(item.sent_as.get("owner") or (item.res_model, item.res_id))
        key = f"{item.res_model},{item.res_id}"
        return Held(code, message, key=key, help=help_text, details=errors, record=record, failed=bool(errors))

    def _refused(self, item, errors):
        held = super()._refused(item, errors)
        held.res_model, held.res_id = tuple(item.sent_as.get("owner") or (item.res_model, item.res_id))
        held.key = f"{item.res_model},{item.res_id}"
        return held

    # === NEXT === #

    def _after_removed(self, connection, res_ids):
        """Documents that waited for this to be gone from them can follow."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", list(res_ids))]
        gone = self.env["xero.binding"].search(own)
        self.env["xero.handler.document"]._let_go_of_changes(connection, {each for binding in gone for each in binding._xero_documents()})


def day(sent_as):
    """The day of what was sent."""
    return fields.Date.to_date(sent_as["date"])
