from odoo import models

# A change of one of these fields of a posted entry that is in Xero is sent there.
ENTRY_FIELDS = frozenset(["ref", "name", "date"])
# what people change on the lines of a posted invoice: the coding; amounts need a reset to draft
CODING_FIELDS = frozenset(["account_id", "name", "analytic_distribution"])
LINE_FIELDS = frozenset(["account_id", "balance", "debit", "credit", "tax_ids", "tax_line_id", "name", "analytic_distribution"])


class AccountMove(models.Model):
    """Journal entries: which of them are sent, and when."""

    _inherit = "account.move"

    # === WHEN TO ENQUEUE === #

    def _post(self, soft=True):
        posted = super()._post(soft)
        entries = posted._xero_entries()
        entries._xero_enqueue_entries()
        self.env["xero.journal.summary.entry"].sudo()._mark(entries.ids)
        return posted

    def button_draft(self):
        res = super().button_draft()
        self._xero_touched()
        return res

    def button_cancel(self):
        res = super().button_cancel()
        self._xero_touched()
        return res

    def unlink(self):
        entries, known = self._xero_entries().ids, self._xero_known_entries()
        res = super().unlink()
        self._xero_enqueue_entry_ids(known)
        self.env["xero.journal.summary.entry"].sudo()._mark(entries)
        return res

    def write(self, vals):
        res = super().write(vals)
        if ENTRY_FIELDS.intersection(vals):
            self.filtered(lambda move: move.state == "posted")._xero_touched()
        return res

    def _xero_touched(self):
        """These entries were changed: those that are in Xero, or on their way, are brought in step; by themselves or by a summary."""
        self._xero_enqueue_entry_ids(self._xero_known_entries())
        self.env["xero.journal.summary.entry"].sudo()._mark(self._xero_entries().ids)

    def _xero_entries(self):
        """Those of these that may be sent as journal entries, as far as the entry itself tells."""
        return self.filtered(lambda move: move.move_type == "entry" and not move._xero_left_out())

    def _xero_enqueue_entries(self):
        """Ask for these posted entries to be sent, as far as their journal's policy says so."""
        for company, moves in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            policies = connection._entry_policies() if connection._sends("journal") else {}
            if policies:
                known = set(connection._known_ids(self._name, moves.ids))
                wanted = moves.filtered(
                    lambda move, known=known, policies=policies, connection=connection: (
                        move.id in known or not move._xero_entry_reason_against(connection, policies)
                    )
                )
                self.env["xero.job"].sudo()._enqueue(connection, "journal", self._name, wanted.ids)

    def _xero_known_entries(self):
        """``{connection: ids}`` of the entries among these that are in Xero, or on their way."""
        known = {}
        for company, moves in self._xero_entries().grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if connection._sends("journal"):
                known[connection] = connection._known_ids(self._name, moves.ids)
        return known

    def _xero_enqueue_entry_ids(self, known):
        for connection, ids in known.items():
            self.env["xero.job"].sudo()._enqueue(connection, "journal", self._name, ids)

    # === WHAT MAY BE SENT === #

    def _xero_left_out(self):
        """Why this entry is never sent as such, in a sentence; empty if it may be. Other documents say the same in Xero already."""
        if self.origin_payment_id or self.statement_line_id:
            return self.env._(
                "%s is the entry of a payment or bank line: what it pays reaches Xero as a payment, and bank lines come from the bank.",
                self.name,
            )
        if self.tax_cash_basis_rec_id or self.tax_cash_basis_origin_move_id or self.journal_id == self.company_id.tax_cash_basis_journal_id:
            return self.env._("%s moves cash-basis taxes, which Xero reckons itself.", self.name)
        if self.journal_id == self.company_id.currency_exchange_journal_id:
            return self.env._("%s is an exchange difference, which Xero books itself.", self.name)
        return ""

    def _xero_entry_reason_against(self, connection, policies):
        """Why this entry is not sent by itself, in a sentence; empty if it is.

        :param dict policies: of the connection, by journal
        """
        reason = self._xero_left_out()
        if reason:
            return reason
        if connection.sync_from and self.date < connection.sync_from:
            return self.env._(
                "%(document)s is dated before %(day)s, the day the sync starts.", document=self.name, day=connection.sync_from
            )
        policy = policies.get(self.journal_id.id, "none")
        if policy == "none":
            return self.env._(
                "Entries of %s are not sent to Xero; an administrator can change that in the connection, page “Journal Entries”.",
                self.journal_id.display_name,
            )
        return self.env._("%s goes to Xero with the summary of its day.", self.name) if policy == "day" else ""

    def _xero_reason_against(self, connection):
        if self.move_type != "entry" or self.company_id != connection.company_id:
            return super()._xero_reason_against(connection)
        if connection._known_ids(self._name, self.ids):
            return ""
        if self.state != "posted":
            return self.env._("Post the entry first; only posted entries are sent to Xero.")
        return self._xero_entry_reason_against(connection, connection._entry_policies())

    def _xero_send(self, connection):
        entries = self.filtered(lambda move: move.move_type == "entry")
        reasons = super(AccountMove, self - entries)._xero_send(connection) if self - entries else {}
        reasons |= {entry: reason for entry in entries if (reason := entry._xero_reason_against(connection))}
        wanted = entries.filtered(lambda entry: entry not in reasons)
        self.env["xero.job"].sudo()._enqueue(connection, "journal", self._name, wanted.ids, manual=True)
        return reasons


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        res = super().write(vals)
        if LINE_FIELDS.intersection(vals):
            moves = self.move_id.filtered(lambda move: move.state == "posted")
            entries = moves.filtered(lambda move: move.move_type == "entry")
            entries._xero_touched()
            if CODING_FIELDS.intersection(vals):
                (moves - entries)._xero_enqueue_bound()
        return res
