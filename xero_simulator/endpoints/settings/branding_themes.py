"""GET /BrandingThemes."""

from __future__ import annotations

from datetime import date

from ... import wire
from ...call import Call, Route
from ...errors import NotFound
from ...idempotency import Answer
from ...store import Record


def _view(call: Call, theme: Record) -> dict:
    made = call.organisation.created if theme["SortOrder"] == 2 else date(2000, 1, 1)
    return {
        "BrandingThemeID": theme["BrandingThemeID"],
        "Name": theme["Name"],
        "LogoUrl": theme["LogoUrl"],
        "Type": "INVOICE",
        "SortOrder": theme["SortOrder"],
        "CreatedDateUTC": wire.ms_date(made),
    }


def list_themes(call: Call) -> Answer:
    return call.envelope("BrandingThemes", [_view(call, theme) for theme in call.organisation.themes])


def get_theme(call: Call) -> Answer:
    theme = call.organisation.themes.get(call.path["id"])
    if theme is None:
        raise NotFound()
    return call.envelope("BrandingThemes", [_view(call, theme)])


ROUTES = [
    Route("GET", "/BrandingThemes", list_themes, "accounting.settings"),
    Route("GET", "/BrandingThemes/{id}", get_theme, "accounting.settings"),
]
