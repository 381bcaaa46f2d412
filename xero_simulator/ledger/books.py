"""An organisation's documents as the ledger reads them: rates, system accounts, and what is due of a document before and after each use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from ..arithmetic import Rounding, rounding
from ..organisation import Organisation
from ..store import Record, Table
from ..switches import Switches

IN_FORCE = ("AUTHORISED", "PAID")
# 1: the contact owes us (or we them less); -1: we owe the contact (or they us less). Also the direction of what money does to it.
SIGNS = {
    "ACCREC": 1, "ACCRECCREDIT": -1, "RECEIVE": -1, "RECEIVE-OVERPAYMENT": -1, "RECEIVE-PREPAYMENT": -1,
    "ACCPAY": -1, "ACCPAYCREDIT": 1, "SPEND": 1, "SPEND-OVERPAYMENT": 1, "SPEND-PREPAYMENT": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Use:
    """A payment or an allocation as one document sees it: what was due before, and what is due after."""

    document: Record
    before: Decimal
    after: Decimal


@dataclass
class Books:
    """`cash`: documents count when they are paid, not when they are approved (Xero's paymentsOnly)."""

    organisation: Organisation
    switches: Switches
    cash: bool = False

    @cached_property
    def currency(self) -> str:
        return self.organisation.region.currency

    @cached_property
    def system(self) -> dict[str, str]:
        """AccountID by SystemAccount."""
        return {row["SystemAccount"]: row["AccountID"] for row in self.organisation.accounts if row["SystemAccount"]}

    @cached_property
    def rule(self) -> Rounding:
        return rounding(self.switches, self.currency)

    def base(self, amount: Decimal, rate: Decimal) -> Decimal:
        """In base currency; `rate`: foreign units for one of base."""
        return self.rule.money(amount / rate)

    def credits(self) -> Iterator[Record]:
        """What can be allocated: credit notes, overpayments, prepayments."""
        for table in (self.organisation.credit_notes, self.organisation.overpayments, self.organisation.prepayments):
            yield from table

    def payments(self) -> Iterator[Record]:
        return (payment for payment in self.organisation.payments if payment["Status"] == "AUTHORISED")

    @cached_property
    def uses(self) -> dict[tuple[str, str], Use]:
        """By (id of the document, id of the payment or allocation), in the order of their days."""
        found: dict[str, list[tuple[date, str, Decimal]]] = {}
        for payment in self.payments():
            found.setdefault(payment["DocumentID"], []).append((payment["Date"], payment["PaymentID"], payment["Amount"]))
        for credit in self.credits():
            for part in credit["Allocations"]:
                for document_id in (credit["DocumentID"], part["InvoiceID"]):
                    found.setdefault(document_id, []).append((part["Date"], part["AllocationID"], part["Amount"]))
        return {(document_id, key): use for document_id, rows in found.items() for key, use in self._walk(document_id, rows)}

    def _walk(self, document_id: str, rows: Iterable[tuple[date, str, Decimal]]) -> Iterator[tuple[str, Use]]:
        document = self._document(document_id)
        due = document["Total"]
        for _day, key, amount in sorted(rows, key=lambda row: row[0]):
            yield key, Use(document, due, due - amount)
            due -= amount

    def _document(self, document_id: str) -> Record:
        organisation = self.organisation
        tables: tuple[Table, ...] = (organisation.invoices, organisation.credit_notes, organisation.overpayments, organisation.prepayments)
        return next(found for table in tables if (found := table.get(document_id)))
