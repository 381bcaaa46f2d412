"""Line items of bank transactions: stricter than those of invoices; and what an overpayment's line is booked to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ... import arithmetic, elements
from ...errors import Invalid
from ...store import Record
from ..invoicing.document_lines import Lines

Element = dict[str, Any]


@dataclass
class BankLines(Lines):
    """No quantity of nothing, no price of nothing, and the tax is Xero's to compute."""

    def _amounts(self, row: Element) -> Record:
        values = super()._amounts(row)
        if values["Quantity"] <= 0:
            raise Invalid("The Quantity of a bank transaction line must be greater than 0.")
        if values["UnitAmount"] == 0:
            raise Invalid("The UnitAmount of a bank transaction line must not be 0.")
        return values

    def _tax(self, row: Element, account: Record | None, amount: Decimal, unit: Decimal) -> Record:
        computed = super()._tax({name: value for name, value in row.items() if name != "TaxAmount"}, account, amount, unit)
        given = elements.number(row, "TaxAmount")
        expected = computed["TaxAmount"]
        if given is not None and arithmetic.rounding(self.call.switches, self.currency).money(given) != expected:
            raise Invalid(f"Tax amount {given} is incorrect for {computed['TaxType']} tax type, should be {expected}")
        return computed

    def tracking(self, entries: list[Element]) -> tuple[Record, ...]:
        """Tracking that belongs to no line: both sides of a transfer."""
        return self._tracking({"Tracking": entries})


@dataclass
class OverpaymentLines(BankLines):
    """Booked to what customers owe, or what is owed to suppliers: no account need be given, no tax can."""

    def _account(self, row: Element) -> Record | None:
        system = "DEBTORS" if self.sale else "CREDITORS"
        account = next(one for one in self.call.organisation.accounts if one["SystemAccount"] == system)
        for name in ("AccountCode", "AccountID"):
            given = elements.text(row, name)
            if given and given.lower() != account[name if name == "AccountID" else "Code"].lower():
                raise Invalid(f"Account code '{given}' is not a valid code for this document.")
        tax_type = elements.text(row, "TaxType")
        if tax_type not in ("", "NONE", self.call.organisation.region.no_tax):
            raise Invalid(f"The TaxType code '{tax_type}' cannot be used with account code '{account['Code']}'.")
        return account
