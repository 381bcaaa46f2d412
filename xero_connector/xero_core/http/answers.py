"""What an answer of the Accounting API means: one table from status, headers and body to a typed error.

Decisions use structured fields (status, headers, `Detail`, `ErrorNumber`); the one text that is looked into is the idempotency refusal, for
which Xero has no code. Xero's page: "HTTP response codes and errors".
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from .. import errors
from .limits import RateLimits

LIMITS = {
    "minute": errors.MinuteLimit,
    "day": errors.DayLimit,
    "concurrent": errors.ConcurrentLimit,
    "appminute": errors.AppMinuteLimit,
}
LOST_CONSENT = ("AuthenticationUnsuccessful", "AuthorizationUnsuccessful")
HIGH_VOLUME = 51
SCOPE_HEADERS = ("insufficent_scope", "insufficient_scope")  # the first is Xero's spelling


class Answer:
    """One answer, with header names in lower case and the body as text and, if it is JSON, as data (`payload`, else None).

    `content`: the file, if one was asked for and this is it, else None.
    """

    __slots__ = ("content", "content_type", "headers", "is_write", "payload", "status", "text")

    def __init__(self, status: int, headers: Mapping[str, str], text: str, content_type: str, is_write: bool, content: bytes | None = None):
        self.content = content
        self.status = status
        self.headers = {str(name).lower(): str(value) for name, value in headers.items()}
        self.text = text
        self.content_type = content_type.lower()
        self.is_write = is_write
        self.payload = parse_json(text) if "json" in self.content_type else None

    def get(self, key: str):
        """A top-level value of a JSON object, None otherwise."""
        return self.payload.get(key) if isinstance(self.payload, dict) else None

    @property
    def about(self) -> dict:
        """What every error tells of its answer."""
        return {"status": self.status, "correlation_id": self.headers.get("xero-correlation-id", "")}


def parse_json(text: str):
    """JSON with exact numbers; None when it is none (a body that broke off, HTML sold as JSON, brackets without end)."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def error_of(answer: Answer) -> errors.XeroError | None:
    """The error an answer stands for, None for a good one: 2xx with JSON, or the file that was asked for, or 204, or 304 (nothing new)."""
    if answer.status in BY_STATUS:
        return BY_STATUS[answer.status](answer)
    if 200 <= answer.status < 300:
        return None if answer.payload is not None or answer.content is not None else unintelligible(answer)
    if 400 <= answer.status < 500:
        return errors.ValidationRefused(f"Xero refused the request ({answer.status}).", details=messages(answer.payload), **answer.about)
    return _internal_error(answer)


def unintelligible(answer: Answer) -> errors.XeroError:
    """The error for an answer that promises success and is not what was promised."""
    if answer.is_write:
        return errors.Unintelligible("Xero's answer could not be understood; it is not known whether the change was made.", **answer.about)
    return errors.AnswerLost("Xero's answer could not be understood.", **answer.about)


def _internal_error(answer: Answer) -> errors.XeroError:
    if answer.is_write:
        return errors.OutcomeUnknown("Xero had an internal error; it is not known whether the change was made.", **answer.about)
    return errors.AnswerLost("Xero had an internal error.", **answer.about)


def _no_error(answer: Answer) -> None:
    """204 and 304 have no body and are fine."""


def _bad_request(answer: Answer) -> errors.XeroError:
    details = messages(answer.payload)
    if answer.get("ErrorNumber") == HIGH_VOLUME:
        return errors.HighVolume("Xero holds too many records for this question.", details=details, **answer.about)
    if answer.is_write and _is_idempotency_mismatch(answer):
        return errors.OutcomeUnknown("Xero has already seen this key with another request.", details=details, **answer.about)
    return errors.ValidationRefused("Xero refused the data.", details=details, **answer.about)


def _is_idempotency_mismatch(answer: Answer) -> bool:
    """`Idempotency Key: K is used with a different request.`: text is all there is, so look only where no validation error stands."""
    text = answer.text.lower()
    return not answer.get("Elements") and "idempotency key" in text and "different request" in text


def _unauthorized(answer: Answer) -> errors.XeroError:
    challenge = answer.headers.get("www-authenticate", "").lower()
    if any(word in challenge for word in SCOPE_HEADERS):
        return errors.ScopeMissing("The connection does not allow this.", **answer.about)
    if _detail(answer) in LOST_CONSENT:
        return _consent_lost(answer)
    return errors.TokenExpired("The access token is not valid any more.", **answer.about)


def _forbidden(answer: Answer) -> errors.XeroError:
    if _detail(answer) in LOST_CONSENT:
        return _consent_lost(answer)
    message = "The Xero user who connected is not allowed to do this."
    return errors.PermissionDenied(message, details=messages(answer.payload), **answer.about)


def _consent_lost(answer: Answer) -> errors.ConsentLost:
    return errors.ConsentLost("Xero does not accept this connection any more.", **answer.about)


def _detail(answer: Answer) -> str:
    """The code at the start of `Detail`, as in "TokenExpired: token expired at ..."."""
    return str(answer.get("Detail") or "").partition(":")[0].strip()


def _not_found(answer: Answer) -> errors.NotFound:
    return errors.NotFound("Xero does not have this record.", details=messages(answer.payload), **answer.about)


def _too_large(answer: Answer) -> errors.TooLarge:
    return errors.TooLarge("It is larger than Xero takes in one request.", details=messages(answer.payload), **answer.about)


def _rate_limited(answer: Answer) -> errors.RateLimited:
    limits = RateLimits.from_headers(answer.headers)
    kind = LIMITS.get(limits.problem, errors.MinuteLimit)
    return kind(f"Xero's call limit is used up ({limits.problem or 'minute'}).", retry_after=limits.retry_after, **answer.about)


def _unavailable(answer: Answer) -> errors.Unavailable:
    wait = RateLimits.from_headers(answer.headers).retry_after
    return errors.Unavailable("Xero is not available at the moment.", retry_after=wait or 300.0, **answer.about)


BY_STATUS = {
    204: _no_error,
    304: _no_error,
    400: _bad_request,
    401: _unauthorized,
    403: _forbidden,
    404: _not_found,
    408: _internal_error,
    413: _too_large,
    429: _rate_limited,
    503: _unavailable,
}


# --- Xero's own messages ---------------------------------------------------------------------------


def messages(payload) -> tuple[str, ...]:
    """All messages of a refusal: those of the elements and everything nested in them; only if there are none, the envelope's own."""
    found = validation_messages(payload)
    if found or not isinstance(payload, dict):
        return found
    envelope = (payload.get(key) for key in ("Message", "Detail", "Title"))
    return tuple(text for text in envelope if isinstance(text, str) and text)[:1]


def validation_messages(payload) -> tuple[str, ...]:
    """Messages listed under "ValidationErrors" anywhere in the payload, each once, in order."""
    return tuple(dict.fromkeys(_walk(payload)))


def _walk(node) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _texts(value) if name == "ValidationErrors" else _walk(value)


def _texts(items) -> Iterator[str]:
    """Bulk answers sometimes say `Description` instead of `Message`."""
    for item in items if isinstance(items, list) else ():
        text = item.get("Message") or item.get("Description") if isinstance(item, dict) else item
        if isinstance(text, str) and text:
            yield text
