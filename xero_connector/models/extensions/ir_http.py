from odoo import models

from ... import words


class IrHttp(models.AbstractModel):
    """The web client gets the words of states once, with the session."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user.has_group("xero_connector.group_xero_user"):
            info["xero_words"] = words.for_client(self.env)
        return info
