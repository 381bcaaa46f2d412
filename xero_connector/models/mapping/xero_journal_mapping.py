from odoo import api, fields, models
from odoo.exceptions import ValidationError


class XeroJournalMapping(models.Model):
    """Which Xero account the payments of a bank, cash or credit card journal go to."""

    _name = "xero.journal.mapping"
    _description = "Xero Journal Mapping"
    _inherit = "xero.mapping.line"
    _check_company_auto = True

    _target_field = "xero_account_id"
    _odoo_field = "journal_id"
    _problem_codes = ("journal_unmapped", "account_archived", "account_refused", "account_no_payments")

    journal_id = fields.Many2one("account.journal", "Odoo Journal", required=True, index=True, ondelete="cascade", check_company=True)
    xero_account_id = fields.Many2one("xero.account", "Xero Account", index=True, ondelete="cascade")
    recorded_in = fields.Selection(
        [("odoo", "Odoo"), ("xero", "Xero"), ("both", "Both")],
        "Payments Are Recorded In",
        help="Odoo: its payments go to Xero; what somebody makes in Xero is listed, and booked when you say so. Xero: what is made or "
        "removed there is booked here, and Odoo's payments of this bank are not sent. Both: payments go both ways; what both have is one. "
        "Empty: as Odoo, until you choose.",
    )
    bank_account_number = fields.Char("Number in Odoo", related="journal_id.bank_acc_number", related_sudo=True)
    xero_bank_account_number = fields.Char("Number in Xero", related="xero_account_id.bank_account_number")

    _journal_unique = models.Constraint("UNIQUE (connection_id, journal_id)", "This journal is already in the mapping.")

    @api.depends("journal_id.name", "journal_id.code")
    def _compute_label(self):
        for line in self:
            journal_sudo = line.journal_id.sudo()  # a branch's, which need not be selected
            label = f"{journal_sudo.code} {journal_sudo.name}"
            line.label = label if journal_sudo.company_id == line.company_id else f"{label} ({journal_sudo.company_id.name})"

    def _used(self, connection_sudo):
        domain = [("journal_id", "in", self.journal_id.ids), ("state", "in", ("in_process", "paid")), *self._since(connection_sudo)]
        groups = self.env["account.payment"].sudo()._read_group(domain, ["journal_id"], ["__count", "amount_company_currency_signed:sum"])
        return {journal.id: (count, abs(amount)) for journal, count, amount in groups}

    def _used_key(self):
        return self.journal_id.id

    def _can_create_in_xero(self):
        return True

    def write(self, vals):
        res = super().write(vals)
        if not {"recorded_in", "xero_account_id", "confirmed"}.isdisjoint(vals):
            self.env["xero.money"]._decide_anew(self.connection_id, self.journal_id)
        return res

    @api.constrains("xero_account_id", "connection_id")
    def _check_target(self):
        super()._check_target()
        for line in self.filtered("xero_account_id"):
            if not line.xero_account_id.can_receive_payments:
                raise ValidationError(self.env._("%s does not accept payments in Xero.", line.xero_account_id.display_name))

    def _what_is_created(self):
        create = self.env["xero.handler.create"]
        return create._account_in_words(create._wanted_bank_account(self.connection_id, self.journal_id))

    def action_ask_create(self):
        """Say what would be created in Xero, and ask."""
        return self._ask_create(self.env._("Create the Bank Account in Xero"))

    def action_create_in_xero(self):
        """Create exactly this bank account in Xero and use it."""
        self._check_can_create()
        account = self.env["xero.handler.create"]._create_bank_account(self.connection_id, self.journal_id)
        self.write({"xero_account_id": account.id, "reason": "created"})
        self._adopt_choice()
        return True
