from ...access import clients
from ...access.tokens import TokenRow
from .connected import XeroCommon


class ConnectionCase(XeroCommon):
    organisations = ("AU", "NZ")

    def _row(self, connection):
        return TokenRow(self.env.cr, connection.id)

    def _complete(self, params):
        return self.env["xero.connection"]._complete_authorisation(params)

    def _works(self, connection):
        """Whether Xero accepts the connection's tokens."""
        return clients.oauth(connection).connections(clients.tokens(connection).get())
