from odoo import api, fields, models
from odoo.exceptions import UserError


class XeroCreateAsk(models.TransientModel):
    """Before something is created in Xero: exactly what, or why it cannot be."""

    _name = "xero.create.ask"
    _description = "Create in Xero"

    line_model = fields.Selection(
        [
            ("xero.account.mapping", "Account"),
            ("xero.journal.mapping", "Bank Account"),
            ("xero.tax.mapping", "Tax Rate"),
            ("xero.option.mapping", "Tracking Option"),
        ],
        required=True,
        readonly=True,
    )
    line_id = fields.Many2oneReference(model_field="line_model", required=True, readonly=True)
    facts = fields.Json(compute="_compute_facts")
    why_not = fields.Char(compute="_compute_facts")

    def _line(self):
        line = self.env[self.line_model].browse(self.line_id).exists()
        line.check_access("write")
        return line

    @api.depends("line_model", "line_id")
    def _compute_facts(self):
        for wizard in self:
            rows, wizard.why_not = [], False
            try:
                rows = wizard._line()._what_is_created() if wizard.line_id else []
            except UserError as error:
                wizard.why_not = str(error)
            wizard.facts = [self.env["xero.document.mixin"]._xero_section(rows=rows)]

    def action_create(self):
        """Create it in Xero, and take it for the line."""
        self.ensure_one()
        line = self._line()
        line.action_create_in_xero()
        notice = self.env["xero.connection"]._notify(self.env._("Created in Xero: %s", line[line._target_field].display_name))
        notice["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return notice
