"""Xero's arithmetic, and how to write an invoice so that Xero arrives at exactly the totals in Odoo.

A line's amount is quantity x unit price x (100 - discount) / 100, rounded to the currency; its tax is rounded per line and then summed
(Xero's help: 25.06, 25.61 and 25.63 at 15 % carry 11.44 of tax, not 11.45). Staff say exact halves go up; one vendor saw them go to even.
Nobody says whether yen are rounded to whole yen or, like all else, to two decimals. So where it matters we leave Xero nothing to round.
Xero keeps 4 decimals of quantities and, with unitdp=4, of unit prices.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache
from itertools import product

from .documents import Invoice, Line

TIES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
STEP = Decimal("0.0001")  # of quantities, unit prices and discount rates
ONE, HUNDRED, ZERO = Decimal(1), Decimal(100), Decimal(0)
DESCRIPTION_LIMIT = 4000
NO_DECIMALS = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF")
)
THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a document in its currency; `total` is with tax."""

    subtotal: Decimal
    total_tax: Decimal
    total: Decimal


class CannotMatch(Exception):
    """No way was found to make Xero arrive at the document's totals."""

    def __init__(self, expected: Totals, computed: Totals):
        right = f"{expected.total} (tax {expected.total_tax})"
        super().__init__(f"Xero would compute {computed.total} (tax {computed.total_tax}) instead of {right}.")
        self.expected = expected
        self.computed = computed


def decimals(currency: str) -> int:
    """Decimals of a currency's amounts (ISO 4217); 2 if no currency is named."""
    if currency in NO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


def rounded(amount: Decimal, currency: str = "", ties: str = "half_up") -> Decimal:
    """The amount in whole cents of the currency; `ties` is 'half_up' or 'half_even'."""
    return amount.quantize(ONE.scaleb(-decimals(currency)), rounding=TIES[ties])


@cache
def _ways(currency: str) -> tuple[tuple[str, str], ...]:
    """The ways in which Xero may round, as `(currency, ties)`: with the currency's own decimals or with two, halves up or to even."""
    return tuple(product((currency, "") if decimals(currency) != decimals("") else ("",), TIES))


# --- what Xero will compute --------------------------------------------------------------------------


def line_amount(line: Line, currency: str = "", ties: str = "half_up") -> Decimal:
    """The line's amount after discount, in the currency; 0 for a description."""
    if line.quantity is None:
        return ZERO
    quantity = line.quantity.quantize(STEP, rounding=TIES[ties])
    unit_amount = (line.unit_amount or ZERO).quantize(STEP, rounding=TIES[ties])
    return rounded(quantity * unit_amount * (HUNDRED - line.discount_rate) / HUNDRED, currency, ties)


def line_tax(line: Line, types: str, currency: str = "", ties: str = "half_up") -> Decimal:
    """The line's tax: the amount forced on it, else what its rate makes of its amount. `types` as in `Invoice.line_amount_types`."""
    if line.quantity is None or types == "NoTax":
        return ZERO
    if line.tax_amount is not None:
        return line.tax_amount
    base = HUNDRED + line.tax_rate if types == "Inclusive" else HUNDRED
    return rounded(line_amount(line, currency, ties) * line.tax_rate / base, currency, ties)


def totals(invoice: Invoice, ties: str = "half_up") -> Totals:
    """What Xero computes for the invoice as it stands."""
    amounts = sum((line_amount(line, invoice.currency, ties) for line in invoice.lines), ZERO)
    tax = sum((line_tax(line, invoice.line_amount_types, invoice.currency, ties) for line in invoice.lines), ZERO)
    if invoice.line_amount_types == "Inclusive":
        return Totals(amounts - tax, tax, amounts)
    return Totals(amounts, tax, amounts + tax)


# --- how to write it ---------------------------------------------------------------------------------


def settle(invoice: Invoice, ties: str = "half_up") -> Invoice:
    """The invoice as it has to be sent for Xero to arrive at its `total` and `total_tax`.

    Plain if that is enough: no tax amounts, as Xero asks of apps. Otherwise with the tax amounts the lines came with, on the lines where
    they differ from Xero's own. Either way a tax amount is also given where Xero's result would hang on how it rounds exact halves, or
    currencies without cents.

    :raise CannotMatch: neither makes the totals equal; so for amounts with a third decimal, which Xero is not known to keep
    """
    plain = replace(invoice, lines=tuple(replace(line, tax_amount=None) for line in invoice.lines))
    for taxes in (_computed_taxes(plain, ties), [line.tax_amount for line in invoice.lines]):
        candidate = _with_taxes(plain, taxes)
        if not _wrong(candidate, ties):
            return candidate
    raise CannotMatch(_expected(invoice), (_wrong(plain, ties) or _wrong(candidate, ties))[0])


