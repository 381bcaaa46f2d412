from odoo import models


class XeroHandler(models.AbstractModel):
    """Kinds about whose documents people make rules: what goes to Xero, and what stays out of it."""

    _inherit = "xero.handler"

    _is_ruled = False
