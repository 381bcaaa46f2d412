from odoo import models

from ..parts import debt_lines, entries_of, partials_of
from ..write_off_parts import DirectMoney, all_money_of, beside_payments_of

LINE = "account.bank.statement.line"


def booked_straight(line):
    """All that a bank statement line says, if it is booked to accounts and to nothing else.

    Not one of which part is still open, that pays or is paid by somebody, that another bank's line or a payment is the other side of.

    :rtype: DirectMoney or None
    """
    entry = line.move_id
    rest = entry.line_ids - line._seek_for_lines()[0]
    elsewhere = entry.journal_id.suspense_account_id | entry.company_id.sudo().transfer_account_id
    if not entry or entry.state != "posted" or debt_lines(entry) or rest.account_id & elsewhere:
        return None
    others = (partials_of(rest).debit_move_id | partials_of(rest).credit_move_id).move_id - entry
    return None if others.origin_payment_id or others.statement_line_id else all_money_of(entry)


def other_side(item):
    """The journal of the bank line or payment that an item on the transfer account is matched with; empty if with none, or several."""
    partials = partials_of(item)
    others = (partials.debit_move_id | partials.credit_move_id).move_id - item.move_id
    money = others.filtered(lambda entry: entry.statement_line_id or entry.origin_payment_id)
    return money.journal_id if item.reconciled and money == others and len(money.journal_id) == 1 else money.journal_id.browse()


class XeroHandlerMoney(models.AbstractModel):
    """Bank statement lines that are booked straight to accounts: bank transactions in Xero, where that has no feed of the bank.

    | lines of the bank come from       | the line                      | in Xero                                 |
    | --------------------------------- | ----------------------------- | --------------------------------------- |
    | Odoo's statements                 | made here                     | nothing: it has it from its own feed    |
    | nowhere else (no feed)            | since the day of that choice  | money spent or received                 |
    | any                               | stands there as that already  | it stays, and follows                   |
    | any                               | is matched with payments      | what it books beside these              |
    | any                               | is a deposit of a till that is no bank there | money from, or to, the till's account |
    """

    _inherit = "xero.handler.money"

    def _direct_of(self, money, connection):
        found = super()._direct_of(money, connection)
        if found or money._name != LINE or entries_of(money).origin_payment_id:
            return found
        if deposit := self._deposit_of(money, connection):
            return deposit
        if beside := beside_payments_of(money.move_id):
            return None if self._are_xeros(money, connection) else beside
        if money.xero_as_transaction or connection._sends_line_of(money.journal_id, money.date):
            return booked_straight(money)
        return None

    def _are_xeros(self, line, connection):
        """Whether a payment that the line is matched with was made in Xero: there its people say what came beside it."""
        matched = partials_of(line.move_id.line_ids)
        payments = (matched.debit_move_id | matched.credit_move_id).move_id.origin_payment_id
        own = [("connection_id", "=", connection.id), ("payment_id", "in", payments.ids), ("origin", "=", "xero")]
        return bool(self.env["xero.binding"].sudo().search_count(own, limit=1))

    def _deposit_of(self, line, connection):
        """What went from or to another journal of money that is an ordinary account in Xero, which knows transfers between banks only.

        :rtype: DirectMoney or None
        """
        entry, account = line.move_id, line.company_id.sudo().transfer_account_id
        items = entry.line_ids - line._seek_for_lines()[0]
        if entry.state != "posted" or len(items) != 1 or items.account_id != account.sudo(False):
            return None
        table = connection._mapping_table()
        bank, till = table.journal(line.journal_id.id), table.journal(other_side(items).id)
        is_one = bank and till and bank.type == "BANK" != till.type
        if not is_one or self._is_a_transfer(items, connection):
            return None
        none = self.env["account.partial.reconcile"]
        return DirectMoney(entry, items.browse(), items, items.browse(), none, 1 if line.amount > 0 else -1)

    def _is_a_transfer(self, item, connection):
        """Whether Xero has it as that, since the mapping was another one."""
        partials = partials_of(item)
        own = [("connection_id", "=", connection.id), ("res_model", "=", partials._name), ("res_id", "in", partials.ids)]
        return bool(self.env["xero.binding"].sudo().search_count([*own, ("is_there", "=", True)], limit=1))


class XeroHandlerPaymentDifference(models.AbstractModel):
    _inherit = "xero.handler.payment_difference"

    def _difference_account(self, line, reading):
        """Of a deposit that of the till."""
        if line.account_id != line.company_id.sudo().transfer_account_id.sudo(False):
            return super()._difference_account(line, reading)
        return self._payment_account(other_side(line), reading.table)
