"""Branding themes (Xero's page "Branding Themes"): how sales documents look in print."""

from dataclasses import dataclass

from ..values import clean_guid, to_text
from .base import Calls


@dataclass(frozen=True, slots=True)
class BrandingTheme:
    """How the organisation's sales documents look in print."""

    theme_id: str
    name: str


def from_xero(payload: dict) -> BrandingTheme:
    """Read a branding theme."""
    return BrandingTheme(clean_guid(payload.get("BrandingThemeID")), to_text(payload.get("Name")))


class BrandingThemeCalls(Calls):
    """Branding themes, read as a whole."""

    def branding_themes(self) -> list[BrandingTheme]:
        """How sales documents may look in print."""
        return [from_xero(row) for row in self._list(self._api.get_branding_themes, "BrandingThemes")]
