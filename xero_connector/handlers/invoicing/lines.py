from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ...const import NO_LINES, PLAIN_LINES, TEXT_LINES
from ...mapping.tax_sets import TaxSet, tax_set
from ...xero_core.arithmetic.rounding import STEP
from ...xero_core.resources.lines import Line
from ..amounts import exact_amount

# of all lines of a batch at once
LINE_FIELDS = ["display_type", "sequence", "name", "quantity", "price_unit", "discount", "price_subtotal", "price_total"]
LINE_FIELDS += ["amount_currency", "account_id", "currency_id", "tax_ids", "product_id", "analytic_distribution"]


class Booked(NamedTuple):
    """What the books have for a line: ``net`` and ``tax`` (floats, in the document's currency and direction), and its taxes' meaning."""

    net: float
    tax: float
    taxes: TaxSet


class XeroHandlerInvoiceLines(models.AbstractModel):
    """The lines of an invoice-like document, as the books in Odoo have them.

    Every journal item that makes up the total is a line: what was sold, and what Odoo added by itself (cash rounding, early-payment and
    allocated discounts, the private part of a bill). Taxes are in Xero's tax rates, except those that no rate can stand for.
    """

    _name = "xero.handler.invoice.lines"
    _inherit = "xero.handler"
    _description = "Xero Handler: Invoice Lines"

    def _lines(self, move, table):
        """The lines in the order of the document, what Odoo added at the end.

        With ``xero_taxes_apart`` in the reading, taxes for which it is doubtful whether a Xero rate can stand for them are lines too.
        """
        booked = self._booked(move, table)
        shown = [line for line in move.line_ids if line in booked or (line.display_type in TEXT_LINES and line.name)]
        shown.sort(key=lambda line: (line.display_type not in PLAIN_LINES or line.display_type == "tax", line.sequence))
        return [self._amount_line(line, booked[line], table) if line in booked else self._text_line(line) for line in shown]

    def _text_line(self, line):
        return Line(line.name, None, None, key=str(line.id))

    def _amount_line(self, line, booked, table):
        account = self._posting_account(line.account_id, table)
        tax = self._line_tax(self.env["account.tax"].browse(booked.taxes.ids), account, table)
        quantity, price, discount = self._typed(line, booked)
        return Line(
            line.name or line.product_id.display_name or "-",
            quantity,
            price,
            account_code=account.code,
            tax_type=tax.tax_type,
            tax_rate=tax.rate,
            discount_rate=discount,
            tax_amount=exact_amount(booked.tax, line.currency_id),
            key=str(line.id),
            amount=exact_amount(booked.net, line.currency_id),
            includes_tax=booked.taxes.price == "gross",
        )

    def _typed(self, line, booked):
        """Quantity, price and discount as people typed them; of what they did not type, one of its amount."""
        if line.display_type != "product":
            return Decimal(1), exact_amount(booked.net, line.currency_id), Decimal(0)
        quantity = Decimal(str(line.quantity or 0))
        if booked.taxes.price == "mixed":  # with some of the tax in it, the price can be given neither way
            return quantity, (Decimal(str(booked.net)) / quantity).quantize(STEP) if quantity else Decimal(0), Decimal(0)
        return quantity, Decimal(str(line.price_unit)), Decimal(str(line.discount))

    # === AMOUNTS === #

    def _booked(self, move, table):
        """``{line: Booked}`` of the lines with an amount of their own.

        What is without tax stands on the journal items. The tax of each line does, too, if it adds up to the document's; Odoo's tax engine,
        which also knows of taxes changed by hand or rounded over the whole document, costs ten times as much and is asked only otherwise.
        """
        booked, kinds, apart, tax, sign = {}, set(), set(), 0.0, move.direction_sign
        for line in move.line_ids:
            kind = line.display_type
            kinds.add(kind)
            if kind == "product":
                taxes = self._tax_set(line.tax_ids, table)
                booked[line] = Booked(sign * line.amount_currency, line.price_total - line.price_subtotal, taxes)
                apart |= taxes.apart
                tax += booked[line].tax
        if not apart and kinds <= PLAIN_LINES and move.currency_id.is_zero(tax - move.amount_tax):
            return booked
        return self._booked_by_engine(move, table, apart)

    def _tax_set(self, taxes, table):
        """What the taxes are to Xero; worked out once a run for each set."""
        apart = bool(self.env.context.get("xero_taxes_apart"))
        key = (taxes._ids, apart)
        if key not in table.tax_sets:
            table.tax_sets[key] = tax_set(taxes, apart)
        return table.tax_sets[key]

    def _booked_by_engine(self, move, table, apart):
        """With each line's tax as Odoo's engine spreads what the tax lines say; of the taxes ``apart``, the tax lines are lines."""
        taxes_data = {base["record"]: base["tax_details"]["taxes_data"] for base in move._get_rounded_base_and_tax_lines()[0]}
        booked, above = {}, defaultdict(float)
        for line in move.line_ids:
            if not self._is_line(line, apart):
                continue
            taxes = self._tax_set(line.tax_ids, table)
            rates = [data for data in taxes_data.get(line, ()) if data["tax"].id not in apart]
            tax = sum(data["tax_amount_currency"] for data in rates)
            for tax_id, part in self._tax_on_taxes(taxes_data.get(line, ()), rates, apart, line.currency_id):
                above[tax_id] += part
                tax -= part
            booked[line] = Booked(move.direction_sign * line.amount_currency, tax, taxes)
        return self._with_taxes_apart(booked, above)

    def _is_line(self, line, apart):
        """Whether the journal item is a line in Xero: not the other side of the entry, nor a tax that Xero computes."""
        if line.display_type in NO_LINES or line.display_type in TEXT_LINES:
            return False
        tax = line.tax_repartition_line_id.tax_id
        return not tax or tax.id in apart

    def _tax_on_taxes(self, taxes_data, rates, apart, currency):
        """``(tax apart, amount)``: the part of the line's tax that is tax on a tax apart and so belongs to the line made of that."""
        for data in taxes_data:
            if data["tax"].id not in apart:
                continue
            for rate in rates:
                if rate["tax"] in data["taxes"] and rate["base_amount_currency"]:
                    part = rate["tax_amount_currency"] * data["tax_amount_currency"] / rate["base_amount_currency"]
                    yield data["tax"].id, currency.round(part)

    def _with_taxes_apart(self, booked, above):
        """Give the lines made of taxes the tax computed on top of them, and the rate the other lines have."""
        rates = {
            frozenset(self.env["account.tax"].browse(each.taxes.ids).flatten_taxes_hierarchy().ids): each.taxes for each in booked.values()
        }
        for line, each in booked.items():
            tax_id = line.tax_repartition_line_id.tax_id.id
            if tax_id and each.taxes.ids:
                taxes = rates.get(frozenset(each.taxes.ids), each.taxes)
                booked[line] = each._replace(tax=above.pop(tax_id, 0.0), taxes=taxes._replace(price="net"))
        return booked
