from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...mapping.proposal.accounts import CONTROL_ACCOUNTS


class XeroAccountMapping(models.Model):
    """Which Xero account stands for an Odoo account.

    Lines of use ``post`` say where amounts go; lines of use ``control`` name Xero's own receivable and payable accounts, which are only
    compared with Odoo's and never posted to.
    """

    _name = "xero.account.mapping"
    _description = "Xero Account Mapping"
    _inherit = "xero.mapping.line"
    _check_company_auto = True

    _target_field = "xero_account_id"
    _odoo_field = "account_id"
    _problem_codes = ("account_unmapped", "account_archived", "account_refused", "account_recoded", "tax_illegal", "tax_refused")

    account_id = fields.Many2one("account.account", "Odoo Account", required=True, index=True, ondelete="cascade", check_company=True)
    use = fields.Selection([("post", "Posted to"), ("control", "Compared")], default="post", required=True)
    xero_account_id = fields.Many2one("xero.account", "Xero Account", index=True, ondelete="cascade")

    _account_unique = models.Constraint("UNIQUE (connection_id, account_id)", "This account is already in the mapping.")

    @api.depends("account_id", "company_id")
    def _compute_label(self):
        for line in self:
            account_sudo = line.sudo().account_id.with_company(line.company_id)  # who is in a branch has not selected its company
            line.label = " ".join(part for part in (account_sudo.code, account_sudo.name) if part)

    def _used(self, connection_sudo):
        posted = self.env["xero.handler.proposal"].sudo()._posted_domain(connection_sudo._companies())
        domain = Domain.AND([posted, self._since(connection_sudo), [("account_id", "in", self.account_id.ids)]])
        groups = self.env["account.move.line"].sudo()._read_group(domain, ["account_id"], ["move_id:count_distinct", "balance:sum"])
        return {account.id: (count, abs(amount)) for account, count, amount in groups}

    def _used_key(self):
        return self.account_id.id

    def _can_create_in_xero(self):
        return self.use == "post" and self.reason not in ("tax_account", "computed")

    @api.constrains("xero_account_id", "connection_id", "use", "account_id")
    def _check_target(self):
        super()._check_target()
        for line in self.filtered("xero_account_id"):
            name = line.xero_account_id.display_name
            if line.use == "post" and not line.xero_account_id.can_post:
                raise ValidationError(self.env._("%s is kept by Xero itself or is a bank account: documents cannot be posted to it.", name))
            if line.use == "control" and line.xero_account_id.system_account != CONTROL_ACCOUNTS.get(line.account_id.account_type):
                raise ValidationError(self.env._("%s is not Xero's own receivable or payable account.", name))

    def _what_is_created(self):
        create = self.env["xero.handler.create"]
        return create._account_in_words(create._wanted_account(self.connection_id, self.account_id))

    def action_ask_create(self):
        """Say what would be created in Xero, and ask."""
        return self._ask_create(self.env._("Create the Account in Xero"))

    def action_create_in_xero(self):
        """Create exactly this account in Xero and use it."""
        self._check_can_create()
        account = self.env["xero.handler.create"]._create_account(self.connection_id, self.account_id)
        self.write({"xero_account_id": account.id, "reason": "created"})
        self._adopt_choice()
        return True
