from odoo import fields, models


class XeroToken(models.Model):
    _name = "xero.token"
    _description = "Xero Token"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
