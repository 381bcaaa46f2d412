"""Xero's arithmetic: rounding, settling totals, distributing lines over tracking options."""
