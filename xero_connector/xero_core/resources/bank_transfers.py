"""Bank transfers (Xero's page "Bank transfers"): they can be made and removed, never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .. import errors
from ..values import clean_guid, clean_text, format_date, to_decimal, to_text
from .base import Calls, Date, day, each_once, filled, key, nested
from .batches import chunks
from .remote import Remote, as_told

REFERENCE_LIMIT = 255
REMOVED = "DELETED"


@dataclass(frozen=True, slots=True)
class BankTransfer:
    """`amount`, positive, in the currency of both accounts; `date` is the day it left the first one."""

    from_account_id: str
    to_account_id: str
    date: Date | None
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteBankTransfer(Remote[BankTransfer]):
    """A transfer as Xero holds it; removed ones stay, with `status` 'DELETED'. Xero stamps its making only, never a change.

    Complete is an answer with a day: the one to a removal has none.
    """

    from_is_reconciled: bool = False
    to_is_reconciled: bool = False

    from_account_id = as_told("from_account_id")
    to_account_id = as_told("to_account_id")
    amount = as_told("amount")
    date = as_told("date")
    reference = as_told("reference")


def to_xero(transfer: BankTransfer) -> dict:
    """The payload that makes a transfer.

    :raise ValueError: without two different accounts, or with an amount that is not positive
    """
    if not transfer.from_account_id or not transfer.to_account_id or transfer.from_account_id == transfer.to_account_id:
        raise ValueError("A transfer needs two different accounts.")
    if transfer.amount <= 0:
        raise ValueError("A transfer needs a positive amount.")
    return filled(
        {
            "FromBankAccount": {"AccountID": transfer.from_account_id},
            "ToBankAccount": {"AccountID": transfer.to_account_id},
            "Date": format_date(transfer.date),
            "Amount": transfer.amount,
            "Reference": clean_text(transfer.reference, REFERENCE_LIMIT),
        }
    )


def removal() -> dict:
    """The payload that removes a transfer."""
    return {"Status": REMOVED}


def from_xero(payload: dict) -> RemoteBankTransfer:
    """Read a transfer."""
    told = BankTransfer(
        from_account_id=clean_guid(nested(payload, "FromBankAccount").get("AccountID")),
        to_account_id=clean_guid(nested(payload, "ToBankAccount").get("AccountID")),
        date=day(payload),
        amount=to_decimal(payload.get("Amount")),
        reference=to_text(payload.get("Reference")),
    )
    return RemoteBankTransfer(
        xero_id=clean_guid(payload.get("BankTransferID")),
        told=told,
        status=to_text(payload.get("Status")),
        complete=told.date is not None,
        from_is_reconciled=payload.get("FromIsReconciled") is True,
        to_is_reconciled=payload.get("ToIsReconciled") is True,
    )


class BankTransferCalls(Calls):
    """Bank transfers: made and removed one by one."""

    def bank_transfers(self, days: Iterable[Date]) -> list[RemoteBankTransfer]:
        """The transfers of these days that are not removed."""
        terms = (f"Date==DateTime({day.year},{day.month:02},{day.day:02})" for day in sorted(set(days)))
        found = [row for where in chunks(terms, " OR ") for row in self._list(self._api.get_bank_transfers, "BankTransfers", where=where)]
        return [each for each in each_once(map(from_xero, found)) if each.status != REMOVED]

    def bank_transfer(self, xero_id: str) -> RemoteBankTransfer:
        """One transfer, removed or not."""
        return from_xero(self._one(self._api.get_bank_transfer, "BankTransfers", bank_transfer_id=xero_id))

    def create_bank_transfer(self, payload: dict, idempotency_key: str) -> RemoteBankTransfer:
        """Make a transfer.

        :raise ValidationRefused: with Xero's reasons
        """
        body = {"BankTransfers": [payload]}
        made = self._one(self._api.create_bank_transfer, "BankTransfers", bank_transfers=body, idempotency_key=key(idempotency_key))
        return from_xero(made)

    def delete_bank_transfer(self, xero_id: str) -> RemoteBankTransfer:
        """Remove a transfer; one that is removed already is fine.

        :raise ValidationRefused: it may not be removed (reconciled, locked)
        """
        given = {"bank_transfer_id": xero_id, "bank_transfer_delete_by_url_param": removal()}
        try:
            return from_xero(self._one(self._api.delete_bank_transfer, "BankTransfers", **given))
        except errors.ValidationRefused:
            # what Xero says to a second removal is not known, so ask instead of reading its text
            removed = self.bank_transfer(xero_id)
            if removed.status != REMOVED:
                raise
        return removed
