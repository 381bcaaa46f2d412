"""How an invoice has to be written for Xero to arrive at Odoo's totals, and what is done about cents where it does not by itself.

Plain is best: Xero asks apps not to send tax amounts. Otherwise the administrator's policy decides: the tax of each line is given, or one
visible line on Xero's own rounding account makes the total right, or the document is held.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from ..resources.invoices import Invoice
from ..resources.lines import Line
from .rounding import (
    ONE,
    ZERO,
    Totals,
    as_one,
    decimals,
    exact_amount,
    exact_tax,
    in_full,
    is_certain,
    line_amount,
    rounded,
    smallest,
    summed,
    totals,
    written,
)

PLAIN, TAX_AMOUNTS, ROUNDING_LINE, HOLD = "plain", "tax_amounts", "rounding_line", "hold"
CENT = Decimal("0.01")
# What Xero's tax types of reverse charges begin with.
REVERSE_CHARGES = ("DRCHARGE", "REVERSECHARGE", "ECACQUISITION")


@dataclass(frozen=True, slots=True)
class Cents:
    """What an administrator decided about cents.

    `policy` is 'tax_amounts', 'rounding_line' or 'hold'; `tolerance` the largest correction, in the document's currency; `ties` how Xero
    rounds exact halves. `account_code` and `tax_type` are of the rounding line: Xero's rounding account, and a rate without tax that is
    allowed there; `description` is what the line says.
    """

    policy: str = TAX_AMOUNTS
    tolerance: Decimal = Decimal("0.05")
    ties: str = "half_up"
    account_code: str = ""
    tax_type: str = ""
    description: str = "Rounding"


class Settled(NamedTuple):
    """The invoice as it is to be sent, with the totals Xero will make of it; `correction` is 'plain', 'tax_amounts' or 'rounding_line'."""

    invoice: Invoice
    correction: str


class CannotMatch(Exception):
    """No way was found, or none is allowed, to make Xero arrive at the document's totals.

    `reason` is 'decimals' (amounts with a third decimal), 'policy' (it is to be held), 'tolerance' (more than cents), 'account' (there is
    no rounding account) or 'amounts' (the lines do not add up to the document).
    """

    def __init__(self, expected: Totals, computed: Totals, reason: str):
        right = f"{expected.total} (tax {expected.total_tax})"
        super().__init__(f"Xero would compute {computed.total} (tax {computed.total_tax}) instead of {right}.")
        self.expected = expected
        self.computed = computed
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Form:
    """One way of writing the invoice, without any tax amount.

    `taxes` is what Xero makes of each line's tax, `certain` whether it does so however it rounds, `booked` what Odoo has for it.
    """

    invoice: Invoice
    taxes: tuple[Decimal, ...]
    certain: tuple[bool, ...]
    booked: tuple[Decimal, ...]
    totals: Totals


def settle(invoice: Invoice, cents: Cents = Cents(), intended: Decimal = ZERO) -> Settled:  # noqa: B008 (frozen)
    """The invoice as it has to be sent for Xero to arrive at its `total` and `total_tax`.

    With prices that include tax it is written with them if that arrives. Unless the policy is to hold, a tax amount is also given where
    Xero's result would hang on how it rounds exact halves, or currencies without cents. With a rounding line the total is right, and the
    tax is what Xero makes of its rates: the returned invoice's `total_tax` says how much.

    :param intended: how much of the tax Odoo put there on purpose (cash rounding); it does not count against the tolerance
    :raise CannotMatch: with the reason
    """
    invoice, expected = _spread(invoice, _allowed(cents, invoice.currency)), _expected(invoice)
    if decimals(invoice.currency) > 2 and _has_third_decimal(invoice):
        raise CannotMatch(expected, totals(_form(invoice, "Exclusive", cents).invoice, cents.ties), "decimals")
    forms = []
    for form in _forms(invoice, cents):
        if form.totals == expected and (all(form.certain) or (cents.policy == HOLD and _arrives(form.invoice, cents.ties))):
            return Settled(_finished(form.invoice), PLAIN)
        forms.append(form)
    settled, reason = _corrected(forms, expected, cents, intended)
    if settled is None:
        raise CannotMatch(expected, forms[-1].totals, reason)
    return settled


def _expected(invoice: Invoice) -> Totals:
    return Totals(invoice.total - invoice.total_tax, invoice.total_tax, invoice.total)


def _spread(invoice: Invoice, allowed: Decimal) -> Invoice:
    """The invoice with what the lines' taxes are short of its total put on the largest; if that is more than allowed, a cent on each."""
    short = invoice.total_tax - sum((line.tax_amount for line in invoice.lines if line.tax_amount), ZERO)
    lines = list(invoice.lines)
    taxed = [index for index, line in enumerate(lines) if line.tax_rate and line.tax_amount is not None]
    taxed.sort(key=lambda index: (abs(lines[index].tax_amount), abs(lines[index].amount or ZERO)), reverse=True)
    unit = smallest(invoice.currency).copy_sign(short)
    for index in taxed[: int(short / unit)] if abs(short) > allowed else ():
        lines[index] = replace(lines[index], tax_amount=lines[index].tax_amount + unit)
        short -= unit
    if short and taxed:
        lines[taxed[0]] = replace(lines[taxed[0]], tax_amount=lines[taxed[0]].tax_amount + short)
    return replace(invoice, lines=tuple(lines))


