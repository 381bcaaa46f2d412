"""Currencies (Xero's page "Currencies")."""

from dataclasses import dataclass

from ..values import to_text
from .base import Calls


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency the organisation is subscribed to."""

    code: str
    description: str = ""


def from_xero(payload: dict) -> Currency:
    """Read a currency."""
    return Currency(code=to_text(payload.get("Code")), description=to_text(payload.get("Description")))


class CurrencyCalls(Calls):
    """Currencies, read as a whole."""

    def currencies(self) -> list[Currency]:
        """The currencies the organisation is subscribed to."""
        return [from_xero(row) for row in self._list(self._api.get_currencies, "Currencies")]
