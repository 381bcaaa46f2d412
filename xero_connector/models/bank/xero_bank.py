from odoo import api, fields, models

from ... import words


class XeroJournalMapping(models.Model):
    """The page of a bank: what it has in Odoo and in Xero, and what is on the bank but not in the books.

    Entry points: the cards (``xero_bank_action``), ``action_open_bank``, ``_bank_strip``.
    """

    _inherit = ["xero.journal.mapping", "xero.fresh.mixin"]
    _name = "xero.journal.mapping"

    bank_currency_id = fields.Many2one("res.currency", compute="_compute_bank_currency_id")
    odoo_balance = fields.Monetary("Balance in Odoo", currency_field="bank_currency_id", compute="_compute_balances")
    xero_balance = fields.Monetary("Balance in Xero", currency_field="bank_currency_id", compute="_compute_balances")
    balance_difference = fields.Monetary("Difference", currency_field="bank_currency_id", compute="_compute_balances")
    balance_state = fields.Selection(words.selection(words.DIFFERENCE), "Agreement", compute="_compute_balances")
    balance_sentence = fields.Char("Of What It Consists", compute="_compute_balances")
    is_balance_read = fields.Boolean(compute="_compute_balances")
    to_match = fields.Integer("Lines to Match", compute="_compute_to_match")
    oldest_to_match = fields.Char("Oldest", compute="_compute_to_match")

    @api.depends("journal_id.currency_id", "company_id.currency_id")
    def _compute_bank_currency_id(self):
        for line in self:
            line.bank_currency_id = line.journal_id.sudo().currency_id or line.company_id.currency_id

    @api.depends("journal_id", "xero_account_id")
    def _compute_balances(self):
        for line in self:
            balance = line._balance()
            line.odoo_balance, line.xero_balance = float(balance.odoo), float(balance.xero or 0)
            line.is_balance_read = balance.xero is not None
            line.balance_state, line.balance_difference = balance.state, float(balance.difference or 0)
            line.balance_sentence = line._balance_sentence(balance)

    def _balance(self):
        self.ensure_one()
        connection_sudo = self.connection_id.sudo()
        return self.env["xero.bank.balances"].sudo()._balance_of(connection_sudo, self.sudo().journal_id, self.sudo().xero_account_id)

    def _balance_sentence(self, balance):
        """Of what the difference consists, or why there is none to show."""
        if balance.xero is None:
            return self.connection_id.sudo().balances_note or ""
        if balance.is_foreign and balance.state != "agrees":
            return self.env._("Xero reports this account in the organisation's currency; the two cannot be subtracted.")
        parts = [
            (self.env._("Before the first day that is sent"), balance.before),
            (self.env._("In Odoo only"), balance.odoo_only),
            (self.env._("In Xero, not yet on the bank in Odoo"), -balance.in_transit),
            (self.env._("In Xero only"), -balance.xero_only),
            (self.env._(words.DIFFERENCE["unexplained"].label), balance.unexplained),
        ]
        return " · ".join(f"{label} {self.bank_currency_id.format(float(amount))}" for label, amount in parts if amount)

    def _compute_to_match(self):
        waiting = self._waiting_lines()
        groups = self.env["account.bank.statement.line"].sudo()._read_group(waiting, ["journal_id"], ["__count", "date:min"])
        found = {journal.id: (count, day) for journal, count, day in groups}
        for line in self:
            line.to_match, oldest = found.get(line.journal_id.id, (0, False))
            line.oldest_to_match = words.day(self.env, oldest) if oldest else ""

    def _waiting_lines(self):
        """The bank's lines that are matched with nothing."""
        return [("journal_id", "in", self.journal_id.ids), ("is_reconciled", "=", False), ("move_id.state", "=", "posted")]

    # === CARDS === #

    @api.model
    def action_banks(self):
        """The banks of the selected companies; their balances are read anew if they are old."""
        self.env["xero.connection"]._check_xero_user()
        lines = self.search([("company_id", "in", self.env.companies.ids)])
        lines.connection_id._ask_for_balances()
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_bank_action")
        if len(lines.filtered("xero_account_id")) == 1:
            return lines.filtered("xero_account_id").action_open_bank()
        return action

    def action_read_balances(self):
        """Read in Xero what the banks have now."""
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        for connection_sudo in self.connection_id.sudo():
            if reason := connection_sudo._why_not_read():
                return self.env["xero.connection"]._notify(reason, "warning")
        self.connection_id._ask_for_balances(insists=True)
        return self.env["xero.connection"]._notify(self.env._("The balances are being read in Xero."))

    def action_open_bank(self):
        """The page of one bank: what is to be matched."""
        return self._open_tab("to_match")
