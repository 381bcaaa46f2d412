from odoo import models

from ...mapping.reference import OVERLAP
from ...xero_core import values


class XeroHandlerContact(models.AbstractModel):
    """Contacts that were renamed in Xero after the backup that this database was restored from: it is told."""

    _inherit = "xero.handler.contact"

    def _look_again(self, connection, client, moment):
        """Who waits to be sent is named anew then; of the others a click on Sync to Xero sends what is here."""
        remotes = {remote.xero_id: remote for remote in client.contacts_since(moment - OVERLAP)}
        bindings = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, remotes)
        job = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("is_open", "=", True)]
        waiting = set(self.env["xero.job"].sudo().search(job).mapped("res_id"))
        for xero_id, binding in bindings.items():
            partner, name = self.env[self._res_model].browse(binding.res_id).exists(), remotes[xero_id].name
            own = values.clean_text(partner.xero_contact_name or partner.name or "", 255)
            if partner and partner.id not in waiting and name != own:
                text = self.env._("Its name is “%(xero)s” in Xero, “%(odoo)s” here. Sync to Xero sends this one.", xero=name, odoo=own)
                binding.write({"state": "drift", "message": text, "sent": False})
