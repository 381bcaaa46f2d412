from odoo import models

from .parts import debt_lines, entries_of, money_of, partials_of, settles
from .write_off_parts import all_money_of, direct_money_of


class XeroHandlerMoney(models.AbstractModel):
    """Money that is nobody's debt, and so needs no document: bought or received for at once, or moved for nobody.

    A till's closing entry books what was paid at it as a debt that names no partner, and the cash, or the card's payment, is matched with
    that. Xero's money on account has a contact, so there it is money that came from the account on which the journal of that entry books
    the debt: the one that it is mapped to, else the clearing account. Both sides make up for each other there, as they do in Odoo.

    | the money's debts              | matched with                                            | then                         |
    | ------------------------------ | ------------------------------------------------------- | ---------------------------- |
    | name a partner                 |                                                         | his money, as ever           |
    | name nobody                    | a document                                              | a payment of that            |
    | name nobody                    | entries that Xero is told of, or other money of nobody  | from the debt's account      |
    | name nobody                    | an entry that is not sent or left out, or nothing       | held, if money may not wait  |
    """

    _inherit = "xero.handler.money"

    def _direct_of(self, money, connection):
        """What this payment or bank statement line was paid or received for at once, without a debt of anybody.

        :rtype: DirectMoney or None
        """
        entry = entries_of(money)
        return direct_money_of(entry) or (all_money_of(entry) if self._is_told_as_nobodys(entry, connection) else None)

    def _is_told_as_nobodys(self, entry, connection):
        """Whether the debts of this money name nobody, and Xero is told of all that they are matched with."""
        others = self._matched_for_nobody(entry)
        return bool(others) and all(self._matched_for_nobody(other) or self._is_sent(other, connection) for other in others)

    def _matched_for_nobody(self, entry):
        """The entries that money of nobody is matched with; none if it is somebody's, or pays documents."""
        debts = debt_lines(entry)
        if not debts or debts.partner_id or entry.state != "posted" or not money_of(entry):
            return entry.browse()
        partials = partials_of(debts)
        others = (partials.debit_move_id | partials.credit_move_id).move_id - entry
        booked_by_xero = entry.company_id.currency_exchange_journal_id
        others = others.filtered(lambda other: other.journal_id != booked_by_xero)
        return others if all(money_of(other) or settles(other) for other in others) else entry.browse()

    def _is_sent(self, entry, connection):
        """Whether an entry is, or will be, in Xero as a journal or part of one."""
        if not settles(entry):
            return False
        return self._is_in_a_journal(entry, connection) or self._is_to_be_sent(entry, connection)

    def _is_to_be_sent(self, entry, connection):
        journals = self.env["xero.handler.journal"]
        if connection._entry_policies().get(entry.journal_id.id, "none") == "none" or journals._reason_of_day(entry, connection):
            return False
        own = [("connection_id", "=", connection.id), ("res_model", "=", entry._name), ("res_id", "=", entry.id)]
        left_out = [*own, ("kind", "in", journals._codes()), ("state", "=", "ignored")]
        return not self.env["xero.job"].sudo().search_count(left_out, limit=1)

    def _is_in_a_journal(self, entry, connection):
        own = [("connection_id", "=", connection.id), ("res_model", "=", entry._name), ("res_id", "=", entry.id), ("is_there", "=", True)]
        codes = self.env["xero.handler.journal"]._codes()
        summarised = [("summary_id.connection_id", "=", connection.id), ("move_id", "=", entry.id)]
        return bool(
            self.env["xero.binding"].sudo().search_count([*own, ("kind", "in", codes)], limit=1)
            or self.env["xero.journal.summary.entry"].sudo().search_count(summarised, limit=1)
        )
