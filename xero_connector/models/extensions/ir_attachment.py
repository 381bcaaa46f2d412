from odoo import api, models

from ...const import CREATED, WRITTEN


class IrAttachment(models.Model):
    """Files of documents that are in Xero follow them there, if the connection says so."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attached = [attachment.id for attachment, vals in zip(attachments, vals_list, strict=True) if vals.get("res_model")]
        self.env["xero.trigger"]._touched(self.browse(attached), CREATED)
        return attachments

    def write(self, vals):
        res = super().write(vals)
        self.env["xero.trigger"]._touched(self, WRITTEN, vals)
        return res
