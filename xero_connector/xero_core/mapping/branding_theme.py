"""Branding themes."""

from ..documents import BrandingTheme
from ..values import clean_guid, to_text


def from_xero(payload: dict) -> BrandingTheme:
    """Read a branding theme."""
    return BrandingTheme(clean_guid(payload.get("BrandingThemeID")), to_text(payload.get("Name")))
