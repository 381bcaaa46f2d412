"""The currency of a document and its rate: foreign units for one of base."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ... import elements
from ...call import Call
from ...errors import Invalid
from ...store import Record

Element = dict[str, Any]
# What stands in for the day's rate of XE.com when none is sent: foreign units for one of base. Made up.
DAY_RATES = {"USD": Decimal("0.650000"), "EUR": Decimal("0.600000"), "GBP": Decimal("0.520000"), "JPY": Decimal("98.000000")}


def read(call: Call, element: Element, new: Record, old: Record | None) -> None:
    code = elements.text(element, "CurrencyCode").upper() or new["CurrencyCode"]
    if old and old["Status"] == "AUTHORISED" and code != old["CurrencyCode"]:
        raise Invalid("The currency of an approved document cannot be changed.")
    changed = code != new["CurrencyCode"]
    new["CurrencyCode"] = code
    rate = elements.number(element, "CurrencyRate")
    if code == call.organisation.region.currency:
        new["CurrencyRate"] = Decimal(1)
    elif rate is not None:
        if rate <= 0:
            raise Invalid("CurrencyRate must be greater than 0.")
        new["CurrencyRate"] = rate.quantize(Decimal("0.000001"))
        new["Warnings"] = _rate_warnings(call, code, rate)
    elif changed:
        new["CurrencyRate"] = DAY_RATES.get(code, Decimal("1.000000"))


def _rate_warnings(call: Call, code: str, rate: Decimal) -> tuple[str, ...]:
    """A rate far off the day's is taken, with a warning."""
    usual, factor = DAY_RATES.get(code), call.switches.rate_warning_factor
    if usual is None or factor is None or usual / factor <= rate <= usual * factor:
        return ()
    return (f"The currency rate {rate} differs significantly from the rate of the day, {usual}.",)


def told_rate(call: Call, rate: Decimal | None) -> Decimal | None:
    """A payment's rate on its way in or out: kept as foreign units for one of base, told as the switch `payment_rate` says."""
    if not rate or call.switches.payment_rate == "foreign_per_base":
        return rate
    return (1 / rate).quantize(Decimal("0.0000000001"))


def check(call: Call, new: Record) -> list[str]:
    if call.organisation.currencies.get(new["CurrencyCode"]) is None:
        return [f"Organisation is not subscribed to currency {new['CurrencyCode']}"]
    return []
