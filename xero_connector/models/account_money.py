from odoo import models

from .account_partial_reconcile import DEBTS


class AccountMove(models.Model):
    """The entry of a payment or of a bank statement line."""

    _inherit = "account.move"

    def _xero_enqueue_money(self):
        """Their money was posted, reset, cancelled or matched otherwise: see that it stands in Xero as it does here."""
        money = self.filtered(lambda move: move.origin_payment_id or move.statement_line_id)
        if not money:
            return
        (money.line_ids.matched_debit_ids | money.line_ids.matched_credit_ids)._xero_enqueue_changed()
        money.origin_payment_id._xero_enqueue_money()
        money.statement_line_id._xero_enqueue_money()

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
    """Money that moved: a payment, or a bank statement line that was matched directly."""

    _name = "xero.money"
    _description = "Money that Xero is told of"

    def _xero_enqueue_money(self, manual=False):
        """Ask for this money to be brought in step, as far as the connection does so by itself."""
        for company, records in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if not connection._sends("payment", manual=manual):
                continue
            known = connection._known_kinds(self._name, records.ids)
            wanted = records if manual else records.filtered(lambda record: record._xero_is_unmatched())
            records._xero_enqueue_as("prepaid", connection, wanted.ids + known.get("prepaid", []), manual)
            # a document that is cancelled has to see at once that a batch is about to leave it
            records._xero_enqueue_as("batch", connection, known.get("batch", []), manual)

    def _xero_enqueue_as(self, kind, connection, ids, manual):
        payments = dict.fromkeys(ids) | ({res_id: res_id for res_id in ids} if self._name == "account.payment" else {})
        self.env["xero.job"].sudo()._enqueue(connection, kind, self._name, ids, manual=manual, payments=payments)

    def _xero_is_unmatched(self):
        """Whether part of it is matched with nothing."""
        lines = self.move_id._xero_debt_lines()
        return self.move_id.state == "posted" and any(line.amount_residual or line.amount_residual_currency for line in lines)

    def unlink(self):
        known = {}
        for company, records in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if connection._sends("payment"):
                known[connection] = connection._known_kinds(self._name, records.ids)
        res = super().unlink()
        for connection, kinds in known.items():
            for kind, ids in kinds.items():
                self.env["xero.job"].sudo()._enqueue(connection, kind, self._name, ids)
        return res


class AccountBankStatementLine(models.Model):
    _name = "account.bank.statement.line"
    _inherit = ["account.bank.statement.line", "xero.money"]
