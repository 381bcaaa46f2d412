"""The documents we exchange with Xero, as frozen values without Odoo in them.

Names without prefix are what we send, `Remote...` is what Xero holds. Money is `Decimal` in the document's currency (of an invoice: the
invoice's), rates are percentages (10 means 10 %), dates are calendar dates of the organisation, `updated` is aware UTC.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

Date = datetime.date
Moment = datetime.datetime
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Address:
    """One of a contact's two addresses; `kind` is 'POBOX' (for post and documents) or 'STREET' (for delivery)."""

    kind: str
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    attention_to: str = ""


@dataclass(frozen=True, slots=True)
class Phone:
    """One of a contact's four telephone slots; `kind` is 'DEFAULT', 'DDI', 'MOBILE' or 'FAX'."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact to create (no `xero_id`) or update; `contact_number` is our own key and is only written on create."""

    name: str
    contact_number: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    tax_number: str = ""
    company_number: str = ""
    account_number: str = ""
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    xero_id: str = ""


@dataclass(frozen=True, slots=True)
class RemoteContact:
    """A contact as Xero holds it; `merged_into` is the id of the contact it was merged into, else ''."""

    xero_id: str
    name: str
    contact_number: str = ""
    email: str = ""
    tax_number: str = ""
    status: str = ""
    merged_into: str = ""
    updated: Moment | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `quantity` None makes it a description without amount.

    `unit_amount` is before discount, in the invoice's currency; with line amounts 'Inclusive' it includes tax. `tax_rate` is the
    effective percentage of `tax_type`. In the input of `rounding.settle`, `tax_amount` is the tax Odoo has for the line; in what it
    returns, the tax to force on Xero, or None to let Xero compute. `tracking` holds pairs of category id and option id.
    """

    description: str
    quantity: Decimal | None
    unit_amount: Decimal | None
    account_code: str = ""
    tax_type: str = ""
    tax_rate: Decimal = ZERO
    discount_rate: Decimal = ZERO
    tax_amount: Decimal | None = None
    tracking: tuple[tuple[str, str], ...] = ()
    line_item_id: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """A sales invoice (`kind` 'ACCREC') or purchase bill ('ACCPAY') to create (no `xero_id`) or update.

    `total` (with tax) and `total_tax` are what the books in Odoo say and what Xero has to arrive at. `currency_rate` is units of `currency`
    per one unit of the organisation's base currency. `line_amount_types` is 'Exclusive', 'Inclusive' or 'NoTax'.
    """

    kind: str
    number: str
    contact_id: str
    date: Date
    due_date: Date
    currency: str
    lines: tuple[Line, ...]
    total: Decimal
    total_tax: Decimal
    reference: str = ""
    currency_rate: Decimal | None = None
    line_amount_types: str = "Exclusive"
    status: str = "AUTHORISED"
    url: str = ""
    xero_id: str = ""


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """An invoice or bill as Xero holds it. Read `status`, never infer it from `amount_due`: a voided one keeps its amount due."""

    xero_id: str
    kind: str
    number: str
    status: str
    contact_id: str
    currency: str
    date: Date | None
    total: Decimal
    total_tax: Decimal
    amount_due: Decimal
    reference: str = ""
    url: str = ""
    line_item_ids: tuple[str, ...] = ()
    updated: Moment | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money against one invoice: `amount` in the invoice's currency, `bank_amount` in the bank account's when that differs."""

    invoice_id: str
    account_id: str
    date: Date
    amount: Decimal
    reference: str = ""
    bank_amount: Decimal | None = None
    currency_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RemotePayment:
    """A payment as Xero holds it; removed ones stay, with `status` 'DELETED'."""

    xero_id: str
    invoice_id: str
    account_id: str
    amount: Decimal
    date: Date | None
    reference: str = ""
    status: str = ""
    is_reconciled: bool = False
    updated: Moment | None = None


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
class Currency:
    """A currency the organisation is subscribed to."""

    code: str
    description: str = ""
