from odoo import models

from ..parts import debt_lines
from .facts import ALLOCATION, BATCH, PAYMENT


class XeroTaking(models.AbstractModel):
    """What Odoo would refuse, foreseen: what is held says so before anybody asks for it, in words and not in Odoo's error."""

    _inherit = "xero.taking"

    def _foreseen(self, connection, told, entries, journal):
        """``(cause, what it is about)`` of what Odoo would not take; ``()`` if it would, as far as that can be known."""
        if told.kind == ALLOCATION or not journal:
            return ()
        lines = debt_lines(entries)
        currency = lines[:1].currency_id or self.env["res.currency"].with_context(active_test=False).search([("name", "=", told.currency)])
        methods = journal.outbound_payment_method_line_ids if self._goes_out(told, lines) else journal.inbound_payment_method_line_ids
        return (
            (not journal.active and ("journal_off", journal.display_name))
            or (not methods and ("no_method", journal.display_name))
            or (currency and not currency.active and ("currency_off", currency.name))
            or (self._lacks_bank_amount(told, lines, journal) and ("bank_amount", ""))
            or ()
        )

    def _goes_out(self, told, lines):
        return sum(lines.mapped("balance")) < 0 if lines else told.is_out

    def _lacks_bank_amount(self, told, lines, journal):
        """Of a foreign document Xero does not say what the bank had, and a rate of Odoo's would be another amount."""
        bank = journal.currency_id or journal.company_id.currency_id
        foreign = told.kind in (PAYMENT, BATCH) and lines and lines[0].currency_id != bank
        return foreign and any(share.bank_amount is None for share in told.shares)

    def _writes_entry(self, entries):
        """Whether matching these makes an entry of that day: as they stand at different rates, or for tax that is due when it is paid."""
        debts = debt_lines(entries).filtered("amount_currency")
        rates = {round(line.balance / line.amount_currency, 6) for line in debts if line.currency_id != line.company_currency_id}
        return len(rates) > 1 or "on_payment" in entries.line_ids.tax_ids.mapped("tax_exigibility")
