"""What Xero blames when it refuses: a lock date, an account, a tax rate, an archived contact.

No field of Xero's answer says it (a ValidationError has a Message and nothing else), so it is read from the sentences, which are in
`xero-api.md`, sections 6 to 8: by their beginning, as what follows varies. A sentence that is not known blames nothing.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..values import clean_guid
from .base import nested

LOCK, ACCOUNT, TAX, CONTACT, PAYMENT_ACCOUNT = "lock", "account", "tax", "contact", "payment_account"


class Blamed(NamedTuple):
    """`what` is one of the words above; `name` the code of the account, the tax type, or the day of the lock as Xero writes it."""

    what: str
    name: str = ""


_QUOTES = "'\"\u2018\u2019"
_NAME = f"[{_QUOTES}]+([^{_QUOTES}]*)[{_QUOTES}]+"
_SENTENCES = (
    (LOCK, re.compile(r"The document date cannot be before the (?:period|end of year) lock date(?:.*?set at (.*?))?\.?$", re.I)),
    (ACCOUNT, re.compile(rf"Account code {_NAME} is not a valid code", re.I)),
    (ACCOUNT, re.compile(rf"Account code {_NAME} has been (?:archived|removed)", re.I)),
    (TAX, re.compile(rf"The TaxType code {_NAME} (?:does not exist|cannot be used with account code)", re.I)),
    (CONTACT, re.compile(r"The specified contact details matched an archived contact()", re.I)),
    (PAYMENT_ACCOUNT, re.compile(r"The account has been archived()|Account could not be found()", re.I)),
)


def blamed(messages: Iterable[str]) -> tuple[Blamed, ...]:
    """The causes that these messages blame, each once; none if one of the messages says something else."""
    found = [_blamed(message.strip()) for message in messages]
    return tuple(dict.fromkeys(each for each in found if each)) if all(found) else ()


def _blamed(message: str) -> Blamed | None:
    for what, sentence in _SENTENCES:
        if match := sentence.match(message):
            return Blamed(what, next((part for part in match.groups() if part), ""))
    return None


def named_contact(payload: dict) -> str:
    """The id of the contact that a payload names."""
    return clean_guid(nested(payload, "Contact").get("ContactID"))


def named_account(payload: dict) -> str:
    """The id of the one account that a payload of money names."""
    return clean_guid(nested(payload, "Account").get("AccountID")) or clean_guid(nested(payload, "BankAccount").get("AccountID"))
