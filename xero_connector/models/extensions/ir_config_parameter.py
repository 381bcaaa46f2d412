from odoo import api, models
from odoo.exceptions import ValidationError

from ...xero_core.http.endpoints import checked_url
from ..connection.oauth import ENDPOINT_PARAMETERS


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.constrains("key", "value")
    def _check_xero_address(self):
        """Secrets travel to these addresses, so they are encrypted or stay on this machine."""
        for parameter in self.filtered(lambda parameter: parameter.key in ENDPOINT_PARAMETERS):
            try:
                checked_url(parameter.value)
            except ValueError:
                raise ValidationError(
                    self.env._("“%s” is not a web address that begins with https:// (http:// is for localhost only).", parameter.value)
                ) from None
