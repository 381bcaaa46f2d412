"""Listings: where, order, If-Modified-Since, pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .call import Call
from .errors import HTML, NotSimulated, Refused
from .idempotency import Answer
from .store import Record
from .where import Getter, order, where

PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
PARAMETERS = ("where", "order", "page", "pageSize")


@dataclass(frozen=True)
class Listing:
    """How one kind is listed. `view(call, record, full)`: full = the page form, with line items."""

    envelope: str
    kind: str
    fields: Mapping[str, Getter]
    view: Callable[[Call, Record, bool], dict]
    id_field: str
    paged: bool = True
    accent_fold: frozenset[str] = frozenset()


def answer(call: Call, listing: Listing, records: Iterable[Record], force_page: bool = False) -> Answer:
    """The list answer to this call for these candidate records."""
    found = list(records)
    if "where" in call.query:
        test = where(call.query["where"], listing.fields, listing.kind, listing.accent_fold)
        found = [record for record in found if test(record)]
    found = _since(call, found)
    found = _sorted(call, listing, found)
    paged = listing.paged and ("page" in call.query or "pageSize" in call.query or force_page)
    if not paged:
        if len(found) > call.switches.high_volume_rows:
            message = "This request cannot be processed as it returns too many records; use paging or filters."
            raise Refused(400, {"ErrorNumber": 51, "Type": "HighVolumeException", "Message": message})
        return call.envelope(listing.envelope, [listing.view(call, record, False) for record in found])
    page, size = _page(call)
    rows = found[(page - 1) * size : page * size]
    block = {"page": page, "pageSize": size, "pageCount": math.ceil(len(found) / size), "itemCount": len(found)}
    return call.envelope(listing.envelope, [listing.view(call, record, True) for record in rows], block)


def _since(call: Call, records: list[Record]) -> list[Record]:
    since = call.modified_since()
    if since is None:
        return records
    if call.switches.modified_since_inclusive:
        records = [record for record in records if record["UpdatedDateUTC"] >= since]
    else:
        records = [record for record in records if record["UpdatedDateUTC"].replace(microsecond=0) > since]
    if not records and call.switches.modified_since_empty_status == 304:
        raise Refused(304, "", HTML)
    return records


def _sorted(call: Call, listing: Listing, records: list[Record]) -> list[Record]:
    """By default UpdatedDateUTC, then the id."""
    if "order" in call.query:
        return order(call.query["order"], listing.fields, listing.kind)(records)
    if records and "UpdatedDateUTC" not in records[0]:
        return records
    if not listing.paged:  # unpaged kinds keep their own order, the chart's
        return records
    return sorted(records, key=lambda record: (record["UpdatedDateUTC"], record[listing.id_field]))


def _page(call: Call) -> tuple[int, int]:
    """Page and size; a size out of range is brought into it."""
    try:
        page, size = int(call.query.get("page", "1")), int(call.query.get("pageSize", PAGE_SIZE))
    except ValueError as error:
        raise NotSimulated("page and pageSize are whole numbers", 400) from error
    return max(1, page), min(MAX_PAGE_SIZE, max(1, size))


def words(call: Call, name: str) -> list[str] | None:
    """A comma list of a query parameter, lower-cased; None when it was not given."""
    text: Any = call.query.get(name)
    if text is None:
        return None
    return [word.strip().lower() for word in text.split(",") if word.strip()]
