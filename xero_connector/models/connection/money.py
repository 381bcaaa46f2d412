from odoo import models
from odoo.tools import SQL

from ...const import DEBTS

PARTIAL = "account.partial.reconcile"
MODELS = {"account.payment": "account_payment", "account.bank.statement.line": "account_bank_statement_line"}


class XeroConnection(models.Model):
    """What is known of money, and looking for what is not in step."""

    _inherit = "xero.connection"

    def _known_money(self, model, ids):
        """Those of these payments or bank statement lines that are in Xero in any form, or on their way; one query."""
        if not ids or not self:
            return []
        self.env["xero.job"].flush_model()
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT owner_id FROM xero_binding
                    WHERE connection_id = %(connection)s AND owner_model = %(model)s AND owner_id = ANY(%(ids)s)
                      AND COALESCE(xero_status, '') NOT IN ('DELETED', 'VOIDED')
                    UNION
                   SELECT res_id FROM xero_job
                    WHERE connection_id = %(connection)s AND kind = 'payment' AND res_model = %(model)s AND res_id = ANY(%(ids)s)
                      AND state NOT IN ('done', 'cancelled')""",
                connection=self.id, model=model, ids=list(ids),
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    def _known_entries_of_money(self, matched):
        """Ids of those of these entries (``{money: entries}``) that belong to money which is in Xero, or on its way."""
        entries = self.env["account.move"].union(*matched.values())
        found = []
        for name in ("origin_payment_id", "statement_line_id"):
            records = entries[name]
            known = set(self._known_money(records._name, records.ids))
            found += [entry.id for entry in entries if entry[name][:1].id in known]
        return found

    def _enqueue_money(self):
        """Money and allocations that were never sent, have changed, or are no longer in Odoo."""
        Job = self.env["xero.job"].sudo()
        for model, table in MODELS.items():
            ids = {*self._gone_money(model, table), *self._changed_money(model, table), *self._unsent_money(model)}
            ids |= set(self._unsent_differences(model))
            self.env[model]._xero_enqueue_as_payments(self, sorted(ids))
        gone = self._gone_ids(PARTIAL, "account_partial_reconcile", "allocation")
        Job._enqueue(self, "allocation", PARTIAL, [each for each in gone if each not in self._owned(gone)])
        self._unsent_allocations()._xero_enqueue_allocations(self)

    def _owned(self, partial_ids):
        """Those of these reconciliations whose allocation is of money on account."""
        own = [("connection_id", "=", self.id), ("kind", "=", "allocation"), ("res_id", "in", list(partial_ids)), ("owner_id", "!=", False)]
        return set(self.env["xero.binding"].sudo().search(own).mapped("res_id"))

    def _gone_money(self, model, table):
        """Money that is in Xero and no longer in Odoo, or matched there with what it is no longer matched with."""
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT b.owner_id FROM xero_binding b LEFT JOIN %s r ON r.id = b.owner_id
                     LEFT JOIN account_partial_reconcile p ON b.res_model = 'account.partial.reconcile' AND p.id = b.res_id
                    WHERE b.connection_id = %s AND b.owner_model = %s AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED')
                      AND (r.id IS NULL OR b.res_model = 'account.partial.reconcile' AND p.id IS NULL)""",
                SQL.identifier(table), self.id, model,
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    def _changed_money(self, model, table):
        """Money whose entry was written since any of it was last sent."""
        rows = self.env.execute_query(
            SQL(
                """SELECT b.owner_id FROM xero_binding b JOIN %s r ON r.id = b.owner_id JOIN account_move m ON m.id = r.move_id
                    WHERE b.connection_id = %s AND b.owner_model = %s AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED')
                 GROUP BY b.owner_id, m.write_date HAVING m.write_date > MAX(b.last_sync)""",
                SQL.identifier(table), self.id, model,
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    def _unsent_money(self, model):
        """Money matched with documents that are in Xero although the match is not, and money that may stand on account and does not."""
        self.env["account.partial.reconcile"].flush_model()
        key = SQL.identifier("m", "origin_payment_id" if model == "account.payment" else "statement_line_id")
        other = SQL("TRUE") if model == "account.payment" else SQL("m.origin_payment_id IS NULL")
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT %(key)s FROM account_move m JOIN account_move_line l ON l.move_id = m.id
                     JOIN account_account a ON a.id = l.account_id AND a.account_type = ANY(%(debts)s)
                    WHERE m.company_id = %(company)s AND m.state = 'posted' AND %(key)s IS NOT NULL AND %(other)s
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = %(connection)s AND b.owner_model = %(model)s AND b.owner_id = %(key)s
                                         AND b.kind = 'batch_payment' AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED'))
                      AND (%(unmatched)s AND NOT l.reconciled AND m.date >= %(start)s
                           AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                            WHERE b.connection_id = %(connection)s AND b.owner_model = %(model)s AND b.owner_id = %(key)s
                                              AND b.kind = 'on_account' AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED'))
                        OR EXISTS (SELECT 1 FROM account_partial_reconcile p
                                     JOIN account_move_line d ON d.id = CASE WHEN p.debit_move_id = l.id THEN p.credit_move_id
                                                                             ELSE p.debit_move_id END
                                     JOIN xero_binding x ON x.connection_id = %(connection)s AND x.res_model = 'account.move'
                                      AND x.res_id = d.move_id AND COALESCE(x.xero_status, '') NOT IN ('DELETED', 'VOIDED')
                                    WHERE l.id IN (p.debit_move_id, p.credit_move_id)
                                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                                       WHERE b.connection_id = %(connection)s AND b.res_model = 'account.partial.reconcile'
                                                         AND b.res_id = p.id
                                                         AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED'))))""",
                key=key, other=other, debts=list(DEBTS), company=self.company_id.id, connection=self.id, model=model,
                unmatched=self.unmatched_payments != "wait", start=self.sync_from or "1900-01-01",
            )
        )  # fmt: skip
        known = set(self._known_jobs(model, [row[0] for row in rows]))
        return [row[0] for row in rows if row[0] not in known]

    def _unsent_differences(self, model):
        """Money in Xero of whose entry something is written off, or came on top, that is not in Xero."""
        key = SQL.identifier("m", "origin_payment_id" if model == "account.payment" else "statement_line_id")
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id FROM account_move m JOIN account_move_line l ON l.move_id = m.id
                    WHERE m.company_id = %(company)s AND m.state = 'posted'
                      AND EXISTS (SELECT 1 FROM xero_binding b
                                   WHERE b.connection_id = %(connection)s AND b.owner_model = %(model)s AND b.owner_id = %(key)s
                                     AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED'))
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = %(connection)s AND b.res_model = 'account.move' AND b.res_id = m.id
                                         AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED'))
                 GROUP BY m.id HAVING COUNT(*) > 2""",
                key=key, company=self.company_id.id, connection=self.id, model=model,
            )
        )  # fmt: skip
        entries = self.env["account.move"].sudo().browse(row[0] for row in rows)
        told = entries.filtered(lambda entry: (found := entry._xero_write_off()) and found.kind)
        return told.origin_payment_id.ids if model == "account.payment" else told.statement_line_id.ids

    def _known_jobs(self, model, ids):
        """Those of these payments or bank statement lines that are on their way, or held."""
        domain = [("connection_id", "=", self.id), ("kind", "=", "payment"), ("res_model", "=", model), ("res_id", "in", ids)]
        return self.env["xero.job"].sudo().search([*domain, ("state", "not in", ("done", "cancelled"))]).mapped("res_id")

    def _unsent_allocations(self):
        """Matches of documents in Xero with credit notes there, that are not there themselves."""
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id FROM account_partial_reconcile p
                     JOIN account_move_line l ON l.id = p.debit_move_id JOIN account_move_line c ON c.id = p.credit_move_id
                     JOIN xero_binding x ON x.connection_id = %(connection)s AND x.res_model = 'account.move' AND x.res_id = l.move_id
                     JOIN xero_binding y ON y.connection_id = %(connection)s AND y.res_model = 'account.move' AND y.res_id = c.move_id
                    WHERE 'credit_note' IN (x.kind, y.kind)
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = %(connection)s AND b.res_model = 'account.partial.reconcile'
                                         AND b.res_id = p.id AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED'))""",
                connection=self.id,
            )
        )  # fmt: skip
        return self.env[PARTIAL].sudo().browse(row[0] for row in rows)
