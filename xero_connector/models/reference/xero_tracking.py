from odoo import fields, models


class XeroTrackingCategory(models.Model):
    """A tracking category of the organisation, as last read from Xero; at most two are active."""

    _name = "xero.tracking.category"
    _description = "Xero Tracking Category"
    _order = "name"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    xero_id = fields.Char("Xero ID", required=True)
    name = fields.Char(required=True)
    active = fields.Boolean(default=True, help="Off when the category was archived in Xero.")
    option_ids = fields.One2many("xero.tracking.option", "category_id", "Options")

    _xero_id_unique = models.Constraint("UNIQUE (connection_id, xero_id)", "This tracking category is already listed.")


class XeroTrackingOption(models.Model):
    """One choice in a tracking category, as last read from Xero."""

    _name = "xero.tracking.option"
    _description = "Xero Tracking Option"
    _order = "category_id, name"

    category_id = fields.Many2one("xero.tracking.category", required=True, index=True, ondelete="cascade")
    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    xero_id = fields.Char("Xero ID", required=True)
    name = fields.Char(required=True)
    status = fields.Char("Status in Xero", help="As last read; one that was deleted there is not listed any more.")
    active = fields.Boolean(default=True, help="Off when the option was archived or deleted in Xero.")

    _xero_id_unique = models.Constraint("UNIQUE (connection_id, xero_id)", "This tracking option is already listed.")
