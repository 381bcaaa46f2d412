"""Granular scopes. Apps made since March 2026 get nothing else, so the broad ones are refused here."""

from __future__ import annotations

_WITH_READ = (
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
    "accounting.manualjournals",
    "accounting.contacts",
    "accounting.settings",
    "accounting.attachments",
)
_REPORTS = (
    "aged",
    "balancesheet",
    "banksummary",
    "budgetsummary",
    "executivesummary",
    "profitandloss",
    "trialbalance",
    "taxreports",
    "tenninetynine",
)
IDENTITY = ("offline_access", "openid", "profile", "email")
KNOWN = frozenset(
    (
        *IDENTITY,
        *_WITH_READ,
        *(f"{scope}.read" for scope in _WITH_READ),
        *(f"accounting.reports.{report}.read" for report in _REPORTS),
        "accounting.budgets.read",
        "accounting.journals.read",
    )
)
APP_CONNECTIONS = "app.connections"
DESCRIPTIONS = {
    "offline_access": "Keep access when you are not using the app",
    "openid": "Know who you are",
    "profile": "See your name",
    "email": "See your email address",
    "accounting.invoices": "View and manage your invoices, bills, credit notes and items",
    "accounting.payments": "View and manage your payments",
    "accounting.banktransactions": "View and manage your bank transactions and transfers",
    "accounting.manualjournals": "View and manage your manual journals",
    "accounting.contacts": "View and manage your contacts",
    "accounting.settings": "View and manage your organisation settings",
    "accounting.attachments": "View and manage your attachments",
    "accounting.budgets.read": "View your budgets",
    "accounting.journals.read": "View your general ledger",
}


def describe(scope: str) -> str:
    if scope in DESCRIPTIONS:
        return DESCRIPTIONS[scope]
    if scope.startswith("accounting.reports."):
        return f"View your {scope.split('.')[2]} report"
    return DESCRIPTIONS.get(scope.removesuffix(".read"), scope).replace("View and manage", "View")


def allows(granted: frozenset[str], needed: str, method: str) -> bool:
    """Whether the granted scopes cover a call; `.read` is enough for GET."""
    return needed in granted or (method == "GET" and f"{needed}.read" in granted)
