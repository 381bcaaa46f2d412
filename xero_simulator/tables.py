"""The tables of an organisation, and by what their records are found.

Keys are folded as `where` compares: what it takes for equal has the same key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .store import Journal, Key, Record, Table
from .where import normal

# A transfer has a bank transaction on each side.
TRANSFERS = ("RECEIVE-TRANSFER", "SPEND-TRANSFER")


def fold(text: str | None) -> str | None:
    """The key by which names and numbers are compared: case does not count."""
    return text.strip().lower() if text else None


def _folded(field: str) -> Callable[[Record], str | None]:
    return lambda record: fold(record.get(field))


def _given(field: str) -> Callable[[Record], Any]:
    return lambda record: record.get(field) or None


def _active_name(record: Record) -> str | None:
    return fold(record["Name"]) if record["ContactStatus"] == "ACTIVE" else None


def plain(text: str | None) -> str | None:
    """The same without accents."""
    return normal(fold(text) or "", accents=True) or None


def _active_plain_name(record: Record) -> str | None:
    return plain(record["Name"]) if record["ContactStatus"] == "ACTIVE" else None


def _any_name(record: Record) -> str | None:
    """Accents do not count either."""
    return normal(record["Name"], accents=True) or None


def _number(record: Record) -> tuple[str, str] | None:
    return (record["Type"], record["Number"].lower()) if record.get("Number") else None


def _day(record: Record) -> datetime:
    return normal(record["Date"])


def _allocated(record: Record) -> frozenset[Key]:
    """The invoices to which a credit is allocated."""
    return frozenset(part["InvoiceID"] for part in record["Allocations"])


def _dealing(record: Record) -> tuple[str, str] | None:
    """With whom, on which side: documents that are more than drafts make a contact a customer or a supplier."""
    return (record["ContactID"], record["Type"][:6]) if record["Status"] not in ("DRAFT", "DELETED") else None


def _debtor(record: Record) -> str | None:
    """Whose document waits for money."""
    return record["ContactID"] if record["Status"] == "AUTHORISED" and record["AmountDue"] else None


def _is_archived(record: Record) -> bool:
    return record["ContactStatus"] != "ACTIVE"


def _is_transfer(record: Record) -> bool:
    return record["Type"] in TRANSFERS


def _waiting(record: Record) -> bool | None:
    """A line of the bank that Xero will reconcile by itself."""
    return True if record["Jax"] and record["Status"] == "OPEN" else None


class Tables:
    """What an organisation holds. Tables that Xero lists in pages are kept in the order of change too."""

    def _open_tables(self, journal: Journal) -> None:
        self._open_settings(journal)
        self._open_documents(journal)
        self._open_money(journal)
        self.attachments = Table("AttachmentID", journal, owner=_given("OwnerID"))
        self.emails = Table("EmailID", journal)
        self.history = Table("HistoryID", journal, owner=_given("OwnerID"))
        self.events = Table("EventID", journal)  # what webhooks have still to hear of

    def _open_settings(self, journal: Journal) -> None:
        code, name = _folded("Code"), _folded("Name")
        self.accounts = Table("AccountID", journal, code=code, name=name)
        self.tax_rates = Table("TaxType", journal, name=name)
        self.currencies = Table("Code", journal)
        self.tracking = Table("TrackingCategoryID", journal)
        self.themes = Table("BrandingThemeID", journal)
        self.items = Table("ItemID", journal, code=code, exact_code=_given("Code"), name=name)

    def _open_documents(self, journal: Journal) -> None:
        contact, reference = _given("ContactID"), _folded("Reference")
        self.contacts = Table(
            "ContactID", journal, True, _is_archived, "ContactStatus", name=_active_name, plain_name=_active_plain_name, any_name=_any_name,
            number=_folded("ContactNumber"), email=_folded("EmailAddress"), account_number=_folded("AccountNumber"),
            tax_number=_folded("TaxNumber"),
        )  # fmt: skip
        self.invoices = Table(
            "DocumentID",
            journal,
            True,
            None,
            "Status",
            number=_number,
            contact=contact,
            reference=reference,
            dealing=_dealing,
            debtor=_debtor,
        )
        self.credit_notes = Table(
            "DocumentID",
            journal,
            True,
            None,
            "Status",
            number=_number,
            contact=contact,
            reference=reference,
            dealing=_dealing,
            allocated=_allocated,
        )
        self.repeating = Table("RepeatingInvoiceID", journal)
        self.manual_journals = Table("DocumentID", journal, True, None, "Status", day=_day, narration=_folded("Narration"))

    def _open_money(self, journal: Journal) -> None:
        contact, reference, batch = _given("ContactID"), _folded("Reference"), _given("BatchPaymentID")
        self.payments = Table("PaymentID", journal, True, None, "Status", document=_given("DocumentID"), reference=reference, batch=batch)
        prepaid = {"number": _number, "contact": contact, "reference": reference, "allocated": _allocated}
        self.overpayments = Table("DocumentID", journal, True, None, "Status", **prepaid)
        self.prepayments = Table("DocumentID", journal, True, None, "Status", **prepaid)
        self.bank_transactions = Table(
            "BankTransactionID", journal, True, _is_transfer, "Status", day=_day, contact=contact, reference=reference
        )
        self.statement_lines = Table("LineID", journal, waiting=_waiting)
        self.batch_payments = Table("BatchPaymentID", journal)
        self.bank_transfers = Table("BankTransferID", journal)
