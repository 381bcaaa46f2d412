"""One organisation: its books and settings, all in memory."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .regions.common import CLASS_OF_TYPE, ChartAccount, ChartTax, Region
from .store import Journal, Record, Table
from .tables import Tables, fold

CURRENCY_NAMES = {
    "AUD": "Australian Dollar", "CAD": "Canadian Dollar", "CHF": "Swiss Franc", "EUR": "Euro", "GBP": "British Pound",
    "HKD": "Hong Kong Dollar", "JPY": "Japanese Yen", "KWD": "Kuwaiti Dinar", "NZD": "New Zealand Dollar", "SGD": "Singapore Dollar",
    "USD": "United States Dollar", "ZAR": "South African Rand",
}  # fmt: skip

# [?] The customer accounts for the tax of these: nothing is added to the document, the percentage is for show and for the return.
REVERSE_CHARGES = ("DRCHARGE", "REVERSECHARGE", "ECACQUISITION")


class Organisation(Tables):
    """Books of one tenant. Ids come from a seeded generator, so that a run can be repeated exactly."""

    def __init__(self, region: Region, rng: random.Random, now: datetime, name: str = ""):
        self.region = region
        self.rng = rng
        self.tenant_id = self.new_id()
        self.name = name or region.name
        self.short_code = "!" + "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", k=5))
        self.created = now
        self.is_demo = True
        self.plan = "DEMO"
        self.multicurrency = True
        self.reports_permission = True  # whether the connecting user may see reports: manual journals need it
        self.adviser = False  # whether the connecting user may post before the period lock date
        self.period_lock_date: date | None = None
        self.year_end_lock_date: date | None = None
        self.forbidden_actions: set[str] = set()
        self.numbers = {"INV": 0, "CN": 0, "TAX": 0}
        self.journal = Journal()
        self._open_tables(self.journal)
        self._fill(now)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """What a file of an older version does not have opens empty."""
        self.journal = state["journal"]
        self.reports_permission = True
        self._open_tables(self.journal)
        for name, value in state.items():
            table = vars(self).get(name)
            if not isinstance(table, Table):
                setattr(self, name, value)
            elif isinstance(value, Table):  # else it has become a table since
                table.fill(value)

    def _fill(self, now: datetime) -> None:
        for account in self.region.accounts:
            self.accounts.put(self._account(account, now))
        for tax in self.region.taxes:
            self.tax_rates.put(_tax_rate(tax))
        self.numbers["TAX"] = sum(tax.tax_type.startswith("TAX0") for tax in self.region.taxes)
        self.add_currency(self.region.currency)
        for name, options in self.region.tracking:
            self.add_tracking(name, options)
        for sort_order, name in ((1, "Standard"), (2, "Very orange invoice!"), (4, "Special Projects")):
            theme_id = self.new_id()
            logo = "" if sort_order == 2 else f"https://in.xero.com/logo?id={theme_id}"
            self.themes.put({"BrandingThemeID": theme_id, "Name": name, "LogoUrl": logo, "SortOrder": sort_order})

    def _account(self, account: ChartAccount, now: datetime) -> Record:
        return {
            "AccountID": self.new_id(),
            "Code": account.code,
            "Name": account.name,
            "Type": account.type,
            "Class": CLASS_OF_TYPE[account.type],
            "TaxType": account.tax_type,
            "Status": "ACTIVE",
            "Description": "",
            "SystemAccount": account.system,
            "EnablePaymentsToAccount": account.payments,
            "ShowInExpenseClaims": False,
            "BankAccountNumber": account.bank_number,
            "BankAccountType": "BANK" if account.type == "BANK" else "",
            "CurrencyCode": self.region.currency if account.type == "BANK" else "",
            "AddToWatchlist": False,
            "UpdatedDateUTC": now,
        }

    # --- identifiers and dates ---

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def today(self, now: datetime) -> date:
        """The organisation's own calendar day."""
        return now.astimezone(ZoneInfo(self.region.zone)).date()

    def next_number(self, prefix: str, taken: Table, kind: str) -> str:
        """The next free INV-0001 or CN-0001."""
        while True:
            self.numbers[prefix] += 1
            number = f"{prefix}-{self.numbers[prefix]:04d}"
            if not taken.find("number", (kind, number.lower())):
                return number

    @contextmanager
    def transaction(self) -> Iterator[None]:
        numbers = dict(self.numbers)
        try:
            with self.journal.transaction():
                yield
        except BaseException:
            self.numbers = numbers
            raise

    # --- look-ups ---

    def account_by_code(self, code: str) -> Record | None:
        """The account of that code; an active one wins over an archived namesake."""
        found = self.accounts.find("code", fold(code))
        return next((account for account in found if account["Status"] == "ACTIVE"), found[0] if found else None)

    def item_by_code(self, code: str, exact: bool = False) -> Record | None:
        found = self.items.find("exact_code", code) if exact else self.items.find("code", fold(code))
        return found[0] if found else None

    def contact_by_name(self, name: str) -> Record | None:
        return next(iter(self.contacts.find("name", fold(name))), None)

    def contact_by_number(self, number: str) -> Record | None:
        return next(iter(self.contacts.find("number", fold(number))), None)

    def payments_of(self, document_id: str) -> list[Record]:
        """The payments of a document that are in force."""
        return [payment for payment in self.payments.find("document", document_id) if payment["Status"] == "AUTHORISED"]

    def allocations_to(self, invoice_id: str) -> list[tuple[Record, Record]]:
        """(credit note, overpayment or prepayment; allocation) pairs that reduce this invoice."""
        tables = (self.credit_notes, self.overpayments, self.prepayments)
        return [pair for table in tables for pair in self.allocations_from(table, invoice_id)]

    def allocations_from(self, table: Table, invoice_id: str) -> list[tuple[Record, Record]]:
        """Those of them that come from one table."""
        credits = table.find("allocated", invoice_id)
        return [(credit, part) for credit in credits for part in credit["Allocations"] if part["InvoiceID"] == invoice_id]

    def standard_theme(self) -> Record:
        return next(iter(self.themes))

    # --- set-up used by requests and by the control plane ---

    def add_currency(self, code: str) -> Record:
        return self.currencies.put({"Code": code, "Description": CURRENCY_NAMES.get(code, code)})

    def add_tracking(self, name: str, options: tuple[str, ...] = ()) -> Record:
        made = tuple({"TrackingOptionID": self.new_id(), "Name": option, "Status": "ACTIVE"} for option in options)
        return self.tracking.put({"TrackingCategoryID": self.new_id(), "Name": name, "Status": "ACTIVE", "Options": made})


def _tax_rate(tax: ChartTax) -> Record:
    return {
        "TaxType": tax.tax_type,
        "Name": tax.name,
        "ReportTaxType": tax.report_type,
        "Status": tax.status,
        "EffectiveRate": Decimal(0) if tax.tax_type.startswith(REVERSE_CHARGES) else tax.rate,
        "DisplayTaxRate": tax.rate,
        "CanApplyTo": tax.classes,
        "System": not tax.tax_type.startswith("TAX0"),
        "TaxComponents": ({"Name": tax.component, "Rate": Decimal(tax.rate), "IsCompound": False, "IsNonRecoverable": False},),
    }
