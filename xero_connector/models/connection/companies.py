from odoo import api, fields, models

from ...refusal import Refusal


class XeroConnection(models.Model):
    """Whose books the connection brings to Xero: those of its own company, and of the branches below it that have no nearer connection.

    A branch shares its company's chart of accounts, taxes and journals, and so its organisation in Xero. One that was connected for itself
    keeps its own connection. What is found out is kept for the transaction, and forgotten with any change of what decides it.

    Entry points: ``_get_active``, ``_companies``, ``_speaks_for``.
    """

    _inherit = "xero.connection"

    served_company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        compute="_compute_served_company_ids",
        compute_sudo=True,
        search="_search_served_company_ids",
        context={"active_test": False},
        help="The company, and the branches below it that have no connection of their own.",
    )

    def _compute_served_company_ids(self):
        below_sudo = self.env["res.company"].sudo().with_context(active_test=False).search([("id", "child_of", self.company_id.ids)])
        served = below_sudo.grouped("xero_connection_id")
        for connection in self:
            connection.served_company_ids = connection.company_id | served.get(connection, below_sudo.browse())

    @api.model
    def _search_served_company_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies_sudo = self.env["res.company"].sudo().browse(filter(None, value))
        return ["|", ("company_id", "in", companies_sudo.ids), ("id", "in", companies_sudo.xero_connection_id.ids)]

    @api.model
    def _get_active(self, company):
        """The active connection that speaks for ``company``, its own or that of the nearest company above; or an empty recordset."""
        return self.sudo().browse(company.sudo().xero_connection_id.id)

    def _companies(self):
        """The companies whose books it brings to Xero, its own first, archived ones too. ``parent_ids`` of them share their charts."""
        self.ensure_one()
        return self.sudo().served_company_ids.with_env(self.env)

    def _speaks_for(self, company):
        """Whether documents of ``company`` are for this connection."""
        return company == self.company_id or bool(company) and self._get_active(company) == self

    def _check_usable(self, records):
        """:raise UserError: some of these accounts, taxes or journals can be used by none of its companies"""
        companies = self._companies()
        usable = records.with_context(active_test=False).filtered_domain(records._check_company_domain(companies))
        for record in records - usable:
            raise Refusal(
                self.env._(
                    "%(record)s belongs to no company whose books %(connection)s brings to Xero.",
                    record=record.display_name,
                    connection=self.display_name,
                )
            )

    # === WHAT IS KEPT === #

    @api.model
    def _forget_companies(self):
        """Another connection may speak for a company now."""
        self.env["res.company"].invalidate_model(["xero_connection_id"], flush=False)
        self.invalidate_model(["served_company_ids"], flush=False)
