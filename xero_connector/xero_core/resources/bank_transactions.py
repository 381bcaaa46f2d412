"""Money received and spent (Xero's page "Bank Transactions"); sent without a tax of its own: Xero takes only what it computes."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from ..values import clean_guid, clean_text, format_date, to_decimal, to_text
from .base import UNITDP, ZERO, Calls, Date, day, each_once, equal, filled, key, nested, rows, stamp, with_id
from .batches import Kind, Written, chunks, folded
from .lines import Line, currency_rate, line_from_xero, line_payload, same_rate
from .remote import Remote, as_told

KINDS = ("RECEIVE", "SPEND")
REMOVED = "DELETED"
REFERENCE_LIMIT = 255


@dataclass(frozen=True, slots=True)
class BankTransaction:
    """Money received (`kind` 'RECEIVE') or spent ('SPEND') at a bank account, in its currency.

    `currency_rate` is units of that currency per one unit of the organisation's base currency. `line_amount_types` is 'Exclusive',
    'Inclusive' (as people in Xero enter most) or 'NoTax'.
    """

    kind: str
    contact_id: str
    account_id: str
    date: Date | None
    lines: tuple[Line, ...]
    reference: str = ""
    currency_rate: Decimal | None = field(default=None, metadata={"normal": same_rate})
    url: str = ""
    line_amount_types: str = "Exclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteBankTransaction(Remote[BankTransaction]):
    """A bank transaction as Xero holds it; removed ones stay, with `status` 'DELETED'. Complete is an answer with lines.

    `currency` is the bank account's, `payee` the name of the contact.
    """

    total: Decimal
    total_tax: Decimal = ZERO
    currency: str = ""
    is_reconciled: bool = False
    has_attachments: bool = False
    payee: str = ""

    kind = as_told("kind")
    contact_id = as_told("contact_id")
    account_id = as_told("account_id")
    date = as_told("date")
    reference = as_told("reference")


def to_xero(transaction: BankTransaction) -> dict:
    """The payload that makes a transaction.

    :raise ValueError: of another kind, or without contact, bank account or lines
    """
    if transaction.kind not in KINDS or not transaction.contact_id or not transaction.account_id or not transaction.lines:
        raise ValueError("A bank transaction needs a kind, a contact, a bank account and a line.")
    return filled(
        {
            "Type": transaction.kind,
            "Contact": {"ContactID": transaction.contact_id},
            "BankAccount": {"AccountID": transaction.account_id},
            "Date": format_date(transaction.date),
            "LineAmountTypes": transaction.line_amount_types,
            "CurrencyRate": currency_rate(transaction.currency_rate),
            "Reference": clean_text(transaction.reference, REFERENCE_LIMIT),
            "Url": transaction.url,
            "LineItems": [line_payload(replace(line, tax_amount=None)) for line in transaction.lines],
        }
    )


def removal(xero_id: str) -> dict:
    """The payload that removes a transaction."""
    return {"BankTransactionID": xero_id, "Status": REMOVED}


def from_xero(payload: dict) -> RemoteBankTransaction:
    """Read a transaction; lines are only there in paged and single answers."""
    told = _read(payload)
    return RemoteBankTransaction(
        xero_id=clean_guid(payload.get("BankTransactionID")),
        told=told,
        status=to_text(payload.get("Status")),
        updated=stamp(payload),
        complete=bool(told.lines),
        total=to_decimal(payload.get("Total")),
        total_tax=to_decimal(payload.get("TotalTax")),
        currency=to_text(payload.get("CurrencyCode")),
        is_reconciled=payload.get("IsReconciled") is True,
        has_attachments=payload.get("HasAttachments") is True,
        payee=to_text(nested(payload, "Contact").get("Name")),
    )


def _read(payload: dict) -> BankTransaction:
    types = to_text(payload.get("LineAmountTypes"))
    return BankTransaction(
        kind=to_text(payload.get("Type")),
        contact_id=clean_guid(nested(payload, "Contact").get("ContactID")),
        account_id=clean_guid(nested(payload, "BankAccount").get("AccountID")),
        date=day(payload),
        lines=tuple(line_from_xero(row, types) for row in rows(payload, "LineItems")),
        reference=to_text(payload.get("Reference")),
        currency_rate=to_decimal(payload.get("CurrencyRate"), None),
        url=to_text(payload.get("Url")),
        line_amount_types=types,
    )


TRANSACTION_ID = ("BankTransactionID", clean_guid)
TRANSACTIONS = Kind(
    "BankTransactions",
    "BankTransactionID",
    (TRANSACTION_ID, ("Contact.ContactID", clean_guid), ("BankAccount.AccountID", clean_guid), ("Reference", folded)),
    from_xero,
)


class TransactionRows(Calls):
    """How bank transactions of some types are found, whatever they stand for."""

    def _transactions(self, types: Iterable[str], days: Iterable[datetime.date], ids: Iterable[str]) -> list[dict]:
        """Those of any of these days or ids, with their lines. Neither reference nor link is asked for: no filter is known to find them."""
        kinds = " OR ".join(equal("Type", types))
        terms = [f"Date==DateTime({day.year},{day.month:02},{day.day:02})" for day in sorted(set(days))]
        terms += [f'BankTransactionID==guid("{xero_id}")' for xero_id in ids]
        wheres = (f"({kinds}) AND ({where})" for where in chunks(terms, " OR ", most=20))
        ask = partial(self._pages, self._api.get_bank_transactions, "BankTransactions", unitdp=UNITDP)
        return [row for where in wheres for row in ask(where=where)]


class BankTransactionCalls(TransactionRows):
    """Bank transactions: made and removed in batches."""

    def bank_transactions(self, days: Iterable[datetime.date] = (), ids: Iterable[str] = ()) -> list[RemoteBankTransaction]:
        """Money received and spent on any of these days, or with any of these ids, whatever its status."""
        return each_once(map(from_xero, self._transactions(KINDS, days, ids)))

    def bank_transaction(self, xero_id: str) -> RemoteBankTransaction | None:
        """The transaction with this id, with all that Xero knows of it, removed or not; None if there is none."""
        found = self._found(self._api.get_bank_transaction, "BankTransactions", bank_transaction_id=xero_id, unitdp=UNITDP)
        return from_xero(found) if found else None

    def create_bank_transactions(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make transactions; nothing in Xero keeps a second one from being made."""
        send = self._api.create_bank_transactions
        return self._write(send, TRANSACTIONS, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def remove_bank_transactions(self, payloads: list[dict]) -> list[Written]:
        """Remove some of them, by id.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_bank_transactions, TRANSACTIONS, with_id(payloads, TRANSACTIONS), unitdp=UNITDP)
