from odoo import models

from ..reasons import Held
from .facts import ENTRY


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
        summarised = [("summary_id.connection_id", "=", connection.id), ("move_id", "=", entry.id)]
        there = self.env["xero.binding"]._by_record(connection, ENTRY, entry.ids, self.env["xero.handler.journal"]._codes())
        return any(each.is_there for each in there.values()) or bool(
            self.env["xero.journal.summary.entry"].search_count(summarised, limit=1)
        )

    def _posting_of(self, account, table):
        """The account in Xero of a journal's account of Odoo, or of any other; None if it has none."""
        journals = self.env["account.journal"].search([("default_account_id", "=", account.id)])
        return next(filter(None, map(table.journal, journals.ids)), None) or table.account(account.id)
