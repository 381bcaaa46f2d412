"""Amounts of Odoo as Xero's arithmetic has them."""

from decimal import Decimal


def exact_amount(amount, currency):
    """An amount of Odoo (float) as an exact Decimal in the currency's own precision."""
    return Decimal(f"{amount:.{currency.decimal_places}f}")
