"""Xero's arithmetic, and how a line is written so that Xero arrives at exactly the amount in Odoo.

A line's amount is quantity x unit price x (100 - discount) / 100, rounded to the currency; its tax is rounded per line and then summed
(Xero's help: 25.06, 25.61 and 25.63 at 15 % carry 11.44 of tax, not 11.45). Staff say exact halves go up; one vendor saw them go to even.
Nobody says whether yen are rounded to whole yen or, like all else, to two decimals. So where it matters we leave Xero nothing to round.
Xero keeps 4 decimals of quantities and, with unitdp=4, of unit prices.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache

from ..resources.invoices import Invoice
from ..resources.lines import Line

TIES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
STEP = Decimal("0.0001")  # of quantities, unit prices and discount rates
ONE, HUNDRED, ZERO = Decimal(1), Decimal(100), Decimal(0)
HAIR = Decimal("1e-12")  # what a division may be off: a half that is not quite one is not to be relied on
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


def decimals(currency: str) -> int:
    """Decimals of a currency's amounts (ISO 4217); 2 if no currency is named."""
    if currency in NO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


@cache
def smallest(currency: str) -> Decimal:
    """The smallest unit of the currency: 1 yen, 0.01 dollar."""
    return ONE.scaleb(-decimals(currency))


@cache
def _bounds(currency: str) -> tuple[Decimal, Decimal]:
    """Half of the finest unit Xero may round amounts of this currency to, and the coarsest such unit."""
    places = decimals(currency), decimals("")
    return ONE.scaleb(-max(places)) / 2 - HAIR, ONE.scaleb(-min(places))


def rounded(amount: Decimal, currency: str = "", ties: str = "half_up") -> Decimal:
    """The amount in whole cents of the currency; `ties` is 'half_up' or 'half_even'."""
    return amount.quantize(smallest(currency), rounding=TIES[ties])


def is_certain(exact: Decimal, amount: Decimal, currency: str) -> bool:
    """True if Xero makes `amount` of `exact` however it rounds halves, and whether it rounds to the currency's own decimals or to two."""
    half, unit = _bounds(currency)
    return -half < exact - amount < half and not amount % unit


# --- what Xero will compute --------------------------------------------------------------------------


def exact_amount(line: Line) -> Decimal:
    """Quantity x unit price less discount, before it is rounded."""
    amount = line.quantity.quantize(STEP, ROUND_HALF_UP) * (line.unit_amount or ZERO).quantize(STEP, ROUND_HALF_UP)
    return (amount * (HUNDRED - line.discount_rate) / HUNDRED if line.discount_rate else amount) - line.discount_amount


def exact_tax(amount: Decimal, rate: Decimal, types: str) -> Decimal:
    """The tax of a line of this amount, before it is rounded. `rate` in percent, `types` as in `Invoice.line_amount_types`."""
    if types == "NoTax" or not rate:
        return ZERO
    return amount * rate / (HUNDRED + rate if types == "Inclusive" else HUNDRED)


def line_amount(line: Line, currency: str = "", ties: str = "half_up") -> Decimal:
    """The line's amount after discount, in the currency; 0 for a description."""
    return ZERO if line.quantity is None else rounded(exact_amount(line), currency, ties)


def line_tax(line: Line, types: str, currency: str = "", ties: str = "half_up") -> Decimal:
    """The line's tax: the amount forced on it, else what its rate makes of its amount. `types` as in `Invoice.line_amount_types`."""
    if line.quantity is None or types == "NoTax":
        return ZERO
    if line.tax_amount is not None:
        return rounded(line.tax_amount, currency, ties)
    return rounded(exact_tax(line_amount(line, currency, ties), line.tax_rate, types), currency, ties)


def totals(invoice: Invoice, ties: str = "half_up") -> Totals:
    """What Xero computes for the invoice as it stands."""
    amounts = sum((line_amount(line, invoice.currency, ties) for line in invoice.lines), ZERO)
    tax = sum((line_tax(line, invoice.line_amount_types, invoice.currency, ties) for line in invoice.lines), ZERO)
    return summed(amounts, tax, invoice.line_amount_types)


