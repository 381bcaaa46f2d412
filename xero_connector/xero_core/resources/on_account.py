"""Overpayments and prepayments, by the bank transactions that make them."""

import datetime
from collections.abc import Iterable

from ..documents import RemotePrepaid
from ..mapping import prepaid
from ..values import clean_guid
from .bank_transactions import TransactionRows
from .base import UNITDP, each_once, key, with_id
from .batches import Kind, Written, folded

TRANSACTION_ID = ("BankTransactionID", clean_guid)
PREPAID = Kind(
    "BankTransactions",
    "BankTransactionID",
    (TRANSACTION_ID, ("Contact.ContactID", clean_guid), ("BankAccount.AccountID", clean_guid), ("Reference", folded), ("Url", folded)),
    prepaid.from_xero,
)


class PrepaidCalls(TransactionRows):
    """Money on account: made in batches; removed as far as Xero allows."""

    def prepaid(self, days: Iterable[datetime.date] = (), ids: Iterable[str] = ()) -> list[RemotePrepaid]:
        """Overpayments and prepayments of any of these days or ids, whatever their status, with their lines."""
        return each_once(map(prepaid.from_xero, self._transactions(prepaid.KINDS, days, ids)))

    def create_prepaid(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make overpayments and prepayments; nothing in Xero keeps a second one from being made."""
        send = self._api.create_bank_transactions
        return self._write(send, PREPAID, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def remove_prepaid(self, payloads: list[dict]) -> list[Written]:
        """Remove some of them, by id.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_bank_transactions, PREPAID, with_id(payloads, PREPAID), unitdp=UNITDP)
