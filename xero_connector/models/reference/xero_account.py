from odoo import api, fields, models

from ...xero_core.resources import accounts


class XeroAccount(models.Model):
    """An account of the organisation's chart, as last read from Xero.

    Written by the ``xero.handler.reference`` handler only; an account archived in Xero is inactive here.
    """

    _name = "xero.account"
    _description = "Xero Account"
    _order = "code, name"
    _rec_names_search = ["code", "name"]

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    xero_id = fields.Char("Xero ID", required=True)
    code = fields.Char()
    name = fields.Char(required=True)
    type = fields.Char()
    account_class = fields.Char("Class")
    tax_type = fields.Char("Default Tax Type")
    status = fields.Char()
    system_account = fields.Char(help="Set if Xero keeps this account itself.")
    enable_payments = fields.Boolean("Accepts Payments")
    currency = fields.Char()
    bank_account_number = fields.Char()
    active = fields.Boolean(default=True, help="Off when the account was archived in Xero.")
    can_post = fields.Boolean("Can Be Posted To", compute="_compute_uses", store=True)
    can_receive_payments = fields.Boolean("Can Receive Payments", compute="_compute_uses", store=True)

    _xero_id_unique = models.Constraint("UNIQUE (connection_id, xero_id)", "This Xero account is already listed.")

    @api.depends("type", "system_account", "enable_payments")
    def _compute_uses(self):
        for account in self:
            account.can_post = accounts.can_post(account.type, account.system_account)
            account.can_receive_payments = accounts.can_receive_payments(account.type, account.enable_payments)

    @api.depends("code", "name", "active")
    def _compute_display_name(self):
        for account in self:
            name = " ".join(part for part in (account.code, account.name) if part)
            account.display_name = name if account.active else self.env._("%s (archived)", name)
