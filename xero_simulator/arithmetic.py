"""Xero's arithmetic: each line rounded, its tax rounded, then summed. All Decimal, in the document's currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from .switches import Switches

ZERO = Decimal("0.00")
HUNDRED = Decimal(100)
QUANTITY_PLACES = 4
_ISO_DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "UGX": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}


@dataclass(frozen=True)
class Rounding:
    """How ties fall, and to how many places money is kept."""

    mode: str = ROUND_HALF_UP
    places: int = 2

    def money(self, value: Decimal) -> Decimal:
        return self.to(value, self.places)

    def to(self, value: Decimal, places: int) -> Decimal:
        return value.quantize(Decimal(1).scaleb(-places), rounding=self.mode)


def rounding(switches: Switches, currency: str) -> Rounding:
    mode = ROUND_HALF_EVEN if switches.ties == "half_even" else ROUND_HALF_UP
    places = _ISO_DECIMALS.get(currency, 2) if switches.currency_decimals == "iso" else 2
    return Rounding(mode, places)


def line_amount(rule: Rounding, quantity: Decimal, unit: Decimal, rate: Decimal | None, amount: Decimal | None) -> Decimal:
    """Quantity x unit, less a discount rate (percent) or a discount amount."""
    gross = quantity * unit
    if rate:
        return rule.money(gross * (HUNDRED - rate) / HUNDRED)
    return rule.money(rule.money(gross) - (amount or ZERO))


def line_tax(rule: Rounding, amount: Decimal, rate: Decimal, types: str) -> Decimal:
    """The tax of one line; `rate` in percent, `types` Exclusive | Inclusive | NoTax."""
    if types == "NoTax":
        return ZERO
    if types == "Inclusive":
        return rule.money(amount - amount / (1 + rate / HUNDRED))
    return rule.money(amount * rate / HUNDRED)


@dataclass(frozen=True)
class Totals:
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    discount: Decimal


def totals(lines: list[dict], types: str) -> Totals:
    """Sums over computed lines (keys LineAmount, TaxAmount, Discount)."""
    amount = sum((line["LineAmount"] for line in lines), ZERO)
    tax = sum((line["TaxAmount"] for line in lines), ZERO)
    discount = sum((line["Discount"] for line in lines), ZERO)
    if types == "Inclusive":
        return Totals(amount - tax, tax, amount, discount)
    return Totals(amount, tax, amount + tax, discount)
