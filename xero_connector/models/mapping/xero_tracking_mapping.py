from odoo import api, fields, models
from odoo.exceptions import ValidationError


class XeroTrackingMapping(models.Model):
    """Which tracking category stands for an analytic plan (the root of it), or that the plan is deliberately not tracked.

    Xero has two active categories at most, and a line carries one option of each: a category stands for one plan.
    """

    _name = "xero.tracking.mapping"
    _description = "Xero Tracking Mapping"
    _inherit = "xero.mapping.line"

    _target_field = "xero_category_id"
    _audited = ("not_tracked",)
    _odoo_field = "plan_id"
    _problem_codes = ("tracking_unmapped", "option_missing")

    plan_id = fields.Many2one(
        "account.analytic.plan", "Analytic Plan", required=True, index=True, ondelete="cascade", domain="[('parent_id', '=', False)]"
    )
    xero_category_id = fields.Many2one("xero.tracking.category", "Tracking Category", index=True, ondelete="cascade")
    not_tracked = fields.Boolean(help="Documents that use this plan go to Xero without it.")
    option_mapping_ids = fields.One2many("xero.option.mapping", "plan_mapping_id", "Analytic Accounts")

    _plan_unique = models.Constraint("UNIQUE (connection_id, plan_id)", "This plan is already in the mapping.")

    @api.depends("plan_id.name")
    def _compute_label(self):
        for line in self:
            line.label = line.sudo().plan_id.name  # who maps need not have analytic accounting

    def _state_depends(self):
        return (*super()._state_depends(), "not_tracked")

    def _get_state(self):
        if self.not_tracked:
            return "confirmed" if self.confirmed else "proposed"
        return super()._get_state()

    def _has_choice(self):
        return self.not_tracked or super()._has_choice()

    @api.constrains("xero_category_id", "connection_id")
    def _check_target(self):
        super()._check_target()
        for line in self.filtered("xero_category_id"):
            rivals = line.connection_id.plan_mapping_ids.filtered(lambda other, line=line: other.xero_category_id == line.xero_category_id)
            if rivals - line:
                raise ValidationError(
                    self.env._(
                        "The tracking category “%(category)s” stands for the plan “%(plan)s” already. Each stands for one plan.",
                        category=line.xero_category_id.name, plan=(rivals - line)[:1].label,
                    )
                )  # fmt: skip

    @api.onchange("not_tracked")
    def _onchange_not_tracked(self):
        if self.not_tracked:
            self.xero_category_id = False

    def write(self, vals):
        if vals.get("not_tracked"):
            vals = {**vals, "xero_category_id": False, "reason": "chosen", "confirmed": False}
        elif vals.get("xero_category_id"):
            vals = {**vals, "not_tracked": False}
        elif "not_tracked" in vals:
            vals = {"xero_category_id": False, **vals}
        result = super().write(vals)
        if vals.get("not_tracked"):
            self._adopt_choice()
        if "xero_category_id" in vals:
            self._drop_other_options()
        return result

    def _drop_other_options(self):
        """Options of a category that no longer stands for the plan mean nothing any more."""
        for line in self:
            lines = line.option_mapping_ids
            if line.not_tracked:
                lines.unlink()
            else:
                lines.filtered(lambda option, line=line: option.xero_option_id.category_id != line.xero_category_id).write(
                    {"xero_option_id": False, "reason": "no_match", "confirmed": False}
                )
