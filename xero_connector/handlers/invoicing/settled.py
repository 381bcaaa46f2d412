from odoo import models
from odoo.tools import SQL

from ...const import DEBTS, PARTIAL
from ..reasons import Held


class XeroHandlerDocument(models.AbstractModel):
    """What is open on a document in Odoo and in Xero: entries may settle it in a way that Xero is not told of."""

    _inherit = "xero.handler.document"

    def _settled_elsewhere(self, connection, moves):
        """``{document id: [(entry's name, amount), ...]}`` of what entries, and nothing that Xero knows, have taken off these documents.

        So does whatever belongs to a company of another connection. Amounts are in the document's currency. Gains and losses on foreign
        debts are no settlement: Xero reckons them itself.
        """
        self.env[PARTIAL].flush_model()
        self.env["xero.binding"].flush_model()
        sides = SQL(" UNION ALL ").join(
            SQL(
                "SELECT p.id, p.%s AS own, p.%s AS other, p.%s AS amount FROM account_partial_reconcile p",
                *(SQL.identifier(name) for name in (f"{own}_move_id", f"{other}_move_id", f"{own}_amount_currency")),
            )
            for own, other in (("debit", "credit"), ("credit", "debit"))
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT d.move_id, o.name, SUM(p.amount)
                     FROM account_move_line d JOIN account_account a ON a.id = d.account_id JOIN (%s) p ON p.own = d.id
                     JOIN account_move_line l ON l.id = p.other JOIN account_move o ON o.id = l.move_id
                     JOIN res_company c ON c.id = o.company_id
                    WHERE d.move_id = ANY(%s) AND a.account_type IN %s
                      AND (NOT o.company_id = ANY(%s)
                        OR o.move_type = 'entry' AND o.origin_payment_id IS NULL AND o.statement_line_id IS NULL)
                      AND o.journal_id IS DISTINCT FROM c.currency_exchange_journal_id
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = %s AND b.res_model = %s AND b.res_id = p.id AND b.is_there)
                 GROUP BY d.move_id, o.id HAVING SUM(p.amount) <> 0 ORDER BY o.id""",
                sides, moves.ids, DEBTS, connection._companies().ids, connection.id, PARTIAL,
            )
        )  # fmt: skip
        found = {}
        for move_id, name, amount in rows:
            found.setdefault(move_id, []).append((name, amount))
        return found

    def _check_settled(self, move, settled):
        """:raise Held: less is open on it in Odoo than in Xero"""
        if not settled:
            return
        amount = move.currency_id.format(sum(amount for _name, amount in settled))
        raise Held(
            "settled_by_entry",
            self.env._("%(document)s is in Xero, but %(amount)s of it, settled in Odoo by %(entries)s, are still open there.",
                       document=move.name, amount=amount, entries=", ".join(name for name, _amount in settled)),
            key=f"account.move,{move.id}",
            help=self.env._("Settle it in Xero by hand and ignore it here; or undo the match and register a payment or credit note."),
            record=("account.move", move.id),
        )  # fmt: skip

    # === WHEN === #

    def _beside_money(self, partials):
        """The documents among what these reconcile, as far as the other side is the entry of no money, or another connection's."""
        found = self.env["account.move"]
        for partial in partials:
            moves = (partial.debit_move_id | partial.credit_move_id).move_id
            entries = moves.filtered(lambda move: move.move_type == "entry" and not move.origin_payment_id and not move.statement_line_id)
            found |= moves - entries if entries or self._is_between_connections(moves) else found
        return found

    def _is_between_connections(self, moves):
        get_active = self.env["xero.connection"]._get_active
        return len(moves.company_id) > 1 and len({get_active(company) for company in moves.company_id}) > 1
