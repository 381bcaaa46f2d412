from odoo import models

from ...access import clients
from ...mapping.reference import OVERLAP
from ...xero_core import values


class XeroHandlerContact(models.AbstractModel):
    """Contacts that were renamed in Xero after the backup that this database was restored from: it is told."""

    _inherit = "xero.handler.contact"

    def _look_again(self, connection, moment):
        remotes = {remote.xero_id: remote for remote in clients.xero(connection).contacts_since(moment - OVERLAP)}
        bindings = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, remotes)
        for xero_id, binding in bindings.items():
            partner, name = self.env["res.partner"].browse(binding.res_id).exists(), remotes[xero_id].name
            own = values.clean_text(partner.xero_contact_name or partner.name or "", 255)
            if partner and name != own:
                text = self.env._("Its name is “%(xero)s” in Xero, “%(odoo)s” here.", xero=name, odoo=own)
                binding.write({"state": "drift", "message": text})
