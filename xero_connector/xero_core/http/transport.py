"""The SDK's `ApiClient` with everything unsafe replaced: no process-wide configuration, no hidden retries or sleeps, no missing timeout.

The SDK keeps naming endpoints, paths, query parameters and headers; this class sends what it names, once, and reads the answer.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

import requests
from xero_python.api_client import ApiClient

from .. import errors
from ..values import redact, utcnow
from . import answers, scopes, sessions
from .limits import RateLimits

BODY_LIMIT = 20_000  # characters of a body kept in a record
FILE_PATH = re.compile(r"/Attachments/[^/]+$")  # of the list of files it has no last part


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One HTTP exchange, for the log: no tokens, bodies redacted and cut; `status` None when no answer came; `started` aware UTC."""

    method: str
    path: str
    query: str
    status: int | None
    started: datetime
    duration_ms: int
    request_body: str
    response_body: str
    correlation_id: str
    limits: RateLimits = field(default_factory=RateLimits)
    error: errors.XeroError | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the SDK composed it, without the token."""

    method: str
    url: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: str | bytes = ""  # bytes: a file

    @property
    def is_write(self) -> bool:
        """True if sending it twice could do something twice."""
        return self.method != "GET"

    @property
    def asks_for_file(self) -> bool:
        """True if the answer is the file itself, not JSON about it."""
        return not self.is_write and FILE_PATH.search(urlsplit(self.url).path) is not None

    @property
    def needed_scope(self) -> str:
        """The granular scope of the endpoint, '' if unknown."""
        return scopes.needed(self.url)


class XeroApiClient(ApiClient):
    """Sends each call once over a `requests.Session`, renews an expired token once, and turns answers into data or `XeroError`.

    `tokens` has `get() -> str` and `renew(stale) -> str`. `on_call` gets a `CallRecord` after every exchange, in the calling thread.
    May be used from several threads.
    """

    def __init__(self, tokens, session: requests.Session | None = None, on_call: Callable | None = None, clock: Callable = utcnow):
        # The parent's __init__ is left out on purpose: it builds the SDK's process-wide Configuration, in which one company's token
        # would answer for another's, and a connection pool that repeats PUTs. These four attributes are all its methods need.
        self.configuration = SimpleNamespace(safe_chars_for_path_param="")
        self.default_headers = {"User-Agent": "odoo-xero-connector", "Accept": "application/json"}
        self.cookie = None
        self.last_response = None
        self._tokens = tokens
        self._session = session or sessions.new_session()
        self._on_call = on_call
        self._clock = clock
        self._renewing = threading.Lock()

    def update_params_for_auth(self, headers, querys, auth_settings):
        """Leave the token out here: it is put on at the last moment, so that nothing that is logged ever holds it."""

    def request(self, method, url, query_params=None, headers=None, post_params=None, body=None, **ignored):
        """Send what the SDK composed.

        :return: the `answers.Answer`, which the SDK passes through to its caller
        :raise XeroError: for every answer that is not a success, and for none at all
        """
        told = {name: value for name, value in (headers or {}).items() if value}  # a custom connection names no organisation
        call = Call(method, url, _query(query_params), told, _as_sent(body))
        token = self._token(self._tokens.get)
        try:
            return self._exchange(call, token)
        except errors.TokenExpired:
            # Refused before any work was done, so the same call with the same idempotency key may go out again.
            fresh = self._token(self._renew, token)
        try:
            return self._exchange(call, fresh)
        except errors.TokenExpired as error:
            # no proof that the consent is gone: that only the renewal can tell
            raise errors.NotReached("Xero does not accept a new access token either.", status=error.status) from error

    def deserialize(self, response, response_type, response_model_finder):
        """Give the answer with its plain data: the SDK's models reject whole pages for one enum value they do not know."""
        return response

    def _token(self, source, *args) -> str:
        """A token from the caller; whatever goes wrong there, this call itself was not sent."""
        try:
            return source(*args)
        except errors.OutcomeUnknown as error:
            raise errors.NotReached("The access token could not be renewed.", status=error.status) from error

    def _renew(self, stale: str) -> str:
        with self._renewing:
            current = self._tokens.get()
            return current if current != stale else self._tokens.renew(stale)

    def _exchange(self, call: Call, token: str) -> answers.Answer:
        started, answer = self._clock(), None
        try:
            answer = self._send(call, token)
            error = _named_scope(answers.error_of(answer), call)
        except requests.RequestException as exception:
            error = sessions.failure(exception, call.is_write)
        self._record(call, started, answer, error)
        if error:
            raise error
        return answer

    def _send(self, call: Call, token: str) -> answers.Answer:
        response = self._session.request(
            call.method,
            call.url,
            params=call.query,
            headers=call.headers,
            data=(call.body if isinstance(call.body, bytes) else call.body.encode()) or None,
            auth=sessions.Bearer(token),
            timeout=sessions.TIMEOUT,
            allow_redirects=False,
            stream=True,
        )
        body, kind = sessions.body_of(response), response.headers.get("Content-Type", "")
        if response.ok and call.asks_for_file:
            return answers.Answer(response.status_code, response.headers, "", kind, call.is_write, body)
        return answers.Answer(response.status_code, response.headers, body.decode("utf-8", errors="replace"), kind, call.is_write)

    def _record(self, call: Call, started: datetime, answer: answers.Answer | None, error: errors.XeroError | None) -> None:
        if self._on_call:
            self._on_call(_record_of(call, started, self._clock(), answer, error))


def _record_of(call: Call, started: datetime, ended: datetime, answer: answers.Answer | None, error) -> CallRecord:
    headers = answer.headers if answer else {}
    return CallRecord(
        method=call.method,
        path=urlsplit(call.url).path,
        query=redact(urlencode(call.query)),
        status=answer.status if answer else None,
        started=started,
        duration_ms=round((ended - started).total_seconds() * 1000),
        request_body=_for_log(call.body),
        response_body=_for_log((answer.text if answer.content is None else answer.content) if answer else ""),
        correlation_id=headers.get("xero-correlation-id", ""),
        limits=RateLimits.from_headers(headers),
        error=error,
    )


def _as_sent(body) -> str | bytes:
    """A file, and what is JSON already, go out as they are; everything else as JSON."""
    if isinstance(body, bytes | str):
        return body
    return sessions.as_json(body) if body else ""


def _for_log(body: str | bytes) -> str:
    """A body for the log; of a file only its size: what is in it is nobody's business."""
    return f"[{len(body)} bytes]" if isinstance(body, bytes) else redact(body[:BODY_LIMIT])


def _query(params) -> tuple[tuple[str, str], ...]:
    """Query parameters as text; the SDK leaves booleans as Python writes them."""
    return tuple((name, str(value).lower() if isinstance(value, bool) else str(value)) for name, value in params or ())


def _named_scope(error: errors.XeroError | None, call: Call) -> errors.XeroError | None:
    if isinstance(error, errors.ScopeMissing):
        error.missing = call.needed_scope
    return error
