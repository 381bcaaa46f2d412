"""What suggestions are made of. Amounts are signed as on the bank: what comes in is positive."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

DOCUMENT, CREDIT, PAYMENT, TRANSFER = "document", "credit", "registered", "own"
SURE, LIKELY, NONE = "sure", "likely", "none"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """What the bank says. ``partner`` is 0 if nobody knows."""

    id: int
    day: date
    text: str
    amount: Decimal
    currency: str
    partner: int = 0


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is open: of a document, of a payment that was registered, or another bank's line that is own money on its way.

    ``reference`` is what the payer is likely to write, ``method`` what payments have in common that a card machine pays out together.
    """

    id: int
    kind: str
    amount: Decimal
    currency: str
    number: str
    reference: str
    partner: int
    name: str
    day: date
    due: date
    method: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A line that somebody has matched before: whose it was, and what of ``of`` was taken as a fee and booked on ``account``."""

    text: str
    partner: int = 0
    fee: Decimal = ZERO
    of: Decimal = ZERO
    account: object = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a line may be: ``items`` (ids), less a ``fee`` on ``account``, or a part of one item.

    ``reason`` is a code of ``words_of_reasons``, ``about`` what its sentence needs. ``weight`` ranks the suggestions of one line.
    """

    items: tuple
    reason: str
    weight: int
    is_sure: bool = False
    fee: Decimal = ZERO
    account: object = None
    is_part: bool = False
    about: dict = field(default_factory=dict, compare=False)

    def doubtful(self):
        return replace(self, is_sure=False)
