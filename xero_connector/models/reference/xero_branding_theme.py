from odoo import fields, models


class XeroBrandingTheme(models.Model):
    """How the organisation's sales documents look in print, as last read from Xero."""

    _name = "xero.branding.theme"
    _description = "Xero Branding Theme"
    _order = "name"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    xero_id = fields.Char("Xero ID", required=True)
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _xero_unique = models.Constraint("UNIQUE (connection_id, xero_id)", "This branding theme is already listed.")
