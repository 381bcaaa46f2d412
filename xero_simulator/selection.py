"""Which records of a table are listed: narrowed by indexes first, then by tests, in the order in which Xero lists them.

Never looks at more of a table than it must: a page of a table that nothing narrows is a slice of its order of change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from .store import Record, Stamps, Table
from .where import Condition, LookUp, Test

_LAST = "\U0010ffff"  # comes after every id


def _passing(records: Iterable[Record], tests: Collection[Test]) -> list[Record]:
    return [record for record in records if all(test(record) for test in tests)]


@dataclass(frozen=True)
class Run(Sequence[Record]):
    """Records from a place in the order of change on, without a list of them being made."""

    table: Table
    stamps: Stamps
    start: int

    def __len__(self) -> int:
        return len(self.stamps) - self.start

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...
    def __getitem__(self, at):
        if isinstance(at, int):
            return self._record(self.stamps[self.start + at])
        first, last, _step = at.indices(len(self))
        return [self._record(stamp) for stamp in self.stamps.islice(self.start + first, self.start + last)]

    def __iter__(self) -> Iterator[Record]:
        return map(self._record, self.stamps.islice(self.start))

    def _record(self, stamp: tuple[datetime, str]) -> Record:
        record = self.table.get(stamp[1])
        assert record is not None
        return record


@dataclass(frozen=True)
class Backwards(Sequence[Record]):
    """A run with what changed last first; what changed at the same moment stays in its order."""

    run: Run

    def __len__(self) -> int:
        return len(self.run)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...
    def __getitem__(self, at):
        if isinstance(at, int):
            return self.run[self._place(range(len(self))[at])]
        return [self.run[self._place(place)] for place in range(*at.indices(len(self)))]

    def _place(self, at: int) -> int:
        """Where in the run stands what stands here in the order backwards."""
        stamps, start = self.run.stamps, self.run.start
        mirrored = len(stamps) - 1 - at
        moment = stamps[mirrored][0]
        first, after = max(start, stamps.bisect_left((moment,))), stamps.bisect_right((moment, _LAST))
        return first + (after - 1 - mirrored) - start


class Selection:
    """What is asked for of a table: all of it at first, but for what the table hides. `changed`: the stamp of unpaged kinds."""

    def __init__(self, table: Table, hidden: bool = False, changed: str = "UpdatedDateUTC"):
        self._table = table
        self._hidden = hidden
        self._changed = changed
        self._among: Collection[str] | None = None
        self._apart: Stamps | None = None  # the order of change of a part of the table in which all of them are
        self._part: Test | None = None  # the test that all of that part pass
        self._tests: list[Test] = []

    @property
    def group(self) -> str:
        return self._table.group

    def that(self, test: Test) -> Selection:
        """Narrowed by a test, for which everything has to be looked at."""
        self._tests.append(test)
        return self

    def where(self, condition: Condition) -> Selection:
        """Narrowed by a condition. One that cannot be tested is refused even where the index finds nothing to test."""
        if condition.among is not None:
            self._narrow(condition.among)
            if (record := self._table.any_record()) is not None:
                condition.test(record)
        if condition.group:
            self._keep_to(condition.group, condition.test if condition.is_all else None)
        return self.that(condition.test)

    def _keep_to(self, group: str, test: Test | None) -> None:
        """All of them are of that group; `test` asks for nothing else."""
        stamps = self._table.grouped(group, self._hidden)
        if stamps is not None and (self._apart is None or len(stamps) < len(self._apart)):
            self._apart, self._part = stamps, test

    def only(self, field: str, values: Collection[str] | None, look_up: LookUp | None = None) -> Selection:
        """Those in whose field stands one of these values (lower case). Without a way to look them up everything has to be looked at."""
        if values is None:
            return self
        if look_up and all(values):
            self._narrow({key for value in values for key in look_up(value)})

        def test(record: Record) -> bool:
            return record[field].lower() in values

        if field == self._table.group and len(values) == 1:
            self._keep_to(next(iter(values)), test)
        return self.that(test)

    def _narrow(self, ids: Collection[str]) -> None:
        if self._among is None or len(ids) < len(self._among):
            self._among = ids

    def records(self, paged: bool, since: datetime | None = None) -> Sequence[Record]:
        """Those changed at `since` or later: `paged` kinds in the order of change, others in that in which they were made."""
        stamps = self._order() if paged and self._among is None else None
        if stamps is not None:
            run = Run(self._table, stamps, stamps.bisect_left((since, "")) if since else 0)
            tests = [test for test in self._tests if test is not self._part]
            return _passing(run, tests) if tests else run
        found = [record for record in _passing(self._candidates(), self._tests) if since is None or record[self._changed] >= since]
        if paged:
            found.sort(key=lambda record: (record["UpdatedDateUTC"], record[self._table.id_field]))
        return found

    def _order(self) -> Stamps | None:
        return self._table.stamps(self._hidden) if self._apart is None else self._apart

    def _candidates(self) -> Iterator[Record]:
        """In the order in which they were made."""
        table = self._table
        if self._among is None:
            records = iter(table)
        elif table.is_paged or len(self._among) < 2:
            records = (record for key in self._among if (record := table.get(key)))
        else:
            ids = set(self._among)
            records = (record for record in table if record[table.id_field] in ids)
        return (record for record in records if self._hidden or not table.is_hidden(record))
