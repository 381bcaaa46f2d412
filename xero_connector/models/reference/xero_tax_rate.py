from odoo import api, fields, models

from ...xero_core.resources.accounts import CLASSES


class XeroTaxRate(models.Model):
    """A tax rate of the organisation, as last read from Xero. Written by the ``xero.handler.reference`` handler only."""

    _name = "xero.tax.rate"
    _description = "Xero Tax Rate"
    _order = "name"
    _rec_names_search = ["name", "tax_type"]

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    tax_type = fields.Char(required=True)
    name = fields.Char(required=True)
    effective_rate = fields.Float("Rate (%)", digits=(9, 4))
    status = fields.Char()
    report_tax_type = fields.Char()
    components = fields.Text()
    active = fields.Boolean(default=True, help="Off when the tax rate was deleted or archived in Xero.")
    can_apply_to_revenue = fields.Boolean("For Revenue")
    can_apply_to_expense = fields.Boolean("For Expenses")
    can_apply_to_asset = fields.Boolean("For Assets")
    can_apply_to_liability = fields.Boolean("For Liabilities")
    can_apply_to_equity = fields.Boolean("For Equity")

    _tax_type_unique = models.Constraint("UNIQUE (connection_id, tax_type)", "This Xero tax rate is already listed.")

    @api.depends("name", "effective_rate", "active")
    def _compute_display_name(self):
        for rate in self:
            name = f"{rate.name} ({rate.effective_rate:.10g} %)"
            rate.display_name = name if rate.active else self.env._("%s (archived)", name)

    def _classes(self):
        """The classes of account Xero takes this tax rate on."""
        self.ensure_one()
        return frozenset(code for code in CLASSES if self[f"can_apply_to_{code.lower()}"])
