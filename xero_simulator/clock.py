"""The simulator's clock: real time (or an injected one) plus an offset that tests may move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone


def utcnow() -> datetime:
    return datetime.now(timezone.utc)


class Clock:
    """`now()` is an aware UTC datetime, cut to milliseconds as Xero's own stamps are."""

    def __init__(self, source: Callable[[], datetime] | None = None):
        self._source = source or utcnow
        self._offset = timedelta(0)

    def now(self) -> datetime:
        now = self._source() + self._offset
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def advance(self, seconds: float) -> None:
        self._offset += timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        """Make `moment` (aware) the present; time goes on running from there."""
        self._offset = moment - self._source()

    def __getstate__(self) -> dict:
        return {"_offset": self._offset}

    def __setstate__(self, state: dict) -> None:
        self._source = utcnow
        self._offset = state["_offset"]
