"""What the entry of a bank line becomes when somebody says what its money was for: journal items as plain values, nothing is written.

Amounts are in the currency of the bank account and signed like the bank line's: what came in is positive.
"""

from dataclasses import dataclass
from typing import NamedTuple

from odoo import Command


class Match(NamedTuple):
    """An open journal item that a bank line settles.

    ``amount`` is how much of the line goes there, None if it is all that is open. ``of_item`` is how much of the item that takes, in the
    item's currency; None if that is the bank account's, or if the rate of the bank line says it.
    """

    item: object
    amount: float | None = None
    of_item: float | None = None


@dataclass(frozen=True)
class Part:
    """What of a bank line goes to an account, tax included. ``tax_amount``, signed like ``amount``, is exact if given."""

    account: object
    amount: float
    taxes: object = None
    tax_amount: float | None = None
    partner: object = None
    label: str = ""
    analytic: dict | None = None


def bank_currency(line):
    """The currency of the bank account of a statement line."""
    return line.journal_id.currency_id or line.company_id.currency_id


class Sharing:
    """Shares what the bank booked in the company's currency out among the counterparts, to the cent."""

    def __init__(self, line):
        liquidity = line._seek_for_lines()[0]
        self.line, self.currency = line, bank_currency(line)
        self.company_currency = line.company_id.currency_id
        self.booked = sum(liquidity.mapped("balance"))
        self.given, self.shared = 0.0, 0.0

    def balance(self, amount):
        """What this much of the line is in the company's currency: what is shared out in the end is all that was booked."""
        self.given += amount
        if self.currency == self.company_currency:
            return amount
        left = self.currency.is_zero(self.given - self.line.amount)
        whole = self.booked if left else self.company_currency.round(self.booked * self.given / self.line.amount)
        share = self.company_currency.round(whole - self.shared)
        self.shared += share
        return share

    def of_item(self, match, amount, balance):
        """How much of an item this settles, in the item's currency and signed like ``amount``."""
        currency, foreign = match.item.currency_id, self.line.foreign_currency_id
        if match.of_item is not None:
            return match.of_item
        if currency in (self.currency, self.company_currency):
            return amount if currency == self.currency else balance
        if currency == foreign:
            return currency.round(self.line.amount_currency * amount / self.line.amount)
        return self.company_currency._convert(balance, currency, self.line.company_id, self.line.date)


def open_amount(match, sharing):
    """All that is open of an item, in the currency of the bank account."""
    item, line = match.item, sharing.line
    if item.currency_id == sharing.currency:
        return item.amount_residual_currency
    if item.currency_id == line.foreign_currency_id and line.amount_currency:
        return sharing.currency.round(item.amount_residual_currency * line.amount / line.amount_currency)
    if sharing.currency == sharing.company_currency:
        return item.amount_residual
    return sharing.currency.round(item.amount_residual * line.amount / sharing.booked)


def counterpart(match, amount, sharing):
    """The journal item that settles another."""
    balance = sharing.balance(amount)
    return {
        "name": sharing.line.payment_ref,
        "account_id": match.item.account_id.id,
        "partner_id": match.item.partner_id.id,
        "currency_id": match.item.currency_id.id,
        "amount_currency": -sharing.of_item(match, amount, balance),
        "balance": -balance,
    }


def items_of(part, sharing):
    """The journal items of a part: what it was for, and its tax, as posted entries compute none."""
    balance, taxes = sharing.balance(part.amount), taxes_of(part, sharing)
    shared = [(values, sharing.company_currency.round(balance * amount / part.amount)) for values, amount in taxes["lines"]]
    net = sharing.currency.round(part.amount - sum(amount for _values, amount in taxes["lines"]))
    net_balance = balance - sum(share for _values, share in shared)
    own = {
        "name": part.label or sharing.line.payment_ref,
        "partner_id": (part.partner or sharing.line.partner_id).id,
        "currency_id": sharing.currency.id,
    }
    base = {
        **own,
        "account_id": part.account.id,
        "amount_currency": -net,
        "balance": -net_balance,
        "tax_ids": [Command.set(part.taxes.ids if part.taxes else [])],
        "tax_tag_ids": [Command.set(taxes["tags"])],
        "analytic_distribution": part.analytic,
    }
    tax_lines = [
        {
            **own,
            **values,
            "account_id": values["account_id"] or part.account.id,
            "amount_currency": -amount,
            "balance": -share,
            "tax_base_amount": abs(net_balance),
            "analytic_distribution": part.analytic if values["analytic_distribution"] else None,
        }
        for (values, share), (_values, amount) in zip(shared, taxes["lines"], strict=True)
    ]
    return [base, *tax_lines]


def taxes_of(part, sharing):
    """``{"tags": of what the tax is on, "lines": [(values, amount)]}``; the amounts are signed like the part's."""
    if not part.taxes:
        return {"tags": [], "lines": []}
    sign = 1 if part.amount > 0 else -1
    # money that comes in is a sale's, or comes back from a purchase
    is_refund = (sign > 0) == (part.taxes[0].type_tax_use == "purchase")
    told = part.taxes.with_context(force_price_include=True).compute_all(
        abs(part.amount), currency=sharing.currency, is_refund=is_refund, include_caba_tags=True
    )
    lines = [
        (
            {
                "name": tax["name"],
                "account_id": tax["account_id"],
                "tax_repartition_line_id": tax["tax_repartition_line_id"],
                "tax_tag_ids": [Command.set(tax["tag_ids"])],
                "tax_ids": [Command.set(tax["tax_ids"])],
                "group_tax_id": tax["group"].id if tax["group"] else False,
                "analytic_distribution": tax["analytic"] or not tax["account_id"],
            },
            sign * sharing.currency.round(tax["amount"]),
        )
        for tax in told["taxes"]
    ]
    return {"tags": told["base_tags"], "lines": with_amount(lines, part, sharing.currency)}


def with_amount(lines, part, currency):
    """The same with the tax amount that was given: the largest takes what another would have been; none is left without an amount."""
    if part.tax_amount is not None and lines:
        largest = max(range(len(lines)), key=lambda number: abs(lines[number][1]))
        lack = part.tax_amount - sum(amount for _values, amount in lines)
        lines[largest] = (lines[largest][0], currency.round(lines[largest][1] + lack))
    return [(values, amount) for values, amount in lines if not currency.is_zero(amount)]
