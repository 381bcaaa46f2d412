"""Xero's call limits: what it reports in the headers of every answer, and how to stay within them (Xero's page "API limits")."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Xero allows 60 calls a minute and 5 at a time; a little less than that leaves room for a call made by a person's click.
CALLS_PER_SECOND = 57 / 60
BURST = 4
AT_ONCE = 5  # answers of so many calls may come in another order than Xero counted them in


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What is left, None where Xero did not say; `retry_after` in seconds; `problem` is minute, day, concurrent, appminute or ''."""

    day_remaining: int | None = None
    minute_remaining: int | None = None
    app_minute_remaining: int | None = None
    retry_after: float | None = None
    problem: str = ""

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "RateLimits":
        """Read the headers of one answer, in any letter case."""
        lower = {str(name).lower(): value for name, value in headers.items()}
        return cls(
            day_remaining=_whole(lower.get("x-daylimit-remaining")),
            minute_remaining=_whole(lower.get("x-minlimit-remaining")),
            app_minute_remaining=_whole(lower.get("x-appminlimit-remaining")),
            retry_after=_seconds(lower.get("retry-after")),
            problem=str(lower.get("x-rate-limit-problem") or "").strip().lower(),
        )


def _whole(value) -> int | None:
    text = str(value or "").strip()
    return int(text) if text.lstrip("-").isdecimal() else None


def _seconds(value) -> float | None:
    """Xero sends whole seconds (recorded: "26"); anything else counts as not said."""
    text = str(value or "").strip()
    return float(text) if text.replace(".", "", 1).isdecimal() else None


class Allowance:
    """What one connection may still call: a day's budget of which some is kept for people, and a steady pace within Xero's minute.

    Not for several threads at once. Xero's own figure of what is left of the day wins where it is lower than ours.
    `renewed` turns true when that figure jumps up: Xero's day has begun anew.
    """

    def __init__(self, budget: int, reserve: int, used: int, told: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """:param budget: calls a day; :param reserve: how many of them are only for what a person asked for; :param used: made today;
        :param told: what Xero last said is left of the day, None if it has not said so today"""
        self.left = budget - used if told is None else min(budget - used, told)
        self.renewed = False
        self._budget, self._reserve, self._told, self._clock = budget, reserve, told, clock
        self._tokens, self._counted_at = float(BURST), clock()

    def note(self, limits: RateLimits | None) -> None:
        """A call was made; `limits` is what its answer said."""
        self.left -= 1
        told = limits.day_remaining if limits else None
        if told is None:
            return
        if self._told is not None and told > self._told + AT_ONCE:
            self.renewed, self.left = True, self._budget - 1
        self._told, self.left = told, min(self.left, told)

    def permits(self, for_person: bool, under_way: int = 0) -> bool:
        """Whether the day allows one more call beside `under_way` that are not counted yet."""
        return self.left - under_way > (0 if for_person else self._reserve)

    def begin(self) -> None:
        """A call begins now."""
        self._refill()
        self._tokens = max(0.0, self._tokens - 1)

    def pause(self) -> float:
        """Seconds until another call keeps the pace; 0 if it may begin now."""
        self._refill()
        return max(0.0, (1 - self._tokens) / CALLS_PER_SECOND)

    def _refill(self) -> None:
        now = self._clock()
        # a clock that jumped back gives nothing and takes nothing
        self._tokens = min(float(BURST), self._tokens + max(0.0, now - self._counted_at) * CALLS_PER_SECOND)
        self._counted_at = now
