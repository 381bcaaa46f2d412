"""Money between two bank accounts of one's own."""

from dataclasses import dataclass
from decimal import Decimal

from .base import Date


@dataclass(frozen=True, slots=True)
class BankTransfer:
    """`amount`, positive, in the currency of both accounts; `date` is the day it left the first one."""

    from_account_id: str
    to_account_id: str
    date: Date
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RemoteBankTransfer:
    """A transfer as Xero holds it; removed ones stay, with `status` 'DELETED'."""

    xero_id: str
    from_account_id: str
    to_account_id: str
    amount: Decimal
    date: Date | None
    reference: str = ""
    status: str = ""
    is_reconciled: bool = False
