from odoo import models

from .send import _numbers


class XeroHandlerDocument(models.AbstractModel):
    """The last part of a document's way: what became of it if no answer came, and what is remembered of it."""

    _inherit = "xero.handler.document"

    _changes_in_place = True

    def _candidates(self, client, creates, removals):
        found = self._fetch(client, numbers=_numbers(item.trace for item in creates)) if creates else []
        return [*found, *(self._fetch(client, ids=[item.xero_id for item in removals]) if removals else ())]

    def _binding_values(self, remote):
        return {
            "number": remote.number,
            "xero_type": remote.kind,
            "xero_status": remote.status,
            "xero_total": float(remote.total),
            "contact_xero_id": remote.contact_id,
            "date": remote.date,
            "line_ids": list(remote.line_item_ids),
        }

    def _is_marked(self, item, remote):
        """Payments and credits that are not known here: it was made before, by what a restored backup has forgotten."""
        return remote.status in ("AUTHORISED", "PAID") and remote.amount_due != remote.total

    def _remembered(self, remote, trace):
        """Also which line of Odoo each line in Xero is made of: Xero answers lines in the order in which they were sent."""
        values = super()._remembered(remote, trace) | {"figures": trace.figures or False}
        if len(trace.keys) == len(remote.line_item_ids):
            values["line_ids"] = [list(pair) for pair in zip(trace.keys, remote.line_item_ids, strict=True)]
        return values
