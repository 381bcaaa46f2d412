"""The lines of a manual journal: debits positive, credits negative, each with its tax."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ... import arithmetic, elements
from ...arithmetic import ZERO
from ...errors import Invalid
from ...store import Record
from ..invoicing.document_lines import FORBIDDEN_SYSTEM, MAX_AMOUNT, Lines

Element = dict[str, Any]
_FORBIDDEN_TYPES = ("BANK", "INVENTORY")
_KNOWN = ("LineAmount", "AccountCode", "AccountID", "Description", "TaxType", "TaxAmount", "Tracking")
_READ_ONLY = ("IsBlank", "ValidationErrors")


@dataclass
class JournalLines(Lines):
    """As the lines of a document, but for the amount, the accounts refused, and no line ids."""

    element, known, read_only = "JournalLine", _KNOWN, _READ_ONLY

    def _line(self, row: Element) -> Record:
        amount = elements.number(row, "LineAmount")
        if amount is None:
            raise Invalid("LineAmount must be given.")
        amount = arithmetic.rounding(self.call.switches, self.currency).money(amount)
        if abs(amount) > MAX_AMOUNT:
            raise Invalid(f"The line amount must not exceed {MAX_AMOUNT}.")
        account = self._account(row)
        sent = row if self.call.switches.journal_tax_amount == "override" else {**row, "TaxAmount": None}
        sent = {name: value for name, value in sent.items() if value is not None}
        return {
            "Description": elements.text(row, "Description"),
            "LineAmount": amount,
            "AccountCode": account["Code"] if account else "",
            "AccountID": account["AccountID"] if account else "",
            **self._tax(sent, account, amount, amount),
            "Tracking": self._tracking(row),
        }

    def _account(self, row: Element) -> Record | None:
        found = self._named_account(row)
        if found and (found["Type"] in _FORBIDDEN_TYPES or found["SystemAccount"] in FORBIDDEN_SYSTEM):
            raise Invalid(f"Account code '{row.get('AccountCode') or row.get('AccountID')}' is not a valid code for this document.")
        return super()._account(row)


def check_balance(lines: tuple[Record, ...], types: str) -> None:
    """Debits and credits, tax included, are equal."""
    amounts = [line["LineAmount"] + (line["TaxAmount"] if types == "Exclusive" else ZERO) for line in lines]
    debits: Decimal = sum((amount for amount in amounts if amount > 0), ZERO)
    credits: Decimal = sum((amount for amount in amounts if amount < 0), ZERO)
    if debits + credits:
        raise Invalid(f"The total debits ({debits}) must equal total credits ({credits})")
