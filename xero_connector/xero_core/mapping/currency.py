"""Currencies the organisation is subscribed to (Xero's page "Currencies")."""

from ..documents import Currency
from ..values import to_text


def from_xero(payload: dict) -> Currency:
    """Read a currency."""
    return Currency(code=to_text(payload.get("Code")), description=to_text(payload.get("Description")))
