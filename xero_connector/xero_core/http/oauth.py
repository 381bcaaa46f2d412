"""Consent and tokens: Xero's OAuth 2.0 for web apps, PKCE apps and custom connections (Xero's pages "OAuth 2.0" and "Token types").

Lifetimes: code 5 minutes, access token 30 minutes, refresh token 60 days without use. Every refresh gives a new refresh token; if that
answer is lost, the previous refresh token may be tried again for 30 minutes.
"""

import base64
import datetime
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import requests
from requests.auth import HTTPBasicAuth

from .. import errors
from ..values import parse_datetime, redact, to_text, utcnow
from . import answers, sessions
from .endpoints import Endpoints

__all__ = ["App", "Endpoints", "OAuthClient", "TenantConnection", "TokenSet", "code_challenge", "new_code_verifier"]

FLOWS = ("web", "pkce", "custom")
EXPIRES_IN = 1800  # seconds, should an answer not say


@dataclass(frozen=True, slots=True)
class App:
    """The app as registered with Xero; a PKCE app has no secret; a custom connection needs no consent page."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    flow: str = "web"

    def __post_init__(self):
        if self.flow not in FLOWS:
            raise ValueError(f"Unknown kind of app: {self.flow}")


@dataclass(frozen=True, slots=True)
class TokenSet:
    """Tokens of one consent; `expires_at` (of the access token) is aware UTC; a custom connection has no refresh token."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime.datetime
    scopes: tuple[str, ...] = ()
    authentication_event_id: str = ""


@dataclass(frozen=True, slots=True)
class TenantConnection:
    """One organisation a token reaches; `connection_id` is what a disconnect deletes, `tenant_id` is what calls name."""

    connection_id: str
    tenant_id: str
    tenant_type: str = ""
    tenant_name: str = ""
    auth_event_id: str = ""
    created: datetime.datetime | None = None
    updated: datetime.datetime | None = None


def new_code_verifier() -> str:
    """A fresh PKCE secret of 64 characters (RFC 7636 asks for 43 to 128)."""
    return secrets.token_urlsafe(48)


def code_challenge(verifier: str) -> str:
    """The S256 challenge that goes with a verifier."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


class OAuthClient:
    """Talks to Xero's login, identity and connections hosts for one app. Keeps no tokens.

    Every method may raise `NotReached` (try later), `ConsentLost` (connect again) or `AppRefused` (client id, secret, redirect address or
    scopes are wrong). `refresh` raises `OutcomeUnknown` when the answer was lost: try again with the same refresh token within 30 minutes.
    """

    def __init__(self, endpoints: Endpoints, app: App, session: requests.Session | None = None, clock: Callable = utcnow):
        self._endpoints = endpoints
        self._app = app
        self._session = session or sessions.new_session()
        self._clock = clock

    # --- consent ---

    def authorize_url(self, redirect_uri: str, state: str, scopes: Iterable[str], code_challenge: str = "") -> str:
        """Where to send the person; Xero compares `redirect_uri` character for character with what the app registered."""
        params = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
        }
        if code_challenge:
            params |= {"code_challenge": code_challenge, "code_challenge_method": "S256"}
        return f"{self._endpoints.authorize_url}?{urlencode(params, quote_via=quote)}"

    def exchange_code(self, code: str, redirect_uri: str, code_verifier: str = "") -> TokenSet:
        """Tokens for the code the person came back with; it works once, within 5 minutes."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if code_verifier:
            form["code_verifier"] = code_verifier
        return self._tokens(form, is_write=True)

    # --- tokens ---

    def refresh(self, refresh_token: str) -> TokenSet:
        """A new pair of tokens; the old refresh token is used up once the new one has been used."""
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token}, is_write=True)

    def client_credentials(self, scopes: Iterable[str]) -> TokenSet:
        """An access token of a custom connection, which has no refresh token: ask again instead."""
        wanted = " ".join(scope for scope in scopes if scope != "offline_access")
        return self._tokens({"grant_type": "client_credentials", "scope": wanted}, is_write=False)

    def revoke(self, refresh_token: str) -> None:
        """Revoke the token and remove ALL connections of that person to this app."""
        self._identity(self._endpoints.revocation_url, {"token": refresh_token}, is_write=False)

    # --- organisations ---

    def connections(self, access_token: str, auth_event_id: str = "") -> list[TenantConnection]:
        """The organisations the token reaches; with `auth_event_id`, only those chosen in that consent."""
        params = {"authEventId": auth_event_id} if auth_event_id else None
        answer = self._send("GET", self._endpoints.connections_url, auth=sessions.Bearer(access_token), params=params)
        _raise_for(answers.error_of(answer))
        if not isinstance(answer.payload, list):
            raise answers.unintelligible(answer)
        return [_tenant_connection(row) for row in answer.payload if isinstance(row, dict)]

    def delete_connection(self, access_token: str, connection_id: str) -> None:
        """Disconnect one organisation; one that is already gone is fine."""
        url = f"{self._endpoints.connections_url}/{quote(connection_id, safe='')}"
        answer = self._send("DELETE", url, auth=sessions.Bearer(access_token))
        if answer.status != 404 and not 200 <= answer.status < 300:
            _raise_for(answers.error_of(answer))

    # --- how ---

    def _tokens(self, form: dict[str, str], is_write: bool) -> TokenSet:
        answer = self._identity(self._endpoints.token_url, form, is_write)
        if not to_text(answer.get("access_token")):
            raise answers.unintelligible(answer)
        return _token_set(answer.payload, self._clock())

    def _identity(self, url: str, form: dict[str, str], is_write: bool) -> answers.Answer:
        """POST a form; the app proves itself with its secret, or as a PKCE app just names itself."""
        auth = None
        if self._app.flow == "pkce":
            form = {**form, "client_id": self._app.client_id}
        else:
            auth = HTTPBasicAuth(self._app.client_id.encode(), self._app.client_secret.encode())
        answer = self._send("POST", url, is_write=is_write, data=form, auth=auth or _no_auth)
        _raise_for(_identity_error(answer))
        return answer

    def _send(self, method: str, url: str, is_write: bool = False, **request) -> answers.Answer:
        try:
            response = self._session.request(
                method, url, headers={"Accept": "application/json"}, timeout=sessions.TIMEOUT, allow_redirects=False,
                stream=True, **request,
            )  # fmt: skip
            text = sessions.body_of(response).decode("utf-8", errors="replace")
        except requests.RequestException as exception:
            # `from None`: the exception holds the request, and that holds the secrets
            raise sessions.failure(exception, is_write) from None
        return answers.Answer(response.status_code, response.headers, text, response.headers.get("Content-Type", ""), is_write)


