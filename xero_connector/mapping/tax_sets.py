"""What a set of Odoo taxes is to Xero, where every line carries exactly one tax rate: the taxes that rate stands for, and the rest.

No rate of Xero can stand for an amount per unit (an eco-levy) or for a percentage that is taken off (a withholding tax): these become
lines of their own.
"""

from typing import NamedTuple


class TaxSet(NamedTuple):
    """``ids`` are the taxes one Xero rate stands for, a group by its own id; ``apart`` those that become lines of their own.

    ``price`` says what the price on the line is: 'net' (without tax), 'gross' (with all tax of the rate), or 'mixed' (with some of it).
    ``doubtful``: for taxes among ``ids`` it depends on more than the price whether a rate can stand for them.
    """

    ids: tuple[int, ...]
    apart: frozenset[int]
    price: str
    doubtful: bool


NO_TAX = TaxSet((), frozenset(), "net", False)


def tax_set(taxes, doubtful_apart=False) -> TaxSet:
    """:param bool doubtful_apart: set divisions and formulas apart too: no rate that is a percentage came to their amounts"""
    if not taxes:
        return NO_TAX
    ids, kept, apart = [], [], []
    for tax in taxes:
        group = tax.amount_type == "group"
        parts = tax.children_tax_ids if group else tax
        alone = _without_rate(parts if group else taxes, doubtful_apart)
        apart += [part for part in parts if part in alone]
        left = [part for part in parts if part not in alone]
        kept += left
        ids += [tax.id] if len(left) == len(parts) else [part.id for part in left]
    return TaxSet(tuple(ids), frozenset(tax.id for tax in apart), _price(kept, apart), any(map(_is_doubtful, kept)))


def _without_rate(taxes, doubtful_apart):
    """Those of these taxes no rate can stand for. A percentage off may take back what another adds: a reverse charge of two taxes."""
    percentages = [tax.amount for tax in taxes if tax.amount_type == "percent"]
    taken_back = any(percentages) and not round(sum(percentages), 6)
    return [
        tax for tax in taxes if tax.amount_type == "fixed" or (tax.amount < 0 and not taken_back) or (doubtful_apart and _is_doubtful(tax))
    ]


def _is_doubtful(tax):
    return tax.amount_type not in ("percent", "group", "fixed")


def _price(kept, apart):
    with_tax = [tax.price_include and not tax.has_negative_factor for tax in kept]
    if not any(with_tax) and not any(tax.price_include for tax in apart):
        return "net"
    outside = not any(tax.price_include or tax.include_base_amount for tax in apart)
    return "gross" if with_tax and all(with_tax) and outside else "mixed"
