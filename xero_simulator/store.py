"""Tables held in memory, with an undo journal so that a refused batch leaves nothing behind.

A record is a dict of native values (Decimal, date, aware datetime, str, bool). Records are replaced, never
changed in place: that is what makes the journal and the idempotency of reads trustworthy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Record = dict[str, Any]


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


class Table:
    """Records by id, with exact-match indexes on computed keys (None = not indexed)."""

    def __init__(self, id_field: str, journal: Journal, **indexes: Callable[[Record], Any]):
        self.id_field = id_field
        self._journal = journal
        self._rows: dict[str, Record] = {}
        self._keys = indexes
        self._index: dict[str, dict[Any, dict[str, None]]] = {name: {} for name in indexes}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self._rows.values()))

    def get(self, key: str) -> Record | None:
        return self._rows.get(key)

    def find(self, index: str, value: Any) -> list[Record]:
        return [self._rows[key] for key in self._index[index].get(value, ())]

    def put(self, record: Record) -> Record:
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
        if old is not None:
            for name, compute in self._keys.items():
                self._index[name].get(compute(old), {}).pop(key, None)
        if record is None:
            self._rows.pop(key, None)
            return
        self._rows[key] = record
        for name, compute in self._keys.items():
            value = compute(record)
            if value is not None:
                self._index[name].setdefault(value, {})[key] = None
