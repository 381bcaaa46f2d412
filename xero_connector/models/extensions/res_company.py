from odoo import api, fields, models

from ..connection.xero_connection import OFTEN_READ


class ResCompany(models.Model):
    """A branch is spoken for by the connection of the nearest company above it, unless it was connected for itself."""

    _inherit = "res.company"

    xero_connection_ids = fields.One2many(
        "xero.connection", "company_id", string="Xero Connections", groups="xero_connector.group_xero_user"
    )
    xero_connection_id = fields.Many2one(
        "xero.connection",
        "Xero Connection",
        compute="_compute_xero_connection_id",
        compute_sudo=True,
        groups="xero_connector.group_xero_user",
        help="The one that brings this company's documents to Xero: its own, or of a company above.",
    )

    @api.depends("parent_path")  # and of connections: they forget this themselves (``xero.connection._forget_companies``)
    def _compute_xero_connection_id(self):
        """The nearest one that was ever connected, of the company itself and those above; else the nearest that is only set up."""
        Connection = self.env["xero.connection"].with_context(active_test=True)
        # read along with the search: this is asked whenever an invoice is posted
        found = Connection.search_fetch([("company_id", "in", self.parent_ids._origin.ids), ("active", "=", True)], OFTEN_READ)
        by_company = {connection.company_id: connection for connection in found}
        for company in self:
            near = [by_company[each] for each in reversed(company.parent_ids._origin) if each in by_company]
            company.xero_connection_id = next((each for each in near if each.tenant_id), near[0] if near else False)

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["xero.connection"]._forget_companies()
        return companies
