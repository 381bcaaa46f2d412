from decimal import Decimal

from odoo import models

from ...const import DEBTS
from ...xero_core.resources.lines import Line
from ..amounts import exact_amount


class XeroHandlerPaymentDifference(models.AbstractModel):
    """What write-offs and surpluses have in common: the part of a payment's entry that is neither the money nor the debt.

    One that has changed is removed and made anew.
    """

    _name = "xero.handler.payment_difference"
    _description = "Xero Handler: Payment Differences"

    def _check_difference(self, write_off, reading):
        """:raise Held, HeldBehind, Wait: why it cannot go now"""
        self._check_confirmed(reading.connection)
        self._check_lock_date(write_off.move.date, reading.connection)
        self._check_contact(write_off.partner, reading)

    # === LINES === #

    def _difference_lines(self, write_off, reading):
        """The lines, positive where they take off what is owed (or, of a surplus, add to the money)."""
        sign = write_off.direction if write_off.amount > 0 else -write_off.direction
        taxes = self._tax_amounts(write_off)
        lines = [self._difference_line(line, sign, taxes[line], write_off, reading) for line in write_off.lines.sorted("id")]
        return tuple(self._detailed(lines, write_off.move, reading.details))

    def _difference_line(self, line, sign, tax_amount, write_off, reading):
        account = self._difference_account(line, reading)
        tax = self._line_tax(line.tax_ids, account, reading.table)
        amount = exact_amount(sign * line.amount_currency, write_off.currency)
        return Line(
            line.name or line.account_id.name,
            Decimal(1),
            amount,
            account_code=account.code,
            tax_type=tax.tax_type,
            tax_rate=tax.rate,
            tax_amount=exact_amount(sign * tax_amount, write_off.currency),
            key=str(line.id),
            amount=amount,
        )

    def _difference_account(self, line, reading):
        """Of a debt of nobody that on which journals book it."""
        if line.account_id.account_type not in DEBTS:
            return self._posting_account(line.account_id, reading.table)
        return self.env["xero.handler.journal"]._account_of_debt(line, reading.journals)

    def _tax_amounts(self, write_off):
        """``{line: its part of the tax lines}``: each tax is shared among the amounts it is on, to the cent."""
        amounts = dict.fromkeys(write_off.lines, 0.0)
        for tax in write_off.taxes:
            # of a group of taxes the line names the group
            bases = write_off.lines.filtered(lambda line, tax=tax: (tax.tax_line_id | tax.group_tax_id) & line.tax_ids) or write_off.lines
            left, total = tax.amount_currency, sum(bases.mapped("amount_currency"))
            for base in bases[:-1]:
                part = write_off.currency.round(tax.amount_currency * base.amount_currency / total) if total else 0.0
                amounts[base] += part
                left -= part
            amounts[bases[-1:]] += left
        return amounts

    def _rate(self, write_off):
        """Units of the currency per unit of the company's, as the entry has it; None in the company's own."""
        if write_off.currency == write_off.move.company_currency_id:
            return None
        return Decimal(str(round(abs(1 / write_off.in_company_currency(1.0)), 6)))
