"""Looking for money that is not in step, whatever has happened to it."""

from odoo import models
from odoo.tools import SQL

from ...const import DEBTS, PARTIAL
from .facts import ENTRY, MODELS
from .parts import settles
from .write_off_parts import write_off_of

ENTRY_FIELDS = dict(zip(MODELS, ("origin_payment_id", "statement_line_id"), strict=True))  # by which an entry names its money


class XeroHandlerPayment(models.AbstractModel):
    """Movements of money that were never sent, have changed, or are no longer in Odoo."""

    _inherit = "xero.handler.payment"

    def _sweep(self, connection):
        self.env[PARTIAL].flush_model()
        self.env["xero.binding"].flush_model()
        settling = {*self._gone(connection, ENTRY), *self._unsent_settling(connection)}
        self._ask_for(connection, sorted(settling), model=ENTRY)
        for model in MODELS:
            ids = {*self._gone(connection, model), *self._changed(connection, model), *self._unsent(connection, model)}
            ids |= {*self._unsent_differences(connection, model), *self._unsent_direct(connection, model)}
            self._ask_for(connection, sorted(ids), model=model)

    def _gone(self, connection, model):
        """Money that is in Xero and no longer in Odoo, or matched there with what it is no longer matched with."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT b.owner_id FROM xero_binding b LEFT JOIN %s r ON r.id = b.owner_id
                     LEFT JOIN account_partial_reconcile p ON b.res_model = 'account.partial.reconcile' AND p.id = b.res_id
                    WHERE b.connection_id = %s AND b.owner_model = %s AND b.is_there
                      AND (r.id IS NULL OR b.res_model = 'account.partial.reconcile' AND p.id IS NULL)""",
                SQL.identifier(self.env[model]._table), connection.id, model,
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    def _changed(self, connection, model):
        """Money whose entry was written since any of it was last sent."""
        rows = self.env.execute_query(
            SQL(
                """SELECT b.owner_id FROM xero_binding b JOIN %s r ON r.id = b.owner_id JOIN account_move m ON m.id = r.move_id
                    WHERE b.connection_id = %s AND b.owner_model = %s AND b.is_there
                 GROUP BY b.owner_id, m.write_date HAVING m.write_date > MAX(b.last_sync)""",
                SQL.identifier(self.env[model]._table), connection.id, model,
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    def _unsent(self, connection, model):
        """Money matched with documents that are in Xero although the match is not, and money that may stand on account and does not."""
        key = SQL.identifier("m", ENTRY_FIELDS[model])
        other = SQL("TRUE") if model == MODELS[0] else SQL("m.origin_payment_id IS NULL")
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT %(key)s FROM account_move m JOIN account_move_line l ON l.move_id = m.id
                     JOIN account_account a ON a.id = l.account_id AND a.account_type = ANY(%(debts)s)
                    WHERE m.company_id = ANY(%(companies)s) AND m.state = 'posted' AND %(key)s IS NOT NULL AND %(other)s
                      AND m.journal_id != ALL(%(recorded)s)
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = %(connection)s AND b.owner_model = %(model)s AND b.owner_id = %(key)s
                                         AND (b.kind = 'batch_payment' OR b.covers IS NOT NULL) AND b.is_there)
                      AND (%(unmatched)s AND NOT l.reconciled AND m.date >= %(start)s
                           AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                            WHERE b.connection_id = %(connection)s AND b.owner_model = %(model)s AND b.owner_id = %(key)s
                                              AND b.kind = 'on_account' AND b.is_there)
                        OR EXISTS (SELECT 1 FROM account_partial_reconcile p
                                     JOIN account_move_line d ON d.id = CASE WHEN p.debit_move_id = l.id THEN p.credit_move_id
                                                                             ELSE p.debit_move_id END
                                     JOIN xero_binding x ON x.connection_id = %(connection)s AND x.res_model = 'account.move'
                                      AND x.res_id = d.move_id AND x.is_there
                                    WHERE l.id IN (p.debit_move_id, p.credit_move_id)
                                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                                       WHERE b.connection_id = %(connection)s AND b.res_model = 'account.partial.reconcile'
                                                         AND b.res_id = p.id
                                                         AND b.is_there)))""",
                key=key, other=other, debts=list(DEBTS), companies=connection._companies().ids, connection=connection.id, model=model,
                recorded=self._recorded_in_xero(connection), unmatched=connection.unmatched_payments != "wait",
                start=connection.sync_from or "1900-01-01",
            )
        )  # fmt: skip
        known = set(self._known_jobs(connection, model, [row[0] for row in rows]))
        return [row[0] for row in rows if row[0] not in known]

    def _unsent_settling(self, connection):
        """Entries that settle documents in Xero, of which Xero knows nothing."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT o.id FROM account_move o JOIN account_move_line l ON l.move_id = o.id
                     JOIN account_account a ON a.id = l.account_id AND a.account_type = ANY(%(debts)s)
                     JOIN account_partial_reconcile p ON l.id IN (p.debit_move_id, p.credit_move_id)
                     JOIN account_move_line d ON d.id = CASE WHEN p.debit_move_id = l.id THEN p.credit_move_id ELSE p.debit_move_id END
                     JOIN xero_binding x ON x.connection_id = %(connection)s AND x.res_model = 'account.move' AND x.res_id = d.move_id
                      AND x.is_there AND x.kind = ANY(%(kinds)s)
                    WHERE o.company_id = ANY(%(companies)s) AND o.state = 'posted' AND o.move_type = 'entry'
                      AND o.origin_payment_id IS NULL AND o.statement_line_id IS NULL
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = %(connection)s AND b.res_model = 'account.partial.reconcile'
                                         AND b.res_id = p.id AND b.is_there)""",
                debts=list(DEBTS), connection=connection.id, companies=connection._companies().ids, kinds=list(self._document_kinds()),
            )
        )  # fmt: skip
        known = set(self._known_jobs(connection, ENTRY, [row[0] for row in rows]))
        return self.env[ENTRY].sudo().browse(row[0] for row in rows if row[0] not in known).filtered(settles).ids

    def _unsent_differences(self, connection, model):
        """Money in Xero of whose entry something is written off, or came on top, that is not in Xero."""
        key = SQL.identifier("m", ENTRY_FIELDS[model])
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id FROM account_move m JOIN account_move_line l ON l.move_id = m.id
                    WHERE m.company_id = ANY(%(companies)s) AND m.state = 'posted'
                      AND EXISTS (SELECT 1 FROM xero_binding b
                                   WHERE b.connection_id = %(connection)s AND b.owner_model = %(model)s AND b.owner_id = %(key)s
                                     AND b.is_there)
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = %(connection)s AND b.res_model = 'account.move' AND b.res_id = m.id
                                         AND b.is_there)
                 GROUP BY m.id HAVING COUNT(*) > 2""",
                key=key, companies=connection._companies().ids, connection=connection.id, model=model,
            )
        )  # fmt: skip
        entries_sudo = self.env["account.move"].sudo().browse(row[0] for row in rows)
        told = entries_sudo.filtered(lambda entry: (found := write_off_of(entry)) and found.kind)
        return told[ENTRY_FIELDS[model]].ids

    def _unsent_direct(self, connection, model):
        """Money since the start date that is nobody's debt, and of which Xero knows nothing.

        Bank lines without any debt come from the bank, so of these only those that are matched as a debt of nobody.
        """
        key = SQL.identifier("m", ENTRY_FIELDS[model])
        rows = self.env.execute_query(
            SQL(
                """SELECT %(key)s FROM account_move m
                     LEFT JOIN LATERAL (SELECT bool_or(l.partner_id IS NOT NULL) AS of_somebody,
                                               bool_or(p.id IS NOT NULL) AS is_matched, COUNT(*) AS debts
                                          FROM account_move_line l
                                          JOIN account_account a ON a.id = l.account_id AND a.account_type = ANY(%(debts)s)
                                          LEFT JOIN account_partial_reconcile p ON l.id IN (p.debit_move_id, p.credit_move_id)
                                         WHERE l.move_id = m.id) d ON TRUE
                    WHERE m.company_id = ANY(%(companies)s) AND m.state = 'posted' AND %(key)s IS NOT NULL AND m.date >= %(start)s
                      AND m.journal_id != ALL(%(recorded)s)
                      AND (d.debts = 0 AND %(is_payment)s OR d.is_matched AND NOT d.of_somebody)
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = %(connection)s AND b.owner_model = %(model)s
                                         AND b.owner_id = %(key)s AND b.is_there)""",
                companies=connection._companies().ids, start=connection.sync_from or "1900-01-01", connection=connection.id, model=model,
                recorded=self._recorded_in_xero(connection), debts=list(DEBTS), key=key, is_payment=model == MODELS[0],
            )
        )  # fmt: skip
        money_sudo = self.env[model].sudo().browse(row[0] for row in rows)
        direct = money_sudo.filtered(lambda money: self._direct_of(money, connection)).ids
        return set(direct) - set(self._known_jobs(connection, model, direct))

    def _known_jobs(self, connection, model, ids):
        """Those of these payments or bank statement lines that are on their way, or held."""
        domain = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_model", "=", model), ("res_id", "in", ids)]
        return self.env["xero.job"].sudo().search([*domain, ("is_open", "=", True)]).mapped("res_id")


