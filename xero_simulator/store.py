"""Tables held in memory, with an undo journal so that a refused batch leaves nothing behind.

A record is a dict of native values (Decimal, date, aware datetime, str, bool). Records are replaced, never
changed in place: that is what makes the journal, the indexes and the idempotency of reads trustworthy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sortedcontainers import SortedList

Record = dict[str, Any]
# What a record is found by: one key, several (as a frozenset), or None = not at all.
Key = Hashable
# (UpdatedDateUTC, id) of records, ascending: the order in which Xero lists what it has pages of.
Stamps = SortedList
_NOTHING: dict[str, None] = {}


@lru_cache(maxsize=1 << 16)
def _amount(text: str) -> Decimal:
    return Decimal(text)


def lean(value: Any) -> Any:
    """The same with equal amounts as one object: a document has a dozen, most of them nought, one or its total. Saves a quarter of it."""
    kind = type(value)
    if kind is Decimal:
        return _amount(str(value))
    if kind is dict:
        return {name: each if type(each) is str else lean(each) for name, each in value.items()}
    return tuple(map(lean, value)) if kind is tuple and value else value


class Journal:
    """What was there before each write, newest last."""

    def __init__(self) -> None:
        self.entries: list[tuple[Table, str, Record | None]] = []
        self.depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Undo every write of this block if it raises; blocks may be nested."""
        mark = len(self.entries)
        self.depth += 1
        try:
            yield
        except BaseException:
            self._undo(mark)
            raise
        finally:
            self.depth -= 1
            if not self.depth:
                self.entries.clear()

    def _undo(self, mark: int) -> None:
        while len(self.entries) > mark:
            table, key, old = self.entries.pop()
            table._restore(key, old)


class Index:
    """Ids by a computed key. Most keys name one record, which stands there bare; several are the keys of a dict, in their order."""

    def __init__(self, compute: Callable[[Record], Key]):
        self._compute = compute
        self._ids: dict[Key, str | dict[str, None]] = {}

    def find(self, key: Key) -> Collection[str]:
        found = self._ids.get(key)
        return (found,) if isinstance(found, str) else _NOTHING.keys() if found is None else found.keys()

    def move(self, id_: str, old: Record | None, new: Record | None) -> None:
        before, after = (None if record is None else self._compute(record) for record in (old, new))
        if before == after:
            return
        for key in _several(before):
            self._drop(key, id_)
        for key in _several(after):
            self._add(key, id_)

    def _add(self, key: Key, id_: str) -> None:
        found = self._ids.get(key)
        if found is None:
            self._ids[key] = id_
        elif isinstance(found, str):
            self._ids[key] = {found: None, id_: None}
        else:
            found[id_] = None

    def _drop(self, key: Key, id_: str) -> None:
        found = self._ids[key]
        if isinstance(found, dict):
            del found[id_]
        if isinstance(found, str) or not found:
            del self._ids[key]


def _several(key: Key) -> Collection[Key]:
    return key if isinstance(key, frozenset) else () if key is None else (key,)


