from odoo import models


class XeroMoney(models.Model):
    """What Xero has on the bank, and Odoo has not."""

    _inherit = ["xero.money", "xero.bank.page.mixin"]
    _name = "xero.money"


class XeroDocument(models.Model):
    """What Odoo has on the bank, and Xero has not."""

    _inherit = ["xero.document", "xero.bank.page.mixin"]
    _name = "xero.document"
