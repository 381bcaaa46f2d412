"""Overpayments and prepayments, by the bank transactions that make them."""

import datetime
from collections.abc import Iterable

from ..batches import Kind, Written, chunks, folded
from ..documents import RemotePrepaid
from ..mapping import prepaid
from ..values import clean_guid
from .base import UNITDP, Calls, each_once, equal, key, with_id

TRANSACTION_ID = ("BankTransactionID", clean_guid)
PREPAID = Kind(
    "BankTransactions",
    "BankTransactionID",
    (TRANSACTION_ID, ("Contact.ContactID", clean_guid), ("BankAccount.AccountID", clean_guid), ("Reference", folded), ("Url", folded)),
    prepaid.from_xero,
)


class PrepaidCalls(Calls):
    """Money on account: made in batches; removed as far as Xero allows."""

    def prepaid(self, days: Iterable[datetime.date] = (), ids: Iterable[str] = ()) -> list[RemotePrepaid]:
        """Overpayments and prepayments of any of these days or ids, whatever their status, with their lines.

        Neither reference nor link is asked for: of bank transactions no filter is known to find them.
        """
        kinds = " OR ".join(equal("Type", prepaid.KINDS))
        terms = [f"Date==DateTime({day.year},{day.month},{day.day})" for day in sorted(set(days))]
        terms += [f'BankTransactionID==guid("{xero_id}")' for xero_id in ids]
        wheres = (f"({kinds}) AND ({where})" for where in chunks(terms, " OR ", most=20))
        found = [row for where in wheres for row in self._pages(self._api.get_bank_transactions, "BankTransactions", where=where)]
        return each_once(map(prepaid.from_xero, found))

    def create_prepaid(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make overpayments and prepayments; nothing in Xero keeps a second one from being made."""
        send = self._api.create_bank_transactions
        return self._write(send, PREPAID, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def remove_prepaid(self, payloads: list[dict]) -> list[Written]:
        """Remove some of them, by id.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_bank_transactions, PREPAID, with_id(payloads, PREPAID), unitdp=UNITDP)
