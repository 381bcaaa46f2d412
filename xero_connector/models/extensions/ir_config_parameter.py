from odoo import api, models
from odoo.exceptions import ValidationError

from ...access.clients import ENDPOINT_PARAMETERS, allowed_hosts
from ...xero_core.http.endpoints import xeros_url


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.constrains("key", "value")
    def _check_xero_address(self):
        """Secrets travel to these addresses: they are Xero's, stay on this machine, or are allowed by whoever runs the server."""
        for parameter in self.filtered(lambda parameter: parameter.key in ENDPOINT_PARAMETERS):
            try:
                xeros_url(parameter.value, allowed_hosts())
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "“%s” is not an address of Xero's that begins with https:// (other hosts are allowed in odoo.conf; http:// is for "
                        "localhost only).",
                        parameter.value,
                    )
                ) from None
