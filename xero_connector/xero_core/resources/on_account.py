"""Overpayments and prepayments; Xero makes them of bank transactions (its page "Bank Transactions")."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from ..values import clean_guid, clean_lines, clean_text, format_date, to_decimal, to_text
from .bank_transactions import TransactionRows
from .base import UNITDP, Date, day, each_once, filled, key, nested, rows, stamp, with_id
from .batches import Kind, Written, folded
from .lines import currency_rate, same_rate
from .remote import Remote, as_told

KINDS = ("RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT", "RECEIVE-PREPAYMENT", "SPEND-PREPAYMENT")
ENDED = ("VOIDED", "DELETED")
REFERENCE_LIMIT = 255
DESCRIPTION_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class MoneyOnAccount:
    """An overpayment or prepayment to be made by a bank transaction.

    `kind` is 'RECEIVE-OVERPAYMENT', 'SPEND-OVERPAYMENT', 'RECEIVE-PREPAYMENT' or 'SPEND-PREPAYMENT'. `amount` is in `currency`,
    `currency_rate` is units of it per one unit of the organisation's base currency. `account_code` is where a prepayment stands until it is
    used; an overpayment has none, it stands with what customers owe or suppliers are owed.
    """

    kind: str
    contact_id: str
    account_id: str
    date: Date | None
    amount: Decimal
    description: str
    reference: str = ""
    currency: str = ""
    currency_rate: Decimal | None = field(default=None, metadata={"normal": same_rate})
    account_code: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteMoneyOnAccount(Remote[MoneyOnAccount]):
    """The bank transaction of an overpayment or prepayment (`on_account_id`) as Xero holds it; `status` 'VOIDED' or 'DELETED' is its end.

    Complete is an answer with one line and no tax: a `MoneyOnAccount` cannot say what people in Xero may have entered beyond that.
    """

    on_account_id: str
    descriptions: tuple[str, ...] = ()
    is_reconciled: bool = False
    total_tax: Decimal = Decimal(0)  # of a prepayment; part of the total

    kind = as_told("kind")
    contact_id = as_told("contact_id")
    account_id = as_told("account_id")
    date = as_told("date")
    total = as_told("amount")
    currency = as_told("currency")
    reference = as_told("reference")


def to_xero(money: MoneyOnAccount) -> dict:
    """The payload that makes an overpayment or prepayment.

    Its currency is only sent of an overpayment, that of a prepayment is the bank account's. Neither can be changed afterwards.

    :raise ValueError: of another kind, without contact or bank account, or with an amount that is not positive
    """
    if money.kind not in KINDS or not money.contact_id or not money.account_id:
        raise ValueError("Money on account needs a kind, a contact and a bank account.")
    if money.amount <= 0:
        raise ValueError("Money on account needs a positive amount.")
    free = money.kind.endswith("OVERPAYMENT")
    return filled(
        {
            "Type": money.kind,
            "Contact": {"ContactID": money.contact_id},
            "BankAccount": {"AccountID": money.account_id},
            "Date": format_date(money.date),
            "LineAmountTypes": "NoTax",
            "CurrencyCode": money.currency if free else "",
            "CurrencyRate": currency_rate(money.currency_rate),
            "Reference": clean_text(money.reference, REFERENCE_LIMIT),
            "Url": money.url,
            "LineItems": [_line(money)],
        }
    )


def _line(money: MoneyOnAccount) -> dict:
    return filled(
        {
            "Description": clean_lines(money.description, DESCRIPTION_LIMIT) or "-",
            "Quantity": 1,
            "UnitAmount": money.amount,
            "AccountCode": money.account_code,
        }
    )


def removal(xero_id: str) -> dict:
    """The payload that removes one; whether Xero allows that is not known."""
    return {"BankTransactionID": xero_id, "Status": "DELETED"}


def from_xero(payload: dict) -> RemoteMoneyOnAccount:
    """Read the bank transaction of an overpayment or prepayment."""
    lines = rows(payload, "LineItems")
    return RemoteMoneyOnAccount(
        xero_id=clean_guid(payload.get("BankTransactionID")),
        told=_read(payload, lines[0] if lines else {}),
        status=to_text(payload.get("Status")),
        updated=stamp(payload),
        complete=len(lines) == 1 and not to_decimal(payload.get("TotalTax")),
        on_account_id=clean_guid(payload.get("OverpaymentID")) or clean_guid(payload.get("PrepaymentID")),
        descriptions=tuple(to_text(row.get("Description")) for row in lines),
        is_reconciled=payload.get("IsReconciled") is True,
        total_tax=to_decimal(payload.get("TotalTax"), Decimal(0)),
    )


def _read(payload: dict, line: dict) -> MoneyOnAccount:
    """An answer and its first line. That of an overpayment names the account it is booked to, which nobody chooses."""
    kind = to_text(payload.get("Type"))
    return MoneyOnAccount(
        kind=kind,
        contact_id=clean_guid(nested(payload, "Contact").get("ContactID")),
        account_id=clean_guid(nested(payload, "BankAccount").get("AccountID")),
        date=day(payload),
        amount=to_decimal(payload.get("Total"), to_decimal(line.get("UnitAmount"))),
        description=to_text(line.get("Description")),
        reference=to_text(payload.get("Reference")),
        currency=to_text(payload.get("CurrencyCode")),
        currency_rate=to_decimal(payload.get("CurrencyRate"), None),
        account_code="" if kind.endswith("OVERPAYMENT") else to_text(line.get("AccountCode")),
        url=to_text(payload.get("Url")),
    )


TRANSACTION_ID = ("BankTransactionID", clean_guid)
ON_ACCOUNT = Kind(
    "BankTransactions",
    "BankTransactionID",
    (TRANSACTION_ID, ("Contact.ContactID", clean_guid), ("BankAccount.AccountID", clean_guid), ("Reference", folded), ("Url", folded)),
    from_xero,
)


class OnAccountCalls(TransactionRows):
    """Money on account: made in batches; removed as far as Xero allows."""

    def on_account(self, days: Iterable[datetime.date] = (), ids: Iterable[str] = ()) -> list[RemoteMoneyOnAccount]:
        """Overpayments and prepayments of any of these days or ids, whatever their status, with their lines."""
        return each_once(map(from_xero, self._transactions(KINDS, days, ids)))

    def on_account_by_id(self, xero_id: str) -> RemoteMoneyOnAccount | None:
        """The one with this id of its bank transaction, with all that Xero knows of it; None if there is none."""
        found = self._found(self._api.get_bank_transaction, "BankTransactions", bank_transaction_id=xero_id, unitdp=UNITDP)
        return from_xero(found) if found else None

    def create_on_account(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make overpayments and prepayments; nothing in Xero keeps a second one from being made."""
        send = self._api.create_bank_transactions
        return self._write(send, ON_ACCOUNT, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def remove_on_account(self, payloads: list[dict]) -> list[Written]:
        """Remove some of them, by id.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_bank_transactions, ON_ACCOUNT, with_id(payloads, ON_ACCOUNT), unitdp=UNITDP)
