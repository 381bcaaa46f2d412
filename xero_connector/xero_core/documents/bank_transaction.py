"""Money that came or went without a document."""

from dataclasses import dataclass
from decimal import Decimal

from .base import ZERO, Date
from .invoice import Line


@dataclass(frozen=True, slots=True)
class BankTransaction:
    """Money received (`kind` 'RECEIVE') or spent ('SPEND') at a bank account, in its currency; the lines are amounts without tax.

    `currency_rate` is units of that currency per one unit of the organisation's base currency.
    """

    kind: str
    contact_id: str
    account_id: str
    date: Date
    lines: tuple[Line, ...]
    reference: str = ""
    currency_rate: Decimal | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class RemoteBankTransaction:
    """A bank transaction as Xero holds it; removed ones stay, with `status` 'DELETED'."""

    xero_id: str
    kind: str
    status: str
    contact_id: str
    account_id: str
    date: Date | None
    total: Decimal
    total_tax: Decimal = ZERO
    reference: str = ""
    is_reconciled: bool = False
