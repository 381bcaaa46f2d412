from odoo import api, fields, models
from odoo.addons.xero_connector import words

USER = "xero_connector.group_xero_user"


class HrExpense(models.Model):
    """Expenses have no counterpart of their own in Xero: what is there is the bill of the employee, or the payment of the company."""

    _inherit = "hr.expense"

    xero_state = fields.Selection(words.selection(words.DOCUMENT), "Xero", compute="_compute_xero", groups=USER)
    xero_message = fields.Text("Why", compute="_compute_xero", groups=USER)
    xero_url = fields.Char("Xero Link", compute="_compute_xero", groups=USER)

    @api.depends_context("company", "allowed_company_ids")
    @api.depends("account_move_id")
    def _compute_xero(self):
        for expense in self:
            document = expense._xero_document()
            expense.xero_state = document.xero_state
            expense.xero_message = document.xero_message
            expense.xero_url = document.xero_url

    def _xero_document(self):
        """What of an expense goes to Xero: the payment that the company has made, else the employee's bill; empty before it is posted."""
        entry = self.account_move_id
        return entry.origin_payment_id or entry

    def action_xero_sync(self):
        """Bring the bills and payments of these expenses in step with Xero now.

        :raise UserError: if none of them can be sent, with the reasons
        """
        self.check_access("read")
        documents = [expense._xero_document() for expense in self]
        result = True
        for model in dict.fromkeys(document._name for document in documents if document):
            result = self.env[model].union(*(document for document in documents if document._name == model)).action_xero_sync()
        return result
