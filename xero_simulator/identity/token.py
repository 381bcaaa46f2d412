"""POST /connect/token and /connect/revocation."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from .. import wire
from ..errors import JSON, Refused
from .accounts import ACCESS_LIFE, AccessToken, App, Code, RefreshToken
from .scopes import APP_CONNECTIONS, KNOWN

if TYPE_CHECKING:
    from ..world import World


def _refuse(error: str, status: int = 400) -> Refused:
    return Refused(status, {"error": error})


def _client(world: World, request: Request) -> App:
    """The app that calls: Basic auth for those with a secret, client_id alone for PKCE."""
    basic = request.authorization
    wrong = _refuse("invalid_client", world.switches.invalid_client_status)
    if basic and basic.type == "basic":
        client_id, secret = basic.username or "", basic.password or ""
    else:
        client_id, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
    if not client_id:
        raise _refuse("invalid_request")
    app = world.identity.apps.get(client_id)
    if app is None or not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        raise wrong
    return app


def token(world: World, request: Request) -> Response:
    if request.mimetype != "application/x-www-form-urlencoded" or not request.form.get("grant_type"):
        raise _refuse("invalid_request")
    grant = _GRANTS.get(request.form["grant_type"])
    if grant is None:
        raise _refuse("unsupported_grant_type")
    app = _client(world, request)
    return Response(wire.dumps(grant(world, app, request.form)), content_type=JSON)


def _authorization_code(world: World, app: App, form) -> dict:
    if app.flow == "custom":
        raise _refuse("unauthorized_client")
    code = world.identity.codes.get(form.get("code", ""))
    now = world.now()
    if code is None or code.used or code.expires < now or code.client_id != app.client_id:
        raise _refuse("invalid_grant")
    if code.redirect_uri != form.get("redirect_uri") or not _verified(code, form.get("code_verifier", "")):
        raise _refuse("invalid_grant")
    code.used = True
    return _tokens(world, app, code.auth_event_id)


def _verified(code: Code, verifier: str) -> bool:
    if not code.challenge:
        return True
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return 43 <= len(verifier) <= 128 and hmac.compare_digest(digest, code.challenge)


def _tokens(world: World, app: App, event: str) -> dict:
    """New tokens; scopes add up over the consents a user has given to the app."""
    identity, now = world.identity, world.now()
    scopes = identity.granted.get(app.client_id, ())
    answer = _answer(identity.issue(app, scopes, event, now), scopes)
    if "openid" in scopes:
        answer["id_token"] = identity.id_token(app, event, now)
    if "offline_access" in scopes:
        answer["refresh_token"] = identity.issue_refresh(app, event, now).token
    return answer


def _answer(access: AccessToken, scopes: tuple[str, ...]) -> dict:
    return {
        "access_token": access.token,
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "token_type": "Bearer",
        "scope": " ".join(scopes),
    }


def _refresh_token(world: World, app: App, form) -> dict:
    """Every refresh gives a new refresh token; the one before may be used again for half an hour."""
    old = world.identity.refresh_tokens.get(form.get("refresh_token", ""))
    if old is None or old.client_id != app.client_id or not _usable(world, old):
        raise _refuse("invalid_grant")
    if old.rotated is None:
        old.rotated = world.now()
    return _tokens(world, app, old.auth_event_id)


def _usable(world: World, refresh: RefreshToken) -> bool:
    now = world.now()
    if refresh.rotated and now - refresh.rotated > timedelta(seconds=world.switches.refresh_grace_seconds):
        return False
    return refresh.expires > now


def _client_credentials(world: World, app: App, form) -> dict:
    asked = tuple(dict.fromkeys(form.get("scope", "").split()))
    if asked == (APP_CONNECTIONS,) and app.client_secret:
        return _answer(world.identity.issue(app, asked, "", world.now()), asked)
    if app.flow != "custom":
        raise _refuse("unauthorized_client")
    assigned = app.scopes or tuple(sorted(scope for scope in KNOWN if scope.startswith("accounting.") and "journals" not in scope))
    assigned = (*assigned, "accounting.manualjournals", "accounting.manualjournals.read") if not app.scopes else assigned
    if any(scope not in assigned for scope in asked):
        raise _refuse("invalid_scope")
    scopes = asked or assigned
    world.identity.connect(app, app.tenant, world.identity.new_id(), world.now())
    return _answer(world.identity.issue(app, scopes, "", world.now(), app.tenant), scopes)


_GRANTS = {
    "authorization_code": _authorization_code,
    "refresh_token": _refresh_token,
    "client_credentials": _client_credentials,
}


def revocation(world: World, request: Request) -> Response:
    """Always 200 to a known client: revoking what is gone is no error."""
    app = _client(world, request)
    refresh = world.identity.refresh_tokens.get(request.form.get("token", ""))
    if refresh and refresh.client_id == app.client_id:
        world.identity.revoke(app.client_id)
    return Response("", status=200)
