"""Tax rates (Xero's page "Tax Rates"): created one per call, and only when someone asks for it."""

from decimal import Decimal

from ..documents import TaxRate
from ..values import clean_text, to_decimal, to_text
from .fields import filled, rows

CLASS_FLAGS = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}


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
