"""Money against a document."""

from dataclasses import dataclass
from decimal import Decimal

from .base import Date, Moment


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
