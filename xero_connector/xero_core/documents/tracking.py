"""Options of tracking categories."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemoteOption:
    """An option as Xero holds it; its name is unique within its category."""

    xero_id: str
    category_id: str
    name: str
    status: str = ""
