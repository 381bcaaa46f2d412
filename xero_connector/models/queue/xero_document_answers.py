from odoo import models

from ...handlers.answers import SEND
from .xero_drift import LIVE


class XeroDocumentMixin(models.AbstractModel):
    """What a person answers where a document was changed in Xero: whose side is right."""

    _inherit = "xero.document.mixin"

    def action_xero_send_ours(self):
        """Send what Odoo has once more, over what was changed in Xero. It is read before: only what still differs is sent."""
        self.ensure_one()
        self.check_access("read")
        Connection = self.env["xero.connection"]
        Connection._check_xero_user()
        [(connection, _records)] = self._xero_by_connection()
        if not connection:
            return Connection._notify(self._xero_not_connected(self), "warning")
        if self.xero_state != "drift":
            return Connection._notify(self.env._("Nothing is different in Xero any more."))
        notice = self._xero_checked(connection)
        if (drift := self._xero_live_drift()) and not (plan := drift._plans(SEND)[drift]).deed:
            return Connection._notify(plan.sentence, "warning")
        if self.xero_state == "drift" and self._xero_forget_sent(connection):
            return self._xero_notice(self._xero_demand([(connection, self)]))
        return notice

    def action_xero_answer(self):
        """Both sides of what was changed in Xero, and the three answers."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        if drift := self._xero_live_drift():
            return drift.action_open()
        return self.env["xero.connection"]._notify(self.env._("Nothing is different in Xero any more, but for money."))

    def _xero_live_drift(self):
        """What differs of it in Xero, as far as a person may still answer; empty if nothing does."""
        own = [("res_model", "=", self._name), ("res_id", "=", self.id), ("state", "in", LIVE)]
        return self.env["xero.drift"].search(own, limit=1)

    def _xero_forget_sent(self, connection):
        """Whatever Odoo has counts as changed from now on; returns whether there is a counterpart to send it to."""
        own = [("connection_id", "=", connection.id), ("res_model", "=", self._name), ("res_id", "=", self.id), ("state", "=", "drift")]
        bindings_sudo = self.env["xero.binding"].sudo().search(own)
        bindings_sudo.write({"sent": False})
        for drift in self.env["xero.drift"].sudo()._live(bindings_sudo).values():
            drift.sudo(False)._answered(SEND, self.env._("Odoo's was sent again."))
        return bool(bindings_sudo)
