from odoo import api, models

LINKED = ("xero_id", "kind", "xero_type", "parent_xero_id")


class XeroDocumentMixin(models.AbstractModel):
    """What is remembered of the money of a document, for its own screen."""

    _inherit = "xero.document.mixin"

    @api.model
    def _xero_of_matches(self, partials):
        """``{id: (state, link, bank)}`` of the matches that have counterparts of their own in Xero: payments, allocations."""
        there = [("res_model", "=", partials._name), ("res_id", "in", partials.ids), ("is_there", "=", True)]
        links = {}
        for binding_sudo in self.env["xero.binding"].sudo().search(there):
            row = {**{name: binding_sudo[name] for name in LINKED}, "short_code": binding_sudo.connection_id.short_code}
            bank = binding_sudo.bank_read_at and ("matched" if binding_sudo.is_reconciled else "unmatched")
            links[binding_sudo.res_id] = (binding_sudo.state, self._xero_link(row), bank)
        return links

    def _xero_read_due(self):
        """``{id: (what is still to be paid in Xero, when that was read)}`` of those of these documents of which it was."""
        own = [("res_model", "=", self._name), ("res_id", "in", self.ids), ("is_there", "=", True), ("due_read_at", "!=", False)]
        read_sudo = self.env["xero.binding"].sudo().search(own)
        return {each.res_id: (each.xero_due, each.due_read_at) for each in read_sudo}
