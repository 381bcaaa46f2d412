"""How we speak HTTP: the session, its timeouts, and what a failure without an answer means."""

import json

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.cookies import RequestsCookieJar

from ..errors import AnswerLost, NotReached, OutcomeUnknown, XeroError

TIMEOUT = (10, 60)  # seconds to connect, seconds without a byte of the answer
NEVER_SENT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)  # name not found is a NewConnectionError
CONNECT_FAILURES = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)


LARGEST = 64 * 2**20  # bytes of an answer, unpacked; a page of a thousand documents has some five


class AnswerTooLarge(requests.RequestException):
    """More than anybody would send on purpose; the rest was not read."""


class NoCookies(RequestsCookieJar):
    """Forgets every cookie: Xero needs none, and one session may serve several threads."""

    def set_cookie(self, *args, **kwargs):
        """Keep nothing."""


class Bearer(AuthBase):
    """Puts the access token on a request; as `auth`, so that requests does not look for a password in ~/.netrc instead."""

    __slots__ = ("_token",)

    def __init__(self, token: str):
        self._token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def new_session() -> requests.Session:
    """A session that sends every request exactly once.

    The SDK's own pool sent a PUT four times after a reset and slept through Retry-After inside the call; retries belong to the queue.
    """
    session = requests.Session()
    session.cookies = NoCookies()
    adapter = HTTPAdapter(max_retries=0, pool_maxsize=8)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def body_of(response: requests.Response) -> bytes:
    """The body of an answer that was asked for with `stream=True`.

    :raise requests.RequestException: it broke off, or is too large to be read
    """
    if response.raw is None:
        return response.content
    parts, size = [], 0
    for part in response.iter_content(2**16):
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            response.close()
            raise AnswerTooLarge(f"more than {LARGEST} bytes")
    return b"".join(parts)


def as_json(body) -> str:
    """A body as it goes out: UTF-8 and not escaped, which would make most of the world's writing twice as long."""
    return json.dumps(body, allow_nan=False, ensure_ascii=False, default=float)


def was_never_sent(error: requests.RequestException) -> bool:
    """True if the failure happened before the first byte of the request left: no name, refused, connect timeout, no way to the proxy.

    Any other failure behind a proxy proves nothing: urllib3 before version 2 says "Cannot connect to proxy" also for a connection that
    breaks off after the request was sent.
    """
    if isinstance(error, CONNECT_FAILURES):
        return True
    wrapped = error.args[0] if error.args else None
    reason = getattr(wrapped, "reason", wrapped)
    return isinstance(getattr(reason, "original_error", reason), NEVER_SENT)


def failure(error: requests.RequestException, is_write: bool, whom: str = "Xero") -> XeroError:
    """The typed error for an exchange without a complete answer; a read can always be repeated, a write that left us cannot."""
    if was_never_sent(error):
        return NotReached(f"{whom} could not be reached.")
    what = "did not answer in time" if isinstance(error, requests.exceptions.Timeout) else "broke off the connection"
    if isinstance(error, AnswerTooLarge):
        what = "sent an answer that is too large"
    if is_write:
        return OutcomeUnknown(f"{whom} {what}; it is not known whether the change was made.")
    return AnswerLost(f"{whom} {what}.")
