from odoo import models

from ...const import PARTIAL
from ..reasons import Held
from .facts import ENTRY
from .parts import payment_parts, settling_partials


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

    # === WHAT IS TOLD === #

    def _is_money_told(self, connection, move):
        """Whether all that settles it in Odoo is in Xero, and stays: else what is open there is not expected to be the same."""
        partials, money = self._money_about(move)
        own = [("connection_id", "=", connection.id), ("res_id", "in", [*partials.ids, *(res_id for _model, res_id in money)])]
        there_sudo = self.env["xero.binding"].sudo().search([*own, ("is_there", "=", True)])
        told = {each.res_id for each in there_sudo if each.res_model == PARTIAL}
        whole = {(each.res_model, each.res_id) for each in there_sudo if each.kind in self._settling_kinds()[1]}
        is_there = set(partials.ids) <= told or bool(money) and money <= whole
        return is_there and not self._waits(connection, money | {(PARTIAL, partial_id) for partial_id in partials.ids})

    def _money_about(self, move):
        """What is matched with a document: ``(reconciliations, {(model, id), ...} of the payments and statement lines among them)``."""
        partials = settling_partials(move)
        matches = filter(None, map(payment_parts, partials))
        return partials, {(record._name, record.id) for each in matches for record in (each.payment or each.line.move_id.statement_line_id)}

    def _is_on_its_way(self, connection, move):
        """Whether anything of a document, or of what is matched with it, is still to be told to Xero."""
        partials, money = self._money_about(move)
        return self._waits(connection, money | {(PARTIAL, partial_id) for partial_id in partials.ids} | {(move._name, move.id)})

    def _waits(self, connection, records):
        """Whether one of these records (``{(model, id), ...}``) has an open job."""
        own = [("connection_id", "=", connection.id), ("res_id", "in", [res_id for _model, res_id in records])]
        waiting_sudo = self.env["xero.job"].sudo().search([*own, ("is_open", "=", True)])
        return any((job.res_model, job.res_id) in records for job in waiting_sudo)
