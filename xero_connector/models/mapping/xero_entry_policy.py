from odoo import api, fields, models
from odoo.tools import SQL

POLICIES = [("none", "Not sent"), ("each", "One manual journal per entry"), ("day", "One summary a day")]


class XeroEntryPolicy(models.Model):
    """How the entries of one journal reach Xero; a journal without a row is not sent.

    A policy concerns what comes next: an entry that is in Xero by itself stays in step by itself, one in a summary by further summaries.
    """

    _name = "xero.entry.policy"
    _description = "Xero Entry Policy"
    _order = "journal_id"
    _check_company_auto = True

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    journal_id = fields.Many2one("account.journal", required=True, index=True, ondelete="cascade", check_company=True)
    policy = fields.Selection(POLICIES, "How Its Entries Are Sent", default="none", required=True)
    note = fields.Char("Left Out", compute="_compute_note")

    _journal_unique = models.Constraint("UNIQUE (connection_id, journal_id)", "This journal has its rule already.")

    @api.depends("journal_id", "policy")
    def _compute_note(self):
        for line in self:
            line.note = line.policy != "none" and line._left_out()

    def _left_out(self):
        """What of the journal is not sent in any case, in a sentence."""
        company = self.connection_id.company_id
        if self.journal_id == company.currency_exchange_journal_id:
            return self.env._("All of it: Xero books exchange differences itself.")
        if self.journal_id == company.tax_cash_basis_journal_id:
            return self.env._("All of it: Xero reckons cash-basis taxes itself.")
        if self.journal_id.type in ("bank", "cash", "credit"):
            return self.env._("Entries of payments and bank lines: payments reach Xero as such, and its bank lines come from the bank.")
        if self.journal_id.type in ("sale", "purchase"):
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

    def _offer_accounts(self):
        """The accounts of entries that are to be sent belong in the mapping."""
        for connection in self.filtered(lambda line: line.policy != "none").connection_id.filtered("reference_read_at"):
            connection.sudo()._propose_mapping()


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    entry_policy_ids = fields.One2many("xero.entry.policy", "connection_id", "Journals")

    def write(self, vals):
        result = super().write(vals)
        if vals.get("clearing_account_id"):
            self.env["xero.problem"]._release(self, ["account_forbidden"])
        return result

    def _entry_policies(self):
        """``{journal id: how its entries are sent}``; what is missing is not sent. One query."""
        self.env["xero.entry.policy"].flush_model()
        rows = self.env.execute_query(SQL("SELECT journal_id, policy FROM xero_entry_policy WHERE connection_id = ANY(%s)", self.ids))
        return dict(rows)

    def _unsent_entries(self):
        """Ids of the entries that are to be sent by themselves and were not, and of those changed or gone since they were."""
        journals = [journal_id for journal_id, policy in self._entry_policies().items() if policy == "each"]
        domain = [("company_id", "=", self.company_id.id), ("move_type", "=", "entry"), ("state", "=", "posted")]
        domain += [("date", ">=", self.sync_from)] if self.sync_from else []
        Move = self.env["account.move"].sudo()
        moves = Move.search([*domain, ("journal_id", "in", journals)]) if journals else Move
        unsent = set(moves.filtered(lambda move: not move._xero_left_out())._ids) - set(self._known_ids("account.move", moves.ids))
        return [*unsent, *self._changed_entries()]

    def _changed_entries(self):
        """Ids of entries in Xero that were written, reset, cancelled or deleted since they were sent."""
        rows = self.env.execute_query(
            SQL(
                """SELECT b.res_id FROM xero_binding b LEFT JOIN account_move m ON m.id = b.res_id
                    WHERE b.connection_id = %s AND b.kind = 'journal' AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED')
                      AND (m.id IS NULL OR m.state != 'posted' OR m.write_date > b.last_sync)""",
                self.id, to_flush=self.env["xero.binding"]._fields["xero_status"],
            )
        )  # fmt: skip
        return [row[0] for row in rows]
