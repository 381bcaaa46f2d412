"""Listings: where, order, If-Modified-Since, pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .call import Call
from .errors import HTML, NotSimulated, Refused
from .idempotency import Answer
from .order import order
from .selection import Backwards, Run, Selection
from .store import Record, Table
from .where import Getter, LookUp, where

PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
PARAMETERS = ("where", "order", "page", "pageSize")


@dataclass(frozen=True)
class Listing:
    """How one kind is listed. `view(call, record, full)`: full = the page form, with line items.

    `look_ups`: how records are found by a field without reading all of them; see lookups.py.
    """

    envelope: str
    kind: str
    fields: Mapping[str, Getter]
    view: Callable[[Call, Record, bool], dict]
    paged: bool = True
    order_unpages: bool = False  # whether an `order` makes all of them come at once, as pages have them
    sort_key: Getter | None = None  # of unpaged kinds; none: as they were made
    accent_fold: frozenset[str] = frozenset()
    look_ups: Mapping[str, LookUp] = field(default_factory=dict)


def answer(call: Call, listing: Listing, rows: Table | Selection, force_page: bool = False) -> Answer:
    """The list answer to this call for the records that the endpoint's own parameters select."""
    found = _found(call, listing, Selection(rows) if isinstance(rows, Table) else rows)
    if not found and call.modified_since() and call.switches.modified_since_empty_status == 304:
        raise Refused(304, "", HTML)
    if not (listing.paged and ("page" in call.query or "pageSize" in call.query or force_page)):
        return _whole(call, listing, found)
    page, size = _page(call, listing, len(found))
    shown = found[(page - 1) * size : page * size]
    block = {"page": page, "pageSize": size, "pageCount": math.ceil(len(found) / size), "itemCount": len(found)}
    return call.envelope(listing.envelope, [listing.view(call, record, True) for record in shown], block)


def _whole(call: Call, listing: Listing, found: Sequence[Record]) -> Answer:
    if len(found) > call.switches.high_volume_rows:
        message = "This request cannot be processed as it returns too many records; use paging or filters."
        raise Refused(400, {"ErrorNumber": 51, "Type": "HighVolumeException", "Message": message})
    return call.envelope(listing.envelope, [listing.view(call, record, False) for record in found])


def _found(call: Call, listing: Listing, selection: Selection) -> Sequence[Record]:
    """What the selection and the caller's `where` leave, in the caller's order."""
    text = call.query.get("where")
    if text is not None:
        quotes, group = call.switches.where_quotes, selection.group
        selection.where(where(text, listing.fields, listing.kind, listing.accent_fold, listing.look_ups, quotes, group))
    return _ordered(call, listing, selection.records(listing.paged, _since(call)))


def _since(call: Call) -> datetime | None:
    """The oldest change that If-Modified-Since lets through; where it is exclusive the header's whole second is gone by then."""
    since = call.modified_since()
    if since is None or call.switches.modified_since_inclusive:
        return since
    return since.replace(microsecond=0) + timedelta(seconds=1)


def _ordered(call: Call, listing: Listing, records: Sequence[Record]) -> Sequence[Record]:
    """What the caller's own order leaves undecided stays as it was."""
    if listing.sort_key:
        records = sorted(records, key=listing.sort_key)
    if "order" not in call.query:
        return records
    sort = order(call.query["order"], listing.fields, listing.kind)
    if not isinstance(records, Run):
        return sort(list(records))
    ordered = _by_change(records, call.query["order"].lower(), f"{listing.kind}ID".lower())
    return sort(list(records)) if ordered is None else ordered


def _by_change(run: Run, text: str, id_name: str) -> Sequence[Record] | None:
    """The run in an order by change, which costs no more than a page of it; None if another order is asked for."""
    parts = [" ".join(part.split()).removesuffix("ending").removesuffix(" asc") for part in text.split(",")]
    if parts in (["updateddateutc"], ["updateddateutc", id_name]):  # as Xero itself orders them
        return run
    return Backwards(run) if parts == ["updateddateutc desc"] else None


def _page(call: Call, listing: Listing, found: int) -> tuple[int, int]:
    """Page and size; a size out of range is brought into it."""
    if listing.order_unpages and "order" in call.query:
        return 1, max(1, found)
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
