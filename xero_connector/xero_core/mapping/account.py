"""Accounts (Xero's page "Accounts"): created one per call, and only when someone asks for it."""

from ..documents import Account
from ..values import clean_guid, clean_text, to_text
from .fields import filled

CODE_LIMIT = 10
NAME_LIMIT = 150
BANK = "BANK"


def to_xero(account: Account) -> dict:
    """The payload that creates an account.

    :raise ValueError: without a name or type, without a code (other than bank accounts) or with one longer than 10 characters, and for
        a bank account without a number
    """
    _check(account)
    is_bank = account.type == BANK
    return filled(
        {
            "Code": account.code,
            "Name": clean_text(account.name, NAME_LIMIT),
            "Type": account.type,
            "TaxType": account.tax_type,
            "Description": clean_text(account.description, 4000),
            "EnablePaymentsToAccount": True if account.enable_payments and not is_bank else None,
            "BankAccountNumber": account.bank_account_number if is_bank else "",
            "CurrencyCode": account.currency if is_bank else "",
        }
    )


def _check(account: Account) -> None:
    if not clean_text(account.name, NAME_LIMIT) or not account.type:
        raise ValueError("An account needs a name and a type.")
    if len(account.code) > CODE_LIMIT:
        raise ValueError(f"An account code has at most {CODE_LIMIT} characters.")
    if not (account.bank_account_number if account.type == BANK else account.code):
        raise ValueError("An account needs a code, a bank account its number.")


def from_xero(payload: dict) -> Account:
    """Read an account."""
    return Account(
        account_id=clean_guid(payload.get("AccountID")),
        code=to_text(payload.get("Code")),
        name=to_text(payload.get("Name")),
        type=to_text(payload.get("Type")),
        account_class=to_text(payload.get("Class")),
        tax_type=to_text(payload.get("TaxType")),
        status=to_text(payload.get("Status")),
        system_account=to_text(payload.get("SystemAccount")),
        enable_payments=payload.get("EnablePaymentsToAccount") is True,
        bank_account_number=to_text(payload.get("BankAccountNumber")),
        currency=to_text(payload.get("CurrencyCode")),
        description=to_text(payload.get("Description")),
    )
