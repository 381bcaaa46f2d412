from odoo import models

from ...const import HOURLY
from ...xero_core import values


class XeroHandlerContact(models.AbstractModel):
    """Contacts that were renamed in Xero: it is told."""

    _inherit = "xero.handler.contact"

    _list = "Contacts"
    _interval = HOURLY
    _rings = ("CONTACT",)
    _taken_at = 10

    def _take(self, connection, client, remotes, baseline):
        """Who waits to be sent is named anew then; of the others a click on Sync to Xero sends what is here."""
        found = {remote.xero_id: remote for remote in remotes}
        known = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, found)
        bindings = {each.res_id: each for xero_id, each in known.items() if not self._is_echo(each, found[xero_id])}
        job = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("is_open", "=", True)]
        waiting = set(self.env["xero.job"].sudo().search([*job, ("res_id", "in", list(bindings))]).mapped("res_id"))
        for partner in self.env[self._res_model].browse(bindings.keys() - waiting).exists():
            binding = bindings[partner.id]
            self._tell_name(partner, binding, found[binding.xero_id].name)
            self._note_seen(binding, found[binding.xero_id])

    def _partner_of(self, connection, xero_id):
        """Whom a contact of Xero is here; empty if nobody knows."""
        found = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [xero_id])
        return self.env[self._res_model].browse(each.res_id for each in found.values()).exists()

    def _tell_name(self, partner, binding, name):
        own = values.clean_text(partner.xero_contact_name or partner.name or "", 255)
        if name != own:
            text = self.env._("Its name is “%(xero)s” in Xero, “%(odoo)s” here. Sync to Xero sends this one.", xero=name, odoo=own)
            binding.write({"state": "drift", "message": text, "sent": False})
        elif binding.state == "drift":
            binding.write({"state": "synced", "message": False})
