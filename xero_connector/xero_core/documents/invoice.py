"""Sales invoices, purchase bills and credit notes, with their lines."""

from dataclasses import dataclass
from decimal import Decimal

from .base import ZERO, Date, Moment


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `quantity` None makes it a description without amount.

    `unit_amount` is before discount, in the invoice's currency; with line amounts 'Inclusive' it includes tax. `tax_rate` is the
    effective percentage of `tax_type`. `tracking` holds pairs of category id and option id. `key` names the Odoo line it is made of, so
    that a later version of the document finds its counterpart; never sent.

    In the input of `settling.settle`, quantity, price and discount are as people typed them (`includes_tax` says whether the price is with
    tax), `amount` is what the books have for the line without tax and `tax_amount` its tax; a line may be divided by dividing these two.
    In what it returns, the numbers are those Xero arrives at the amounts with, and `tax_amount` is the tax to force on Xero, or None to
    let Xero compute.
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
    key: str = ""
    item_code: str = ""
    amount: Decimal | None = None
    includes_tax: bool = False


@dataclass(frozen=True, slots=True)
class Invoice:
    """A sales invoice (`kind` 'ACCREC'), purchase bill ('ACCPAY') or credit note of either side ('ACCRECCREDIT', 'ACCPAYCREDIT') to create
    (no `xero_id`) or update.

    `total` (with tax) and `total_tax` are what the books in Odoo say and what Xero has to arrive at. `currency_rate` is units of `currency`
    per one unit of the organisation's base currency. `line_amount_types` is 'Exclusive', 'Inclusive' or 'NoTax'. `status` '' leaves it
    to Xero: as it stands. `sent`: the customer has it. `branding_theme_id` is Xero's, of sales documents.
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
    sent: bool = False
    branding_theme_id: str = ""
    xero_id: str = ""


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """An invoice, bill or credit note as Xero holds it. Read `status`, never infer it from `amount_due`: a voided one keeps its amount due.

    `amount_due` is what is open, of a credit note what remains of it; `amount_settled` what payments and credits have taken off.
    `tracking` holds of each line the options as pairs of id ('' in Xero's lists) and name.
    """

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
    amount_settled: Decimal = ZERO
    reference: str = ""
    url: str = ""
    sent: bool = False
    line_item_ids: tuple[str, ...] = ()
    tracking: tuple[tuple[tuple[str, str], ...], ...] = ()
    updated: Moment | None = None
