"""Options of tracking categories (Xero's page "Tracking Categories")."""

from ..documents import RemoteOption
from ..values import clean_guid, clean_text, to_text

NAME_LIMIT = 100


def to_xero(name: str) -> dict:
    """The payload that creates an option. Space around the name makes Xero answer 500 (integrators), so none is left.

    :raise ValueError: no name, or one that is longer than Xero takes (a cut name is another option)
    """
    cleaned = option_name(name)
    if not 0 < len(cleaned) <= NAME_LIMIT:
        raise ValueError(f"The name of an option has 1 to {NAME_LIMIT} characters.")
    return {"Name": cleaned}


def option_name(name: str) -> str:
    """The name as Xero keeps it."""
    return clean_text(name, NAME_LIMIT + 1)


def from_xero(payload: dict, category_id: str) -> RemoteOption:
    """Read an option of the category."""
    return RemoteOption(
        xero_id=clean_guid(payload.get("TrackingOptionID")),
        category_id=category_id,
        name=to_text(payload.get("Name")),
        status=to_text(payload.get("Status")),
    )
