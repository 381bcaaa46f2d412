"""Bank transfers (Xero's page "Bank transfers"): they can be made and removed, never changed."""

from ..documents import BankTransfer, RemoteBankTransfer
from ..values import clean_guid, clean_text, format_date, parse_date, to_decimal, to_text
from .fields import filled, nested

REFERENCE_LIMIT = 255
REMOVED = "DELETED"


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
    return RemoteBankTransfer(
        xero_id=clean_guid(payload.get("BankTransferID")),
        from_account_id=clean_guid(nested(payload, "FromBankAccount").get("AccountID")),
        to_account_id=clean_guid(nested(payload, "ToBankAccount").get("AccountID")),
        amount=to_decimal(payload.get("Amount")),
        date=parse_date(payload.get("Date")),
        reference=to_text(payload.get("Reference")),
        status=to_text(payload.get("Status")),
        is_reconciled=payload.get("FromIsReconciled") is True or payload.get("ToIsReconciled") is True,
    )
