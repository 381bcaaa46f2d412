"""The simulator in process: behind `requests`, without a socket; and short cuts that tests need.

app = create_app(("AU",), minute_limit=None)
session = requests.Session()
session.mount("http://localhost:5055", SimulatorAdapter(app))
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from .app import Simulator
from .errors import Broken
from .organisation import Organisation
from .person import SOMEBODY, VERBS

SCOPES = (
    "offline_access accounting.contacts accounting.invoices accounting.payments accounting.banktransactions accounting.manualjournals "
    "accounting.settings accounting.attachments"
)
BASE = "http://localhost:5055"
API = f"{BASE}/api.xro/2.0"


def handle(app: Simulator, prepared: requests.PreparedRequest, timeout: Any = None) -> requests.Response:
    """The simulator's answer to a prepared request. Raises what `requests` would: ReadTimeout, ConnectionError; never waits."""
    address = urlsplit(prepared.url or "")
    body = prepared.body or b""
    builder = EnvironBuilder(
        method=prepared.method or "GET",
        path=address.path,
        query_string=address.query,
        base_url=f"{address.scheme}://{address.netloc}",
        headers=[(name, value if isinstance(value, str) else value.decode()) for name, value in prepared.headers.items()],
        data=body.encode() if isinstance(body, str) else body,
    )
    try:
        answer = app.respond(Request(builder.get_environ()), timeout=_read_timeout(timeout))
    except Broken as broken:
        if broken.kind == "timeout":
            raise requests.exceptions.ReadTimeout("xero_simulator: no answer, as ordered", request=prepared) from broken
        raise requests.exceptions.ConnectionError("xero_simulator: connection reset, as ordered", request=prepared) from broken
    raw = urllib3.HTTPResponse(
        io.BytesIO(answer.get_data()), headers=dict(answer.headers), status=answer.status_code, preload_content=False
    )
    return HTTPAdapter().build_response(prepared, raw)


def _read_timeout(timeout: Any) -> float | None:
    return timeout[1] if isinstance(timeout, tuple) else timeout


class SimulatorAdapter(BaseAdapter):
    """Mount it on a `requests.Session`."""

    def __init__(self, app: Simulator):
        super().__init__()
        self.app = app

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None) -> requests.Response:  # noqa: ARG002
        return handle(self.app, request, timeout)

    def close(self) -> None:
        """Nothing to close."""


def session(app: Simulator) -> requests.Session:
    """A session that reaches nothing but the simulator, whatever the host."""
    made = requests.Session()
    made.trust_env = False
    made.mount("http://", SimulatorAdapter(app))
    made.mount("https://", SimulatorAdapter(app))
    return made


def consent(app: Simulator, authorize_url: str, organisation: str = "", allow: bool = True) -> str:
    """Do what the person does on the consent page; gives the address the browser is sent back to.

    `organisation`: tenant id, country or name; the first one if empty.
    """
    parameters = {name: values[0] for name, values in parse_qs(urlsplit(authorize_url).query, keep_blank_values=True).items()}
    with session(app) as browser:
        page = browser.get(authorize_url, timeout=10)
        page.raise_for_status()
        chosen = app.world.organisation(organisation) if organisation else next(iter(app.world.organisations.values()))
        if chosen is None:
            raise ValueError(f"no organisation {organisation}")
        form = {**parameters, "tenant": chosen.tenant_id, "action": "allow" if allow else "cancel"}
        answer = browser.post(authorize_url.split("?")[0], data=form, allow_redirects=False, timeout=10)
    if answer.status_code != 302:
        raise ValueError(answer.text)
    return answer.headers["Location"]


def tokens(
    app: Simulator, organisation: str = "", scopes: str = SCOPES, client_id: str = "demo-client", secret: str = "demo-secret"
) -> dict:
    """Through the real flow: consent, code, tokens."""
    redirect = f"{BASE.replace('5055', '8069')}/xero/callback"
    parameters = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect, "scope": scopes, "state": "x"}
    url = requests.Request("GET", f"{BASE}/identity/connect/authorize", params=parameters).prepare().url or ""
    code = parse_qs(urlsplit(consent(app, url, organisation)).query)["code"][0]
    with session(app) as client:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        answer = client.post(f"{BASE}/connect/token", data=form, auth=(client_id, secret), timeout=10)
    answer.raise_for_status()
    return answer.json()


class Person:
    """Somebody at work in Xero's own screens: `Person(app, "AU", "Rita Mills").pay(document=invoice_id, amount=10)`.

    Any verb of `xero_simulator.person.VERBS`; gives the answer as the API would tell it, or raises `Impossible`.
    """

    def __init__(self, app: Simulator, organisation: str = "", user: str = SOMEBODY):
        self.app, self.organisation, self.user = app, organisation, user

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        if verb not in VERBS:
            raise AttributeError(verb)
        return lambda *arguments, **named: self.app.act(self.organisation, verb, self.user, *arguments, **named)


class Api:
    """A connected client for tests: `api.get("Invoices", where=...)`, `api.put("Invoices", {...})`."""

    def __init__(self, app: Simulator, organisation: str = "", scopes: str = SCOPES):
        self.app = app
        self.tokens = tokens(app, organisation, scopes)
        found = app.world.organisation(organisation) if organisation else next(iter(app.world.organisations.values()))
        assert found is not None
        self.organisation: Organisation = found
        self.session = session(app)
        self.headers = {
            "Authorization": f"Bearer {self.tokens['access_token']}",
            "xero-tenant-id": self.organisation.tenant_id,
            "Accept": "application/json",
        }

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any) -> requests.Response:
        merged = {**self.headers, **(headers or {})}
        return self.session.request(method, f"{API}/{path}", params=query, json=body, headers=merged, timeout=10)

    def upload(
        self, path: str, name: str, content: bytes, kind: str = "application/octet-stream", method: str = "PUT", **query: Any
    ) -> requests.Response:
        """A file: `api.upload(f"Invoices/{id}", "a.pdf", b"...")`."""
        address = f"{API}/{path}/Attachments/{quote(name, safe='')}"
        headers = {**self.headers, "Content-Type": kind}
        return self.session.request(method, address, params=query, data=content, headers=headers, timeout=10)

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> requests.Response:
        return self.call("GET", path, headers=headers, **query)

    def put(self, path: str, body: Any, headers: dict[str, str] | None = None, **query: Any) -> requests.Response:
        return self.call("PUT", path, body, headers, **query)

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None, **query: Any) -> requests.Response:
        return self.call("POST", path, body, headers, **query)

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)
