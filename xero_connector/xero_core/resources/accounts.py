"""Accounts (Xero's page "Accounts"): created one per call, and only when someone asks for it."""

from dataclasses import dataclass

from ..values import clean_guid, clean_text, to_text
from .base import Calls, filled, key

CODE_LIMIT = 10
NAME_LIMIT = 150
BANK = "BANK"
# classes of accounts; what is sold is booked on the first, what is bought on the second
CLASSES = SALES, PURCHASES, *_ = ("REVENUE", "EXPENSE", "ASSET", "LIABILITY", "EQUITY")
# Xero keeps these itself: lines of a document on them are refused or would upset its own bookings
NO_POSTING = frozenset(
    {
        "DEBTORS",
        "CREDITORS",
        "GST",
        "GSTONIMPORTS",
        "BANKCURRENCYGAIN",
        "REALISEDCURRENCYGAIN",
        "UNREALISEDCURRENCYGAIN",
        "RETAINEDEARNINGS",
        "HISTORICAL",
        "TRACKINGTRANSFERS",
        "UNPAIDEXPCLM",
        "WAGEPAYABLES",
    }
)


def can_post(account_type: str, system_account: str) -> bool:
    """Whether lines of a document may name such an account."""
    return account_type != BANK and system_account not in NO_POSTING


def can_receive_payments(account_type: str, enable_payments: bool) -> bool:
    """Whether a payment may go to such an account: a bank account always, another if it was said of it in Xero."""
    return account_type == BANK or enable_payments


@dataclass(frozen=True, slots=True)
class Account:
    """An account of Xero's chart; bank accounts may have no `code`; `system_account` is '' for ordinary accounts."""

    account_id: str
    code: str
    name: str
    type: str
    account_class: str = ""
    tax_type: str = ""
    status: str = ""
    system_account: str = ""
    enable_payments: bool = False
    bank_account_number: str = ""
    currency: str = ""
    description: str = ""


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


class AccountCalls(Calls):
    """The chart of accounts."""

    def accounts(self) -> list[Account]:
        """The whole chart of accounts, archived ones included."""
        return [from_xero(row) for row in self._list(self._api.get_accounts, "Accounts")]

    def create_account(self, payload: dict, idempotency_key: str) -> Account:
        """Create an account; Xero takes one per call.

        :raise ValidationRefused: with Xero's reasons
        """
        created = self._one(self._api.create_account, "Accounts", account=payload, idempotency_key=key(idempotency_key))
        return from_xero(created)
