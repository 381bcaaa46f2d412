from odoo import api, fields, models
from odoo.exceptions import ValidationError


class XeroOptionMapping(models.Model):
    """Which option of its plan's tracking category stands for an analytic account. Several accounts may share one."""

    _name = "xero.option.mapping"
    _description = "Xero Option Mapping"
    _inherit = "xero.mapping.line"
    _check_company_auto = True

    _target_field = "xero_option_id"
    _odoo_field = "account_id"
    _problem_codes = ("option_missing",)

    account_id = fields.Many2one(
        "account.analytic.account", "Analytic Account", required=True, index=True, ondelete="cascade", check_company=True
    )
    plan_mapping_id = fields.Many2one("xero.tracking.mapping", required=True, index=True, ondelete="cascade")
    plan_label = fields.Char("Plan", related="plan_mapping_id.label")
    xero_category_id = fields.Many2one(related="plan_mapping_id.xero_category_id")
    xero_option_id = fields.Many2one("xero.tracking.option", "Tracking Option", index=True, ondelete="cascade")

    _account_unique = models.Constraint("UNIQUE (connection_id, account_id)", "This analytic account is already in the mapping.")

    @api.depends("account_id.name", "account_id.code")
    def _compute_label(self):
        for line in self:
            account = line.sudo().account_id  # who maps need not have analytic accounting
            line.label = f"[{account.code}] {account.name}" if account.code else account.name

    def _state_depends(self):
        return (*super()._state_depends(), "connection_id.create_options")

    def _get_state(self):
        state = super()._get_state()
        return "automatic" if state == "missing" and self.connection_id.create_options else state

    def _can_create_in_xero(self):
        return bool(self.plan_mapping_id.xero_category_id)

    @api.constrains("xero_option_id", "connection_id", "plan_mapping_id")
    def _check_target(self):
        super()._check_target()
        for line in self.filtered("xero_option_id"):
            if line.xero_option_id.category_id != line.xero_category_id:
                raise ValidationError(
                    self.env._(
                        "%(option)s is not an option of “%(category)s”.",
                        option=line.xero_option_id.name, category=line.xero_category_id.name or line.plan_label,
                    )
                )  # fmt: skip

    def _what_is_created(self):
        name = self.env["xero.handler.create"]._option_name(self.connection_id, self.account_id)
        return [(self.env._("Tracking Category"), self.xero_category_id.name), (self.env._("Option"), name)]

    def action_ask_create(self):
        """Say what would be created in Xero, and ask."""
        return self._ask_create(self.env._("Create the Option in Xero"))

    def action_create_in_xero(self):
        """Create exactly this option in Xero and use it."""
        self._check_can_create()
        option = self.env["xero.handler.create"]._create_option(self.connection_id, self.account_id, self.xero_category_id)
        self.write({"xero_option_id": option.id, "reason": "created"})
        self._adopt_choice()
        return True
