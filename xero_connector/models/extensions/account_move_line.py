from odoo import models

from ...const import WRITTEN


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        res = super().write(vals)
        self.env["xero.trigger"]._touched(self, WRITTEN, vals)
        return res
