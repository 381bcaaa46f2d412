"""GET /connections, DELETE /connections/{id}, the discovery document and its keys."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from .. import wire
from ..access import bearer
from ..errors import JSON, NotFound, NotSimulated
from . import signature
from .accounts import AccessToken, Connection
from .scopes import KNOWN

if TYPE_CHECKING:
    from ..world import World


def _view(world: World, connection: Connection) -> dict:
    organisation = world.organisations[connection.tenant_id]
    return {
        "id": connection.id,
        "authEventId": connection.auth_event_id,
        "tenantId": connection.tenant_id,
        "tenantType": "ORGANISATION",
        "tenantName": organisation.name,
        "createdDateUtc": _stamp(connection.created),
        "updatedDateUtc": _stamp(connection.updated),
    }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"


def _visible(world: World, token: AccessToken) -> list[Connection]:
    mine = [connection for connection in world.identity.connections.values() if connection.client_id == token.client_id]
    return [c for c in mine if c.tenant_id in world.organisations and (not token.tenant or c.tenant_id == token.tenant)]


def list_connections(world: World, request: Request) -> Response:
    token = bearer(world, request)
    unknown = set(request.args) - {"authEventId"}
    if unknown:
        raise NotSimulated(f"unknown query parameter {', '.join(sorted(unknown))}", 400)
    event = request.args.get("authEventId")
    found = [_view(world, c) for c in _visible(world, token) if not event or c.auth_event_id == event]
    return _counted(world, token, Response(wire.dumps(found), content_type=JSON))


def delete_connection(world: World, request: Request, connection_id: str) -> Response:
    token = bearer(world, request)
    connection = next((c for c in _visible(world, token) if c.id == connection_id), None)
    if connection is None:
        raise NotFound()
    world.identity.disconnect(connection)
    return _counted(world, token, Response("", status=204))


def _counted(world: World, token: AccessToken, response: Response) -> Response:
    response.headers.extend(world.limits.app_header(token.client_id, world.now(), world.switches))
    return response


def discovery(_world: World, request: Request) -> Response:
    """Xero's own addresses to who asks Xero's own host (through a proxy), else everything at the one address of the simulator."""
    root = request.host_url.rstrip("/")
    login, identity = ("https://login.xero.com", "https://identity.xero.com") if request.host.endswith(".xero.com") else (root, root)
    document = {
        "issuer": "https://identity.xero.com",
        "authorization_endpoint": f"{login}/identity/connect/authorize",
        "token_endpoint": f"{identity}/connect/token",
        "revocation_endpoint": f"{identity}/connect/revocation",
        "jwks_uri": f"{identity}/.well-known/openid-configuration/jwks",
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": sorted(KNOWN),
    }
    return Response(wire.dumps(document), content_type=JSON)


def keys(_world: World, _request: Request) -> Response:
    return Response(wire.dumps(signature.public_keys()), content_type=JSON)
