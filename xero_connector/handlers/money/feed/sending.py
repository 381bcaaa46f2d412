from odoo import models
from odoo.tools import SQL

from .straight import LINE

BESIDE = """
    SELECT DISTINCT r.id FROM account_bank_statement_line r JOIN account_move m ON m.id = r.move_id
      JOIN account_move_line i ON i.move_id = m.id
      JOIN account_partial_reconcile p ON i.id IN (p.debit_move_id, p.credit_move_id)
      JOIN account_move_line o ON o.id = CASE WHEN p.debit_move_id = i.id THEN p.credit_move_id ELSE p.debit_move_id END
      JOIN account_move y ON y.id = o.move_id
     WHERE m.company_id = ANY(%(companies)s) AND m.state = 'posted' AND m.date >= %(start)s AND m.journal_id != ALL(%(recorded)s)
       AND r.is_reconciled AND y.origin_payment_id IS NOT NULL
       AND (SELECT COUNT(*) FROM account_move_line x WHERE x.move_id = m.id) > 2
       AND NOT EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = %(connection)s AND b.owner_model = %(line)s
                          AND b.owner_id = r.id AND b.is_there)"""


class XeroHandlerPayment(models.AbstractModel):
    """Bank lines of banks without a feed in Xero: those that are booked straight to accounts go there."""

    _inherit = "xero.handler.payment"

    _brings_bank_lines = True

    def _send_bank_lines(self, connection, mappings):
        """Those that are there since the day that is chosen for each bank."""
        if connection._sends(self._kind):
            self._ask_for(connection, self._unsent_straight(connection, mappings), model=LINE)

    def _unsent_direct(self, connection, model):
        """With bank lines that are booked straight to accounts."""
        found = super()._unsent_direct(connection, model)
        if model == LINE:
            found |= {*self._unsent_straight(connection, connection._bank_lines("none")), *self._unsent_beside(connection)}
            found |= self._unsent_deposits(connection)
        return found

    def _unsent_deposits(self, connection):
        """Ids of the lines that went from or to a till which is no bank in Xero."""
        companies = connection._companies()
        own = [("company_id", "in", companies.ids), ("account_id", "in", companies.transfer_account_id.ids), ("reconciled", "=", True)]
        dated = [("date", ">=", connection.sync_from)] if connection.sync_from else []
        lines_sudo = self.env["account.move.line"].sudo().search([*own, *dated, ("parent_state", "=", "posted")]).statement_line_id
        there = [("connection_id", "=", connection.id), ("owner_model", "=", LINE), ("owner_id", "in", lines_sudo.ids)]
        known = set(self.env["xero.binding"].sudo().search([*there, ("is_there", "=", True)]).mapped("owner_id"))
        deposits = lines_sudo.filtered(lambda line: line.id not in known and self._deposit_of(line, connection)).ids
        return set(deposits) - set(self._known_jobs(connection, LINE, deposits))

    def _unsent_beside(self, connection):
        """Ids of the lines that are matched with payments, and book something beside these of which Xero knows nothing."""
        rows = self.env.execute_query(
            SQL(
                BESIDE, companies=connection._companies().ids, start=connection.sync_from or "1900-01-01", connection=connection.id,
                recorded=self._recorded_in_xero(connection), line=LINE,
            )
        )  # fmt: skip
        lines_sudo = self.env[LINE].sudo().browse(row[0] for row in rows)
        direct = lines_sudo.filtered(lambda line: self._direct_of(line, connection)).ids
        return set(direct) - set(self._known_jobs(connection, LINE, direct))

    def _unsent_straight(self, connection, mappings):
        """Ids of the lines of these banks that are booked straight to accounts, of which Xero knows nothing and no job does."""
        found = []
        for mapping_sudo in mappings.sudo():
            start = max(filter(None, (mapping_sudo.bank_lines_since, connection.sync_from)), default=None)
            own = [("journal_id", "=", mapping_sudo.journal_id.id), ("is_reconciled", "=", True), ("move_id.state", "=", "posted")]
            lines_sudo = self.env[LINE].sudo().search([*own, *([("date", ">=", start)] if start else [])])
            there = [("connection_id", "=", connection.id), ("owner_model", "=", LINE), ("owner_id", "in", lines_sudo.ids)]
            known = set(self.env["xero.binding"].sudo().search([*there, ("is_there", "=", True)]).mapped("owner_id"))
            known |= set(self._known_jobs(connection, LINE, lines_sudo.ids))
            found += lines_sudo.filtered(lambda line, known=known: line.id not in known and self._direct_of(line, connection)).ids
        return found


class XeroHandlerBankTransaction(models.AbstractModel):
    _inherit = "xero.handler.bank_transaction"

    def _after_bound(self, connection, res_ids):
        super()._after_bound(connection, res_ids)
        _stays(self.env, res_ids)


class XeroHandlerCashEntry(models.AbstractModel):
    _inherit = "xero.handler.cash_entry"

    def _after_bound(self, connection, res_ids):
        super()._after_bound(connection, res_ids)
        _stays(self.env, res_ids)


def _stays(env, move_ids):
    """A bank line that Xero was told of goes on as that, wherever lines of its bank come from later."""
    lines_sudo = env["account.move"].sudo().browse(move_ids).exists().statement_line_id
    lines_sudo.filtered(lambda line: not line.xero_as_transaction).xero_as_transaction = True
