from odoo import fields, models


class XeroCurrency(models.Model):
    """A currency the organisation is subscribed to, as last read from Xero."""

    _name = "xero.currency"
    _description = "Xero Currency"
    _order = "code"
    _rec_name = "code"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    code = fields.Char(required=True)
    name = fields.Char("Description")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (connection_id, code)", "This currency is already listed.")
