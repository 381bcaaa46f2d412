"""Which Xero tax rate a proposed mapping gives to a set of Odoo taxes, and why. Plain values in, proposals out.

Xero's rate must charge the same percentage and must be allowed on the class of account the tax is used with; within that, Odoo's standard
taxes are known by name, others are recognised by name, by percentage, or (at 0 %) by the words that tell exports from exempt sales.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .proposal import Proposal, only, plain
from .proposal_charts import (
    CHART_TAXES,
    FIXED_TAX_COUNTRIES,
    NOT_IN_XERO,
    SPECIAL_WORDS,
    TAX_TYPES,
    TAX_TYPES_ELSEWHERE,
    ZERO_WORDS,
    ZERO_WORDS_ELSEWHERE,
)


@dataclass(frozen=True, slots=True)
class OdooTax:
    """A tax. ``rate`` is the percentage it adds to the document (0 for a reverse charge), None if it is not a percentage of the price."""

    id: int
    name: str
    rate: Decimal | None
    chart_key: str = ""
    words: str = ""  # description and label on the invoice
    compound: bool = False  # other taxes are computed on top of it


@dataclass(frozen=True, slots=True)
class XeroRate:
    """An active tax rate of the organisation; ``rate`` is its effective percentage."""

    id: int
    tax_type: str
    name: str
    rate: Decimal
    report_tax_type: str = ""
    can_apply_to: frozenset = frozenset()


def propose_tax(taxes: Sequence[OdooTax], rates: Sequence[XeroRate], chart: str, country: str, account_class: str = "REVENUE") -> Proposal:
    """The tax rate for lines that carry exactly ``taxes``, on accounts of ``account_class``.

    :param country: ISO code of the organisation's country
    """
    legal = [rate for rate in rates if account_class in rate.can_apply_to]
    if not taxes:
        return _of_type("none", legal, country, Decimal(0), "no_tax") or Proposal(None, "no_match")
    if any(tax.rate is None for tax in taxes):
        known = any(CHART_TAXES.get(chart, {}).get(tax.chart_key) == NOT_IN_XERO for tax in taxes)
        return Proposal(None, "not_a_sales_tax" if known else "not_a_percentage")
    if len(taxes) > 1:
        return _combined(taxes, legal, country)
    return _single(taxes[0], legal, chart, country)


def _single(tax, legal, chart, country):
    meaning = CHART_TAXES.get(chart, {}).get(tax.chart_key)
    if meaning == NOT_IN_XERO:
        return Proposal(None, "not_a_sales_tax")
    return (
        _of_type(meaning, legal, country, tax.rate, "standard_tax")
        or _same_name(tax, legal)
        or (_same_rate(tax, legal, country) if tax.rate else _zero_rate(tax, legal, country))
    )


def _of_type(meaning, legal, country, percentage, reason):
    """The country's own tax type for ``meaning``; None if there is no such type to look for, so that other signs may decide."""
    wanted = TAX_TYPES.get(country, TAX_TYPES_ELSEWHERE).get(meaning)
    if not wanted:
        return None
    found = only(rate for rate in legal if rate.tax_type == wanted)
    if not found:
        return Proposal(None, "switched_off")
    return Proposal(found.id, reason) if found.rate == percentage else Proposal(None, "rate_differs")


def _same_name(tax, legal):
    found = only(rate for rate in legal if plain(rate.name) == plain(tax.name) and rate.rate == tax.rate)
    return Proposal(found.id, "same_name") if found else None


def _same_rate(tax, legal, country):
    if any(word in _words(tax) for word in SPECIAL_WORDS):
        return Proposal(None, "special_tax")
    return _by_rate(tax.rate, legal, country, "same_rate")


def _by_rate(percentage, legal, country, reason):
    candidates = [rate for rate in legal if rate.rate == percentage]
    types = TAX_TYPES.get(country, {})
    usual = {types.get("standard"), types.get("reduced")}
    found = (
        only(candidates)
        or only(rate for rate in candidates if rate.report_tax_type == "OUTPUT")
        or only(rate for rate in candidates if rate.tax_type in usual)
    )
    if found:
        return Proposal(found.id, reason)
    return Proposal(None, "several" if candidates else "no_rate")


def _zero_rate(tax, legal, country):
    """At 0 % the percentage says nothing: exports, exempt and zero-rated sales go to different boxes of the tax return."""
    words = _words(tax)
    meaning = next((meaning for word, meaning in ZERO_WORDS.get(country, ZERO_WORDS_ELSEWHERE) if word in words), None)
    return _of_type(meaning, legal, country, tax.rate, "same_kind_of_tax") or Proposal(None, "no_match")


def _combined(taxes, legal, country):
    """Xero takes one tax rate a line. Outside the countries with fixed types an organisation may have made one for the sum."""
    if country in FIXED_TAX_COUNTRIES or any(tax.compound for tax in taxes):
        return Proposal(None, "several_taxes")
    found = _by_rate(sum((tax.rate for tax in taxes), Decimal(0)), legal, country, "same_total")
    return found if found.target else Proposal(None, "several_taxes")


def _words(tax):
    return f"{tax.name} {tax.words}".casefold()
