"""How a request can end other than well.

`Invalid` concerns one element of a write; everything else ends the whole request.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable

_logger = logging.getLogger("xero_simulator")

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


class Refused(Exception):
    """The request is answered with this status and body. `content_type` "" means: send no Content-Type."""

    def __init__(self, status: int, body: str | dict = "", content_type: str = JSON, headers: dict[str, str] | None = None):
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body if isinstance(body, str) else json.dumps(body)
        self.content_type = content_type
        self.headers = headers or {}


class NotFound(Refused):
    """Xero's 404: a text called HTML (recorded 2018 and 2026)."""

    def __init__(self) -> None:
        super().__init__(404, "The resource you're looking for cannot be found", HTML)


class NotSimulated(Refused):
    """Something this simulator does not know. Loud on purpose: a silent guess would make our tests lie.

    In the form of Xero's own errors, so that clients written for Xero can read it. ErrorNumber 0 is none of Xero's.
    """

    def __init__(self, what: str, status: int = 501):
        super().__init__(status, {"ErrorNumber": 0, "Type": "NotSimulatedException", "Message": f"xero_simulator: {what}"})
        _logger.warning("xero_simulator: %s", what)


class QueryParseError(Refused):
    """A `where` or `order` that Xero cannot read."""

    def __init__(self, message: str):
        super().__init__(400, {"ErrorNumber": 16, "Type": "QueryParseException", "Message": message})


class Invalid(Exception):
    """One element breaks Xero's rules. `lines` maps a line's position to its own messages."""

    def __init__(self, messages: str | Iterable[str], lines: dict[int, list[str]] | None = None):
        self.messages = [messages] if isinstance(messages, str) else list(messages)
        self.lines = lines or {}
        super().__init__("; ".join(self.messages))


class Broken(Exception):
    """The client gets no answer: `kind` is "timeout" (silence for `seconds`) or "reset"."""

    def __init__(self, kind: str, seconds: float):
        super().__init__(kind)
        self.kind = kind
        self.seconds = seconds


def validation_exception(elements: list[dict]) -> Refused:
    """The 400 Xero gives when errors are summarised: nothing was saved."""
    return Refused(
        400,
        json.dumps(
            {
                "ErrorNumber": 10,
                "Type": "ValidationException",
                "Message": "A validation exception occurred",
                "Elements": elements,
            },
            default=float,
        ),
    )
