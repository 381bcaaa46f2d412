"""Tracking: how an amount that Odoo distributes over analytic accounts is split, so that what each option gets is exact to the cent.

A line of Xero carries one option of each category. A distribution of 60 % and 40 % therefore becomes two lines, and what is not distributed
one more without option. Cents go by the largest remainder: every part is its exact share rounded down or up, and the parts make the whole.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from ..resources.batches import folded
from ..resources.lines import Line
from . import rounding

Tags = tuple[tuple[str, str], ...]
Options = tuple[tuple[str, ...], ...]  # ids of those of each line that has any
HUNDRED, ONE, ZERO = Decimal(100), Decimal(1), Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: its weight in percent (may be negative) and its tags, pairs of category id and option id."""

    weight: Decimal
    tracking: Tags = ()


# --- what a distribution says ------------------------------------------------------------------------


def shares(entries: Iterable[tuple[Decimal, Tags]], digits: int = 2) -> tuple[Share, ...]:
    """The shares of a whole; together they are the whole.

    Entries that name different categories stay apart as long as there is room for all; beyond 100 % they describe the same money twice,
    once per category, and are laid over each other. The rest below 100 % (or what is above it, negative) is a share without tags.

    :param entries: percentage and tags, as they stand in the distribution
    :param digits: decimals to which the percentages are meant
    """
    tagged = _merged((weight, tags) for weight, tags in entries if tags)
    cells = _laid_over(tagged, ONE.scaleb(-digits))
    rest = HUNDRED - _total(cells)
    return tuple(cells) if cells and not round(rest, digits) else (*cells, Share(rest))


def _merged(entries: Iterable[tuple[Decimal, Tags]]) -> list[Share]:
    """One share per set of tags, in order; those without weight are dropped."""
    weights: dict[Tags, Decimal] = {}
    for weight, tags in entries:
        key = tuple(sorted(tags))
        weights[key] = weights.get(key, ZERO) + weight
    return [Share(weight, tags) for tags, weight in weights.items() if weight]


def _laid_over(cells: list[Share], step: Decimal) -> list[Share]:
    """The shares with those of one category laid over those of another if they are more than the whole together."""
    alone: dict[str, list[Share]] = {}
    for cell in cells:
        if len(cell.tracking) == 1:
            alone.setdefault(cell.tracking[0][0], []).append(cell)
    both = [cell for cell in cells if len(cell.tracking) > 1]
    room = HUNDRED - _total(both)
    if len(alone) != 2 or any(cell.weight < 0 for cell in cells) or _total(cells) < HUNDRED + step:
        return cells
    one, other = alone.values()
    if max(_total(one), _total(other)) >= room + step:
        return cells
    # the first from one end, the other from the other end: they overlap no more than they must
    left = [*one, Share(room - _total(one))]
    right = [Share(room - _total(other)), *other]
    return _merged([(cell.weight, cell.tracking) for cell in both + list(_side_by_side(left, right))])


def _side_by_side(left: list[Share], right: list[Share]) -> Iterable[Share]:
    """Two rows of stretches of the same length, as one row of stretches with the tags of both."""
    left, right = ([cell for cell in row if cell.weight > 0] for row in (left, right))
    while left and right:
        weight = min(left[0].weight, right[0].weight)
        yield Share(weight, left[0].tracking + right[0].tracking)
        for row in (left, right):
            row[0] = replace(row[0], weight=row[0].weight - weight)
            if not row[0].weight:
                row.pop(0)
    yield from left + right


def _total(cells: Iterable[Share]) -> Decimal:
    return sum((cell.weight for cell in cells), ZERO)


# --- splitting ---------------------------------------------------------------------------------------


