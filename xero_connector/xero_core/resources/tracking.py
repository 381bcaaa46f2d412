"""Options of tracking categories."""

from ..documents import RemoteOption
from ..mapping import tracking_option
from ..mapping.fields import rows
from ..values import clean_guid
from .base import Calls, key


class TrackingCalls(Calls):
    """Options: made one by one, as Xero describes the call."""

    def options(self) -> list[RemoteOption]:
        """All options of all categories, archived ones included; one call."""
        found = self._list(self._api.get_tracking_categories, "TrackingCategories", include_archived=True)
        categories = [(row, clean_guid(row.get("TrackingCategoryID"))) for row in found]
        return [tracking_option.from_xero(option, category_id) for row, category_id in categories for option in rows(row, "Options")]

    def create_option(self, category_id: str, payload: dict, idempotency_key: str) -> RemoteOption:
        """Add an option to a category.

        :raise ValidationRefused: with Xero's reasons: the name exists, or the category is full
        """
        created = self._one(
            self._api.create_tracking_options,
            "Options",
            tracking_category_id=category_id,
            tracking_option=payload,
            idempotency_key=key(idempotency_key),
        )
        return tracking_option.from_xero(created, category_id)
