"""The organisation and what it lists: accounts, tax rates, tracking categories, currencies."""

from dataclasses import dataclass, field
from decimal import Decimal

from .base import ZERO, Date


@dataclass(frozen=True, slots=True)
class Organisation:
    """The Xero organisation; nothing dated on or before a lock date can be written."""

    organisation_id: str
    name: str
    legal_name: str = ""
    short_code: str = ""
    base_currency: str = ""
    country_code: str = ""
    version: str = ""
    timezone: str = ""
    period_lock_date: Date | None = None
    end_of_year_lock_date: Date | None = None
    is_demo: bool = False
    plan: str = ""
    status: str = ""
    sales_tax_basis: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of Xero's chart; bank accounts may have no `code`; `system_account` is '' for ordinary accounts."""

    account_id: str
    code: str
    name: str
    type: str
    account_class: str = ""
    tax_type: str = ""
    status: str = ""
    system_account: str = ""
    enable_payments: bool = False
    bank_account_number: str = ""
    currency: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax rate; `can_apply_to` holds account classes, `components` triples of name, percentage and whether it is compound."""

    tax_type: str
    name: str
    effective_rate: Decimal = ZERO
    display_rate: Decimal = ZERO
    status: str = ""
    report_tax_type: str = ""
    can_apply_to: frozenset[str] = field(default_factory=frozenset)
    components: tuple[tuple[str, Decimal, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class TrackingOption:
    """One choice in a tracking category."""

    option_id: str
    name: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class TrackingCategory:
    """One of at most two active dimensions lines can be tagged with."""

    category_id: str
    name: str
    status: str = ""
    options: tuple[TrackingOption, ...] = ()


@dataclass(frozen=True, slots=True)
class BrandingTheme:
    """How the organisation's sales documents look in print."""

    theme_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency the organisation is subscribed to."""

    code: str
    description: str = ""