def apportion(amount: Decimal, weights: Sequence[Decimal], currency: str = "") -> list[Decimal]:
    """The amount in parts as large as the weights say, in whole cents of the currency (or finer if the amount is).

    Every part is its exact share rounded down or up; the cents left over go to the largest remainders, the first of equals first. A
    negative amount is split like the positive one, so that a credit note takes back exactly what the invoice gave.

    :raise ValueError: the weights cancel out
    """
    whole = Fraction(sum(weights, ZERO))
    if not whole:
        raise ValueError("The shares of an amount must not cancel out.")
    step = ONE.scaleb(min(-rounding.decimals(currency), amount.as_tuple().exponent))
    cents = int(abs(amount) / step)
    exact = [cents * Fraction(weight) / whole for weight in weights]
    parts = [math.floor(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: cents - sum(parts)]:
        parts[index] += 1
    return [(part * step).copy_sign(amount * part) if part else ZERO for part in parts]


def parts(amount: Decimal, shared: Sequence[Share], currency: str = "") -> list[tuple[Share, Decimal]]:
    """What each share gets of an amount, without those that get nothing; an amount of nothing stays with the largest share."""
    amounts = apportion(amount, [share.weight for share in shared], currency)
    found = [(share, part) for share, part in zip(shared, amounts, strict=True) if part]
    return found or [(max(shared, key=lambda share: share.weight), amount)]


def split(line: Line, shared: Sequence[Share], currency: str = "") -> tuple[Line, ...]:
    """The line as one line per share, whose amounts and taxes add up to the line's.

    The tax goes with the amounts of the parts, not with the shares, which is nearer to what Xero computes for each. The quantity is split
    where Xero then arrives at the part's amount; otherwise a part is one unit of it, and its description tells what it is a part of. The
    first part keeps the line's key, so that the line in Xero is changed and not replaced.
    """
    if line.quantity is None or not shared:
        return (line,)
    found = parts(rounding.line_amount(line, currency) if line.amount is None else line.amount, shared, currency)
    if len(found) == 1:
        return (replace(line, tracking=found[0][0].tracking),)
    whole = _total(shared)
    taxes: list[Decimal | None] = [None] * len(found)
    if line.tax_amount is not None:
        taxes = list(apportion(line.tax_amount, [amount for _share, amount in found], currency))
    lines = (_part(line, share.weight / whole, amount, tax, currency) for (share, amount), tax in zip(found, taxes, strict=True))
    return tuple(
        replace(part, tracking=share.tracking, key=f"{line.key}.{number}" if number else line.key)
        for number, (part, (share, _amount)) in enumerate(zip(lines, found, strict=True))
    )


def repeats(sent: Options, names: dict[str, str], found: Iterable[Iterable[tuple[str, str]]]) -> bool:
    """Whether an answer of Xero has the options that were sent.

    :param sent: as `tagged` gives it
    :param names: id of each option that was sent -> its name
    :param found: of each line in the answer the options, as pairs of id and name; where lists leave out the id, the name stands for it
    """
    ids = {folded(name): option_id for option_id, name in names.items()}
    return sent == _in_order((option_id or ids.get(folded(name), name) for option_id, name in line) for line in found if line)


def tagged(lines: Iterable[Line]) -> Options:
    """The ids of the options of each line that has any, sorted: what Xero's answer has to repeat."""
    return _in_order((option for _category, option in line.tracking) for line in lines if line.tracking)


def _in_order(options: Iterable[Iterable[str]]) -> Options:
    return tuple(sorted(tuple(sorted(each)) for each in options))


def _part(line: Line, share: Decimal, amount: Decimal, tax: Decimal | None, currency: str) -> Line:
    booked = None if line.amount is None else amount
    part = replace(line, quantity=line.quantity * share, amount=amount, tax_amount=tax)
    if rounding.keeps_numbers(part, "Inclusive" if line.includes_tax else "Exclusive", currency):
        return replace(part, amount=booked)
    told = f"{_short(share * HUNDRED)} %" + (f" of {_short(line.quantity)}" if line.quantity != ONE else "")
    price = amount + (tax or ZERO) if line.includes_tax else amount
    description = f"{line.description.rstrip()}\n{told}"
    return replace(part, description=description, quantity=ONE, unit_amount=price, discount_rate=ZERO, amount=booked)


def _short(number: Decimal) -> str:
    return format(round(number, 4).normalize(), "f")
