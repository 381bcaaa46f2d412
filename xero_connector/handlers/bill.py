from odoo import models


class XeroHandlerBill(models.AbstractModel):
    """Vendor bills and purchase receipts, expense reports among them: bills of Xero, under the vendor's number."""

    _name = "xero.handler.bill"
    _inherit = "xero.handler.document"
    _description = "Xero Handler: Vendor Bills"

    _kind = "bill"
