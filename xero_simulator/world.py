"""Everything that exists: organisations, client apps, tokens, faults, counters, and the switches."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from .clock import Clock
from .faults import Faults
from .idempotency import Idempotency
from .identity.accounts import Identity
from .limits import Limits
from .organisation import Organisation
from .regions import REGIONS
from .store import Record, Table
from .switches import Switches
from .webhooks.subscriptions import Webhooks

LOG_LENGTH = 2000


class World:
    """The whole state. `reset()` brings it back to how it was made; switches survive only if given at the start."""

    def __init__(
        self, countries: tuple[str, ...] = ("AU",), clock: Clock | None = None, seed: int = 0, switches: dict[str, Any] | None = None
    ):
        self.countries = tuple(countries)
        self.clock = clock or Clock()
        self.seed = seed
        self._initial_switches = dict(switches or {})
        self.reset()

    def reset(self) -> None:
        self.switches = Switches()
        self.switches.set(self._initial_switches)
        self.rng = random.Random(self.seed)  # noqa: S311 - repeatable ids, no secrets
        self.organisations: dict[str, Organisation] = {}
        for number, country in enumerate(self.countries):
            self.add_organisation(country, second=self.countries[:number].count(country))
        self.identity = Identity(self.rng, default_tenant=next(iter(self.organisations)))
        self.limits = Limits()
        self.idempotency = Idempotency()
        self.faults = Faults(self.rng)
        self.webhooks = Webhooks(self.seed)
        self.calls: Counter[str] = Counter()
        self.log: deque[Record] = deque(maxlen=LOG_LENGTH)

    def __getstate__(self) -> dict[str, Any]:
        """For keeping in a file: the log of requests is not worth its size."""
        return {**vars(self), "log": deque(maxlen=LOG_LENGTH)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """A file of an older version knows no webhooks."""
        vars(self).update({"webhooks": Webhooks(state["seed"]), **state})

    def add_organisation(self, country: str, name: str = "", second: int = 0) -> Organisation:
        """Open another organisation; `second` > 0 tells namesakes apart."""
        region = REGIONS[country]
        name = name or (f"{region.name} {second + 1}" if second else "")
        organisation = Organisation(region, self.rng, self.now(), name)
        self.organisations[organisation.tenant_id] = organisation
        return organisation

    def tables(self) -> Iterator[tuple[tuple[str, str], Table]]:
        """All there are, by tenant ("" for none) and name."""
        yield ("", "idempotency"), self.idempotency.kept
        for tenant_id, organisation in self.organisations.items():
            for name, value in vars(organisation).items():
                if isinstance(value, Table):
                    yield (tenant_id, name), value

    def now(self) -> datetime:
        return self.clock.now()

    def organisation(self, key: str) -> Organisation | None:
        """By tenant id, by country ("AU"), or by name; the first that fits."""
        if key in self.organisations:
            return self.organisations[key]
        for organisation in self.organisations.values():
            if key in (organisation.region.key, organisation.name):
                return organisation
        return None
