"""Tracking categories and their options (Xero's page "Tracking Categories")."""

from dataclasses import dataclass

from ..values import clean_guid, clean_text, to_text
from .base import Calls, key, rows
from .remote import Remote, as_told

NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a category; its name is unique there."""

    category_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteOption(Remote[Option]):
    """An option as Xero holds it."""

    category_id = as_told("category_id")
    name = as_told("name")


@dataclass(frozen=True, slots=True)
class TrackingCategory:
    """One of at most two active dimensions lines can be tagged with."""

    category_id: str
    name: str
    status: str = ""
    options: tuple[RemoteOption, ...] = ()


def option_to_xero(option: Option) -> dict:
    """The payload that creates an option; its category is named by the address.

    Space around the name makes Xero answer 500 (integrators), so none is left.

    :raise ValueError: no name, or one that is longer than Xero takes (a cut name is another option)
    """
    cleaned = option_name(option.name)
    if not 0 < len(cleaned) <= NAME_LIMIT:
        raise ValueError(f"The name of an option has 1 to {NAME_LIMIT} characters.")
    return {"Name": cleaned}


def option_name(name: str) -> str:
    """The name as Xero keeps it."""
    return clean_text(name, NAME_LIMIT + 1)


def option_from_xero(payload: dict, category_id: str) -> RemoteOption:
    """Read an option of the category."""
    return RemoteOption(
        xero_id=clean_guid(payload.get("TrackingOptionID")),
        told=Option(category_id, to_text(payload.get("Name"))),
        status=to_text(payload.get("Status")),
    )


def from_xero(payload: dict) -> TrackingCategory:
    """Read a category with its options."""
    category_id = clean_guid(payload.get("TrackingCategoryID"))
    return TrackingCategory(
        category_id=category_id,
        name=to_text(payload.get("Name")),
        status=to_text(payload.get("Status")),
        options=tuple(option_from_xero(row, category_id) for row in rows(payload, "Options")),
    )


class TrackingCalls(Calls):
    """Categories, read as a whole; options, made one by one, as Xero describes the call."""

    def tracking_categories(self) -> list[TrackingCategory]:
        """All tracking categories with their options, archived ones included."""
        found = self._list(self._api.get_tracking_categories, "TrackingCategories", include_archived=True)
        return [from_xero(row) for row in found]

    def options(self) -> list[RemoteOption]:
        """All options of all categories, archived ones included; one call."""
        return [option for category in self.tracking_categories() for option in category.options]

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
        return option_from_xero(created, category_id)
