from odoo import models

from ...const import OFTEN


class XeroHandlerPayment(models.AbstractModel):
    """Payments as the lists of Xero tell of them: whether one is matched with a line of the bank statement there."""

    _inherit = "xero.handler.payment"

    _list = "Payments"
    _interval = OFTEN
    _rings = ("INVOICE", "CREDITNOTE", "OVERPAYMENT", "PREPAYMENT")  # there is no category of payments
    _taken_at = 40  # before documents are compared: what was paid explains what is open
