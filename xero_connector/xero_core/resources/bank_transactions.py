"""Money received and spent without a document."""

import datetime
from collections.abc import Iterable

from ..documents import RemoteBankTransaction
from ..mapping import bank_transaction
from ..values import clean_guid
from .base import UNITDP, Calls, each_once, equal, key, with_id
from .batches import Kind, Written, chunks, folded

TRANSACTION_ID = ("BankTransactionID", clean_guid)
TRANSACTIONS = Kind(
    "BankTransactions",
    "BankTransactionID",
    (TRANSACTION_ID, ("Contact.ContactID", clean_guid), ("BankAccount.AccountID", clean_guid), ("Reference", folded)),
    bank_transaction.from_xero,
)


class TransactionRows(Calls):
    """How bank transactions of some types are found, whatever they stand for."""

    def _transactions(self, types: Iterable[str], days: Iterable[datetime.date], ids: Iterable[str]) -> list[dict]:
        """Those of any of these days or ids, with their lines. Neither reference nor link is asked for: no filter is known to find them."""
        kinds = " OR ".join(equal("Type", types))
        terms = [f"Date==DateTime({day.year},{day.month:02},{day.day:02})" for day in sorted(set(days))]
        terms += [f'BankTransactionID==guid("{xero_id}")' for xero_id in ids]
        wheres = (f"({kinds}) AND ({where})" for where in chunks(terms, " OR ", most=20))
        return [row for where in wheres for row in self._pages(self._api.get_bank_transactions, "BankTransactions", where=where)]


class BankTransactionCalls(TransactionRows):
    """Bank transactions: made and removed in batches."""

    def bank_transactions(self, days: Iterable[datetime.date] = (), ids: Iterable[str] = ()) -> list[RemoteBankTransaction]:
        """Money received and spent on any of these days, or with any of these ids, whatever its status."""
        return each_once(map(bank_transaction.from_xero, self._transactions(bank_transaction.KINDS, days, ids)))

    def create_bank_transactions(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make transactions; nothing in Xero keeps a second one from being made."""
        send = self._api.create_bank_transactions
        return self._write(send, TRANSACTIONS, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def remove_bank_transactions(self, payloads: list[dict]) -> list[Written]:
        """Remove some of them, by id.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_bank_transactions, TRANSACTIONS, with_id(payloads, TRANSACTIONS), unitdp=UNITDP)
