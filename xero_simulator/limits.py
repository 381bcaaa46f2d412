"""Xero's rate limits: per organisation 5 at a time, 60 a minute, 1,000 (or 5,000) a day; per app 10,000 a minute.

A refused call does not count. Recordings show a fixed minute window; where it starts differs per organisation.
"""

from __future__ import annotations

import math
import zlib
from bisect import bisect_left, bisect_right
from collections import Counter
from datetime import datetime

from .errors import Refused
from .switches import Switches

MINUTE = 60
DAY = 86400


class Window:
    """Calls within a window of `length` seconds, fixed (starting at an own offset) or rolling."""

    def __init__(self, length: int, key: str):
        self.length = length
        self._offset = zlib.crc32(key.encode()) % length
        self._stamps: list[float] = []  # ascending

    def _start(self, at: float, rolling: bool) -> float:
        if rolling:
            return at - self.length
        return math.floor((at - self._offset) / self.length) * self.length + self._offset

    def used(self, now: datetime, rolling: bool = False) -> int:
        at = now.timestamp()
        if self._stamps and self._stamps[-1] > at:  # the clock was set back
            self._stamps.clear()
        find = bisect_right if rolling else bisect_left
        return len(self._stamps) - find(self._stamps, self._start(at, rolling))

    def add(self, now: datetime) -> None:
        at = now.timestamp()
        if self._stamps and self._stamps[0] < at - 2 * self.length:
            del self._stamps[: bisect_left(self._stamps, at - self.length)]
        self._stamps.append(at)

    def wait(self, now: datetime, rolling: bool = False) -> int:
        """Whole seconds until a call fits again."""
        at = now.timestamp()
        if rolling:
            oldest = bisect_right(self._stamps, at - self.length)
            start = self._stamps[oldest] if oldest < len(self._stamps) else at
            return max(1, math.ceil(start + self.length - at))
        return max(1, math.ceil(self._start(at, False) + self.length - at))


class Limits:
    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], Window] = {}
        self.in_flight: Counter[str] = Counter()

    def __getstate__(self) -> dict:
        """For keeping in a file: after a restart nothing is in flight."""
        return {**vars(self), "in_flight": Counter()}

    def _window(self, kind: str, key: str) -> Window:
        length = DAY if kind == "day" else MINUTE
        return self._windows.setdefault((kind, key), Window(length, key))

    def count(self, tenant: str, app: str, now: datetime, switches: Switches) -> None:
        """Take one call from every budget, or raise the 429 that fits."""
        rolling = switches.minute_window == "rolling"
        if switches.concurrent_limit is not None and self.in_flight[tenant] > switches.concurrent_limit:
            raise self.problem("concurrent", tenant, app, now, switches)
        checks = (
            ("day", tenant, switches.day_limit),
            ("minute", tenant, switches.minute_limit),
            ("appminute", app, switches.app_minute_limit),
        )
        for kind, key, limit in checks:
            if limit is not None and self._window(kind, key).used(now, rolling and kind != "day") >= limit:
                raise self.problem(kind, tenant, app, now, switches)
        for kind, key, _limit in checks:
            self._window(kind, key).add(now)

    def problem(self, kind: str, tenant: str, app: str, now: datetime, switches: Switches, forced: bool = False) -> Refused:
        """The 429: no body, no content type. `forced`: ordered as a fault, so the budget shows as used up."""
        headers = self.headers(tenant, app, now, switches)
        headers["X-Rate-Limit-Problem"] = kind
        if kind == "concurrent":
            wait = switches.concurrent_retry_after
        else:
            key = app if kind == "appminute" else tenant
            wait = self._window(kind, key).wait(now, switches.minute_window == "rolling" and kind != "day")
        if wait is not None:
            headers["Retry-After"] = str(wait)
        if forced and kind in _REMAINING:
            headers[_REMAINING[kind]] = "0"
        return Refused(429, "", "", headers)

    def headers(self, tenant: str, app: str, now: datetime, switches: Switches) -> dict[str, str]:
        headers = self.app_header(app, now, switches)
        for kind, limit in (("day", switches.day_limit), ("minute", switches.minute_limit)):
            rolling = kind == "minute" and switches.minute_window == "rolling"
            headers[_REMAINING[kind]] = _remaining(limit, self._window(kind, tenant).used(now, rolling))
        return headers

    def app_header(self, app: str, now: datetime, switches: Switches) -> dict[str, str]:
        used = self._window("appminute", app).used(now, switches.minute_window == "rolling")
        return {_REMAINING["appminute"]: _remaining(switches.app_minute_limit, used)}


_REMAINING = {"day": "X-DayLimit-Remaining", "minute": "X-MinLimit-Remaining", "appminute": "X-AppMinLimit-Remaining"}
_PLENTY = 1_000_000


def _remaining(limit: int | None, used: int) -> str:
    return str(max(0, (_PLENTY if limit is None else limit) - used))
