"""Keeping the world in a file between runs (`--state`): an SQLite database with a row for each record, and one for all the rest.

What a request did is one transaction, committed before its answer goes out. So the process may die at any moment: what was answered is
there, and nothing half. The file is ours alone: never open a stranger's, its contents are pickled.
"""

from __future__ import annotations

import pickle
import sqlite3
from io import BytesIO
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any

from .regions import REGIONS
from .regions.common import Region
from .store import Record, Table

if TYPE_CHECKING:
    from .world import World

Place = tuple[str, str]  # of a table: tenant id and name
_PROTOCOL = 5
_HEADER = b"SQLite format 3\0"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS world (id INTEGER PRIMARY KEY, content BLOB);
CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY, tenant TEXT, name TEXT, key TEXT, content BLOB, UNIQUE (tenant, name, key));
"""
_PUT = (
    "INSERT INTO record (tenant, name, key, content) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (tenant, name, key) DO UPDATE SET content = excluded.content"
)


class StateFile:
    """One world in one file, held for this process alone."""

    def __init__(self, path: Path):
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._saved: dict[Place, Table] = {}  # what the file has of them is true but for their `changed`

    def load(self) -> World | None:
        """What the file holds, or None."""
        if not self._path.exists():
            return None
        if not _is_database(self._path):
            self._convert()
        database = self._opened()
        found = database.execute("SELECT content FROM world").fetchone()
        if found is None:
            return None
        tables = _read(database)
        world = _Reader(BytesIO(found[0]), tables).load()
        # a table that became something else while it was read, as an older version's may, is written anew
        self._follow({place: table for place, table in world.tables() if len(table) == len(tables.get(place, ()))})
        return world

    def save(self, world: World) -> None:
        """Write what has changed since it was loaded, or saved last."""
        tables = dict(world.tables())
        with self._opened() as database:
            for place in self._saved.keys() - tables.keys():
                database.execute("DELETE FROM record WHERE tenant = ? AND name = ?", place)
            for place, table in tables.items():
                if self._saved.get(place) is not table:  # the world was reset, or is new here
                    database.execute("DELETE FROM record WHERE tenant = ? AND name = ?", place)
                    _put(database, place, table, [record[table.id_field] for record in table])
                elif table.changed:
                    _put(database, place, table, list(table.changed))
            content = BytesIO()
            _Writer(content, tables).dump(world)
            database.execute("INSERT OR REPLACE INTO world VALUES (1, ?)", (content.getbuffer(),))
        self._follow(tables)

    def close(self) -> None:
        if self._database:
            self._database.close()
            self._database = None

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            self._path.chmod(0o600)
            self._database = sqlite3.connect(self._path, check_same_thread=False)  # the simulator has a lock of its own
            # the death of this process is survived without waiting for the disk, the machine's is not
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute("PRAGMA journal_mode = TRUNCATE")
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.executescript(_SCHEMA)
        return self._database

    def _follow(self, tables: dict[Place, Table]) -> None:
        for table in tables.values():
            table.changed = {}
        self._saved = tables

    def _convert(self) -> None:
        """A file of an older version is one pickle."""
        new = self._path.with_suffix(self._path.suffix + ".new")
        new.unlink(missing_ok=True)
        with self._path.open("rb") as file:
            world = _Reader(file, {}).load()
        converted = StateFile(new)
        converted.save(world)
        converted.close()
        new.replace(self._path)


def load(path: Path) -> World | None:
    """The world in a file, for looking at."""
    file = StateFile(path)
    try:
        return file.load()
    finally:
        file.close()


def _put(database: sqlite3.Connection, place: Place, table: Table, keys: list[str]) -> None:
    gone = [key for key in keys if table.get(key) is None]
    database.executemany("DELETE FROM record WHERE tenant = ? AND name = ? AND key = ?", ((*place, key) for key in gone))
    rows = ((key, record) for key in keys if (record := table.get(key)) is not None)
    database.executemany(_PUT, ((*place, key, pickle.dumps(record, _PROTOCOL)) for key, record in rows))


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_HEADER)) in (_HEADER, b"")


class _Writer(pickle.Pickler):
    """Everything but the rows of tables, which are kept one by one, and the regions, which the program brings along."""

    def __init__(self, file: BytesIO, tables: dict[Place, Table]):
        super().__init__(file, _PROTOCOL)
        self._places = {id(table): place for place, table in tables.items()}

    def persistent_id(self, obj: Any) -> tuple[str, ...] | None:
        kind = type(obj)  # asked of every number and text
        if kind is Table:
            return ("table", *self._places[id(obj)])
        return ("region", obj.key) if kind is Region else None


class _Reader(pickle.Unpickler):
    def __init__(self, file: Any, tables: dict[Place, Table]):
        super().__init__(file)
        self._tables = tables

    def persistent_load(self, pid: tuple[str, ...]) -> Any:
        kind, *where = pid
        return REGIONS[where[0]] if kind == "region" else self._tables.get((where[0], where[1])) or Table.of({})

    def find_class(self, module: str, name: str) -> Any:
        """Tables of older versions kept the functions of their indexes: nobody needs them."""
        if module == "xero_simulator.organisation" and name.startswith("_"):
            return None
        return super().find_class(module, name)


def _read(database: sqlite3.Connection) -> dict[Place, Table]:
    """Rows by table, in the order in which they were made."""
    rows: dict[Place, dict[str, Record]] = {}
    texts: dict[str, str] = {}
    for tenant, name, key, content in database.execute("SELECT tenant, name, key, content FROM record ORDER BY number"):
        rows.setdefault((tenant, name), {})[texts.setdefault(key, key)] = _shared(pickle.loads(content), texts)  # noqa: S301
    return {place: Table.of(found) for place, found in rows.items()}


def _shared(value: Any, texts: dict[str, str]) -> Any:
    """The same with each text in memory once: rows that were pickled one by one share nothing."""
    if isinstance(value, dict):
        return {intern(name): _shared(each, texts) for name, each in value.items()}
    if type(value) is tuple:
        return tuple(_shared(each, texts) for each in value)
    return texts.setdefault(value, value) if isinstance(value, str) else value
