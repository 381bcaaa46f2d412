"""Tracking categories: two active ones at most, each with its options."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ... import elements
from ...call import Call, Route
from ...errors import Invalid, NotFound
from ...idempotency import Answer
from ...listing import Listing, answer
from ...selection import Selection
from ...store import Record
from ...where import Getter
from ...writes import Kind, refused_element, write

Element = dict[str, Any]
NAME_LENGTH, MAX_ACTIVE, MAX_CATEGORIES, MAX_OPTIONS = 100, 2, 4, 100
FIELDS: dict[str, Getter] = {
    "Name": lambda record: record["Name"],
    "Status": lambda record: record["Status"],
    "TrackingCategoryID": lambda record: record["TrackingCategoryID"],
}


def view(record: Record) -> dict:
    return {
        "Name": record["Name"],
        "Status": record["Status"],
        "TrackingCategoryID": record["TrackingCategoryID"],
        "Options": [_option(option) for option in record["Options"]],
    }


def _option(option: Record) -> dict:
    active = option["Status"] == "ACTIVE"
    return {
        "TrackingOptionID": option["TrackingOptionID"],
        "Name": option["Name"],
        "Status": option["Status"],
        "HasValidationErrors": False,
        "IsDeleted": option["Status"] == "DELETED",
        "IsArchived": option["Status"] == "ARCHIVED",
        "IsActive": active,
    }


_LISTING = Listing("TrackingCategories", "TrackingCategory", FIELDS, lambda _call, record, _full: view(record), paged=False)


def list_categories(call: Call) -> Answer:
    selection = Selection(call.organisation.tracking)
    if not call.flag("includeArchived", False):
        selection.that(lambda record: record["Status"] == "ACTIVE")
    return answer(call, _LISTING, selection)


def _existing(call: Call) -> Record:
    record = call.organisation.tracking.get(call.path["id"].lower())
    if record is None:
        raise NotFound()
    return record


def get_category(call: Call) -> Answer:
    return call.envelope("TrackingCategories", [view(_existing(call))])


def _create(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "TrackingCategory", ("Name", "Status", "Options"), ("TrackingCategoryID",))
    name = _name(element)
    rows = list(call.organisation.tracking)
    _check_unique(name, rows)
    if sum(row["Status"] == "ACTIVE" for row in rows) >= MAX_ACTIVE or len(rows) >= MAX_CATEGORIES:
        raise Invalid("You have reached the maximum number of tracking categories.")
    return call.organisation.add_tracking(name)


def _name(element: Element) -> str:
    name = elements.text(element, "Name", NAME_LENGTH).strip()
    if not name:
        raise Invalid("Please enter a Name.")
    return name


def _check_unique(name: str, others: Iterable[Record]) -> None:
    if any(other["Name"].lower() == name.lower() for other in others):
        raise Invalid("Please enter a unique Name.")


def _changed(element: Element, old: Record, others: Iterable[Record]) -> Record:
    """Another name or status. What is on lines keeps the name it had."""
    name = _name(element) if "Name" in element else old["Name"]
    _check_unique(name, (other for other in others if other is not old))
    return {**old, "Name": name, "Status": elements.choice(element, "Status", ("ACTIVE", "ARCHIVED"), old["Status"])}


def _update(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "TrackingCategory", ("Name", "Status"), ("TrackingCategoryID", "Options"))
    rows = list(call.organisation.tracking)
    record = _changed(element, _existing(call), rows)
    active = sum(row["Status"] == "ACTIVE" and row["TrackingCategoryID"] != record["TrackingCategoryID"] for row in rows)
    if record["Status"] == "ACTIVE" and active >= MAX_ACTIVE:
        raise Invalid("You have reached the maximum number of tracking categories.")
    return call.organisation.tracking.put(record)


def delete_category(call: Call) -> Answer:
    record = _existing(call)
    call.organisation.tracking.remove(record["TrackingCategoryID"])
    return call.envelope("TrackingCategories", [view({**record, "Status": "DELETED"})])


def _add_option(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "TrackingOption", ("Name", "Status"), ("TrackingOptionID", "TrackingCategoryID"))
    category = _existing(call)
    name = _name(element)
    _check_unique(name, [option for option in category["Options"] if option["Status"] == "ACTIVE"])
    if sum(option["Status"] == "ACTIVE" for option in category["Options"]) >= MAX_OPTIONS:
        raise Invalid("You have reached the maximum number of tracking options.")
    option = {"TrackingOptionID": call.organisation.new_id(), "Name": name, "Status": "ACTIVE"}
    call.organisation.tracking.put({**category, "Options": (*category["Options"], option)})
    return option


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    return refused_element(element, invalid, call, "TrackingCategoryID", "Name")


def _existing_option(call: Call, category: Record) -> Record:
    option = next((row for row in category["Options"] if row["TrackingOptionID"] == call.path["child"].lower()), None)
    if option is None:
        raise NotFound()
    return option


def _update_option(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "TrackingOption", ("Name", "Status"), ("TrackingOptionID", "TrackingCategoryID"))
    category = _existing(call)
    old = _existing_option(call, category)
    option = _changed(element, old, category["Options"])
    rows = (option if row is old else row for row in category["Options"])
    call.organisation.tracking.put({**category, "Options": tuple(rows)})
    return option


def delete_option(call: Call) -> Answer:
    category = _existing(call)
    option = _existing_option(call, category)
    call.organisation.tracking.put({**category, "Options": tuple(row for row in category["Options"] if row is not option)})
    return call.envelope("Options", [_option({**option, "Status": "DELETED"})])


_CATEGORY = Kind("TrackingCategories", _create, lambda _call, record: view(record), _refused)
_CHANGED_CATEGORY = Kind("TrackingCategories", _update, lambda _call, record: view(record), _refused)
_CHANGED_OPTION = Kind("Options", _update_option, lambda _call, record: _option(record), _refused)
_OPTION = Kind("Options", _add_option, lambda _call, record: _option(record), _refused)


def create_category(call: Call) -> Answer:
    return write(call, _CATEGORY, elements.read(call, "TrackingCategories", single=True), summarize=True)


def update_category(call: Call) -> Answer:
    return write(call, _CHANGED_CATEGORY, elements.read(call, "TrackingCategories", single=True), summarize=True)


def update_option(call: Call) -> Answer:
    return write(call, _CHANGED_OPTION, elements.read(call, "Options", single=True), summarize=True)


def create_options(call: Call) -> Answer:
    return write(call, _OPTION, elements.read(call, "Options"), summarize=True)


_SCOPE = "accounting.settings"
ROUTES = [
    Route("GET", "/TrackingCategories", list_categories, _SCOPE, ("where", "order", "includeArchived")),
    Route("GET", "/TrackingCategories/{id}", get_category, _SCOPE),
    Route("PUT", "/TrackingCategories", create_category, _SCOPE),
    Route("POST", "/TrackingCategories/{id}", update_category, _SCOPE),
    Route("DELETE", "/TrackingCategories/{id}", delete_category, _SCOPE),
    Route("PUT", "/TrackingCategories/{id}/Options", create_options, _SCOPE),
    Route("POST", "/TrackingCategories/{id}/Options/{child}", update_option, _SCOPE),
    Route("DELETE", "/TrackingCategories/{id}/Options/{child}", delete_option, _SCOPE),
]
