"""The WSGI application: one lock around each request's work, faults and slowness around the lock."""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from . import api, control, person
from .clock import Clock
from .distortion import breaks_after, breaks_before, distort, general_refusal
from .errors import Broken, NotSimulated, Refused
from .faults import Fault
from .idempotency import Answer
from .identity import authorize, connections, token
from .person import Impossible
from .person.statements import catch_up
from .webhooks.sender import Sender
from .world import World

_logger = logging.getLogger("xero_simulator")
_CONNECTION = re.compile(r"^/connections/([^/]+)$", re.IGNORECASE)
Work = Callable[[World, Request], Response]
_IDENTITY: dict[tuple[str, str], Work] = {
    ("GET", "/identity/connect/authorize"): authorize.authorize,
    ("POST", "/identity/connect/authorize"): authorize.authorize,
    ("POST", "/connect/token"): token.token,
    ("POST", "/connect/revocation"): token.revocation,
    ("GET", "/connections"): connections.list_connections,
    ("GET", "/.well-known/openid-configuration"): connections.discovery,
    ("GET", "/.well-known/openid-configuration/jwks"): connections.keys,
}


class Simulator:
    """WSGI application. `world` is all it knows; `respond` is the same without a socket."""

    def __init__(self, world: World, saved: Callable[[World], None] | None = None):
        self.world = world
        self._lock = threading.RLock()
        self._saved = saved
        self.webhooks = Sender(self)

    @contextlib.contextmanager
    def held(self, changes: bool = False) -> Iterator[World]:
        """The world while nobody else has it; `changes`: it is kept afterwards."""
        with self._lock:
            yield self.world
            if changes:
                self._keep_all()

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self.respond(request, wait=time.sleep)
        except Broken as broken:
            _break(environ, broken)
        return response(environ, start_response)

    def respond(self, request: Request, wait: Callable[[float], None] | None = None, timeout: float | None = None) -> Response:
        """The answer to one request; raises Broken where the client gets none.

        `wait` really waits for slow answers; without it (in process) slowness beyond `timeout` seconds is a timeout at once.
        """
        request.get_data()  # read to the end, so that the connection can be used again
        self.catch_up()
        if request.path.startswith("/_simulator/webhooks"):
            return control.serve_webhooks(self, request)
        if request.path.startswith("/_simulator"):
            with self._lock:
                response = control.serve(self.world, request)
                catch_up(self.world)  # the clock may have been moved
                return self._keep(request, response)
        tenant = request.headers.get("xero-tenant-id", "")
        with self._lock:
            fault = self.world.faults.take(request.method, request.path)
            self.world.limits.in_flight[tenant] += 1
            if fault and self._saved:  # used up, whatever becomes of the request
                self._saved(self.world)
        try:
            breaks_before(fault)
            with self._lock:
                response = self._keep(request, self._answer(request, fault))
            _slowness(fault, wait, timeout)
            breaks_after(fault)
        finally:
            with self._lock:
                self.world.limits.in_flight[tenant] -= 1
        return response

    def act(self, organisation: str, verb: str, user: str, *arguments: Any, **named: Any) -> Any:
        """What a person does in Xero's screens, without a socket; raises `person.Impossible`."""
        self.catch_up()
        with self.held(changes=True) as world:
            found = world.organisation(organisation) if organisation else next(iter(world.organisations.values()))
            if found is None:
                raise Impossible(f"no organisation {organisation}")
            return person.act(world, found, verb, user, *arguments, **named)

    def catch_up(self) -> None:
        """Let Xero do by itself what has become due."""
        with self._lock:
            if catch_up(self.world):
                self._keep_all()

    def _answer(self, request: Request, fault: Fault | None) -> Response:
        world = self.world
        moment = world.now()
        try:
            general_refusal(fault)
            response = self._route(request)(world, request) if not request.path.startswith(api.PREFIX) else api.serve(world, request, fault)
            if not request.path.startswith(api.PREFIX):
                response = _distorted(world, fault, response)
        except Refused as refused:
            response = api._respond(request, Answer.of(refused))
        response.headers["Xero-Correlation-Id"] = world.identity.new_id()
        self._record(request, response, moment)
        return response

    def _route(self, request: Request) -> Work:
        path = request.path.rstrip("/").lower() or "/"  # /Connections too (recorded 2020)
        work = _IDENTITY.get((request.method, path))
        if work:
            self.world.calls[f"{request.method} {path}"] += 1
            return work
        found = _CONNECTION.match(path)
        if found and request.method == "DELETE":
            self.world.calls["DELETE /connections/{id}"] += 1
            return lambda world, request: connections.delete_connection(world, request, found[1])
        raise NotSimulated(f"no such address: {request.method} {request.path}", 404)

    def _record(self, request: Request, response: Response, moment: datetime) -> None:
        entry = {
            "time": moment.isoformat(),
            "method": request.method,
            "path": request.path,
            "query": request.query_string.decode(),
            "tenant": request.headers.get("xero-tenant-id", ""),
            "idempotency_key": request.headers.get("Idempotency-Key", ""),
            "status": response.status_code,
            "body": _logged(request),
        }
        self.world.log.append(entry)
        _logger.info("%s %s %s", entry["method"], entry["path"], entry["status"])

    def _keep(self, request: Request, response: Response) -> Response:
        if request.method != "GET":
            self._keep_all()
        return response

    def _keep_all(self) -> None:
        self.world.webhooks.collect(self.world)
        if self._saved:
            self._saved(self.world)


def _logged(request: Request) -> str:
    """What was sent to the API; of a file its size only."""
    if not request.path.startswith(api.PREFIX):
        return ""
    if "/attachments/" in request.path.lower():
        return f"{len(request.get_data())} bytes"
    return request.get_data(as_text=True)


def _distorted(world: World, fault: Fault | None, response: Response) -> Response:
    if fault is None:
        return response
    if fault.kind == "error_500_after":
        return Response("An error occurred", status=500, content_type="text/plain")
    before = Answer(response.status_code, response.get_data(as_text=True), response.content_type or "", dict(response.headers))
    after = distort(world, fault, before)
    return response if after is before else Response(after.body, status=after.status, content_type=after.content_type)


def _slowness(fault: Fault | None, wait: Callable[[float], None] | None, timeout: float | None) -> None:
    if fault is None or fault.kind != "slow":
        return
    if wait:
        wait(fault.seconds)
    elif timeout is not None and fault.seconds >= timeout:
        raise Broken("timeout", fault.seconds)


def _break(environ: dict[str, Any], broken: Broken) -> None:
    """Say nothing for a while, or cut the connection with a reset; then make the server let go of it."""
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if broken.kind == "timeout":
        time.sleep(broken.seconds)
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.shutdown(socket.SHUT_RD)
            connection.close()
    raise ConnectionResetError(f"xero_simulator: {broken.kind} as ordered")


def create_app(
    organisations: tuple[str, ...] = ("AU",),
    clock: Clock | Callable[[], datetime] | None = None,
    seed: int = 0,
    **switches: Any,
) -> Simulator:
    """A new simulator. `clock`: a Clock, or a function giving an aware datetime. `switches`: see switches.py."""
    if clock is not None and not isinstance(clock, Clock):
        clock = Clock(clock)
    return Simulator(World(tuple(organisations), clock, seed, switches))