def _has_third_decimal(invoice: Invoice) -> bool:
    amounts = [invoice.total, invoice.total_tax, *(line.amount or ZERO for line in invoice.lines)]
    return any(amount % CENT for amount in amounts)


# --- the ways to write it ----------------------------------------------------------------------------


def _forms(invoice: Invoice, cents: Cents) -> Iterator[_Form]:
    if _typed_with_tax(invoice.lines):
        yield _form(invoice, "Inclusive", cents)
    yield _form(invoice, "Exclusive", cents)


def _typed_with_tax(lines: Sequence[Line]) -> bool:
    """True if the prices include tax wherever there is any. Of reverse charges some say that Xero takes them without tax only."""
    if any(line.tax_type.startswith(REVERSE_CHARGES) for line in lines):
        return False
    taxed = [line.includes_tax for line in lines if line.includes_tax or line.tax_amount or line.tax_rate]
    return bool(taxed) and all(taxed)


def _form(invoice: Invoice, types: str, cents: Cents) -> _Form:
    discounts, currency = invoice.kind == "ACCREC", invoice.currency
    lines, taxes, certain, booked, amounts = [], [], [], [], ZERO
    for booked_line in invoice.lines:
        line = written(booked_line, types, currency, discounts)
        exact = exact_amount(line) if line.quantity is not None else ZERO
        amount = rounded(exact, currency, cents.ties)
        exact = exact_tax(amount, line.tax_rate, types)
        tax = rounded(exact, currency, cents.ties)
        lines.append(replace(line, tax_amount=None) if line.tax_amount is not None else line)
        taxes.append(tax)
        certain.append(is_certain(exact, tax, currency))
        booked.append(line.tax_amount or ZERO)
        amounts += amount
    plain = replace(invoice, lines=tuple(lines), line_amount_types=types)
    return _Form(plain, tuple(taxes), tuple(certain), tuple(booked), summed(amounts, sum(taxes, ZERO), types))


def _finished(invoice: Invoice) -> Invoice:
    lines = in_full(invoice.lines)
    return invoice if lines is invoice.lines else replace(invoice, lines=lines)


# --- what is done about cents ------------------------------------------------------------------------


