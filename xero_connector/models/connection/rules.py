from odoo import models

from ...const import AFRESH


class XeroConnection(models.Model):
    """What becomes of documents that wait when a company's rules about them change."""

    _inherit = "xero.connection"

    def _rules_changed(self):
        """What a rule has decided is decided anew in the next run."""
        jobs_sudo = (
            self.env["xero.job"].sudo().search([("connection_id", "in", self.ids), ("is_open", "=", True), ("rule_id", "!=", False)])
        )
        jobs_sudo._set_state("pending", next_try=False, **AFRESH)
        jobs_sudo.connection_id._wake()
