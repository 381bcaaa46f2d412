"""/api.xro/2.0: the way of a call from token to answer.

token (401) -> scope (401) -> organisation (403) -> limits (429) -> Idempotency-Key -> the work.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from . import access, wire, xml
from .call import Call, Route, Router
from .distortion import distort, refusal
from .endpoints import ROUTES
from .endpoints.files.attachments import check_size
from .errors import Invalid, NotSimulated, Refused, validation_exception
from .faults import Fault
from .idempotency import Answer

if TYPE_CHECKING:
    from .world import World

PREFIX = "/api.xro/2.0"
_router = Router(ROUTES)


def serve(world: World, request: Request, fault: Fault | None) -> Response:
    token = access.bearer(world, request)
    path = request.path[len(PREFIX) :]
    route, variables = _router.find(request.method, path)
    world.calls[f"{route.method} {route.path}"] += 1
    access.check_scope(world, token, route.scope, request.method)
    organisation = access.tenant(world, request, token)
    call = Call(
        world,
        organisation,
        token,
        request.method,
        request.args.to_dict(),
        request.headers,
        request.get_data(),
        variables,
        route.modified_since,
    )
    tenant_id, now = organisation.tenant_id, call.now
    try:
        if fault:
            refusal(world, fault, token, organisation)
        world.limits.count(tenant_id, token.client_id, now, world.switches)
        answer = _work(call, route, path, fault)
    except Refused as refused:
        answer = Answer.of(refused)
    response = _respond(request, distort(world, fault, answer))
    if answer.status not in (401, 403):
        for name, value in world.limits.headers(tenant_id, token.client_id, now, world.switches).items():
            response.headers.setdefault(name, value)
    return response


def _work(call: Call, route: Route, path: str, fault: Fault | None) -> Answer:
    def work() -> Answer:
        try:
            _check_request(call, route)
            answer = route.handler(call)
        except Refused as refused:
            return Answer.of(refused)
        except Invalid as invalid:
            return Answer.of(validation_exception([{"ValidationErrors": [{"Message": message} for message in invalid.messages]}]))
        if fault and fault.kind == "error_500_after":
            return Answer(
                500, "An error occurred in Xero. Check the API Status page for current service status.", "text/plain; charset=utf-8"
            )
        return answer

    if call.method == "GET":
        return work()
    world, token = call.world, call.token
    scope = token.token if world.switches.idempotency_scope == "token" else token.client_id
    fingerprint = (call.method, path, tuple(sorted(call.query.items())), call.organisation.tenant_id, call.data)
    world.idempotency.prune(call.now)
    return world.idempotency.run(scope, call.headers.get("Idempotency-Key", ""), fingerprint, call.now, world.switches, work)


def _check_request(call: Call, route: Route) -> None:
    unknown = set(call.query) - set(route.query) - {"unitdp"}  # real clients send it everywhere
    if unknown:
        raise NotSimulated(f"unknown query parameter {', '.join(sorted(unknown))} of {route.method} {route.path}", 400)
    call.unit_places()
    if route.raw:
        check_size(call)
        return
    if len(call.data) > call.switches.request_limit:
        raise Refused(call.switches.too_large_status, "", "text/plain; charset=utf-8")
    if "application/pdf" in (call.headers.get("Accept") or ""):
        raise NotSimulated("PDF is not simulated")


def _respond(request: Request, answer: Answer) -> Response:
    wants_json = "json" in (request.headers.get("Accept") or "")
    body: str | bytes
    if isinstance(answer.body, (str, bytes)):
        body, content_type = answer.body, answer.content_type
        if not wants_json and isinstance(body, str) and body.startswith('{"ErrorNumber"'):
            body, content_type = xml.write(json.loads(body)), "text/xml; charset=utf-8"
    elif wants_json or not isinstance(answer.body, dict):
        body, content_type = wire.dumps(answer.body), answer.content_type
    else:
        note = "<!-- xero_simulator: XML because the request did not say Accept: application/json -->"
        body, content_type = note + xml.write(answer.body), "text/xml; charset=utf-8"
    response = Response(body, status=answer.status, headers=answer.headers, content_type=content_type or None)
    if not content_type:
        response.headers.remove("Content-Type")
    return response
