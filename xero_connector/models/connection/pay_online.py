from odoo import fields, models

from ...access import clients
from ...xero_core.errors import XeroError


class XeroConnection(models.Model):
    """Customers pay an invoice on its page in Xero, if an administrator offers that. What they pay comes back as any money that is recorded
    in Xero does.

    The address of the page is a secret of the invoice: it is asked for when a customer wants to pay, once, and then remembered.
    """

    _inherit = "xero.connection"

    offers_payment = fields.Boolean(
        "Offer to Pay Online",
        help="E-mails with invoices and the customer portal lead to the invoice's page in Xero, where it can be paid by the payment "
        "services that are set up there. What is paid comes to Odoo for banks whose payments are recorded in Xero, or in both.",
    )

    def _online_invoice(self, xero_id):
        """Address of the page on which this invoice can be paid, '' if there is none now; costs a call."""
        self.ensure_one()
        if self._why_not_read():
            return ""
        calls = []
        try:
            return clients.xero(self, on_call=calls.append).online_invoice(xero_id)
        except XeroError:
            return ""
        finally:
            self.env["xero.call"]._record(self, calls)
