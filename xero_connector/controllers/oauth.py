from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

GO_ON = "/odoo/action-xero_connector.xero_after_connect_action"


class XeroOAuthController(http.Controller):
    """Where Xero sends the person back to."""

    @http.route("/xero/callback", type="http", auth="user", methods=["GET"], readonly=False)
    def callback(self, **params):
        """Complete the consent, or say on a page of its own why not."""
        try:
            with request.env.cr.savepoint():
                request.env["xero.connection"]._complete_authorisation(params)
        except (AccessError, UserError) as error:
            return self._message_page(error)
        return request.redirect(GO_ON)

    @http.route("/xero/connected", type="http", auth="user", methods=["GET"], readonly=False)
    def connected(self, **_params):
        """First look at a newly connected organisation, once its tokens are committed."""
        try:
            request.env["xero.connection"].check_access("write")
            found = request.env["xero.connection"].search([("state", "=", "connected"), ("reference_read_at", "=", False)])
            connections = found._filtered_access("write")
        except AccessError as error:
            return self._message_page(error)
        for connection in connections:
            connection.with_company(connection.company_id)._after_connect()
        return request.redirect(GO_ON)

    def _message_page(self, error):
        response = request.render("xero_connector.callback_message", {"message": error.args[0]})
        response.status_code = 400
        return response
