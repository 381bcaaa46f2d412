from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, MissingError
from odoo.http import request


class XeroPayOnline(CustomerPortal):
    """From the customer's invoice to its page in Xero."""

    @http.route("/my/invoices/<int:invoice_id>/xero", type="http", auth="public", methods=["GET"], website=True, readonly=False)
    def pay_online(self, invoice_id, access_token=None, **_params):
        """Only for whoever may see the invoice. Back to it, with a word, where it cannot be paid now."""
        try:
            invoice_sudo = self._document_check_access("account.move", invoice_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if page := invoice_sudo._xero_payment_page():
            return request.redirect(page, code=303, local=False)
        return request.redirect(invoice_sudo.get_portal_url(query_string="&xero_payment=later"))
