"""GET and POST /identity/connect/authorize: who asks, for what, and the person's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from ..errors import HTML, Refused
from .accounts import App
from .pages import consent_page, error_page
from .scopes import KNOWN

if TYPE_CHECKING:
    from ..world import World

_KNOWN_PARAMETERS = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "prompt",
)


def _refuse(error: str, description: str) -> Refused:
    return Refused(400, error_page(error, description), HTML)


def authorize(world: World, request: Request) -> Response:
    asked = request.form if request.method == "POST" else request.args
    app = _client(world, asked.get("client_id", ""))
    _check(app, asked)
    scopes = _scopes(asked.get("scope", ""))
    if request.method == "GET":
        hidden = {name: asked[name] for name in _KNOWN_PARAMETERS if name in asked}
        choices = [(org.tenant_id, org.name, org.region.key) for org in world.organisations.values()]
        return Response(consent_page(app, scopes, choices, hidden), content_type=HTML)
    return _answer(world, app, asked, tuple(scopes))


def _client(world: World, client_id: str) -> App:
    app = world.identity.apps.get(client_id)
    if app is None or app.flow == "custom":
        raise _refuse("unauthorized_client", "Unknown client or client not enabled")
    return app


def _check(app: App, asked) -> None:
    unknown = set(asked) - set(_KNOWN_PARAMETERS) - {"tenant", "action"}
    if unknown:
        raise _refuse("invalid_request", f"xero_simulator: unknown parameter {', '.join(sorted(unknown))}")
    if not app.accepts(asked.get("redirect_uri", "")):
        raise _refuse("unauthorized_client", "Invalid redirect_uri")
    if asked.get("response_type") != "code":
        raise _refuse("unsupported_response_type", "response_type must be code")
    challenge = asked.get("code_challenge", "")
    if app.flow == "pkce":
        if not challenge or asked.get("code_challenge_method") != "S256":
            raise _refuse("invalid_request", "code challenge required, with method S256")
    elif challenge:
        raise _refuse("invalid_request", "xero_simulator: PKCE is a type of app of its own, not an addition to one with a secret")


def _scopes(text: str) -> list[str]:
    scopes = text.split()
    if not scopes or any(scope not in KNOWN for scope in scopes):
        raise _refuse("invalid_scope", "Invalid scope: " + (" ".join(scope for scope in scopes if scope not in KNOWN) or "none requested"))
    return list(dict.fromkeys(scopes))


def _answer(world: World, app: App, asked, scopes: tuple[str, ...]) -> Response:
    redirect_uri = asked["redirect_uri"]
    answer = {"state": asked["state"]} if "state" in asked else {}
    if asked.get("action") != "allow":
        answer = {"error": "access_denied", **answer}
    else:
        organisation = world.organisations.get(asked.get("tenant", ""))
        if organisation is None:
            raise _refuse("invalid_request", "Select an organisation")
        code = world.identity.consent(app, organisation.tenant_id, scopes, redirect_uri, asked.get("code_challenge", ""), world.now())
        answer = {"code": code.code, "scope": " ".join(scopes), **answer}
    joint = "&" if "?" in redirect_uri else "?"
    return Response("", status=302, headers={"Location": redirect_uri + joint + urlencode(answer)})
