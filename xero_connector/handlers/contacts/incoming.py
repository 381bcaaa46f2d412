from odoo import models

from ...const import HOURLY


class XeroHandlerContact(models.AbstractModel):
    """Contacts that were changed in Xero: it is told."""

    _inherit = "xero.handler.contact"

    _list = "Contacts"
    _interval = HOURLY
    _rings = ("CONTACT",)
    _taken_at = 10

    def _take(self, connection, client, remotes, baseline):
        """Who waits to be sent is as here then; of the others people are asked whose side is right."""
        found = {remote.xero_id: remote for remote in remotes}
        known = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, found)
        bindings = {
            each.res_id: each for xero_id, each in known.items() if each.state == "drift" or not self._is_echo(each, found[xero_id])
        }
        job = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("is_open", "=", True)]
        waiting = set(self.env["xero.job"].sudo().search([*job, ("res_id", "in", list(bindings))]).mapped("res_id"))
        partners = self.env[self._res_model].browse(bindings.keys() - waiting).exists()
        self._compare(connection, partners, bindings, found, baseline)
        for partner in partners:
            self._note_seen(bindings[partner.id], found[bindings[partner.id].xero_id])

    def _partner_of(self, connection, xero_id):
        """Whom a contact of Xero is here; empty if nobody knows."""
        found = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [xero_id])
        return self.env[self._res_model].browse(each.res_id for each in found.values()).exists()
