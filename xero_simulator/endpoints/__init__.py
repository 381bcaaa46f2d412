"""Every address of the API this simulator answers."""

from __future__ import annotations

from .contacts import contacts
from .files import attachments, history
from .invoicing import credit_notes, invoice_email, invoices
from .items import items
from .journals import manual_journals
from .money import allocations, bank_transactions, bank_transfers, batch_payments, payments, prepaid
from .reports import bank_summary, trial_balance
from .settings import accounts, branding_themes, currencies, organisation, tax_rates, tracking

ROUTES = [
    *organisation.ROUTES,
    *accounts.ROUTES,
    *tax_rates.ROUTES,
    *currencies.ROUTES,
    *bank_transactions.ROUTES,
    *bank_transfers.ROUTES,
    *prepaid.ROUTES,
    *batch_payments.ROUTES,
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
    *trial_balance.ROUTES,
    *bank_summary.ROUTES,
]
