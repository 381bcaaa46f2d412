from odoo import models
from odoo.tools import SQL

from ...const import DEBTS, PARTIAL
from .facts import MODELS

# the debts that the entry ``m`` takes off, and what they are matched with
DEBT = """SELECT 1 FROM account_move_line l JOIN account_account a ON a.id = l.account_id
           WHERE l.move_id = m.id AND a.account_type = ANY(%(debts)s)"""
MATCH = """SELECT 1 FROM account_move_line l
             JOIN account_partial_reconcile p ON p.debit_move_id = l.id OR p.credit_move_id = l.id
             JOIN account_move_line d ON d.id = CASE WHEN p.debit_move_id = l.id THEN p.credit_move_id ELSE p.debit_move_id END
             JOIN account_move o ON o.id = d.move_id
            WHERE l.move_id = m.id"""
# bought or received for at once (``direct_money_of``): it goes by itself, unless it went to another bank
DIRECT = """WHEN NOT EXISTS (%(debt)s)
                  AND NOT EXISTS (SELECT 1 FROM account_move_line l JOIN res_company c ON c.transfer_account_id = l.account_id
                                   WHERE l.move_id = m.id AND c.id = m.company_id) THEN %(reason)s"""
BANK_LINE = """
         WHEN NOT r.is_reconciled AND m.journal_id = ANY(%(sent)s) THEN 'bank_wait'
         WHEN NOT r.is_reconciled THEN 'bank_open'
         WHEN NOT EXISTS (%(debt)s) AND m.journal_id = ANY(%(sent)s) THEN %(reason)s
         WHEN NOT EXISTS (%(debt)s) THEN 'bank_account'"""
WHY = """
    CASE WHEN m.journal_id = ANY(%(recorded)s) THEN 'in_xero'
         WHEN EXISTS (%(match)s AND (%(matched_known)s)) THEN %(reason)s
         WHEN %(date)s < %(start)s THEN 'before'
         WHEN m.id IS NULL THEN 'no_entry'
         WHEN %(off)s THEN 'off'
         %(bank)s
         WHEN EXISTS (%(debt)s AND NOT l.reconciled) THEN %(unmatched)s
         WHEN EXISTS (%(match)s AND o.move_type != 'entry') THEN 'elsewhere'
         ELSE 'no_document' END"""
# matched with a payment, or with another bank's entry: that one is the money
IS_PART = """
    EXISTS (%(match)s AND o.origin_payment_id IS NOT NULL)
 OR EXISTS (%(match)s AND EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = %(connection)s AND b.res_model = %(partial)s
                                     AND b.res_id = p.id AND b.is_there))"""
OF_ANOTHER = """
    EXISTS (%(match)s AND EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = %(connection)s AND b.res_model = %(partial)s
                                     AND b.res_id = p.id AND b.is_there AND b.owner_id IS NULL))"""
OWNED = """
    EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = %(connection)s AND b.owner_model = %(model)s AND b.owner_id = %(key)s
               AND b.is_there)"""
MONEY = """
    SELECT %(model)s::varchar AS res_model, r.id AS res_id, %(payment)s AS payment_id, %(date)s AS date, %(why)s AS reason, 0 AS about
      FROM %(table)s r LEFT JOIN account_move m ON m.id = r.move_id
     WHERE r.company_id = ANY(%(companies)s) AND %(state)s AND NOT (%(known)s) AND NOT (%(owned)s) AND NOT (%(part)s)"""


class XeroHandlerPayment(models.AbstractModel):
    """Money that Xero knows nothing of: payments, and bank statement lines that are not the other end of one."""

    _inherit = "xero.handler.payment"

    def _missing(self, connection):
        payments, lines = MODELS
        of_payments = self._missing_money(
            connection, payments,
            date=SQL("r.date"), payment=SQL("r.id"), state=SQL("r.state IN ('in_process', 'paid')"), part=OF_ANOTHER,
            bank=SQL(DIRECT, debt=SQL(DEBT, debts=list(DEBTS)), reason=self._asked_for(connection)),
        )  # fmt: skip
        of_lines = self._missing_money(
            connection, lines,
            date=SQL("m.date"), payment=SQL("NULL::integer"), state=SQL("m.state = 'posted' AND m.origin_payment_id IS NULL"),
            bank=self._why_bank_line(connection),
            part=IS_PART,
        )  # fmt: skip
        return SQL("%s UNION ALL %s", of_payments, of_lines)

    def _why_bank_line(self, connection):
        """Of a bank line that pays no document; at a bank without a feed in Xero, one that is booked goes by itself."""
        sent, debt = connection._bank_lines("none").journal_id.ids, SQL(DEBT, debts=list(DEBTS))
        return SQL(BANK_LINE, sent=sent, debt=debt, reason=self._asked_for(connection))

    def _missing_money(self, connection, model, *, date, payment, state, bank, part):
        """What ``_missing`` asks for, of one of the models of money."""
        key, match = SQL("r.id"), SQL(MATCH)
        return SQL(
            MONEY,
            model=model, table=SQL.identifier(self.env[model]._table), companies=connection._companies().ids,
            date=date, payment=payment, state=state, known=self._is_known(connection, model, key),
            owned=SQL(OWNED, connection=connection.id, model=model, key=key),
            part=SQL(part, match=match, connection=connection.id, partial=PARTIAL),
            why=self._why_money(connection, date, bank),
        )  # fmt: skip

    def _why_money(self, connection, date, bank):
        reason = self._asked_for(connection)
        return SQL(
            WHY,
            match=SQL(MATCH), debt=SQL(DEBT, debts=list(DEBTS)),
            matched_known=self._is_known(connection, "account.move", SQL("d.move_id"), goes=True),
            reason=reason, recorded=self._recorded_in_xero(connection), off=reason == "off", bank=bank, date=date,
            start=self._start(connection), unmatched="unmatched" if connection.unmatched_payments == "wait" else reason,
        )  # fmt: skip
