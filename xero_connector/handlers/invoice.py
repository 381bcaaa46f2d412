from odoo import models


class XeroHandlerInvoice(models.AbstractModel):
    """Customer invoices and sales receipts: sales invoices of Xero, under Odoo's own number."""

    _name = "xero.handler.invoice"
    _inherit = "xero.handler.document"
    _description = "Xero Handler: Customer Invoices"

    _kind = "invoice"
