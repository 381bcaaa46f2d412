"""From a snapshot to the simulator and back: what was sent, read three ways, and the differences that `docs/kept-by-xero.md` allows."""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from test_client_simulator import URL, Wired
from xero_core.fingerprint import fingerprint
from xero_core.resources import items, normal
from xero_core.resources.items import Item, ItemSide

TABLE = Path(__file__).parents[2] / "docs" / "kept-by-xero.md"
READINGS = ("answer", "listing", "single")
CHANGES = ("filled", "dropped", "changed")


@dataclass(frozen=True)
class Kept:
    """One field of one resource that one reading shows otherwise than it was sent."""

    resource: str
    field: str
    reading: str
    change: str


def rows() -> list[list[str]]:
    """The cells of the table's rows."""
    lines = [line.strip().strip("|") for line in TABLE.read_text().splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.split("|")] for line in lines[2:]]


def kept(resource: str) -> set[Kept]:
    """What the table allows for a resource."""
    found = set()
    for resources, fields, readings, change, source in rows():
        assert change in CHANGES and source, fields
        if resource in words(resources):
            named = [reading for reading in READINGS if readings in (reading, "all")]
            found |= {Kept(resource, field, reading, change) for field in words(fields) for reading in named}
    return found


def words(cell: str) -> list[str]:
    """The entries of a cell that has several."""
    return re.split(r",\s*", cell)


def differences(sent, read, path: str = ""):
    """The fields that differ between two normal forms, and how."""
    if isinstance(sent, dict) and isinstance(read, dict):
        for name in sent.keys() | read.keys():
            yield from differences(sent.get(name), read.get(name), f"{path}.{name}".strip("."))
    elif path in ("lines", "payments") and sent and read and len(sent) == len(read):
        for one, other in zip(sent, read, strict=True):
            yield from differences(one, other, path)
    elif sent != read:
        yield path, "filled" if sent is None else "dropped" if read is None else "changed", sent, read


class World(Wired):
    """An organisation without limits, and what documents refer to in it."""

    contact_id = ""

    def __init__(self, **switches):
        super().__init__(minute_limit=None, day_limit=None, app_minute_limit=None, **switches)
        self.numbers = itertools.count(1)
        self.options = self.client.options()
        self.option_ids = normal.option_ids(self.options)
        self.tags = [(option.category_id, option.xero_id) for option in self.options]
        self.bank_id = next(each.account_id for each in self.client.accounts() if each.type == "BANK")
        self.contact_id = self.a_contact()
        self.created(self.client.create_items([items.to_xero(Item("A", "Chair", ItemSide(), ItemSide()))], self.key()))

    def put(self, path: str, body: dict) -> dict:
        """What a person sets up in Xero, where the connector has no call for it."""
        headers = {"Authorization": f"Bearer {self.tokens.get()}", "Accept": "application/json"}
        answer = self.session.put(f"{URL}/api.xro/2.0/{path}", json=body, headers=headers, timeout=5)
        assert answer.ok, answer.text
        return answer.json()

    def key(self) -> str:
        return f"key-{next(self.numbers)}"

    def created(self, results):
        """The one document of a write."""
        (result,) = results
        assert result.ok, result.errors
        return result.remote


@dataclass(frozen=True)
class Case:
    """A resource: its page, random snapshots of it, and how each is made and read; all get the world."""

    resource: str
    page: object
    snapshots: object
    make: object
    listed: object
    alone: object

    def form(self, snapshot, options):
        """The normal form of what is sent; first, that its reader leaves nothing out of which the payload speaks."""
        payload = self.page.to_xero(snapshot)
        assert self.page.to_xero(self.page.from_xero(payload).told) == payload
        return normal.form_of_sent(self.page, snapshot, options)


def check(case: Case, world: World, examples: int = 50) -> None:
    """Send random snapshots and read them back; fails on any difference that the table does not allow, and on rows that are not needed."""
    allowed, needed = kept(case.resource), set()

    def one(snapshot):
        remote = case.make(world, snapshot)
        (listed,) = case.listed(world, remote)
        readings = dict(zip(READINGS, (remote, listed, case.alone(world, remote)), strict=True))
        sent, forms = case.form(snapshot, world.option_ids), {}
        for reading, found in readings.items():
            assert found.snapshot, f"{reading}: not complete"
            forms[reading] = normal.form(found.snapshot, world.option_ids)
            for field, change, ours, theirs in differences(sent, forms[reading]):
                row = Kept(case.resource, field, reading, change)
                assert row in allowed, f"{row}: sent {ours!r}, read {theirs!r}"
                needed.add(row)
        assert fingerprint(forms["listing"]) == fingerprint(forms["single"]) == fingerprint(forms["answer"])

    quiet = settings(max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    quiet(given(case.snapshots(world))(one))()
    assert not allowed - needed, f"rows of the table that nothing needs: {allowed - needed}"
