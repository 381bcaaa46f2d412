"""What is remembered of a bank transfer while it is on the wire. No Odoo."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from ..trace import Trace


@dataclass(frozen=True)
class TransferTrace(Trace):
    """Of a transfer between two bank accounts of Xero; ``move_id`` is the entry by which people know it."""

    from_account_id: str = ""
    to_account_id: str = ""
    amount: Decimal | None = None
    date: datetime.date | None = None
    reference: str = ""
    move_id: int = 0