def summed(amounts: Decimal, tax: Decimal, types: str) -> Totals:
    """The totals of lines with these sums of line amounts and of taxes."""
    if types == "Inclusive":
        return Totals(amounts - tax, tax, amounts)
    return Totals(amounts, tax, amounts + tax)


# --- how to write a line -----------------------------------------------------------------------------


def written(line: Line, types: str = "Exclusive", currency: str = "", discounts: bool = True) -> Line:
    """The line with numbers of which Xero makes exactly its `amount`; with `types` 'Inclusive', its `amount` and its tax.

    Quantity, price and discount are kept if they arrive there; otherwise the line is one unit of the amount, and what they were is told
    in the description (Xero's own advice for prices of more than 4 decimals). `discounts` False for bills and credit notes, where Xero
    knows none. A line without `amount` stays as it is.
    """
    if line.amount is None or line.quantity is None:
        return line
    plain, amount = _plain(line, types, discounts), _amount(line, types)
    return plain if line.quantity and _computes_to(plain, amount, currency) else as_one(line, amount)


def keeps_numbers(line: Line, types: str = "Exclusive", currency: str = "") -> bool:
    """Whether `written` keeps quantity, price and discount, where Xero knows discounts."""
    return bool(line.quantity) and _computes_to(_plain(line, types, True), _amount(line, types), currency)


def _amount(line: Line, types: str) -> Decimal:
    return line.amount + (line.tax_amount or ZERO) if types == "Inclusive" else line.amount


def _plain(line: Line, types: str, discounts: bool) -> Line:
    if line.includes_tax and types != "Inclusive":
        return replace(line, unit_amount=_price_without_tax(line), discount_rate=ZERO)
    if line.discount_rate and not (discounts and ZERO < line.discount_rate <= HUNDRED):  # a surcharge is none to Xero
        return replace(line, unit_amount=line.unit_amount * (HUNDRED - line.discount_rate) / HUNDRED, discount_rate=ZERO)
    return line


def _price_without_tax(line: Line) -> Decimal:
    return (line.amount / line.quantity).quantize(STEP) if line.quantity else ZERO


def _computes_to(line: Line, amount: Decimal, currency: str) -> bool:
    """True if Xero can hold the three numbers and makes exactly `amount` of them, whichever way it rounds."""
    numbers = (line.quantity, line.unit_amount, line.discount_rate)
    return all(number == number.quantize(STEP) for number in numbers) and is_certain(exact_amount(line), amount, currency)


def as_one(line: Line, amount: Decimal) -> Line:
    """One unit of the whole amount, with the original numbers in the description."""
    description = f"{line.description.rstrip()}\n{_told(line)}".lstrip("\n")
    return replace(line, description=description, quantity=ONE, unit_amount=amount, discount_rate=ZERO)


def _told(line: Line) -> str:
    """For example "3 x 0.33333" or "3 x 10 - 12.5 %"."""
    discount = f" - {_short(line.discount_rate)} %" if line.discount_rate else ""
    return f"{_short(line.quantity)} x {_short(line.unit_amount)}{discount}"


def _short(number: Decimal) -> str:
    return format(number.normalize(), "f")


def in_full(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines, with what is too long for a description of Xero told in lines without amount below."""
    if all(len(line.description) <= DESCRIPTION_LIMIT for line in lines):
        return lines
    return tuple(part for line in lines for part in _parts(line))


def _parts(line: Line):
    rest, number = line.description, 0
    while rest or not number:
        piece = rest[:DESCRIPTION_LIMIT]
        if len(rest) > DESCRIPTION_LIMIT:  # rather between words
            piece = piece[: max(piece.rfind(" "), piece.rfind("\n")) + 1] or piece
        yield Line(piece, None, None, key=f"{line.key}+{number}") if number else replace(line, description=piece)
        rest, number = rest[len(piece) :], number + 1
