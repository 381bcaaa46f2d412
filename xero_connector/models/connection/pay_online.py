from datetime import timedelta

from odoo import fields, models

from ...access import clients
from ...xero_core.errors import XeroError

AGAIN = timedelta(minutes=5)  # until Xero is asked anew for a page that it did not tell of


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

    def _payable_pair(self, move):
        """The pair of a document that its customer can pay on a page of Xero's; empty if there is none, or that is not offered."""
        handlers, connection_sudo = self.env["xero.handler"], self._get_active(move.company_id)
        is_open = move.state == "posted" and move.payment_state in ("not_paid", "partial")
        if not (is_open and connection_sudo.offers_payment and connection_sudo.state == "connected"):
            return self.env["xero.binding"].sudo()
        own = [("connection_id", "=", connection_sudo.id), ("res_model", "=", move._name), ("res_id", "=", move.id)]
        pair_sudo = self.env["xero.binding"].sudo().search([*own, ("kind", "in", handlers._kinds_that("_paid_online"))], limit=1)
        return pair_sudo.filtered(lambda pair: pair.xero_status in handlers._of(pair.kind)._paid_online)

    def _payment_page(self, move):
        """Address of that page, '' if there is none now; asked for once, and after a while if Xero did not tell."""
        pair_sudo, now = self._payable_pair(move), fields.Datetime.now()
        tried = pair_sudo.online_tried_at
        if pair_sudo and not pair_sudo.online_url and not (tried and now - AGAIN < tried <= now):
            url = pair_sudo.connection_id._online_invoice(pair_sudo.xero_id)
            pair_sudo.write({"online_url": url, "online_tried_at": now})
        return pair_sudo.online_url or ""

    def _online_invoice(self, xero_id):
        """What Xero says of it, '' if nothing; costs a call."""
        self.ensure_one()
        if self._why_not_read() or not self._allowance().permits(for_person=False):  # people here come before people with a link
            return ""
        calls = []
        try:
            return clients.xero(self, on_call=calls.append).online_invoice(xero_id)
        except XeroError:
            return ""
        finally:
            self.env["xero.call"]._record(self, calls)
