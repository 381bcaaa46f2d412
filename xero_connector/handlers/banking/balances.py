"""What a bank account has in Odoo and in Xero, and of what the difference consists."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from ...const import PARTIAL
from ..amounts import exact_amount

EVER, ZERO = date.min, Decimal(0)
STATEMENT, PAYMENT, ENTRY = "account.bank.statement.line", "account.payment", "account.move"
# the bank's own lines, and those of them that Xero has no counterpart of: neither of the payment or bank line, nor of what it is matched
# with (a payment that is in Xero already, another bank's line)
LINES = """
    SELECT l.date, %(amount)s AS amount, m.id AS move_id, m.statement_line_id, m.origin_payment_id
      FROM account_move_line l JOIN account_move m ON m.id = l.move_id
     WHERE l.account_id = %(account)s AND m.state = 'posted' AND l.date <= %(last)s AND m.company_id = ANY(%(companies)s)"""
BOUND = """
    EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = %(connection)s AND b.is_there
               AND (b.res_model = %(model)s AND b.res_id = %(key)s OR b.owner_model = %(model)s AND b.owner_id = %(key)s))"""
MATCHED = """
    EXISTS (SELECT 1 FROM account_move_line x
              JOIN account_partial_reconcile p ON p.debit_move_id = x.id OR p.credit_move_id = x.id
              JOIN account_move_line y ON y.id = CASE WHEN p.debit_move_id = x.id THEN p.credit_move_id ELSE p.debit_move_id END
              JOIN account_move o ON o.id = y.move_id
             WHERE x.move_id = v.move_id AND (%(partial)s OR o.origin_payment_id IS NOT NULL AND %(payment)s))"""
SUMS = """
    SELECT SUM(v.amount), SUM(v.amount) FILTER (WHERE v.date < %(first)s),
           SUM(v.amount) FILTER (WHERE v.date >= %(first)s AND NOT (%(known)s)),
           COUNT(*) FILTER (WHERE v.date >= %(first)s AND NOT (%(known)s))
      FROM (%(lines)s) v"""
ONLY_HERE = """
    SELECT DISTINCT v.statement_line_id, v.origin_payment_id, v.move_id FROM (%(lines)s) v WHERE v.date >= %(first)s AND NOT (%(known)s)"""
# payments that Xero has on its bank, and that Odoo has on an account of their own until their bank line comes
IN_TRANSIT = """
    SELECT SUM(%(residual)s), COUNT(*)
      FROM account_payment r JOIN account_move_line l ON l.move_id = r.move_id JOIN account_move m ON m.id = l.move_id
      JOIN account_account a ON a.id = l.account_id
     WHERE r.journal_id = %(bank)s AND m.state = 'posted' AND r.date BETWEEN %(first)s AND %(last)s
       AND l.account_id != %(account)s AND a.account_type NOT IN ('asset_receivable', 'liability_payable') AND a.reconcile
       AND NOT l.reconciled AND %(known)s"""
# what somebody has made in Xero on that bank, and is not in Odoo: received is positive
ONLY_THERE = """
    SELECT SUM(CASE WHEN (told->>'is_out')::boolean THEN -amount ELSE amount END), COUNT(*)
      FROM xero_money
     WHERE connection_id = %(connection)s AND journal_id = %(bank)s AND state NOT IN ('booked', 'gone') AND is_gone IS NOT TRUE
       AND date BETWEEN %(first)s AND %(last)s"""


class Balance(NamedTuple):
    """Of one bank account, in its currency: Odoo minus Xero is ``before`` + ``odoo_only`` - ``in_transit`` - ``xero_only`` + the rest.

    ``xero`` and ``before`` are None as long as Xero was not read.
    """

    odoo: Decimal
    xero: Decimal | None
    before: Decimal | None
    odoo_only: Decimal
    in_transit: Decimal
    xero_only: Decimal
    counts: tuple  # how many lines, payments and pieces of money the three consist of
    is_foreign: bool = False  # Xero's figure is in its own currency, as far as is known: the two cannot be subtracted

    @property
    def difference(self):
        return None if self.xero is None else self.odoo - self.xero

    @property
    def unexplained(self):
        if self.xero is None:
            return None
        return self.difference - self.before - self.odoo_only + self.in_transit + self.xero_only

    @property
    def state(self):
        """A key of ``words.DIFFERENCE``, '' where there is nothing to compare."""
        if self.xero is not None and not self.difference:
            return "agrees"
        if self.xero is None or self.is_foreign:
            return ""
        return "unexplained" if self.unexplained else "explained"


class XeroBankBalances(models.AbstractModel):
    """Entry points: ``_read`` (from Xero, in a run), ``_balance_of`` (a bank's)."""

    _name = "xero.bank.balances"
    _description = "Bank Balances in Odoo and in Xero"

    def _read(self, connection, client):
        """Keep what each bank account has in Xero today, and had before the first day that is sent; one call.

        :raise XeroError: if Xero does not say
        """
        today = self._today(connection)
        first = min(connection.sync_from or today.replace(month=1, day=1), today)
        told = {each.account_id: each for each in client.bank_balances(first, today)}
        own = [("connection_id", "=", connection.id)]
        unsaid = [*own, ("xero_id", "not in", list(told)), ("balance_day", "!=", False)]
        self.env["xero.account"].sudo().with_context(active_test=False).search(unsaid).balance_day = False  # else they would seem as new
        for account_sudo in self.env["xero.account"].sudo().search([*own, ("xero_id", "in", list(told))]):
            balance = told[account_sudo.xero_id]
            account_sudo.write({"opening_balance": float(balance.opening), "balance": float(balance.closing), "balance_day": today})
        connection._balances_told()

    def _today(self, connection):
        """The company's day: Xero's report is as of a day, and so is Odoo's figure."""
        zone = connection.company_id.partner_id.tz or connection.sudo().responsible_user_id.tz or "UTC"
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), fields.Datetime.now()).date()

    def _balance_of(self, connection, journal, account):
        """What a bank journal and its account in Xero have.

        :param account: ``xero.account``
        :rtype: Balance
        """
        account_sudo, company_currency = account.sudo(), connection.company_id.currency_id
        currency = journal.currency_id or company_currency
        is_foreign = currency != company_currency
        frame = self._frame(connection, journal, account_sudo)
        odoo, before, only, lines = self._sums_of(frame, is_foreign)
        transit, payments = self._in_transit(frame, is_foreign)
        there, money = self._only_there(frame)
        odoo, before, only, transit, there = (exact_amount(amount or 0, currency) for amount in (odoo, before, only, transit, there))
        xero = earlier = None
        if account_sudo.balance_day:
            xero = exact_amount(account_sudo.balance, currency)
            earlier = before - exact_amount(account_sudo.opening_balance, currency) if connection.sync_from else ZERO
        return Balance(odoo, xero, earlier, only, transit, there, (lines, payments, money), is_foreign)

    def _only_here(self, connection, journal, account):
        """What stands on a bank in Odoo and has no counterpart in Xero: ``{model: ids}`` of bank lines, payments and other entries."""
        frame = self._frame(connection, journal, account.sudo())
        rows = self.env.execute_query(SQL(ONLY_HERE, first=frame["first"], known=self._known(frame), lines=self._rows_on(frame, False)))
        found = {}
        for line_id, payment_id, move_id in rows:
            model, record_id = (STATEMENT, line_id) if line_id else (PAYMENT, payment_id) if payment_id else (ENTRY, move_id)
            found.setdefault(model, []).append(record_id)
        return found

    def _frame(self, connection, journal, account_sudo):
        return {
            "connection": connection.id,
            "bank": journal.id,
            "account": journal.default_account_id.id or 0,
            "companies": connection._companies().ids,
            "first": connection.sync_from or EVER,
            "last": account_sudo.balance_day or self._today(connection),
        }

    # === WHAT IT CONSISTS OF === #

    def _sums_of(self, frame, is_foreign):
        """``(all, of what is before the first day, of what Xero does not have, how many those are)``"""
        lines, known = self._rows_on(frame, is_foreign), self._known(frame)
        [row] = self.env.execute_query(SQL(SUMS, first=frame["first"], known=known, lines=lines))
        return row

    def _rows_on(self, frame, is_foreign):
        """All that stands on the bank's account, as SQL."""
        self.env.flush_all()
        amount = SQL("l.amount_currency") if is_foreign else SQL("l.balance")
        return SQL(LINES, amount=amount, account=frame["account"], last=frame["last"], companies=frame["companies"])

    def _known(self, frame):
        """Of a row of ``_rows_on``, called v: whether Xero has a counterpart, as SQL."""
        partial = SQL(BOUND, connection=frame["connection"], model=PARTIAL, key=SQL("p.id"))
        matched = SQL(MATCHED, partial=partial, payment=self._bound(frame, PAYMENT, SQL("o.origin_payment_id")))
        of_line = self._bound(frame, STATEMENT, SQL("v.statement_line_id"))
        return SQL("%s OR %s OR %s", of_line, self._bound(frame, PAYMENT, SQL("v.origin_payment_id")), matched)

    def _in_transit(self, frame, is_foreign):
        residual = SQL("l.amount_residual_currency") if is_foreign else SQL("l.amount_residual")
        known = self._bound(frame, PAYMENT, SQL("r.id"))
        [row] = self.env.execute_query(SQL(IN_TRANSIT, **frame, residual=residual, known=known))
        return row

    def _only_there(self, frame):
        [row] = self.env.execute_query(SQL(ONLY_THERE, **frame))
        return row

    def _bound(self, frame, model, key):
        return SQL(BOUND, connection=frame["connection"], model=model, key=key)
