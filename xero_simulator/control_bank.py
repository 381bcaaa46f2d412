"""What a user does with bank documents in Xero's own screens: reconciling, undoing it, voiding what the API cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .endpoints.money.prepaid import KINDS, void
from .errors import Invalid
from .organisation import Organisation
from .person.bank import mark
from .switches import Switches


def _reconcile(value: bool) -> Callable[[Organisation, list[str], datetime], None]:
    """Of a batch the payments go with it; of a transfer each side is a bank transaction."""

    def change(organisation: Organisation, keys: list[str], now: datetime) -> None:
        for key in keys:
            mark(organisation, key, value, now, Switches())

    return change


def _void_prepaid(organisation: Organisation, keys: list[str], now: datetime) -> None:
    """By the id of the bank transaction."""
    for key in keys:
        transaction = organisation.bank_transactions.get(key)
        if transaction is None or transaction["Type"] not in KINDS or transaction["Status"] != "AUTHORISED":
            raise ValueError(f"no prepayment or overpayment of the bank transaction {key}")
        try:
            void(organisation, transaction, now)
        except Invalid as invalid:
            raise ValueError(str(invalid)) from invalid


CHANGES: dict[str, Callable[[Organisation, Any, datetime], None]] = {
    "reconcile": _reconcile(True),
    "unreconcile": _reconcile(False),
    "void_prepaid": _void_prepaid,
}
