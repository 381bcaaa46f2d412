from odoo import api, models

from ...const import WRITTEN


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        res = super().write(vals)
        self.env["xero.trigger"]._touched(self, WRITTEN, vals)
        return res

    @api.model
    def _prepare_reconciliation_plan(self, plan, amls_values_map, shadowed_aml_values=None):
        """Reconcile no more of these lines than is offered (``xero_offered``: amounts in their currency by id).

        An offer is taken once: the gain or loss on it, which Odoo reconciles thereafter, is not about it.
        """
        offers = self.env.context.get("xero_offered") or {}
        for line in amls_values_map:
            if offered := offers.pop(line.id, 0):
                values = amls_values_map[line]
                residual = values["amount_residual_currency"]
                if offered < abs(residual):
                    values["amount_residual"] = line.company_currency_id.round(values["amount_residual"] * offered / abs(residual))
                    values["amount_residual_currency"] = offered if residual > 0 else -offered
        return super()._prepare_reconciliation_plan(plan, amls_values_map, shadowed_aml_values)
