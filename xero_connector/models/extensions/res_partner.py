from odoo import fields, models

from ...const import WRITTEN


class ResPartner(models.Model):
    """A partner is sent as its commercial entity, and shows that entity's state in the current company."""

    _name = "res.partner"
    _inherit = ["res.partner", "xero.document.mixin"]
    _xero_key = "commercial_partner_id"

    xero_contact_name = fields.Char(
        "Name in Xero",
        copy=False,
        groups="xero_connector.group_xero_user",
        help="Only if it must differ from the name in Odoo: Xero allows each name once.",
    )

    def _xero_connections(self):
        return self.env["xero.connection"]._get_active(self.env.company)

    def write(self, vals):
        res = super().write(vals)
        self.env["xero.trigger"]._touched(self, WRITTEN, vals)
        return res

    def unlink(self):
        with self.env["xero.trigger"]._leaving(self):
            return super().unlink()
