"""Every address of the API this simulator answers."""

from __future__ import annotations

from . import (
    accounts,
    allocations,
    attachments,
    branding_themes,
    contacts,
    credit_notes,
    currencies,
    history,
    invoice_email,
    invoices,
    items,
    manual_journals,
    organisation,
    payments,
    tax_rates,
    tracking,
    treasury,
)

ROUTES = [
    *organisation.ROUTES,
    *accounts.ROUTES,
    *tax_rates.ROUTES,
    *currencies.ROUTES,
    *treasury.ROUTES,
    *tracking.ROUTES,
    *branding_themes.ROUTES,
    *history.ROUTES,
    *allocations.ROUTES,
    *attachments.ROUTES,
    *contacts.ROUTES,
    *items.ROUTES,
    *invoices.ROUTES,
    *invoice_email.ROUTES,
    *credit_notes.ROUTES,
    *manual_journals.ROUTES,
    *payments.ROUTES,
]
