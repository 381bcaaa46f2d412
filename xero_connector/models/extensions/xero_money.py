from odoo import models

from ...const import DEBTS


class AccountMove(models.Model):
    """The entry of a payment or of a bank statement line."""

    _inherit = "account.move"

    def _xero_enqueue_money(self):
        """Their money was posted, reset, cancelled or matched otherwise: see that it stands in Xero as it does here."""
        money = self.filtered(lambda move: move.origin_payment_id or move.statement_line_id)
        if not money:
            return
        (money.line_ids.matched_debit_ids | money.line_ids.matched_credit_ids)._xero_enqueue_transfers()
        money.origin_payment_id._xero_enqueue_money()
        money.filtered(lambda move: not move.origin_payment_id).statement_line_id._xero_enqueue_money()

    def _xero_debt_lines(self):
        """What customers owe and suppliers are owed, of these entries."""
        return self.line_ids.filtered(lambda line: line.account_id.account_type in DEBTS)

    def _xero_written_off(self):
        """How much of what the entry of some money takes off a debt never reached the bank, in the company's currency."""
        self.ensure_one()
        liquidity = (self.origin_payment_id or self.statement_line_id)._seek_for_lines()[0]
        received = sum(liquidity.mapped("balance"))
        settled = -sum(self._xero_debt_lines().mapped("balance"))
        sign = -1 if received < 0 else 1
        return max(0, self.company_currency_id.round(sign * (settled - received)))


class XeroMoney(models.AbstractModel):
    """Money that moved: a payment, or a bank statement line that was matched directly. Xero is told of each movement by one job."""

    _name = "xero.money"
    _description = "Money that Xero is told of"

    def _xero_enqueue_money(self, manual=False):
        """Ask for this money to be brought in step, as far as the connection does so by itself."""
        for company, records in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if connection._sends("payment", manual=manual):
                wanted = records if manual else records._xero_concerning(connection)
                wanted._xero_enqueue_as_payments(connection, wanted.ids, manual)

    def _xero_enqueue_as_payments(self, connection, ids, manual=False):
        self.env["xero.job"].sudo()._enqueue(connection, "payment", self._name, ids, manual=manual)

    def _xero_concerning(self, connection):
        """Those that are in Xero or on their way, are matched with what is, or not matched with anything although that is sent."""
        known = set(connection._known_money(self._name, self.ids))
        others = self.filtered(lambda record: record.id not in known)
        if connection.unmatched_payments != "wait":
            others -= others.filtered(lambda record: record._xero_is_unmatched())
        matched = {record: record._xero_matched_entries() for record in others}
        in_xero = set(connection._known_ids("account.move", [entry.id for entries in matched.values() for entry in entries]))
        in_xero |= set(connection._known_entries_of_money(matched))
        return self - self.browse(record.id for record, entries in matched.items() if not in_xero.intersection(entries._ids))

    def _xero_matched_entries(self):
        """The documents, and entries of other money, that this money is matched with."""
        lines = self.move_id._xero_debt_lines()
        return (lines.matched_debit_ids.debit_move_id | lines.matched_credit_ids.credit_move_id).move_id

    def _xero_is_unmatched(self):
        """Whether part of it is matched with no document."""
        lines = self.move_id._xero_debt_lines()
        if self.move_id.state != "posted" or not lines:
            return False
        if any(line.amount_residual or line.amount_residual_currency for line in lines):
            return True
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        return any(not partial._xero_is_payment() and partial._xero_is_beside(self.move_id) for partial in partials)

    def unlink(self):
        known = {}
        for company, records in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if connection._sends("payment"):
                known[connection] = connection._known_money(self._name, records.ids)
        res = super().unlink()
        for connection, ids in known.items():
            self.env["xero.job"].sudo()._enqueue(connection, "payment", self._name, ids)
        return res


class AccountBankStatementLine(models.Model):
    _name = "account.bank.statement.line"
    _inherit = ["account.bank.statement.line", "xero.money"]
