from odoo import api, models

from ...const import CREATED


class AccountPartialReconcile(models.Model):
    """A match of money with documents, of documents with each other, or of two banks: Xero is told of each in the form that it knows."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["xero.trigger"]._touched(partials, CREATED)
        return partials

    def unlink(self):
        with self.env["xero.trigger"]._leaving(self):
            return super().unlink()
