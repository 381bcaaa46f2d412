"""What a record says otherwise in Xero, field by field, as it is shown to the person who answers."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

MONEY = "amount_due"  # what is open is money: it is booked or held, and nobody is asked whose side is right
AMOUNTS = ("total", "total_tax")
# what people know the fields as, the weightiest first
LABELS = {
    "status": _lt("Status"),
    "currency": _lt("Currency"),
    "total": _lt("Total"),
    "lines": _lt("Lines"),
    "unit_amount": _lt("Price"),
    "quantity": _lt("Quantity"),
    "discount_rate": _lt("Discount"),
    "tax_type": _lt("Tax Rate"),
    "total_tax": _lt("Tax"),
    "partner": _lt("Contact"),
    "date": _lt("Date"),
    "account_code": _lt("Account"),
    "tracking": _lt("Tracking"),
    "name": _lt("Name"),
    "tax_number": _lt("Tax Number"),
    "company_number": _lt("Company Number"),
    "account_number": _lt("Account Number"),
    "email": _lt("E-mail"),
    "phone": _lt("Phone"),
    "address": _lt("Address"),
    "number": _lt("Number"),
    "due_date": _lt("Due Date"),
    "reference": _lt("Reference"),
    "description": _lt("Text"),
    "content": _lt("Content"),
    MONEY: _lt("Amount Due"),
}


class Side(NamedTuple):
    """One field on both sides, in words; ``line`` counts from 1, 0 is the head. ``text`` is the sentence about it, if it has its own."""

    name: str
    odoo: str
    xero: str
    text: str = ""
    line: int = 0
    agreed: str = ""
    differs: bool = True

    @property
    def weight(self) -> tuple:
        return (not self.differs, list(LABELS).index(self.name), self.line)


class Noted(NamedTuple):
    """What a comparison has found of one bound record; ``amount`` is Odoo's total less Xero's, in ``currency_id``."""

    binding: object
    record: object
    sides: list
    seen: str
    changed_at: datetime | None = None
    is_gone: bool = False
    amount: Decimal = Decimal(0)
    currency_id: int = 0
    is_baseline: bool = False

    @property
    def asked(self) -> list:
        """What a person is asked about, the weightiest first: all that differs but the money."""
        return sorted((side for side in self.sides if side.differs and side.name != MONEY), key=lambda side: side.weight)


def sentences(sides) -> list[str]:
    return [side.text for side in sides if side.text]
