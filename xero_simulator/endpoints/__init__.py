"""Every address of the API this simulator answers."""

from __future__ import annotations

from . import (
    accounts,
    allocations,
    branding_themes,
    contacts,
    credit_notes,
    currencies,
    history,
    invoices,
    organisation,
    payments,
    tax_rates,
    tracking,
)

ROUTES = [
    *organisation.ROUTES,
    *accounts.ROUTES,
    *tax_rates.ROUTES,
    *currencies.ROUTES,
    *tracking.ROUTES,
    *branding_themes.ROUTES,
    *history.ROUTES,
    *allocations.ROUTES,
    *contacts.ROUTES,
    *invoices.ROUTES,
    *credit_notes.ROUTES,
    *payments.ROUTES,
]
