from odoo import api, fields, models


class TestXeroAccrual(models.Model):
    """A document of another addon: an amount between two of Xero's accounts on a day.

    All it takes from the connector: the mixin for what is shown, and one bell that is rung whenever a row changes.
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
        accruals._ring()
        return accruals

    def write(self, vals):
        result = super().write(vals)
        self._ring()
        return result

    def unlink(self):
        self._ring()
        return super().unlink()

    def _ring(self, manual=False):
        handler = self.env["xero.handler.accrual"]
        for company, accruals in self.grouped("company_id").items():
            connection = self.env["xero.connection"].sudo()._get_active(company)
            if connection._sends(handler._kind, manual=manual):
                handler._ask_for(connection, accruals.ids, manual=manual)

    def _xero_send(self, connection):
        self._ring(manual=True)
        return {}
