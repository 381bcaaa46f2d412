"""What the regions have in common: how their tables are read, and what an account's type implies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

CLASS_OF_TYPE = {
    "BANK": "ASSET", "CURRENT": "ASSET", "FIXED": "ASSET", "INVENTORY": "ASSET", "NONCURRENT": "ASSET", "PREPAYMENT": "ASSET",
    "CURRLIAB": "LIABILITY", "LIABILITY": "LIABILITY", "TERMLIAB": "LIABILITY", "PAYG": "LIABILITY",
    "EQUITY": "EQUITY",
    "REVENUE": "REVENUE", "SALES": "REVENUE", "OTHERINCOME": "REVENUE",
    "DEPRECIATN": "EXPENSE", "DIRECTCOSTS": "EXPENSE", "EXPENSE": "EXPENSE", "OVERHEADS": "EXPENSE",
}  # fmt: skip
REPORTING = {
    "ASSET": ("ASS", "Assets"),
    "LIABILITY": ("LIA", "Liabilities"),
    "EQUITY": ("EQU", "Equity"),
    "REVENUE": ("REV", "Revenue"),
    "EXPENSE": ("EXP", "Expense"),
}
CLASS_LETTER = {"A": "ASSET", "Q": "EQUITY", "E": "EXPENSE", "L": "LIABILITY", "R": "REVENUE"}


@dataclass(frozen=True)
class ChartAccount:
    code: str
    name: str
    type: str
    tax_type: str
    system: str = ""
    payments: bool = False
    bank_number: str = ""


@dataclass(frozen=True)
class ChartTax:
    tax_type: str
    name: str
    rate: Decimal
    report_type: str
    classes: frozenset[str]
    status: str = "ACTIVE"
    component: str = "GST"


@dataclass(frozen=True)
class Region:
    """One country's organisation as Xero sets it up."""

    key: str
    name: str
    legal_name: str
    version: str
    country: str
    currency: str
    timezone: str  # Xero's name
    zone: str  # the IANA name of the same zone
    year_end: tuple[int, int]  # day, month
    sales_tax_basis: str
    sales_tax_period: str
    no_tax: str  # the tax type meaning "no tax here"
    accounts: tuple[ChartAccount, ...]
    taxes: tuple[ChartTax, ...]
    tracking: tuple[tuple[str, tuple[str, ...]], ...] = ()
    phone_country: str = ""
    city: str = ""


def rows(table: str) -> list[list[str]]:
    """Lines of `a | b | c`, blank lines and `#` comments skipped."""
    lines = (line.strip() for line in table.strip().splitlines())
    return [[cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")]


def accounts(table: str) -> tuple[ChartAccount, ...]:
    """`code | name | type | tax type | system account or PAY (payments allowed) or bank account number`."""
    return tuple(_account(*row) for row in rows(table))


def _account(code: str, name: str, kind: str, tax_type: str, extra: str = "") -> ChartAccount:
    if extra == "PAY":
        return ChartAccount(code, name, kind, tax_type, payments=True)
    if kind == "BANK":
        return ChartAccount(code, name, kind, tax_type, bank_number=extra)
    return ChartAccount(code, name, kind, tax_type, system=extra)


def taxes(table: str, component: str) -> tuple[ChartTax, ...]:
    """`tax type | name | percent | report tax type | classes (letters of A Q E L R) | status`."""
    return tuple(_tax(component, *row) for row in rows(table))


def _tax(component: str, tax_type: str, name: str, rate: str, report_type: str, letters: str, status: str = "ACTIVE") -> ChartTax:
    classes = frozenset(CLASS_LETTER[letter] for letter in letters)
    return ChartTax(tax_type, name, Decimal(rate), report_type, classes, status, component)