def _expected(invoice: Invoice) -> Totals:
    return Totals(invoice.total - invoice.total_tax, invoice.total_tax, invoice.total)


def _wrong(invoice: Invoice, ties: str) -> list[Totals]:
    """What Xero may compute instead of the document's totals, with the currency's own decimals or with two."""
    currencies = dict.fromkeys(currency for currency, _ties in _ways(invoice.currency))
    possible = [totals(replace(invoice, currency=currency), ties) for currency in currencies]
    return [each for each in possible if each != _expected(invoice)]


def _computed_taxes(invoice: Invoice, ties: str) -> list[Decimal]:
    return [line_tax(line, invoice.line_amount_types, invoice.currency, ties) for line in invoice.lines]


def _with_taxes(plain: Invoice, taxes: Iterable[Decimal | None]) -> Invoice:
    lines = (_with_tax(line, tax, plain) for line, tax in zip(plain.lines, taxes, strict=True))
    return replace(plain, lines=tuple(lines))


def _with_tax(line: Line, tax: Decimal | None, invoice: Invoice) -> Line:
    """The line with this tax: by itself if Xero computes the same whichever way it rounds, else as a forced amount."""
    types = invoice.line_amount_types
    if tax is None or types == "NoTax" or line.quantity is None:
        return line
    if all(line_tax(line, types, currency, ties) == tax for currency, ties in _ways(invoice.currency)):
        return line
    return replace(_not_above_unit_price(line, tax, invoice.currency), tax_amount=tax)


def _not_above_unit_price(line: Line, tax: Decimal, currency: str) -> Line:
    """Xero's page says a forced tax cannot be greater than the unit price; a line of many cheap units becomes one of its whole amount."""
    if abs(tax) <= abs(line.unit_amount or ZERO):
        return line
    return _as_one(line, line_amount(line, currency))


# --- how to write a line -----------------------------------------------------------------------------


def plain_line(
    description: str,
    quantity: Decimal,
    unit_amount: Decimal,
    discount_rate: Decimal,
    amount: Decimal,
    *,
    currency: str = "",
    discounts: bool = True,
    **fields,
) -> Line:
    """A line whose amount in Xero is exactly `amount` (after discount, in the currency).

    Quantity, unit price and discount are kept if they arrive there; otherwise the line is one unit of `amount`, and what they were is told
    in the description (Xero's own advice for prices of more than 4 decimals). `discounts` False for bills and credit notes, where Xero
    knows none. `fields` are the other fields of `Line`.
    """
    line = Line(description, quantity, unit_amount, discount_rate=discount_rate, **fields)
    plain = line if discounts else _discount_folded(line)
    return plain if _computes_to(plain, amount, currency) else _as_one(line, amount)


def _discount_folded(line: Line) -> Line:
    return replace(line, unit_amount=line.unit_amount * (HUNDRED - line.discount_rate) / HUNDRED, discount_rate=ZERO)


def _computes_to(line: Line, amount: Decimal, currency: str) -> bool:
    """True if Xero can hold the three numbers and makes exactly `amount` of them, whichever way it rounds."""
    numbers = (line.quantity, line.unit_amount, line.discount_rate)
    if any(number != number.quantize(STEP) for number in numbers):
        return False
    return all(line_amount(line, decimals_of, ties) == amount for decimals_of, ties in _ways(currency))


def _as_one(line: Line, amount: Decimal) -> Line:
    """One unit of the whole amount, with the original numbers in the description."""
    told = _told(line)
    description = f"{line.description.rstrip()[: DESCRIPTION_LIMIT - len(told) - 1]}\n{told}".lstrip("\n")
    return replace(line, description=description, quantity=ONE, unit_amount=amount, discount_rate=ZERO)


def _told(line: Line) -> str:
    """For example "3 x 0.33333" or "3 x 10 - 12.5 %"."""
    discount = f" - {_short(line.discount_rate)} %" if line.discount_rate else ""
    return f"{_short(line.quantity)} x {_short(line.unit_amount)}{discount}"


def _short(number: Decimal) -> str:
    return format(number.normalize(), "f")
