"""Xero's identity service: consent, tokens, connections."""
