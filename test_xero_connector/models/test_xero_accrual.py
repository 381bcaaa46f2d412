from odoo import api, fields, models
from odoo.addons.xero_connector.const import CREATED, WRITTEN


class TestXeroAccrual(models.Model):
    """A document of another addon: an amount between two of Xero's accounts on a day.

    All it takes from the connector: the mixin for what is shown, and the bell that is rung when something happens to a row.
    """

    _name = "test.xero.accrual"
    _inherit = ["xero.document.mixin"]
    _description = "Test: Accrual"

    name = fields.Char(required=True)
    date = fields.Date(required=True)
    amount = fields.Monetary()
    debit_code = fields.Char(help="Code of an account in Xero.")
    credit_code = fields.Char(help="Code of an account in Xero.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.model_create_multi
    def create(self, vals_list):
        accruals = super().create(vals_list)
        self.env["xero.trigger"]._touched(accruals, CREATED)
        return accruals

    def write(self, vals):
        result = super().write(vals)
        self.env["xero.trigger"]._touched(self, WRITTEN, vals)
        return result

    def unlink(self):
        with self.env["xero.trigger"]._leaving(self):
            return super().unlink()
