"""Manual journals: what the books say that is no invoice, bill, credit note or payment."""

from dataclasses import dataclass
from decimal import Decimal

from .base import ZERO, Date, Moment


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line: `amount` in the organisation's base currency and without tax, debits positive, credits negative.

    `tax_rate` is the effective percentage of `tax_type`: in a journal with line amounts 'Exclusive' Xero adds that tax and books it on its
    own account. `tracking` holds pairs of category id and option id.
    """

    account_code: str
    amount: Decimal
    description: str = ""
    tax_type: str = ""
    tax_rate: Decimal = ZERO
    tracking: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ManualJournal:
    """A manual journal to create (no `xero_id`) or update; always in the base currency. `line_amount_types` is 'NoTax' or 'Exclusive'."""

    narration: str
    date: Date
    lines: tuple[JournalLine, ...]
    line_amount_types: str = "NoTax"
    status: str = "POSTED"
    on_cash_basis: bool = True
    url: str = ""
    xero_id: str = ""


@dataclass(frozen=True, slots=True)
class RemoteManualJournal:
    """A manual journal as Xero holds it; `total` is the sum of its debits with tax, None where Xero shows no lines.

    `tracking` holds of each line the options as pairs of id ('' in Xero's lists) and name; None where Xero shows no lines.
    """

    xero_id: str
    narration: str
    status: str
    date: Date | None
    total: Decimal | None
    url: str = ""
    tracking: tuple[tuple[tuple[str, str], ...], ...] | None = None
    updated: Moment | None = None

    @property
    def number(self) -> str:
        """Manual journals have no number; people know them by their narration."""
        return self.narration
