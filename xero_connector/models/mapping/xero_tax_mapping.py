from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare

from ...mapping.proposal.tax_charts import EXCEPTIONS, FIXED_TAX_COUNTRIES
from ...mapping.table import tax_key
from ...xero_core.resources.accounts import CLASSES, PURCHASES, SALES


class XeroTaxMapping(models.Model):
    """Which Xero tax rate stands for a set of Odoo taxes; the empty set stands for lines without tax.

    A line with a class applies to accounts of that class only and wins over the line without.
    """

    _name = "xero.tax.mapping"
    _description = "Xero Tax Mapping"
    _inherit = "xero.mapping.line"
    _check_company_auto = True

    _target_field = "xero_tax_rate_id"
    _odoo_field = "tax_ids"
    _problem_codes = ("tax_unmapped", "tax_illegal", "tax_refused", "tax_rate_differs", "totals_differ")

    tax_ids = fields.Many2many("account.tax", "xero_tax_mapping_tax_rel", "mapping_id", "tax_id", "Odoo Taxes", check_company=True)
    tax_key = fields.Char(compute="_compute_tax_key", store=True, help="The sorted ids of the taxes; empty for lines without tax.")
    account_class = fields.Selection([(code, code.capitalize()) for code in CLASSES], "Only for", help="Leave empty for all accounts.")
    xero_tax_rate_id = fields.Many2one("xero.tax.rate", "Xero Tax Rate", index=True, ondelete="cascade")
    tax_use = fields.Selection([("sale", "Sales"), ("purchase", "Purchases")], "Used For", compute="_compute_tax_use")
    allowed_rate_ids = fields.Many2many("xero.tax.rate", compute="_compute_allowed_rate_ids")
    rate = fields.Float("Rate (%)", compute="_compute_rate", digits=(9, 4))
    is_percentage = fields.Boolean(compute="_compute_rate")
    xero_rate = fields.Float("Rate in Xero (%)", related="xero_tax_rate_id.effective_rate")
    rate_differs = fields.Boolean(compute="_compute_rate_differs")

    _set_unique = models.UniqueIndex("(connection_id, tax_key, COALESCE(account_class, ''))", "These taxes are already in the mapping.")

    @api.model_create_multi
    def create(self, vals_list):
        # the unique index is checked before the computation that follows the taxes
        keys = [tax_key(self.new({"tax_ids": vals.get("tax_ids", [])}).tax_ids._origin.ids) for vals in vals_list]
        return super().create([{**vals, "tax_key": key} for vals, key in zip(vals_list, keys, strict=True)])

    @api.depends("tax_ids")
    def _compute_tax_key(self):
        for line in self:
            line.tax_key = tax_key(line.tax_ids.ids)

    @api.depends("tax_ids.name")
    def _compute_label(self):
        for line in self:
            line.label = " + ".join(line.tax_ids.mapped("name")) or self.env._("No tax")

    @api.depends("tax_ids.type_tax_use")
    def _compute_tax_use(self):
        for line in self:
            uses = set(line.tax_ids.mapped("type_tax_use")) - {"none"}
            line.tax_use = uses.pop() if len(uses) == 1 else False

    @api.depends("tax_ids")
    def _compute_rate(self):
        for line in self:
            rate = self.env["xero.handler.proposal"]._total_percentage(line.tax_ids)
            line.is_percentage = rate is not None
            line.rate = float(rate or 0)

    @api.depends("rate", "is_percentage", "xero_tax_rate_id.effective_rate")
    def _compute_rate_differs(self):
        for line in self:
            same = line.is_percentage and float_compare(line.rate, line.xero_rate, precision_digits=4) == 0
            line.rate_differs = bool(line.xero_tax_rate_id) and not same

    @api.depends("connection_id", "account_class", "tax_ids.type_tax_use")
    def _compute_allowed_rate_ids(self):
        rates = self.env["xero.tax.rate"].search([("connection_id", "in", self.connection_id.ids)])
        for line in self:
            wanted = line._required_class()
            line.allowed_rate_ids = rates.filtered(
                lambda rate, wanted=wanted, line=line: rate.connection_id == line.connection_id and wanted in rate._classes()
            )

    def _used(self, connection_sudo):
        """As an account of another class may have a line of its own, all of these taxes count on each."""
        posted = self.env["xero.handler.proposal"].sudo()._posted_domain(connection_sudo._companies())
        domain = Domain.AND([posted, self._since(connection_sudo)])
        return self.env["xero.handler.proposal"].sudo()._use_of_taxes(domain)

    def _used_key(self):
        return self.tax_key or ""

    def _required_class(self):
        """The class of account that the tax rate must be legal on."""
        self.ensure_one()
        return self.account_class or (PURCHASES if "purchase" in self.tax_ids.mapped("type_tax_use") else SALES)

    def _can_create_in_xero(self):
        country = self.connection_id.country_code
        return country not in FIXED_TAX_COUNTRIES and self.is_percentage and self.rate > 0

    @api.constrains("xero_tax_rate_id", "account_class", "connection_id", "tax_ids")
    def _check_target(self):
        super()._check_target()
        for line in self.filtered("xero_tax_rate_id"):
            wanted = line._required_class()
            if wanted not in line.xero_tax_rate_id._classes():
                label = dict(self._fields["account_class"]._description_selection(self.env))[wanted]
                raise ValidationError(
                    self.env._(
                        "Xero does not allow %(rate)s on accounts of the class %(account_class)s.",
                        rate=line.xero_tax_rate_id.display_name,
                        account_class=label,
                    )
                )

    def _what_is_created(self):
        return [(self.env._("Name"), self.label), (self.env._("Rate"), f"{self.rate:.10g} %")]

    def action_ask_create(self):
        """Say what would be created in Xero, and ask."""
        return self._ask_create(self.env._("Create the Tax Rate in Xero"))

    def action_create_in_xero(self):
        """Create exactly this tax rate in Xero and use it."""
        self._check_can_create()
        rate = self.env["xero.handler.create"]._create_tax_rate(self.connection_id, self.label, self.rate)
        self.write({"xero_tax_rate_id": rate.id, "reason": "created"})
        self._adopt_choice()
        return True

    def action_add_exception(self):
        """Add a line for the same taxes on one class of account only."""
        self.ensure_one()
        siblings = self.connection_id.tax_mapping_ids.filtered(lambda line: line.tax_key == self.tax_key)
        free = [code for code in EXCEPTIONS if code not in siblings.mapped("account_class")]
        for code in free[:1]:
            rate = self.xero_tax_rate_id.filtered(lambda rate, code=code: rate.active and code in rate._classes())
            values = {"account_class": code, "xero_tax_rate_id": rate.id, "reason": "chosen" if rate else "no_match"}
            self.copy({**values, "confirmed": False})
        return True

    def action_remove_exception(self):
        """Remove a line that was added for one class of account."""
        self.check_access("unlink")
        self.filtered("account_class").unlink()
        return True
