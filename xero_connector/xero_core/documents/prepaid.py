"""Money that no document is matched with yet, and what allocates it, or a credit note, to documents."""

from dataclasses import dataclass
from decimal import Decimal

from .base import Date, Moment


@dataclass(frozen=True, slots=True)
class Prepaid:
    """An overpayment or prepayment to be made by a bank transaction.

    `kind` is 'RECEIVE-OVERPAYMENT', 'SPEND-OVERPAYMENT', 'RECEIVE-PREPAYMENT' or 'SPEND-PREPAYMENT'. `amount` is in `currency`,
    `currency_rate` is units of it per one unit of the organisation's base currency. `account_code` is where a prepayment stands until it is
    used; an overpayment has none, it stands with what customers owe or suppliers are owed.
    """

    kind: str
    contact_id: str
    account_id: str
    date: Date
    amount: Decimal
    description: str
    reference: str = ""
    currency: str = ""
    currency_rate: Decimal | None = None
    account_code: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class RemotePrepaid:
    """The bank transaction of an overpayment or prepayment (`prepaid_id`) as Xero holds it; `status` 'VOIDED' or 'DELETED' is its end."""

    xero_id: str
    prepaid_id: str
    kind: str
    status: str
    contact_id: str
    account_id: str
    date: Date | None
    total: Decimal
    currency: str = ""
    reference: str = ""
    descriptions: tuple[str, ...] = ()
    is_reconciled: bool = False
    updated: Moment | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """Credit used for an invoice or bill. `source` is 'CreditNote', 'Overpayment' or 'Prepayment', `credit_id` its id."""

    source: str
    credit_id: str
    invoice_id: str
    amount: Decimal
    date: Date


@dataclass(frozen=True, slots=True)
class RemoteAllocation:
    """An allocation as Xero holds it; a removed one is no longer listed, only the answer to its removal says 'DELETED'."""

    xero_id: str
    invoice_id: str
    amount: Decimal
    date: Date | None
    status: str = "AUTHORISED"
    credit_id: str = ""
    source: str = ""
