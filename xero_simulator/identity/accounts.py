"""Apps, consents, tokens and connections: the state of the identity service."""

from __future__ import annotations

import base64
import json
import random
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from . import signature

CODE_LIFE = timedelta(minutes=5)
ID_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(minutes=30)
REFRESH_LIFE = timedelta(days=60)
FLOWS = ("web", "pkce", "custom")
_LOCALHOST_CALLBACK = re.compile(r"^http://localhost(:\d+)?/xero/callback$")


@dataclass
class App:
    """A client registered with Xero. `redirect_uris` are matched character for character."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    flow: str = "web"
    redirect_uris: tuple[str, ...] = ()
    name: str = "Odoo"
    tenant: str = ""  # custom connections only
    scopes: tuple[str, ...] = ()  # custom connections only; empty = all

    def accepts(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris or bool(_LOCALHOST_CALLBACK.match(redirect_uri))


@dataclass
class Code:
    code: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    auth_event_id: str
    expires: datetime
    used: bool = False


@dataclass
class RefreshToken:
    token: str
    client_id: str
    auth_event_id: str
    expires: datetime
    rotated: datetime | None = None


@dataclass
class AccessToken:
    token: str
    client_id: str
    scopes: frozenset[str]
    auth_event_id: str
    expires: datetime
    tenant: str = ""  # custom connections only
    revoked: bool = False


@dataclass
class Connection:
    id: str
    client_id: str
    tenant_id: str
    auth_event_id: str
    created: datetime
    updated: datetime


class Identity:
    """One Xero user ("Demo User") and the apps that user may let in."""

    def __init__(self, rng: random.Random, default_tenant: str):
        self.rng = rng
        self.user_id = self.new_id()
        self.apps: dict[str, App] = {}
        self.codes: dict[str, Code] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self.access_tokens: dict[str, AccessToken] = {}
        self.connections: dict[str, Connection] = {}
        self.disconnected: dict[tuple[str, str], datetime] = {}
        self.granted: dict[str, tuple[str, ...]] = {}
        self.register(App("demo-client", "demo-secret", name="Odoo (demo)"))
        self.register(App("demo-pkce", flow="pkce", name="Odoo (demo, PKCE)"))
        self.register(App("demo-custom", "demo-secret", "custom", name="Odoo (demo, custom connection)", tenant=default_tenant))

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def secret(self, length: int = 43) -> str:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return "".join(self.rng.choices(alphabet, k=length))

    def register(self, app: App) -> None:
        if app.flow not in FLOWS:
            raise ValueError(f"flow is one of {', '.join(FLOWS)}")
        if app.flow == "pkce" and app.client_secret:
            raise ValueError("a PKCE app has no secret")
        bad = [uri for uri in app.redirect_uris if not re.match(r"^https://|^http://localhost(:\d+)?(/|$)", uri)]
        if bad:
            raise ValueError(f"redirect addresses are https, or http://localhost: {', '.join(bad)}")
        self.apps[app.client_id] = app

    # --- consent ---

    def consent(self, app: App, tenant_id: str, scopes: tuple[str, ...], redirect_uri: str, challenge: str, now: datetime) -> Code:
        """The user allows access: the connection exists from now on, the code is good for five minutes."""
        event = self.new_id()
        self.connect(app, tenant_id, event, now)
        before = self.granted.get(app.client_id, ())
        self.granted[app.client_id] = (*before, *(scope for scope in scopes if scope not in before))
        code = Code(self.secret(), app.client_id, redirect_uri, scopes, challenge, event, now + CODE_LIFE)
        self.codes[code.code] = code
        return code

    def connect(self, app: App, tenant_id: str, event: str, now: datetime) -> Connection:
        """A connection that existed before keeps its creation date: created != updated tells a reconnect."""
        old = self.connection_to(app.client_id, tenant_id)
        if old:
            old.auth_event_id, old.updated = event, now
            return old
        created = self.disconnected.pop((app.client_id, tenant_id), now)
        connection = Connection(self.new_id(), app.client_id, tenant_id, event, created, now)
        self.connections[connection.id] = connection
        return connection

    def connection_to(self, client_id: str, tenant_id: str) -> Connection | None:
        mine = (c for c in self.connections.values() if c.client_id == client_id and c.tenant_id == tenant_id)
        return next(mine, None)

    def disconnect(self, connection: Connection) -> None:
        del self.connections[connection.id]
        self.disconnected[connection.client_id, connection.tenant_id] = connection.created

    # --- tokens ---

    def issue(self, app: App, scopes: tuple[str, ...], event: str, now: datetime, tenant: str = "") -> AccessToken:
        token = AccessToken(self._jwt(app, scopes, event, now), app.client_id, frozenset(scopes), event, now + ACCESS_LIFE, tenant)
        self.access_tokens[token.token] = token
        return token

    def issue_refresh(self, app: App, event: str, now: datetime) -> RefreshToken:
        refresh = RefreshToken(self.secret(), app.client_id, event, now + REFRESH_LIFE)
        self.refresh_tokens[refresh.token] = refresh
        return refresh

    def revoke(self, client_id: str) -> None:
        """The user's tokens for this app stop working and all the connections go."""
        for refresh in [r for r in self.refresh_tokens.values() if r.client_id == client_id]:
            del self.refresh_tokens[refresh.token]
        for token in self.access_tokens.values():
            if token.client_id == client_id:
                token.revoked = True
        for connection in [c for c in self.connections.values() if c.client_id == client_id]:
            self.disconnect(connection)
        self.granted.pop(client_id, None)

    def id_token(self, app: App, event: str, now: datetime) -> str:
        """Who signed in, for the app to check: the only token that is read by others than Xero."""
        claims = {
            "iss": "https://identity.xero.com",
            "aud": app.client_id,
            "iat": int(now.timestamp()),
            "exp": int((now + ID_LIFE).timestamp()),
            "sub": self.user_id.replace("-", ""),
            "sid": event,
            "xero_userid": self.user_id,
            "global_session_id": event,
            "given_name": "Demo",
            "family_name": "User",
            "name": "Demo User",
            "email": "demo@example.com",
        }
        return signature.token(claims)

    def _jwt(self, app: App, scopes: tuple[str, ...], event: str, now: datetime) -> str:
        claims: dict[str, Any] = {
            "nbf": int(now.timestamp()),
            "exp": int((now + ACCESS_LIFE).timestamp()),
            "iss": "https://identity.xero.com",
            "aud": "https://identity.xero.com/resources",
            "client_id": app.client_id,
            "jti": self.secret(32),
            "scope": list(scopes),
        }
        if event:
            claims |= {"xero_userid": self.user_id, "authentication_event_id": event, "global_session_id": event}
        parts = ({"alg": "RS256", "kid": "xero_simulator", "typ": "JWT"}, claims)
        head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
        return f"{head}.{body}.{self.secret(43)}"
