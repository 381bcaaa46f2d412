"""Faults to order: silence, resets, 500s, limits, nonsense, each before or after the work is done.

A fault is `{"kind": ..., "method": "PUT", "path": "regex", "times": 1, "skip": 0, "seconds": 30, "probability": 1.0}`;
all but the kind may be left out. `times` null means for ever.
"""

from __future__ import annotations

import random
import re
from dataclasses import asdict, dataclass

BREAKS = ("timeout_before", "timeout_after", "reset_before", "reset_after")
REFUSALS = (
    "minute_limit",
    "day_limit",
    "concurrent_limit",
    "app_minute_limit",
    "unavailable_503",
    "organisation_offline_503",
    "unauthorised_tenant",
    "token_expired",
    "token_refused",
    "missing_scope",
    "invalid_grant",
    "invalid_client",
    "error_500_before",
    "forbidden",
)
DISTORTIONS = (
    "error_500_after",
    "html_200",
    "empty_200",
    "nonsense_200",
    "truncated_200",
    "missing_element_200",
    "extra_element_200",
    "reversed_200",
)
KINDS = (*BREAKS, *REFUSALS, *DISTORTIONS, "slow")
DEFAULT_SECONDS = 120.0


@dataclass
class Fault:
    kind: str
    method: str = ""
    path: str = ""
    times: int | None = 1
    skip: int = 0
    seconds: float = DEFAULT_SECONDS
    probability: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind}; there are {', '.join(KINDS)}")
        re.compile(self.path)

    def matches(self, method: str, path: str) -> bool:
        return (not self.method or self.method.upper() == method) and bool(re.search(self.path, path))


class Faults:
    def __init__(self, rng: random.Random):
        self._rng = rng
        self.ordered: list[Fault] = []
        self.happened: list[dict] = []

    def order(self, descriptions: list[dict]) -> None:
        try:
            self.ordered += [Fault(**description) for description in descriptions]
        except TypeError as error:
            raise ValueError(f"a fault has kind, method, path, times, skip, seconds, probability: {error}") from error

    def clear(self) -> None:
        self.ordered = []

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this request, used up by one."""
        for fault in self.ordered:
            if not fault.matches(method, path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if self._rng.random() >= fault.probability:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.ordered.remove(fault)
            self.happened.append({"kind": fault.kind, "method": method, "path": path})
            return fault
        return None

    def describe(self) -> dict:
        return {"faults": [asdict(fault) for fault in self.ordered], "happened": self.happened, "kinds": list(KINDS)}
