from decimal import Decimal

from odoo import models

from ..xero_core import rounding
from ..xero_core.documents import Line
from .base import Held

# What people write between the lines; whatever else has no amount of its own is Odoo's bookkeeping and nobody's business.
TEXT_LINES = ("line_section", "line_subsection", "line_note")
# What an ordinary invoice is made of; anything else takes part in Odoo's computation of the totals in its own way.
PLAIN_LINES = {"product", "tax", "payment_term", *TEXT_LINES}


class XeroHandlerInvoiceLines(models.AbstractModel):
    """The lines of an invoice-like document: what each says in Odoo, and how it is written for Xero to arrive at the same amounts."""

    _name = "xero.handler.invoice.lines"
    _inherit = "xero.handler"
    _description = "Xero Handler: Invoice Lines"

    _discounts = True  # whether Xero knows discounts on this kind of document: on sales invoices only

    def _lines(self, move, table):
        amounts = self._amounts(move)
        shown = move.line_ids.filtered(lambda line: line in amounts or (line.display_type in TEXT_LINES and line.name)).sorted("sequence")
        return [self._amount_line(line, *amounts[line], table) if line in amounts else self._text_line(line) for line in shown]

    def _text_line(self, line):
        return Line(line.name, None, None, key=str(line.id))

    def _amounts(self, move):
        """``{line: (net amount, tax, whether the price includes tax)}`` of the lines with an amount of their own.

        As they stand on the lines, if these add up to the totals; Odoo's tax engine, which also knows of taxes changed by hand or rounded
        over the whole document, costs ten times as much and is asked only otherwise.
        """
        amounts, kinds, net, tax = {}, set(), 0.0, 0.0
        for line in move.line_ids:
            kinds.add(line.display_type)
            if line.display_type == "product":
                amounts[line] = (line.price_subtotal, line.price_total - line.price_subtotal, _includes_tax(line.tax_ids))
                net, tax = net + amounts[line][0], tax + amounts[line][1]
        same = move.currency_id.is_zero(net - move.amount_untaxed) and move.currency_id.is_zero(tax - move.amount_tax)
        return amounts if same and kinds <= PLAIN_LINES else self._engine_amounts(move)

    def _engine_amounts(self, move):
        amounts = {}
        for base in move._get_rounded_base_and_tax_lines()[0]:
            details = base["tax_details"]
            net = details["total_excluded_currency"] + details["delta_total_excluded_currency"]
            tax = sum(data["tax_amount_currency"] for data in details["taxes_data"])
            amounts[base["record"]] = (net, tax, any(data["price_include"] for data in details["taxes_data"]))
        return amounts

    def _amount_line(self, line, subtotal, tax_amount, included, table):
        account = self._posting_account(line.account_id, table)
        tax = self._line_tax(line.tax_ids, account, table)
        quantity = Decimal(str(line.quantity or 1))
        net_price = (Decimal(str(subtotal)) / quantity).quantize(rounding.STEP) if included else Decimal(str(line.price_unit))
        return rounding.plain_line(
            line.name or line.product_id.display_name or "-",
            quantity,
            net_price,
            Decimal(str(line.discount)) if not included else Decimal(0),
            money(subtotal, line.currency_id),
            account_code=account.code,
            tax_type=tax.tax_type,
            tax_rate=tax.rate,
            tax_amount=money(tax_amount, line.currency_id),
            discounts=self._discounts,
            key=str(line.id),
        )

    def _settled(self, invoice, move):
        """The invoice in the form in which Xero arrives at Odoo's totals, or held."""
        try:
            return rounding.settle(invoice)
        except rounding.CannotMatch as difference:
            raise Held(
                "totals_differ",
                self.env._(
                    "%(number)s: Odoo's total is %(odoo)s, Xero would make it %(xero)s.",
                    number=move.name, odoo=difference.expected.total, xero=difference.computed.total,
                ),
                key=f"account.move,{move.id}",
                help=self.env._("Xero rounds the tax of each line. Set the company's tax rounding to “round per line”, or adjust a line."),
                record=("account.move", move.id),
            ) from difference  # fmt: skip


def _includes_tax(taxes):
    """Whether a price with these taxes is a price with tax."""
    return any(tax.price_include for tax in (taxes.flatten_taxes_hierarchy() if "group" in taxes.mapped("amount_type") else taxes))


def money(amount, currency):
    """An amount of Odoo (float) as an exact Decimal in the currency's own precision."""
    return Decimal(f"{amount:.{currency.decimal_places}f}")
