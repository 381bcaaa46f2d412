from odoo import fields, models
from odoo.tools.misc import format_time

from ...xero_core.errors import XeroError

COMPARED = ("synced", "drift", "accepted")  # what of it Xero holds is known, as far as it was read


class XeroDocumentMixin(models.AbstractModel):
    """A document that is in step is asked for to be sure: it is read in Xero."""

    _inherit = "xero.document.mixin"

    def _xero_checked(self, connection):
        """What one document is like in Xero, as a notification; None if it is to be sent, or cannot be read.

        :raise UserError: never; what Xero says, or that it says nothing, is shown
        """
        if len(self) != 1 or connection.state != "connected" or self.xero_state not in COMPARED:
            return None
        if not self._xero_is_as_sent(connection):
            return None
        handlers_sudo = self.env["xero.handler"].sudo()
        own = [("res_model", "=", self._name), ("res_id", "=", self.id), ("is_there", "=", True)]
        own += [("kind", "not in", handlers_sudo._kinds_that("_is_companion"))]
        handler = handlers_sudo._of(self.env["xero.binding"].sudo().search(own, limit=1).kind)
        try:
            found = handler._read_in_xero(connection.sudo(), self) if handler is not None else None
        except XeroError as error:
            return connection._notify(connection._click_sentence(error), "warning")
        if found is None or self not in found:
            return None
        self.invalidate_recordset()
        if found[self]:
            return connection._notify(" ".join(found[self]), "danger")
        now = format_time(self.env, fields.Datetime.now(), time_format="short")
        return connection._notify(self.env._("Checked %s: the same in Xero.", now))

    def _xero_is_as_sent(self, connection):
        """Whether there is nothing to send of it: it is asked for, and what there is nothing to do for is closed at once."""
        newest = self.env["xero.job"].sudo().search([("connection_id", "=", connection.id)], order="id desc", limit=1).id
        if self.env["xero.trigger"]._demanded(self, connection):
            return False
        connection_sudo = connection.sudo().with_context({}).with_company(connection.company_id)
        self.env["xero.runner"].sudo()._close_in_step(connection_sudo, newest or 0)
        self.invalidate_recordset()
        return self.xero_state in COMPARED
