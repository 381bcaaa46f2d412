"""Tax rates (Xero's page "Tax Rates"): created one per call, and only when someone asks for it."""

from dataclasses import dataclass, field
from decimal import Decimal

from ..values import clean_text, to_decimal, to_text
from .base import ZERO, Calls, filled, key, rows

CLASS_FLAGS = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax rate; `can_apply_to` holds account classes, `components` triples of name, percentage and whether it is compound."""

    tax_type: str
    name: str
    effective_rate: Decimal = ZERO
    display_rate: Decimal = ZERO
    status: str = ""
    report_tax_type: str = ""
    can_apply_to: frozenset[str] = field(default_factory=frozenset)
    components: tuple[tuple[str, Decimal, bool], ...] = ()


def to_xero(rate: TaxRate) -> dict:
    """The payload that creates a tax rate; Xero gives it its type (TAX001 and on). `report_tax_type` is mandatory in AU, NZ and UK.

    :raise ValueError: without a name
    """
    if not clean_text(rate.name, 50):
        raise ValueError("A tax rate needs a name.")
    components = rate.components or ((rate.name, rate.effective_rate, False),)
    return filled(
        {
            "Name": clean_text(rate.name, 50),
            "ReportTaxType": rate.report_tax_type,
            "TaxComponents": [_component_to_xero(*component) for component in components],
        }
    )


def _component_to_xero(name: str, percentage: Decimal, compound: bool) -> dict:
    return {"Name": clean_text(name, 50), "Rate": percentage, "IsCompound": compound, "IsNonRecoverable": False}


def from_xero(payload: dict) -> TaxRate:
    """Read a tax rate; removed ones are listed too, with status DELETED."""
    return TaxRate(
        tax_type=to_text(payload.get("TaxType")),
        name=to_text(payload.get("Name")),
        effective_rate=to_decimal(payload.get("EffectiveRate")),
        display_rate=to_decimal(payload.get("DisplayTaxRate")),
        status=to_text(payload.get("Status")),
        report_tax_type=to_text(payload.get("ReportTaxType")),
        can_apply_to=frozenset(name for name, flag in CLASS_FLAGS.items() if payload.get(flag) is True),
        components=tuple(_component(row) for row in rows(payload, "TaxComponents")),
    )


def _component(row: dict) -> tuple[str, Decimal, bool]:
    return to_text(row.get("Name")), to_decimal(row.get("Rate")), row.get("IsCompound") is True


class TaxRateCalls(Calls):
    """Tax rates, read as a whole."""

    def tax_rates(self) -> list[TaxRate]:
        """All tax rates, removed ones included."""
        return [from_xero(row) for row in self._list(self._api.get_tax_rates, "TaxRates")]

    def create_tax_rate(self, payload: dict, idempotency_key: str) -> TaxRate:
        """Create a tax rate; Xero takes one per call.

        :raise ValidationRefused: with Xero's reasons
        """
        created = self._one(self._api.create_tax_rates, "TaxRates", tax_rates={"TaxRates": [payload]}, idempotency_key=key(idempotency_key))
        return from_xero(created)
