"""Tracking categories (Xero's page "Tracking Categories")."""

from ..documents import TrackingCategory, TrackingOption
from ..values import clean_guid, to_text
from .fields import rows


def from_xero(payload: dict) -> TrackingCategory:
    """Read a category with its options."""
    return TrackingCategory(
        category_id=clean_guid(payload.get("TrackingCategoryID")),
        name=to_text(payload.get("Name")),
        status=to_text(payload.get("Status")),
        options=tuple(_option(row) for row in rows(payload, "Options")),
    )


def _option(row: dict) -> TrackingOption:
    return TrackingOption(
        option_id=clean_guid(row.get("TrackingOptionID")), name=to_text(row.get("Name")), status=to_text(row.get("Status"))
    )
