"""Who may call: the bearer token, the organisation, the scope, each with Xero's own refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from .errors import Refused
from .identity.accounts import AccessToken
from .identity.scopes import allows
from .organisation import Organisation

if TYPE_CHECKING:
    from .world import World


def unauthorized(detail: str, instance: str = "", headers: dict[str, str] | None = None) -> Refused:
    body = {"Type": None, "Title": "Unauthorized", "Status": 401, "Detail": detail, "Instance": instance, "Extensions": {}}
    return Refused(401, body, headers=headers)


def expired(world: World, token: AccessToken | None = None) -> Refused:
    moment = (token.expires if token else world.now()).strftime("%m/%d/%Y %H:%M:%S")
    return unauthorized(f"TokenExpired: token expired at {moment}", world.identity.new_id())


def scope_missing(world: World) -> Refused:
    header = {"WWW-Authenticate": "insufficent_scope"}  # Xero's spelling
    return unauthorized("AuthorizationUnsuccessful", world.identity.new_id(), header)


def not_connected(world: World) -> Refused:
    body = {
        "Type": None,
        "Title": "Forbidden",
        "Status": 403,
        "Detail": "AuthenticationUnsuccessful",
        "Instance": world.identity.new_id(),
        "Extensions": {},
    }
    return Refused(403, body)


def check_report(organisation: Organisation, report: str = "") -> None:
    """[READ] Since June 2026 the connecting user needs the permission to see reports, for manual journals too; raises a 403."""
    if not organisation.reports_permission or f"View{report}Report" in organisation.forbidden_actions:
        raise Refused(403, {"Title": "Forbidden", "Status": 403, "Detail": "AuthorizationUnsuccessful"})


def bearer(world: World, request: Request) -> AccessToken:
    """The valid access token of this request."""
    authorization = request.authorization
    value = authorization.token if authorization and authorization.type == "bearer" else ""
    token = world.identity.access_tokens.get(value or "")
    if token is None or token.revoked:
        raise unauthorized("AuthenticationUnsuccessful", world.identity.new_id())
    if token.expires <= world.now():
        raise expired(world, token)
    return token


def tenant(world: World, request: Request, token: AccessToken) -> Organisation:
    """The organisation the token may reach; a custom connection needs no header."""
    tenant_id = request.headers.get("xero-tenant-id", "") or token.tenant
    organisation = world.organisations.get(tenant_id)
    if organisation is None or not world.identity.connection_to(token.client_id, tenant_id):
        raise not_connected(world)
    return organisation


def check_scope(world: World, token: AccessToken, needed: str | tuple[str, ...], method: str) -> None:
    """Of several scopes, any will do for reading and the first for writing (switch `item_write_scope`)."""
    several = (needed,) if isinstance(needed, str) else needed
    if method != "GET" and world.switches.item_write_scope == "settings":
        several = several[:1]
    if not any(allows(token.scopes, scope, method) for scope in several):
        raise scope_missing(world)
