"""The addresses of money outside the invoices."""

from __future__ import annotations

from . import bank_transactions, bank_transfers, batch_payments, prepaid

ROUTES = [*bank_transactions.ROUTES, *bank_transfers.ROUTES, *prepaid.ROUTES, *batch_payments.ROUTES]
