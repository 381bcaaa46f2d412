from types import SimpleNamespace

from odoo import models

from ...const import DEBTS
from ..reasons import Held
from .lines import leaves


class XeroHandlerJournal(models.AbstractModel):
    """What of an entry stands on the clearing account in Xero, as manual journals may not name banks, debts and taxes: it is told."""

    _inherit = "xero.handler.journal"

    def _also_told(self, records):
        """Of entries that are in Xero as journals: what stands on the clearing account there.

        A debt that documents or money have settled does not: they are paid from the clearing account. What is open of it, and whatever else
        has given way to that account (``_destination``), stays there.
        """
        if records._name != "account.move" or self._name != "xero.handler.journal":
            return {}  # summaries and costs, which are journals of other kinds
        found = {}
        for company, entries in self._as_journals(records.filtered(lambda move: move.move_type == "entry")).grouped("company_id").items():
            reading = SimpleNamespace(**self.sudo()._accounts_of_lines(self.env["xero.connection"]._get_active(company)))
            for entry in entries:
                if left := self.sudo()._left_on_clearing(entry, reading):
                    amounts = ", ".join(f"{account.display_name} {entry.company_currency_id.format(amount)}" for account, amount in left)
                    found[entry] = self.env._("On the clearing account in Xero, as no journal may name them there: %s", amounts)
        return found

    def _as_journals(self, entries):
        """Those that are in Xero as journals, or part of one; others settle documents there, and are nothing by themselves."""
        if not entries:
            return entries
        own = [("res_model", "=", entries._name), ("res_id", "in", entries.ids), ("kind", "=", self._kind), ("is_there", "=", True)]
        ids = {*self.env["xero.binding"].sudo().search(own).mapped("res_id")}
        ids.update(self.env["xero.journal.summary.entry"].sudo().search([("move_id", "in", entries.ids)]).mapped("move_id"))
        return entries.filtered(lambda entry: entry.id in ids)

    def _left_on_clearing(self, entry, reading):
        """``[(account, amount)]``, debits positive, in the company's currency."""
        sums, postings = {}, self._with_taxes_apart(self._postings(entry))
        taxed = {tax.id for posting in postings for tax in leaves(posting.tax_ids)}
        for line in entry.line_ids.filtered(lambda line: line.account_id.account_type in DEBTS):
            sums[line.account_id] = sums.get(line.account_id, 0) + line.amount_residual
        for posting in postings:
            is_xeros = posting.is_tax and posting.tax_line_id.id in taxed
            is_debt = posting.account_id.account_type in DEBTS
            if not is_debt and not is_xeros and self._gives_way(posting, reading):
                sums[posting.account_id] = sums.get(posting.account_id, 0) + float(posting.balance)
        return [(account, amount) for account, amount in sums.items() if not entry.company_currency_id.is_zero(amount)]

    def _gives_way(self, posting, reading):
        """Whether no journal may name the account in Xero; of one whose mapping is gone by now nobody can say."""
        try:
            return self._destination(posting, reading) is None
        except Held:
            return False
