"""Transfers between bank accounts."""

from collections.abc import Iterable

from .. import errors
from ..documents import RemoteBankTransfer
from ..documents.base import Date
from ..mapping import bank_transfer
from .base import Calls, each_once, key
from .batches import chunks


class BankTransferCalls(Calls):
    """Bank transfers: made and removed one by one."""

    def bank_transfers(self, days: Iterable[Date]) -> list[RemoteBankTransfer]:
        """The transfers of these days that are not removed."""
        terms = (f"Date==DateTime({day.year},{day.month:02},{day.day:02})" for day in sorted(set(days)))
        found = [row for where in chunks(terms, " OR ") for row in self._list(self._api.get_bank_transfers, "BankTransfers", where=where)]
        return [each for each in each_once(map(bank_transfer.from_xero, found)) if each.status != bank_transfer.REMOVED]

    def bank_transfer(self, xero_id: str) -> RemoteBankTransfer:
        """One transfer, removed or not."""
        return bank_transfer.from_xero(self._one(self._api.get_bank_transfer, "BankTransfers", bank_transfer_id=xero_id))

    def create_bank_transfer(self, payload: dict, idempotency_key: str) -> RemoteBankTransfer:
        """Make a transfer.

        :raise ValidationRefused: with Xero's reasons
        """
        body = {"BankTransfers": [payload]}
        made = self._one(self._api.create_bank_transfer, "BankTransfers", bank_transfers=body, idempotency_key=key(idempotency_key))
        return bank_transfer.from_xero(made)

    def delete_bank_transfer(self, xero_id: str) -> RemoteBankTransfer:
        """Remove a transfer; one that is removed already is fine.

        :raise ValidationRefused: it may not be removed (reconciled, locked)
        """
        given = {"bank_transfer_id": xero_id, "bank_transfer_delete_by_url_param": bank_transfer.removal()}
        try:
            return bank_transfer.from_xero(self._one(self._api.delete_bank_transfer, "BankTransfers", **given))
        except errors.ValidationRefused:
            # what Xero says to a second removal is not known, so ask instead of reading its text
            removed = self.bank_transfer(xero_id)
            if removed.status != bank_transfer.REMOVED:
                raise
        return removed
