"""Which Xero tax rate a proposed mapping gives to a set of Odoo taxes, and why. Plain values in, proposals out.

Xero's rate must charge the same percentage and must be allowed on the class of account the tax is used with; within that, Odoo's standard
taxes are known by name, others are recognised by name, by percentage, or (at 0 %) by the words that tell exports from exempt sales.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .accounts import Proposal, only, plain
from .tax_charts import (
    CHART_TAXES,
    FIXED_TAX_COUNTRIES,
    NO_TYPE,
    NOT_IN_XERO,
    PURCHASE,
    SALE,
    SIDE_CLASS,
    SPECIAL,
    SPECIAL_WORDS,
    TAX_TYPES,
    TAX_TYPES_ELSEWHERE,
    ZERO_WORDS,
    ZERO_WORDS_ELSEWHERE,
)

REPORT_TYPE = {SALE: "OUTPUT", PURCHASE: "INPUT"}


@dataclass(frozen=True, slots=True)
class OdooTax:
    """A tax. ``rate`` is the percentage it adds to the document (0 for a reverse charge), None if it is not a percentage of the price."""

    id: int
    name: str
    rate: Decimal | None
    chart_key: str = ""
    words: str = ""  # description and label on the invoice
    compound: bool = False  # other taxes are computed on top of it
    side: str = SALE
    withheld: bool = False  # kept back from what is paid: no tax of Xero's, but a line of its own


@dataclass(frozen=True, slots=True)
class XeroRate:
    """An active tax rate of the organisation; ``rate`` is its effective percentage."""

    id: int
    tax_type: str
    name: str
    rate: Decimal
    report_tax_type: str = ""
    can_apply_to: frozenset = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """What all steps of one proposal need: the rates that may be chosen, and the words and types of the country and side."""

    legal: tuple[XeroRate, ...]
    chart: str
    country: str
    side: str

    @property
    def types(self) -> dict[str, str]:
        return TAX_TYPES.get(self.country, TAX_TYPES_ELSEWHERE)[self.side]

    @property
    def zero_words(self) -> tuple[tuple[str, str], ...]:
        return ZERO_WORDS.get(self.country, ZERO_WORDS_ELSEWHERE)[self.side]

    def meaning(self, tax: OdooTax) -> str | None:
        """What the chart says the tax is."""
        return CHART_TAXES.get(self.chart, {}).get(tax.chart_key)


def side_of(taxes: Sequence[OdooTax]) -> str:
    """Sales or purchases; lines without tax count as sales, where the same tax types mean "none"."""
    return PURCHASE if any(tax.side == PURCHASE for tax in taxes) else SALE


def propose_tax(taxes: Sequence[OdooTax], rates: Sequence[XeroRate], chart: str, country: str, account_class: str = "") -> Proposal:
    """The tax rate for lines that carry exactly ``taxes``, on accounts of ``account_class``; by default of revenue or expense.

    A rate must also be one of the taxes' own side: a sale booked on an expense account is no purchase for the tax return.

    :param country: ISO code of the organisation's country
    """
    side = side_of(taxes)
    wanted = {account_class or SIDE_CLASS[side]} | ({SIDE_CLASS[side]} if taxes else set())
    question = Question(tuple(rate for rate in rates if wanted <= rate.can_apply_to), chart, country, side)
    if not taxes:
        return _of_type("none", question, Decimal(0), "no_tax") or Proposal(None, "no_match")
    return _combined(taxes, question) if len(taxes) > 1 else _single(taxes[0], question)


def _single(tax, question):
    meaning = question.meaning(tax)
    if meaning in NO_TYPE:
        return Proposal(None, _no_type(meaning, question))
    if tax.withheld or tax.rate is None:
        return Proposal(None, "withheld" if tax.withheld else "not_a_percentage")
    return (
        _of_type(meaning, question, tax.rate, "standard_tax")
        or _same_name(tax, question)
        or (_same_rate(tax, question) if tax.rate else _zero_rate(tax, question))
    )


def _no_type(meaning, question):
    if meaning == NOT_IN_XERO:
        return "not_a_sales_tax" if question.side == SALE else "not_a_purchase_tax"
    return meaning


def _of_type(meaning, question, percentage, reason):
    """The country's own tax type for ``meaning``; None if there is no such type to look for, so that other signs may decide."""
    wanted = question.types.get(meaning)
    if not wanted:
        return None
    found = only(rate for rate in question.legal if rate.tax_type == wanted)
    if not found:
        return Proposal(None, "switched_off")
    return Proposal(found.id, reason) if found.rate == percentage else Proposal(None, "rate_differs")


def _same_name(tax, question):
    found = only(rate for rate in question.legal if plain(rate.name) == plain(tax.name) and rate.rate == tax.rate)
    return Proposal(found.id, "same_name") if found else None


def _same_rate(tax, question):
    if any(word in _words(tax) for word in SPECIAL_WORDS):
        return Proposal(None, "special_tax")
    return _by_rate(tax.rate, question, "same_rate")


def _by_rate(percentage, question, reason):
    candidates = [rate for rate in question.legal if rate.rate == percentage]
    usual = {question.types.get("standard"), question.types.get("reduced")}
    found = (
        only(candidates)
        or only(rate for rate in candidates if rate.report_tax_type == REPORT_TYPE[question.side])
        or only(rate for rate in candidates if rate.tax_type in usual)
    )
    if found:
        return Proposal(found.id, reason)
    return Proposal(None, "several" if candidates else "no_rate")


def _zero_rate(tax, question):
    """At 0 % the percentage says nothing: exports, exempt and zero-rated sales go to different boxes of the tax return."""
    words = _words(tax)
    meaning = next((meaning for word, meaning in question.zero_words if word in words), None)
    if meaning == SPECIAL:
        return Proposal(None, "special_tax")
    return _of_type(meaning, question, tax.rate, "same_kind_of_tax") or Proposal(None, "no_match")


def _combined(taxes, question):
    """Xero takes one tax rate a line. Outside the countries with fixed types an organisation may have made one for the sum."""
    if any(tax.withheld for tax in taxes):
        return Proposal(None, "withheld")
    without_rate = [tax for tax in taxes if tax.rate is None]
    if any(question.meaning(tax) == NOT_IN_XERO for tax in without_rate):
        return Proposal(None, _no_type(NOT_IN_XERO, question))
    if without_rate:
        return Proposal(None, "not_a_percentage")
    if question.country in FIXED_TAX_COUNTRIES or any(tax.compound for tax in taxes):
        return Proposal(None, "several_taxes")
    return _of_total(taxes, question)


def _of_total(taxes, question):
    found = _by_rate(sum((tax.rate for tax in taxes), Decimal(0)), question, "same_total")
    return found if found.target else Proposal(None, "several_taxes")


def _words(tax):
    return f"{tax.name} {tax.words}".casefold()


def propose_for_class(taxes: Sequence[OdooTax], rates: Sequence[XeroRate], chart: str, country: str, account_class: str) -> Proposal:
    """The tax rate for one class of account on which the general choice is not allowed: the usual way, else the one of that percentage."""
    found = propose_tax(taxes, rates, chart, country, account_class)
    total = sum((tax.rate or Decimal(0) for tax in taxes), Decimal(0))
    if found.reason == "switched_off" and total:
        side = side_of(taxes)
        legal = tuple(rate for rate in rates if {account_class, SIDE_CLASS[side]} <= rate.can_apply_to)
        found = _by_rate(total, Question(legal, chart, country, side), "for_class")
    return Proposal(found.target, "for_class") if found.target else Proposal(None, "not_allowed")
