"""What is remembered of the counterparts of money while they are on the wire. No Odoo."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from ..trace import Trace


@dataclass(frozen=True)
class PaymentTrace(Trace):
    """Of one payment: of which document (``type`` Xero's), how much of its total, and by which reference it is known.

    ``shared``: people in Xero record payments of that bank, too; ``known`` are those of the document that are no news.
    """

    invoice_id: str = ""
    type: str = ""
    draft: bool = False  # the document was not approved in Xero when that was last seen
    reference: str = ""
    amount: Decimal = Decimal(0)
    invoice_total: Decimal = Decimal(0)
    date: datetime.date | None = None
    shared: bool = False
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class BatchPaymentTrace(Trace):
    """Of one batch: its payments' amounts by document, and their references; ``mark`` is ours. ``shared``, ``known``: as of a payment."""

    type: str = ""
    date: datetime.date | None = None
    amounts: dict[str, Decimal] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    mark: str = ""
    shared: bool = False
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnAccountTrace(Trace):
    """Of money on account, known by our ``mark``; and whose it is, in Xero and in Odoo."""

    date: datetime.date | None = None
    mark: str = ""
    contact_id: str = ""
    partner_id: int = 0
    partner: str = ""


@dataclass(frozen=True)
class AllocationTrace(Trace):
    """Of one allocation: of which credit (``source`` says what it is in Xero) to which document, and how much of its total (``room``).

    ``known`` are the ids of those of the same credit that are known already, and therefore not it.
    """

    source: str = ""
    credit_id: str = ""
    invoice_id: str = ""
    type: str = ""
    amount: Decimal = Decimal(0)
    room: Decimal = Decimal(0)
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class BankTransactionTrace(Trace):
    """Of a difference beside a payment. ``type`` is Xero's: money received or spent."""

    type: str = ""
    account_id: str = ""
    date: datetime.date | None = None
    reference: str = ""


@dataclass(frozen=True)
class SharesTrace(Trace):
    """Of a write-off, how it is to be allocated: amounts and days by document, of which type, and the fingerprint of all that.

    It can be repeated, so it is never looked up.
    """

    type: str = ""
    amounts: dict[str, Decimal] = field(default_factory=dict)
    days: dict[str, datetime.date] = field(default_factory=dict)
    figures: str = ""
