from odoo import models

from ...const import DEBTS


class XeroHandlerJournal(models.AbstractModel):
    """What of an entry stands on the clearing account in Xero, as manual journals may not name banks and debts: it is told."""

    _inherit = "xero.handler.journal"

    def _also_told(self, records):
        """Of entries that are in Xero as journals: what stands on the clearing account there.

        A debt that documents or money have settled does: they are paid from the clearing account. What is open of it, and what an entry
        books on a bank by hand, stays there.
        """
        if records._name != "account.move" or self._name != "xero.handler.journal":
            return {}  # summaries and costs, which are journals of other kinds
        entries, found = self._as_journals(records.filtered(lambda move: move.move_type == "entry")), {}
        banks = (
            self.env["account.journal"].sudo().search([("type", "in", ("bank", "cash", "credit"))]).default_account_id if entries else ()
        )
        for entry in entries:
            open_lines = self._left_on_clearing(entry, banks)
            if open_lines:
                amounts = ", ".join(f"{account.display_name} {entry.company_currency_id.format(amount)}" for account, amount in open_lines)
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

    def _left_on_clearing(self, entry, banks):
        """``[(account, amount)]``, debits positive, in the company's currency."""
        sums = {}
        for line in entry.line_ids:
            if line.account_id.account_type in DEBTS:
                sums[line.account_id] = sums.get(line.account_id, 0) + line.amount_residual
            elif line.account_id in banks:
                sums[line.account_id] = sums.get(line.account_id, 0) + line.balance
        return [(account, amount) for account, amount in sums.items() if not entry.company_currency_id.is_zero(amount)]
