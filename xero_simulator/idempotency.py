"""Idempotency-Key: the first answer is kept for 6 minutes and given again; errors are kept too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .errors import TEXT, Refused
from .store import Journal, Table
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
        self.kept = Table("Key", Journal())

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Files of older versions have a dict by scope and key."""
        self.__init__()
        if "kept" in state:
            self.kept.fill(state["kept"])
        for (scope, key), kept in state.get("_kept", {}).items():
            self.kept.put({"Key": f"{scope}\n{key}", "Kept": kept})

    def run(self, scope: str, key: str, request: tuple, now: datetime, switches: Switches, work: Callable[[], Answer]) -> Answer:
        """`work()`, or the answer already given to the same key and request."""
        if not key:
            return work()
        if len(key) > MAX_LENGTH:
            raise Refused(400, "Idempotency Key must not be longer than 128 characters.", TEXT)
        scoped = f"{scope}\n{key}"
        found = self.kept.get(scoped)
        kept = found["Kept"] if found else None
        if kept and now - kept.since < KEPT:
            if kept.request != request:
                raise _mismatch(key, switches)
            return kept.answer
        answer = work()
        if answer.status < 400 or answer.status >= 500 or switches.idempotency_caches_400:
            self.kept.put({"Key": scoped, "Kept": Kept(request, answer, now)})
        return answer

    def prune(self, now: datetime) -> None:
        """Forget the oldest; one that is young holds up those behind it, which `run` does not take for good any more."""
        while (oldest := self.kept.any_record()) and now - oldest["Kept"].since >= KEPT:
            self.kept.remove(oldest["Key"])


def _mismatch(key: str, switches: Switches) -> Refused:
    message = f"Idempotency Key: {key} is used with a different request."
    if switches.idempotency_mismatch == "json":
        return Refused(400, {"Title": "Bad Request", "Status": 400, "Detail": message})
    return Refused(400, message, TEXT)
