"""Idempotency-Key: the first answer is kept for 6 minutes and given again; errors are kept too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .errors import TEXT, Refused
from .switches import Switches

KEPT = timedelta(minutes=6)
MAX_LENGTH = 128


@dataclass
class Answer:
    """What goes back: `body` is a payload to be written as JSON (or XML), ready text, or the bytes of a file."""

    status: int = 200
    body: dict | list | str | bytes = ""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, refused: Refused) -> Answer:
        return cls(refused.status, refused.body, refused.content_type, dict(refused.headers))


@dataclass
class Kept:
    request: tuple
    answer: Answer
    since: datetime


class Idempotency:
    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}

    def run(self, scope: str, key: str, request: tuple, now: datetime, switches: Switches, work: Callable[[], Answer]) -> Answer:
        """`work()`, or the answer already given to the same key and request."""
        if not key:
            return work()
        if len(key) > MAX_LENGTH:
            raise Refused(400, "Idempotency Key must not be longer than 128 characters.", TEXT)
        kept = self._kept.get((scope, key))
        if kept and now - kept.since < KEPT:
            if kept.request != request:
                raise _mismatch(key, switches)
            return kept.answer
        answer = work()
        if answer.status < 400 or answer.status >= 500 or switches.idempotency_caches_400:
            self._kept[scope, key] = Kept(request, answer, now)
        return answer

    def prune(self, now: datetime) -> None:
        self._kept = {key: kept for key, kept in self._kept.items() if now - kept.since < KEPT}


def _mismatch(key: str, switches: Switches) -> Refused:
    message = f"Idempotency Key: {key} is used with a different request."
    if switches.idempotency_mismatch == "json":
        return Refused(400, {"Title": "Bad Request", "Status": 400, "Detail": message})
    return Refused(400, message, TEXT)
