"""Xero's call limits, as it reports them in the headers of every answer (section "API limits" of Xero's documentation)."""

from collections.abc import Mapping
from dataclasses import dataclass


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