class Table:
    """Records by id, with exact-match indexes on computed keys (None = not indexed, a frozenset = found by each).

    `paged`: kept in the order of change too. `hidden`: what a listing leaves out unless it is asked for; told for paged tables only.
    `group`: the field by whose values, which are few, the order of change is kept apart as well.
    """

    def __init__(
        self,
        id_field: str,
        journal: Journal,
        paged: bool = False,
        hidden: Callable[[Record], bool] | None = None,
        group: str = "",
        **indexes: Callable[[Record], Key],
    ):
        self.id_field = id_field
        self._journal = journal
        self._rows: dict[str, Record] = {}
        self._index = {name: Index(compute) for name, compute in indexes.items()}
        self._hidden = hidden
        self._stamps: Stamps | None = SortedList() if paged else None
        self._shown: Stamps | None = SortedList() if paged and hidden else self._stamps
        self.group = group
        self._groups: dict[tuple[bool, str], Stamps] = {}  # by whether they are hidden, and by the field
        # the ids that were written since the last look at this, in the order in which they came; None: nobody looks
        self.changed: dict[str, None] | None = None

    @classmethod
    def of(cls, rows: dict[str, Record]) -> Table:
        """Rows out of a file, by their ids, on their way into a table."""
        table = cls.__new__(cls)
        table._rows = rows
        return table

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self._rows.values()))

    def __getstate__(self) -> dict[str, Any]:
        """For keeping in a file: how rows are found is the business of the program that reads them. See `fill`."""
        return {"_rows": self._rows}

    def fill(self, kept: Table) -> None:
        """Take over the rows of a table that comes out of a file, and has nothing but them."""
        for key, record in kept._rows.items():
            self._restore(key, lean(record))

    def any_record(self) -> Record | None:
        """The first."""
        return next(iter(self._rows.values()), None)

    def get(self, key: str) -> Record | None:
        return self._rows.get(key)

    def find(self, index: str, value: Key) -> list[Record]:
        return [self._rows[key] for key in self.ids(index, value)]

    def ids(self, index: str, value: Key) -> Collection[str]:
        """The ids of the records that `find` gives: how many there are costs nothing to ask."""
        return self._index[index].find(value)

    @property
    def is_paged(self) -> bool:
        return self._stamps is not None

    def stamps(self, hidden: bool = False) -> Stamps | None:
        """The order of change, with or without what is hidden; None if the table is not paged."""
        return self._stamps if hidden else self._shown

    def grouped(self, value: str, hidden: bool = False) -> Stamps | None:
        """The order of change of those in whose `group` stands this (lower case); None if it is not kept in one piece."""
        keys = ((False, value), (True, value)) if hidden else ((False, value),)
        found = [self._groups[key] for key in keys if key in self._groups]
        if len(found) > 1 or not self.group:
            return None
        return found[0] if found else SortedList()

    def is_hidden(self, record: Record) -> bool:
        return self._hidden is not None and self._hidden(record)

    def put(self, record: Record) -> Record:
        record = lean(record)
        key = record[self.id_field]
        if self._journal.depth:
            self._journal.entries.append((self, key, self._rows.get(key)))
        self._restore(key, record)
        return record

    def remove(self, key: str) -> None:
        if self._journal.depth:
            self._journal.entries.append((self, key, self._rows.get(key)))
        self._restore(key, None)

    def _restore(self, key: str, record: Record | None) -> None:
        old = self._rows.get(key)
        if record is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = record
        for index in self._index.values():
            index.move(key, old, record)
        if self._stamps is not None:
            self._reorder(key, old, record)
        self._note(key, is_new=old is None)

    def _reorder(self, key: str, old: Record | None, record: Record | None) -> None:
        before, after = _stamp(key, old), _stamp(key, record)
        self._restamp(self._stamps, before, after)
        was_hidden, is_hidden = (row is not None and self.is_hidden(row) for row in (old, record))
        if self._shown is not self._stamps:
            self._restamp(self._shown, None if was_hidden else before, None if is_hidden else after)
        if self.group:
            self._regroup(old and (was_hidden, old[self.group].lower()), before, record and (is_hidden, record[self.group].lower()), after)

    def _regroup(self, old: Any, before: Any, new: Any, after: Any) -> None:
        if (old, before) == (new, after):
            return
        if old:
            self._groups[old].remove(before)
        if old and not self._groups[old]:
            del self._groups[old]
        if new:
            self._groups.setdefault(new, SortedList()).add(after)

    def _note(self, key: str, is_new: bool) -> None:
        """Remember what was written, for whoever looks."""
        if self.changed is None:
            return
        if is_new:  # one that is new again has come last
            self.changed.pop(key, None)
        self.changed[key] = None

    @staticmethod
    def _restamp(stamps: Stamps, before: tuple[datetime, str] | None, after: tuple[datetime, str] | None) -> None:
        if before == after:
            return
        if before:
            stamps.remove(before)
        if after:
            stamps.add(after)


def _stamp(key: str, record: Record | None) -> tuple[datetime, str] | None:
    return None if record is None else (record["UpdatedDateUTC"], key)
