from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    xero_code = fields.Char(readonly=True, help="The code of the Xero problems this to-do is about.")
