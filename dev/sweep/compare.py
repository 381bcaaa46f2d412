"""Two books side by side, and what explains each difference. Plain figures, no Odoo.

Both books are cut into units: an Odoo entry with all that stands for it in Xero. Within a unit both sides should say the same of every
account and contact. What they do not is explained by how the documents of the unit stand, in a way that cannot explain too much:

| the unit's documents                                          | what Xero has of the unit                      | class        |
| ------------------------------------------------------------- | ---------------------------------------------- | ------------ |
| each is not for Xero, with a reason                           | nothing                                        | not for Xero |
| one is held with a cause; the others in Xero, or not for Xero | on each account part of what Odoo has, at most | held         |
| in Xero, an entry says what stands on the clearing account    | that on the clearing account, all else as it is | on clearing  |
| in Xero, and in a foreign currency                            | the same, but for a few cents of its conversion | conversion   |
| in Xero                                                       | the same, but cents on its rounding account    | rounding     |
| anything else                                                 |                                                | wrong        |

The totals of accounts and contacts are read apart from the units; what these do not add up to is wrong too.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

AGREES, CONVERSION, ROUNDING, ON_CLEARING, HELD, NOT_FOR_XERO, WRONG = CLASSES = (
    "agrees", "conversion", "rounding", "on clearing", "held", "not for Xero", "wrong",
)  # fmt: skip
CENTS = Decimal("0.02")  # by which two ways of converting one document may differ on an account
SYNCED, LOST = "synced", "lost"
ZERO = Decimal(0)


class Place(NamedTuple):
    """Where an amount stands: an account of Xero's (or one of Odoo's that has no counterpart), and of debts whose they are."""

    account: str
    contact: str = ""


class Standing(NamedTuple):
    """How one document of a unit stands: held, not for Xero, synced, or lost (nobody says anything)."""

    document: str
    state: str
    why: str = ""


@dataclass
class Unit:
    """Amounts by place, debits positive, in base currency.

    ``clearing``, ``rounding``: the clearing account, and Xero's for cents; ``apart``: accounts that no journal may name in Xero, whose
    amounts go to the clearing account. ``converted``: something of it is in a foreign currency.
    """

    name: str
    kind: str
    odoo: dict[Place, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    xero: dict[Place, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    standings: list[Standing] = field(default_factory=list)
    clearing: str = ""
    rounding: str = ""
    apart: frozenset[str] = frozenset()
    converted: bool = False

    def differences(self) -> dict[Place, Decimal]:
        """What Xero has more than Odoo, by place, without what agrees."""
        found = {place: self.xero.get(place, ZERO) - self.odoo.get(place, ZERO) for place in {*self.odoo, *self.xero}}
        return {place: found[place] for place in sorted(found) if found[place]}

    @property
    def amount(self) -> Decimal:
        """By how much it differs: the sum of all that is too much in Xero, or of all that is missing."""
        differences = self.differences().values()
        return max(sum((one for one in differences if one > 0), ZERO), -sum((one for one in differences if one < 0), ZERO))

    @property
    def verdict(self) -> str:
        if not self.differences():
            return AGREES
        if self._is_not_for_xero():
            return NOT_FOR_XERO
        if self._is_conversion():
            return CONVERSION
        if self._is_rounding():
            return ROUNDING
        if self._is_on_clearing():
            return ON_CLEARING
        return HELD if self._is_held() else WRONG

    def _is_conversion(self) -> bool:
        """Whether the base amounts of what is in step differ as they do where each side converts and rounds by itself."""
        return self.converted and self._differs_by_cents()

    def _is_rounding(self) -> bool:
        """Whether what is in step differs by cents of tax that Xero reckons otherwise, as a line on its rounding account says."""
        differences = self.differences()
        said = any(place.account == self.rounding for place in differences)
        return said and not sum(differences.values(), ZERO) and self._differs_by_cents()

    def _differs_by_cents(self) -> bool:
        told = bool(self.standings) and all(standing.state == SYNCED for standing in self.standings)
        return told and all(abs(one) <= CENTS for one in self.differences().values())

    def _is_on_clearing(self) -> bool:
        """Whether entries say so, and nothing but debts and banks is missing, of which the clearing account has as much."""
        told = all(standing.state in (SYNCED, NOT_FOR_XERO) for standing in self.standings)
        told = told and any(standing.state == SYNCED and standing.why for standing in self.standings)
        differences = self.differences()
        others = [place for place in differences if place.account != self.clearing]
        missing = all(place.account in self.apart and self._has_part_of(place) for place in others)
        return bool(told and self.clearing and missing and not sum(differences.values(), ZERO))

    def _is_not_for_xero(self) -> bool:
        told = [standing.state == NOT_FOR_XERO and bool(standing.why) for standing in self.standings]
        return bool(told) and all(told) and not any(self.xero.values())

    def _is_held(self) -> bool:
        held = [standing for standing in self.standings if standing.state == HELD]
        known = all(standing.state in (HELD, SYNCED, NOT_FOR_XERO) for standing in self.standings)
        return bool(held) and all(standing.why for standing in held) and known and self._has_part_of_it()

    def _has_part_of_it(self) -> bool:
        """Whether what Xero has is nowhere more than what Odoo has, nor on the other side."""
        return all(self._has_part_of(place) for place in {*self.odoo, *self.xero})

    def _has_part_of(self, place: Place) -> bool:
        odoo = self.odoo.get(place, ZERO)
        return min(odoo, ZERO) <= self.xero.get(place, ZERO) <= max(odoo, ZERO)

    def why(self) -> str:
        """What the first of the documents that explain it says; of what is wrong, how its documents stand."""
        state = SYNCED if self.verdict == ON_CLEARING else self.verdict
        told = next((standing.why for standing in self.standings if standing.state == state and standing.why), "")
        return told or ", ".join(dict.fromkeys(standing.state for standing in self.standings)) or "in Xero, and nothing in Odoo says why"


@dataclass
class Row:
    """One account, or one contact: both totals, and what their difference is made of."""

    name: str
    odoo: Decimal = ZERO
    xero: Decimal = ZERO
    parts: dict[str, Decimal] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)  # classes of the units that differ here, even if they make up for each other

    @property
    def difference(self) -> Decimal:
        return self.xero - self.odoo

    @property
    def verdict(self) -> str:
        """Strict: an account on which wrong amounts make up for each other is wrong."""
        return next((name for name in reversed(CLASSES) if name in self.touched), AGREES)


def rows(units: Iterable[Unit], odoo: dict[str, Decimal], xero: dict[str, Decimal], key: str) -> list[Row]:
    """The two totals side by side, each difference divided by class; what no unit accounts for is wrong.

    :param odoo: total by name, read apart from the units
    :param key: of what the names are: ``account`` or ``contact``
    """
    found = {name: Row(name, odoo.get(name, ZERO), xero.get(name, ZERO)) for name in sorted({*odoo, *xero})}
    for unit in units:
        verdict = unit.verdict
        for name, amount in _sums(unit, key).items():
            row = found.setdefault(name, Row(name))
            row.parts[verdict] = row.parts.get(verdict, ZERO) + amount
            row.touched.add(verdict)
    for row in found.values():
        remainder = row.difference - sum(row.parts.values(), ZERO)
        if remainder:
            row.parts[WRONG] = row.parts.get(WRONG, ZERO) + remainder
            row.touched.add(WRONG)
    return list(found.values())


def _sums(unit: Unit, key: str) -> dict[str, Decimal]:
    """What a unit differs by, per account or per contact."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for place, amount in unit.differences().items():
        name = getattr(place, key)
        if name:
            found[name] += amount
    return {name: amount for name, amount in found.items() if amount}
