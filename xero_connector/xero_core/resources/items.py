"""Items."""

from collections.abc import Iterable
from functools import partial

from ..documents import RemoteItem
from ..mapping import item
from ..values import clean_guid
from .base import UNITDP, UNQUOTABLE, Calls, each_once, equal, key, split, with_id
from .batches import Kind, Written, chunks, folded

ITEMS = Kind("Items", "ItemID", (("ItemID", clean_guid), ("Code", folded)), item.from_xero)


class ItemCalls(Calls):
    """Items, read and written in batches."""

    def items(self, ids: Iterable[str] = (), codes: Iterable[str] = ()) -> list[RemoteItem]:
        """Items with any of these ids or codes (case does not count), each once. The list is not paged."""
        ask = partial(self._list, self._api.get_items, "Items", unitdp=UNITDP)
        quotable, others = split(codes, UNQUOTABLE)
        terms = [f'ItemID==guid("{xero_id}")' for xero_id in ids if xero_id] + equal("Code", quotable)
        found = [row for where in chunks(terms, " OR ") for row in ask(where=where)]
        if others:
            wanted = {folded(code) for code in others}
            found += [row for row in ask() if folded(row.get("Code") or "") in wanted]
        return each_once(map(item.from_xero, found))

    def create_items(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create items; PUT, so that a code that exists is an error: a POST would change that item."""
        return self._write(self._api.create_items, ITEMS, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def update_items(self, payloads: list[dict]) -> list[Written]:
        """Update items by id.

        :raise ValueError: a payload has no id (Xero would then change whichever item has that code)
        """
        return self._write(self._api.update_or_create_items, ITEMS, with_id(payloads, ITEMS), unitdp=UNITDP)
