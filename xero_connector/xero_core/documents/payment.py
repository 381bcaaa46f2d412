"""Money against documents: single payments, and batches that are one movement on the bank account."""

from dataclasses import dataclass
from decimal import Decimal

from .base import Date, Moment


@dataclass(frozen=True, slots=True)
class Payment:
    """Money against one document: `amount` in the document's currency, `bank_amount` in the bank account's when that differs.

    `invoice_id` is the id of the document that is paid or refunded; `target` says what it is: 'Invoice' (also a bill), 'CreditNote',
    'Overpayment' or 'Prepayment'.
    """

    invoice_id: str
    account_id: str
    date: Date
    amount: Decimal
    reference: str = ""
    bank_amount: Decimal | None = None
    currency_rate: Decimal | None = None
    target: str = "Invoice"


@dataclass(frozen=True, slots=True)
class RemotePayment:
    """A payment as Xero holds it; removed ones stay, with `status` 'DELETED'. `invoice_id` is the document's, whatever it is."""

    xero_id: str
    invoice_id: str
    account_id: str
    amount: Decimal
    date: Date | None
    reference: str = ""
    status: str = ""
    is_reconciled: bool = False
    updated: Moment | None = None
    batch_id: str = ""


@dataclass(frozen=True, slots=True)
class BatchPayment:
    """One movement on a bank account for several invoices, or for several bills; account and day of its payments are the batch's.

    `marker` (18 characters at most) goes where the organisation's `country` has a text of its own for batches.
    """

    account_id: str
    date: Date
    payments: tuple[Payment, ...]
    marker: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class RemoteBatch:
    """A batch as Xero holds it; a removed one keeps its total and tells no payments."""

    xero_id: str
    account_id: str
    date: Date | None
    status: str
    amount: Decimal
    payments: tuple[RemotePayment, ...] = ()
    texts: tuple[str, ...] = ()
    is_reconciled: bool = False
    updated: Moment | None = None
