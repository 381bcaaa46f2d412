from odoo import models
from odoo.tools import SQL

from ...const import WRITTEN

# a change of one of these fields of a posted entry that is in Xero is sent there
FIELDS = frozenset(["ref", "name", "date"])
LINE_FIELDS = frozenset(["account_id", "balance", "debit", "credit", "tax_ids", "tax_line_id", "name", "analytic_distribution"])


class XeroHandlerJournal(models.AbstractModel):
    """Which journal entries are sent, and when."""

    _inherit = "xero.handler.journal"

    _records = {"account.move": FIELDS, "account.move.line": LINE_FIELDS}

    # === WHICH === #

    def _mine(self, records):
        moves = records.move_id if records._name == "account.move.line" else records
        return moves.filtered(lambda move: move.move_type == "entry")

    def _entries(self, records):
        """Those of these that may be sent as journal entries, as far as the entry itself tells."""
        return self._mine(records).filtered(lambda move: not self._left_out(move))

    def _sync_day(self, move):
        return move.date

    def _left_out(self, move):
        """Why this entry is never sent as such, in a sentence; empty if it may be. Other documents say the same in Xero already."""
        if move.origin_payment_id or move.statement_line_id:
            return self.env._(
                "%s is the entry of a payment or bank line: what it pays reaches Xero as a payment, and bank lines come from the bank.",
                move.name,
            )
        company = move.company_id
        if move.tax_cash_basis_rec_id or move.tax_cash_basis_origin_move_id or move.journal_id == company.tax_cash_basis_journal_id:
            return self._why_missing("cash_basis")
        if move.journal_id == company.currency_exchange_journal_id:
            return self._why_missing("exchange")
        return ""

    def _reason_against_entry(self, move, connection, policies):
        """Why this entry is not sent by itself, in a sentence; empty if it is.

        :param dict policies: of the connection, by journal
        """
        if reason := self._left_out(move):
            return reason
        policy = policies.get(move.journal_id.id, "none")
        if policy == "none":
            return self._why_missing("not_sent", connection, move.journal_id.id)
        return self._why_missing("day", connection) if policy == "day" else ""

    def _reason_not_sent(self, move, connection, policies):
        return self._reason_against_entry(move, connection, policies) or self._reason_of_day(move, connection)

    def _reason_against(self, move, connection):
        if reason := self._reason_of_company(move, connection):
            return reason
        if connection._known_ids(move._name, move.ids):
            return ""
        if move.state != "posted":
            return self.env._("Post the entry first; only posted entries are sent to Xero.")
        return self._reason_against_entry(move, connection, connection._entry_policies())

    # === WHEN === #

    def _touched(self, records, event):
        entries = self._entries(records)
        if event == WRITTEN:
            self._ask_for_known(entries.filtered(lambda move: move.state == "posted"))
        else:
            super()._touched(entries, event)

    def _after_bound(self, connection, res_ids):
        """What is matched with them can follow: it knows only now that they are there."""
        self.env["xero.handler.payment"]._enqueue_matched(connection, self._entries_in(res_ids))

    def _entries_in(self, res_ids):
        """The ids of the entries that these journals say."""
        return res_ids

    def _leaving(self, records):
        return super()._leaving(self._entries(records))

    def _ask_for_wanted(self, entries):
        """As their journals' policies say; the policies are read once."""
        for connection, group in self._by_connection(entries):
            policies = connection._entry_policies()
            known = self._known(connection, group) if policies else ()
            wanted = [move.id for move in group if policies and (move.id in known or not self._reason_not_sent(move, connection, policies))]
            self._ask_for(connection, wanted)

    def _sweep(self, connection):
        """Entries that are to be sent by themselves and were not, and those changed or gone since they were."""
        journals = [journal_id for journal_id, policy in connection._entry_policies().items() if policy == "each"]
        domain = [("company_id", "in", connection._companies().ids), ("move_type", "=", "entry"), ("state", "=", "posted")]
        domain += [("date", ">=", connection.sync_from)] if connection.sync_from else []
        moves_sudo = self.env["account.move"].sudo()
        moves = moves_sudo.search([*domain, ("journal_id", "in", journals)]) if journals else moves_sudo
        unsent = set(self._entries(moves)._ids) - self._known(connection, moves)
        self._ask_for(connection, [*unsent, *self._changed(connection)])

    def _known(self, connection, entries):
        """Ids of those that are in Xero as journals, or on their way; what they settle there is another thing."""
        return set(connection._known_kinds(entries._name, entries.ids).get(self._kind, ()))

    def _changed(self, connection):
        """Ids of entries in Xero that were written, reset, cancelled or deleted since they were sent."""
        rows = self.env.execute_query(
            SQL(
                """SELECT b.res_id FROM xero_binding b LEFT JOIN account_move m ON m.id = b.res_id
                    WHERE b.connection_id = %s AND b.kind = %s AND b.is_there
                      AND (m.id IS NULL OR m.state != 'posted' OR m.write_date > b.last_sync)""",
                connection.id, self._kind, to_flush=self.env["xero.binding"]._fields["is_there"],
            )
        )  # fmt: skip
        return [row[0] for row in rows]
