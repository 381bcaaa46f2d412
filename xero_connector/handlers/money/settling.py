from odoo import models
from odoo.tools import SQL

from ...const import PARTIAL
from ..reasons import Held
from .facts import ENTRY
from .parts import matched_entries_of, payment_parts, settling_partials

ON_THEIR_WAY = """
    WITH about AS (
        SELECT id AS move_id, %(document)s AS model, id AS res_id FROM account_move WHERE id = ANY(%(moves)s)
         UNION SELECT l.move_id, r.model, r.res_id
          FROM account_move_line l
          JOIN account_partial_reconcile p ON p.debit_move_id = l.id OR p.credit_move_id = l.id
          JOIN account_move_line o ON o.id = CASE WHEN p.debit_move_id = l.id THEN p.credit_move_id ELSE p.debit_move_id END
          JOIN account_move m ON m.id = o.move_id
         CROSS JOIN LATERAL (VALUES (%(partial)s, p.id), ('account.payment', m.origin_payment_id),
                                    ('account.bank.statement.line', m.statement_line_id), (%(document)s, m.id)) r (model, res_id)
         WHERE l.move_id = ANY(%(moves)s) AND r.res_id IS NOT NULL)
    SELECT DISTINCT a.move_id FROM about a
      JOIN xero_job j ON j.connection_id = %(connection)s AND j.is_open AND j.res_model = a.model AND j.res_id = a.res_id"""


class XeroHandlerPayment(models.AbstractModel):
    """Entries that settle documents without money: bad debts, netting, tills, bank entries made by hand.

    Xero takes nothing off a document but payments and credit. So each match is a payment: from the account that the entry names beside the
    debt, if it is the only one and takes payments. If the entry itself goes to Xero as a journal, its debts stand on the clearing account
    there, and the payment comes from that; so it does if the entry names debts only, as netting does.
    """

    _inherit = "xero.handler.payment"

    def _settling_account(self, source, reading):
        """The Xero account from which Xero books what the entry settles.

        :rtype: MappedAccount
        :raise Held: there is none
        """
        entry, account = source.entry, None
        others = (entry.line_ids - source.lines).filtered(lambda line: line.balance and line.account_id.account_type != "off_balance")
        if self._is_journal(entry, reading.connection) or not others:
            account = self.env["xero.handler.journal"]._mapped(reading.connection.clearing_account_id)
        elif len(others.account_id) == 1 and not others.tax_ids and not any(source.lines.mapped("amount_residual")):
            account = self._posting_of(others.account_id, reading.table)
        if account and account.takes_payments and not account.archived:
            return account
        raise Held(
            "settled_by_entry",
            self.env._("%s settles documents; Xero knows no payment for that.", entry.display_name),
            key=f"{ENTRY},{entry.id}",
            help=self.env._(
                "Choose a clearing account that takes payments in Xero (connection, page “Journal Entries”); "
                "or settle the documents in Xero by hand and ignore this."
            ),
            record=(ENTRY, entry.id),
        )

    def _is_journal(self, entry, connection):
        """Whether the entry is, or will be, in Xero by itself, with its debts on the clearing account."""
        if connection._entry_policies().get(entry.journal_id.id, "none") != "none":
            return True
        return self._is_in_a_journal(entry, connection)

    def _posting_of(self, account, table):
        """The account in Xero of a journal's account of Odoo, or of any other; None if it has none."""
        journals = self.env["account.journal"].search([("default_account_id", "=", account.id)])
        return next(filter(None, map(table.journal, journals.ids)), None) or table.account(account.id)

    # === WHAT IS TOLD === #

    def _is_money_told(self, connection, move):
        """Whether all that settles it in Odoo is in Xero, and stays: else what is open there is not expected to be the same.

        Odoo counts a payment that was reset to draft as paid for as long as it is matched; Xero has it no more.
        """
        if "draft" in matched_entries_of(move).mapped("state"):
            return False
        partials, money = self._money_about(move)
        own = [("connection_id", "=", connection.id), ("res_id", "in", [*partials.ids, *(res_id for _model, res_id in money)])]
        there_sudo = self.env["xero.binding"].sudo().search([*own, ("is_there", "=", True)])
        told = {res_id for each in there_sudo if each.res_model == PARTIAL for res_id in (each.res_id, *(each.covers or ()))}
        whole = {(each.res_model, each.res_id) for each in there_sudo if each.kind in self._settling_kinds()[1]}
        is_there = set(partials.ids) <= told or bool(money) and money <= whole
        return is_there and not self._waits(connection, money | {(PARTIAL, partial_id) for partial_id in partials.ids})

    def _money_about(self, move):
        """What is matched with a document: ``(reconciliations, {(model, id), ...} of the payments and statement lines among them)``."""
        partials = settling_partials(move)
        matches = filter(None, map(payment_parts, partials))
        return partials, {(record._name, record.id) for each in matches for record in (each.payment or each.line.move_id.statement_line_id)}

    def _on_their_way(self, connection, moves):
        """Those of these documents of which something, or of what is matched with them, is still to be told to Xero; one query."""
        for model in (PARTIAL, ENTRY, "account.move.line", "xero.job"):
            self.env[model].flush_model()
        rows = self.env.execute_query(SQL(ON_THEIR_WAY, moves=moves.ids, connection=connection.id, document=ENTRY, partial=PARTIAL))
        return moves.browse(move_id for (move_id,) in rows)

    def _waits(self, connection, records):
        """Whether one of these records (``{(model, id), ...}``) has an open job."""
        own = [("connection_id", "=", connection.id), ("res_id", "in", [res_id for _model, res_id in records])]
        waiting_sudo = self.env["xero.job"].sudo().search([*own, ("is_open", "=", True)])
        return any((job.res_model, job.res_id) in records for job in waiting_sudo)
