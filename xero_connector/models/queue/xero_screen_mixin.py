from odoo import api, models

from ... import words


class XeroFreshMixin(models.AbstractModel):
    """Rows that open screens follow by themselves."""

    _name = "xero.fresh.mixin"
    _description = "What screens of Xero follow"

    def _announce(self):
        """Tell open screens that these changed; sent when the transaction commits."""
        if self:
            self.env.ref("xero_connector.group_xero_user")._bus_send("xero_connector/state", {self._name: sorted(self.ids)})


class XeroFiguresMixin(models.AbstractModel):
    """A list with figures above it: a strip for each connection of the selected companies, and a line for a company that has none."""

    _name = "xero.figures.mixin"
    _description = "Figures above a list of Xero"

    @api.model
    def xero_figures(self):
        """``[{title, figures, notice}]``, as the component ``xero_figures`` shows them."""
        self.check_access("read")
        connections, strips = self.env["xero.connection"], []
        for company in self.env.companies:
            connection = connections._get_active(company)
            if not connection.tenant_id:
                strips.append({"title": company.name, "figures": [], "notice": self.env._(words.CONNECTION["draft"].label)})
            elif connection not in connections:
                connections |= connection
                strips.append(self._strip(connection.sudo(False)))
        if len(strips) == 1 and strips[0]["figures"]:
            strips[0]["title"] = ""
        return strips

    def _strip(self, connection):
        """Hook: the strip of one connection."""
        raise NotImplementedError