class XeroHandlerAllocation(models.AbstractModel):
    """Matches of credit notes that are in Xero and no longer in Odoo, or the other way round."""

    _inherit = "xero.handler.allocation"

    def _sweep(self, connection):
        gone = connection._gone_ids(PARTIAL, self.env[PARTIAL]._table, self._kind)
        self._ask_for(connection, sorted(set(gone) - self._owned(connection, gone)))
        self._ask_for_both_known(connection, self._unsent(connection))

    def _owned(self, connection, partial_ids):
        """Those of these reconciliations whose allocation is of money on account."""
        domain = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", list(partial_ids))]
        return set(self.env["xero.binding"].sudo().search([*domain, ("owner_id", "!=", False)]).mapped("res_id"))

    def _unsent(self, connection):
        """Matches of documents in Xero with credit notes there, that are not there themselves."""
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id FROM account_partial_reconcile p
                     JOIN account_move_line l ON l.id = p.debit_move_id JOIN account_move_line c ON c.id = p.credit_move_id
                     JOIN xero_binding x ON x.connection_id = %(connection)s AND x.res_model = 'account.move' AND x.res_id = l.move_id
                     JOIN xero_binding y ON y.connection_id = %(connection)s AND y.res_model = 'account.move' AND y.res_id = c.move_id
                    WHERE (x.kind = ANY(%(credits)s) OR y.kind = ANY(%(credits)s))
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = %(connection)s AND b.res_model = 'account.partial.reconcile'
                                         AND b.res_id = p.id AND b.is_there)""",
                connection=connection.id, credits=list(self._kinds_that("_is_credit")),
            )
        )  # fmt: skip
        return self.env[PARTIAL].sudo().browse(row[0] for row in rows)
