from odoo import models

from ...const import WRITTEN


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        res = super().write(vals)
        self.env["xero.trigger"]._touched(self, WRITTEN, vals)
        return res