def _corrected(forms: Sequence[_Form], expected: Totals, cents: Cents, intended: Decimal) -> tuple[Settled | None, str]:
    """The smallest correction the policy allows, or why there is none."""
    if cents.policy == HOLD:
        return None, "policy"
    exact = filter(lambda form: form.totals == expected, forms)
    if settled := _first(_with_amounts(form, form.taxes, cents) for form in exact):
        return settled, ""
    allowed = _allowed(cents, forms[0].invoice.currency) + abs(intended)
    if cents.policy == ROUNDING_LINE and decimals(forms[0].invoice.currency) == decimals(""):
        return _with_rounding_line(forms[-1], expected, cents, allowed)
    # where nobody knows how Xero rounds the currency, no line can be right, and the tax is given under this policy too
    near = [form for form in forms if _within(form, allowed)]
    if settled := _first(_with_amounts(form, form.booked, cents) for form in near):
        return settled, ""
    return None, "amounts" if len(near) == len(forms) else "tolerance"


def _first(found: Iterable[Settled | None]) -> Settled | None:
    return next(filter(None, found), None)


def _allowed(cents: Cents, currency: str) -> Decimal:
    """The tolerance; of a currency without cents as many of its smallest unit as it is cents, lest a yen be too much."""
    return max(cents.tolerance, cents.tolerance * smallest(currency) / CENT)


def _within(form: _Form, allowed: Decimal) -> bool:
    """No line's tax is changed by more than cents, nor is the document's: of many lines by half a cent each, as rounding makes it."""
    differences = [booked - tax for booked, tax in zip(form.booked, form.taxes, strict=True)]
    taxed = sum(1 for booked, tax in zip(form.booked, form.taxes, strict=True) if booked or tax)
    rounding = smallest(form.invoice.currency) * taxed / 2
    return abs(sum(differences, ZERO)) <= max(allowed, rounding) and all(-allowed <= difference <= allowed for difference in differences)


def _with_amounts(form: _Form, taxes: Sequence[Decimal], cents: Cents) -> Settled | None:
    """The form with these taxes, given as amounts where Xero would, or might, make something else of a line."""
    lines = []
    for line, tax, computed, certain in zip(form.invoice.lines, taxes, form.taxes, form.certain, strict=True):
        if tax != computed and not line.tax_rate:
            return None  # there is no tax to change where Xero's rate has none
        lines.append(line if certain and tax == computed else _forced(line, tax, form.invoice.currency))
    invoice = replace(form.invoice, lines=tuple(lines))
    return Settled(_finished(invoice), TAX_AMOUNTS) if _arrives(invoice, cents.ties) else None


def _forced(line: Line, tax: Decimal, currency: str) -> Line:
    """Xero's page says a forced tax cannot be greater than the unit price; a line of many cheap units becomes one of its whole amount."""
    if abs(tax) > abs(line.unit_amount or ZERO) and line.quantity != ONE:
        line = as_one(line, line_amount(line, currency))
    return replace(line, tax_amount=tax)


def _with_rounding_line(form: _Form, expected: Totals, cents: Cents, allowed: Decimal) -> tuple[Settled | None, str]:
    """The form with a line for what is missing. Its tax is what Xero's rates make, and the line says that it is not more."""
    missing = expected.total - form.totals.total
    if not _within(form, allowed):
        return None, "tolerance"
    if form.totals.subtotal != expected.subtotal:
        return None, "amounts"
    if not cents.account_code:
        return None, "account"
    extra = Line(cents.description, ONE, missing, cents.account_code, cents.tax_type, key="rounding")
    lines = [
        line if certain else _forced(line, tax, form.invoice.currency)
        for line, tax, certain in zip(form.invoice.lines, form.taxes, form.certain, strict=True)
    ]
    invoice = replace(form.invoice, lines=(*lines, extra), total_tax=form.totals.total_tax)
    return (Settled(_finished(invoice), ROUNDING_LINE), "") if _arrives(invoice, cents.ties) else (None, "amounts")


def _arrives(invoice: Invoice, ties: str) -> bool:
    """Whether Xero makes the invoice's totals of it, with the currency's own decimals and with two."""
    expected = _expected(invoice)
    currencies = {decimals(currency): currency for currency in (invoice.currency, "")}
    return all(totals(replace(invoice, currency=currency), ties) == expected for currency in currencies.values())
