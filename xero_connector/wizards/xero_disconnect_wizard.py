from odoo import fields, models


class XeroDisconnectWizard(models.TransientModel):
    """Xero could not be told of the disconnection: try again, or disconnect in Odoo only."""

    _name = "xero.disconnect.wizard"
    _description = "Disconnect from Xero"

    connection_id = fields.Many2one("xero.connection", required=True, readonly=True, ondelete="cascade")
    reason = fields.Char(readonly=True)

    def action_try_again(self):
        return self._close(self.connection_id.action_disconnect())

    def action_disconnect_here(self):
        return self._close(self.connection_id.action_disconnect_here())

    def _close(self, outcome):
        if isinstance(outcome, dict):
            return outcome
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Disconnect from Xero"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