def _no_auth(request):
    """Given as `auth` so that requests does not look for a password in ~/.netrc."""
    return request


def _raise_for(error: errors.XeroError | None) -> None:
    if isinstance(error, errors.TokenExpired):
        raise errors.ConsentLost("Xero does not accept the access token.", status=error.status)
    if error:
        raise error


def _identity_error(answer: answers.Answer) -> errors.XeroError | None:
    """What an answer of the identity host means (RFC 6749 section 5.2, and what Xero was seen to send)."""
    if answer.get("error") == "invalid_grant":
        return errors.ConsentLost("The consent given to Xero is no longer valid.", details=_explanation(answer), **answer.about)
    if answer.status == 429 or answer.status >= 500:
        return errors.NotReached("Xero's login service is not available at the moment.", **answer.about)
    if 400 <= answer.status < 500:
        return errors.AppRefused("Xero does not accept the app.", details=_explanation(answer), **answer.about)
    return None if 200 <= answer.status < 300 else answers.unintelligible(answer)


def _explanation(answer: answers.Answer) -> tuple[str, ...]:
    words = (to_text(answer.get(key)) for key in ("error", "error_description"))
    return tuple(redact(word) for word in words if word)


def _token_set(payload: dict, now: datetime.datetime) -> TokenSet:
    claims = _claims(payload["access_token"])
    granted = payload.get("scope") or claims.get("scope") or ()
    return TokenSet(
        access_token=payload["access_token"],
        refresh_token=to_text(payload.get("refresh_token")),
        expires_at=now + datetime.timedelta(seconds=_seconds(payload.get("expires_in"))),
        scopes=tuple(granted.split() if isinstance(granted, str) else granted),
        authentication_event_id=to_text(claims.get("authentication_event_id")),
    )


def _seconds(value) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return EXPIRES_IN


def _claims(token: str) -> dict:
    """Claims of a JWT, unverified: it came straight from Xero over TLS and only names things. {} if it is not a JWT."""
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _tenant_connection(row: dict) -> TenantConnection:
    return TenantConnection(
        connection_id=to_text(row.get("id")),
        tenant_id=to_text(row.get("tenantId")),
        tenant_type=to_text(row.get("tenantType")),
        tenant_name=to_text(row.get("tenantName")),
        auth_event_id=to_text(row.get("authEventId")),
        created=parse_datetime(row.get("createdDateUtc")),
        updated=parse_datetime(row.get("updatedDateUtc")),
    )


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
