from odoo import api, fields, models

POLICIES = [("none", "Not sent"), ("each", "One manual journal per entry"), ("day", "One summary a day")]


class XeroEntryPolicy(models.Model):
    """How the entries of one journal reach Xero; a journal without a row is not sent.

    A policy concerns what comes next: an entry that is in Xero by itself stays in step by itself, one in a summary by further summaries.
    """

    _name = "xero.entry.policy"
    _description = "Xero Entry Policy"
    _inherit = ["xero.audited.mixin"]
    _order = "journal_id"
    _audited = ("policy",)

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        index=True,
        ondelete="cascade",
        domain="['|', ('company_id', 'parent_of', company_id), ('company_id', 'child_of', company_id)]",
    )
    policy = fields.Selection(POLICIES, "How Its Entries Are Sent", default="none", required=True)
    note = fields.Char("Never Sent", compute="_compute_note")

    _journal_unique = models.Constraint("UNIQUE (connection_id, journal_id)", "This journal has its rule already.")

    @api.constrains("journal_id", "connection_id")
    def _check_journal(self):
        for line in self:
            line.connection_id._check_usable(line.sudo().journal_id)

    @api.depends("journal_id", "policy")
    def _compute_note(self):
        for line in self:
            line.note = line.policy != "none" and line._left_out()

    def _left_out(self):
        """What of the journal is not sent in any case, in a sentence."""
        companies_sudo = self.connection_id._companies().sudo()
        if self.journal_id in companies_sudo.currency_exchange_journal_id:
            return self.env._("All of it: Xero books exchange differences itself.")
        if self.journal_id in companies_sudo.tax_cash_basis_journal_id:
            return self.env._("All of it: Xero reckons cash-basis taxes itself.")
        if self.journal_id.sudo().type in ("bank", "cash", "credit"):
            return self.env._("Entries of payments and bank lines: payments reach Xero as such, and its bank lines come from the bank.")
        if self.journal_id.sudo().type in ("sale", "purchase"):
            return self.env._("Invoices and bills, which are sent as such.")
        return False

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._offer_accounts()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self._offer_accounts()
        return result

    def _audited_name(self):
        return self.journal_id.display_name

    def _offer_accounts(self):
        """The accounts of entries that are to be sent belong in the mapping."""
        for connection in self.filtered(lambda line: line.policy != "none").connection_id.filtered("reference_read_at"):
            connection.sudo()._propose_mapping()
