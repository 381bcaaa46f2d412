"""A Xero of one line per answer: what a test says next, comes next; what was sent is kept."""

import datetime
import json

import requests
import urllib3
from requests.adapters import BaseAdapter
from xero_core.client import XeroClient

API = "http://localhost:5055"
TENANT = "70784a63-d24b-46a9-a4db-0e70a274b056"
NOW = datetime.datetime(2026, 11, 22, 1, 2, 3, tzinfo=datetime.timezone.utc)
JSON = "application/json; charset=utf-8"


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def refused_connection(request):
    reason = urllib3.exceptions.NewConnectionError(None, "refused")
    raise requests.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", reason), request=request)


def name_not_found(request):
    reason = urllib3.exceptions.NameResolutionError("api.xero.com", None, OSError("no such name"))
    raise requests.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", reason), request=request)


def connect_timeout(request):
    raise requests.exceptions.ConnectTimeout(request=request)


def read_timeout(request):
    raise requests.exceptions.ReadTimeout(request=request)


def reset(request):
    raise requests.ConnectionError(urllib3.exceptions.ProtocolError("aborted", ConnectionResetError(104)), request=request)


def broken_off(request):
    raise requests.exceptions.ChunkedEncodingError("broken", request=request)


class Adapter(BaseAdapter):
    """Gives the prepared answers in order; refuses a request too many."""

    def __init__(self):
        super().__init__()
        self.answers, self.sent, self.options = [], [], []

    def send(self, request, **options):
        self.sent.append(request)
        self.options.append(options)
        assert self.answers, f"unexpected {request.method} {request.url}"
        answer = self.answers.pop(0)
        if callable(answer):
            return answer(request)
        return _response(request, *answer)

    def close(self):
        pass


def _response(request, status, body, headers):
    response = requests.Response()
    response.status_code, response.request, response.url = status, request, request.url
    response.headers.update(headers)
    response._content = body
    return response


class Tokens:
    """The caller's side: a token, and another one when asked."""

    def __init__(self):
        self.current, self.renewed = "token-1", 0

    def get(self):
        return self.current

    def renew(self, stale):
        assert stale == self.current
        self.renewed += 1
        self.current = f"token-{self.renewed + 1}"
        return self.current


class Wire:
    """Client, adapter, tokens and the calls it recorded."""

    def __init__(self):
        self.adapter, self.tokens, self.calls = Adapter(), Tokens(), []
        self.session = requests.Session()
        self.session.mount("http://", self.adapter)
        self.session.mount("https://", self.adapter)
        self.client = XeroClient(API, TENANT, self.tokens, self.session, self.calls.append, clock=lambda: NOW)

    def answer(self, status=200, body=b"", content_type=JSON, **headers):
        """Prepare an answer; a dict or list body becomes JSON, header names have underscores for dashes."""
        raw = json.dumps(body).encode() if isinstance(body, dict | list) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.adapter.answers.append((status, raw, {"Content-Type": content_type, **named}))

    def fail(self, how):
        """Prepare a failure of the line."""
        self.adapter.answers.append(how)

    @property
    def sent(self):
        """The last request."""
        return self.adapter.sent[-1]

    def bodies(self):
        """Bodies sent, as data."""
        return [json.loads(request.body) for request in self.adapter.sent if request.body]
