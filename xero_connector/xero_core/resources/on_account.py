"""Overpayments and prepayments; Xero makes them of bank transactions (its page "Bank Transactions")."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..values import clean_guid, clean_lines, clean_text, format_date, parse_date, parse_datetime, to_decimal, to_text
from .bank_transactions import TransactionRows
from .base import UNITDP, Date, Moment, each_once, filled, key, nested, rows, with_id
from .batches import Kind, Written, folded
from .lines import currency_rate

KINDS = ("RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT", "RECEIVE-PREPAYMENT", "SPEND-PREPAYMENT")
ENDED = ("VOIDED", "DELETED")
REFERENCE_LIMIT = 255
DESCRIPTION_LIMIT = 4000


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


def to_xero(prepaid: Prepaid) -> dict:
    """The payload that makes an overpayment or prepayment.

    Its currency is only sent of an overpayment, that of a prepayment is the bank account's. Neither can be changed afterwards.

    :raise ValueError: of another kind, without contact or bank account, or with an amount that is not positive
    """
    if prepaid.kind not in KINDS or not prepaid.contact_id or not prepaid.account_id:
        raise ValueError("Money on account needs a kind, a contact and a bank account.")
    if prepaid.amount <= 0:
        raise ValueError("Money on account needs a positive amount.")
    free = prepaid.kind.endswith("OVERPAYMENT")
    return filled(
        {
            "Type": prepaid.kind,
            "Contact": {"ContactID": prepaid.contact_id},
            "BankAccount": {"AccountID": prepaid.account_id},
            "Date": format_date(prepaid.date),
            "LineAmountTypes": "NoTax",
            "CurrencyCode": prepaid.currency if free else "",
            "CurrencyRate": currency_rate(prepaid.currency_rate),
            "Reference": clean_text(prepaid.reference, REFERENCE_LIMIT),
            "Url": prepaid.url,
            "LineItems": [_line(prepaid)],
        }
    )


def _line(prepaid: Prepaid) -> dict:
    return filled(
        {
            "Description": clean_lines(prepaid.description, DESCRIPTION_LIMIT) or "-",
            "Quantity": 1,
            "UnitAmount": prepaid.amount,
            "AccountCode": prepaid.account_code,
        }
    )


def removal(xero_id: str) -> dict:
    """The payload that removes one; whether Xero allows that is not known."""
    return {"BankTransactionID": xero_id, "Status": "DELETED"}


def from_xero(payload: dict) -> RemotePrepaid:
    """Read the bank transaction of an overpayment or prepayment."""
    return RemotePrepaid(
        xero_id=clean_guid(payload.get("BankTransactionID")),
        prepaid_id=clean_guid(payload.get("OverpaymentID")) or clean_guid(payload.get("PrepaymentID")),
        kind=to_text(payload.get("Type")),
        status=to_text(payload.get("Status")),
        contact_id=clean_guid(nested(payload, "Contact").get("ContactID")),
        account_id=clean_guid(nested(payload, "BankAccount").get("AccountID")),
        date=parse_date(payload.get("DateString")) or parse_date(payload.get("Date")),
        total=to_decimal(payload.get("Total")),
        currency=to_text(payload.get("CurrencyCode")),
        reference=to_text(payload.get("Reference")),
        descriptions=tuple(to_text(row.get("Description")) for row in rows(payload, "LineItems")),
        is_reconciled=payload.get("IsReconciled") is True,
        updated=parse_datetime(payload.get("UpdatedDateUTC")),
    )


TRANSACTION_ID = ("BankTransactionID", clean_guid)
PREPAID = Kind(
    "BankTransactions",
    "BankTransactionID",
    (TRANSACTION_ID, ("Contact.ContactID", clean_guid), ("BankAccount.AccountID", clean_guid), ("Reference", folded), ("Url", folded)),
    from_xero,
)


class PrepaidCalls(TransactionRows):
    """Money on account: made in batches; removed as far as Xero allows."""

    def prepaid(self, days: Iterable[datetime.date] = (), ids: Iterable[str] = ()) -> list[RemotePrepaid]:
        """Overpayments and prepayments of any of these days or ids, whatever their status, with their lines."""
        return each_once(map(from_xero, self._transactions(KINDS, days, ids)))

    def create_prepaid(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make overpayments and prepayments; nothing in Xero keeps a second one from being made."""
        send = self._api.create_bank_transactions
        return self._write(send, PREPAID, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def remove_prepaid(self, payloads: list[dict]) -> list[Written]:
        """Remove some of them, by id.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_bank_transactions, PREPAID, with_id(payloads, PREPAID), unitdp=UNITDP)
