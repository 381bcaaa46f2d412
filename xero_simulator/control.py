"""/_simulator/: look at everything, order faults, move the clock, turn switches, change an organisation's settings."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from . import control_webhooks, wire
from .control_balances import balances, entries_by_source
from .control_organisation import change_organisation, organisation_state
from .errors import JSON
from .identity.accounts import App
from .person import SOMEBODY, act
from .person.bookkeeper import Banks, Bookkeeper, Nothing
from .regions import REGIONS

if TYPE_CHECKING:
    from .app import Simulator
    from .organisation import Organisation
    from .world import World


def serve(world: World, request: Request) -> Response:
    """Control calls are not counted, not limited, and never faulty."""
    parts = [part for part in request.path.split("/") if part][1:]
    return _served(request, lambda: _answer(world, request.method, parts, _body(request)))


def serve_webhooks(app: Simulator, request: Request) -> Response:
    """Those of the webhooks wait for receivers, and so hold nothing."""
    name = "/".join(part for part in request.path.split("/")[3:] if part)
    return _served(request, lambda: control_webhooks.serve(app, request.method, name, _body(request)))


def _served(request: Request, work: Callable[[], Any]) -> Response:
    try:
        body = work()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _json({"error": f"xero_simulator: {error}"}, 400)
    if body is None:
        return _json({"error": f"xero_simulator: no such control: {request.method} {request.path}"}, 404)
    return _json(body)


def _body(request: Request) -> dict:
    data = request.get_data()
    body = wire.loads(data) if data else request.args.to_dict()
    if not isinstance(body, dict):
        raise ValueError("the body is a JSON object")
    return body


def _json(body: Any, status: int = 200) -> Response:
    return Response(wire.dumps(body), status=status, content_type=JSON)


def _answer(world: World, method: str, parts: list[str], body: dict) -> Any:
    name = parts[0] if parts else ""
    work = _CONTROLS.get((method, name, len(parts)))
    return work(world, body, *parts[1:]) if work else None


def _state(world: World, _body: dict) -> dict:
    identity = world.identity
    return {
        "now": world.now(),
        "seed": world.seed,
        "switches": vars(world.switches),
        "calls": dict(world.calls),
        "total_calls": sum(world.calls.values()),
        "log": list(world.log)[-200:],
        "faults": world.faults.describe()["faults"],
        "apps": [{"client_id": app.client_id, "flow": app.flow, "name": app.name} for app in identity.apps.values()],
        "connections": [vars(connection) for connection in identity.connections.values()],
        **control_webhooks.state(world),
        "organisations": [organisation_state(organisation) for organisation in world.organisations.values()],
    }


def _log(world: World, _body: dict) -> dict:
    return {"log": list(world.log)}


def _reset(world: World, _body: dict) -> dict:
    world.reset()
    return {"now": world.now(), "organisations": [org.tenant_id for org in world.organisations.values()]}


def _order_faults(world: World, body: dict) -> dict:
    world.faults.order([dict(_floats(fault)) for fault in body["faults"]])
    return world.faults.describe()


def _floats(fault: dict) -> dict:
    return {key: float(value) if key in ("seconds", "probability") else value for key, value in fault.items()}


def _faults(world: World, _body: dict) -> dict:
    return world.faults.describe()


def _clear_faults(world: World, _body: dict) -> dict:
    world.faults.clear()
    return world.faults.describe()


def _clock(world: World, body: dict) -> dict:
    if "now" in body:
        world.clock.set(wire.parse_moment(body["now"]))
    if "advance_seconds" in body:
        world.clock.advance(float(body["advance_seconds"]))
    return {"now": world.now()}


def _switches(world: World, body: dict) -> dict:
    world.switches.set(body)
    return vars(world.switches)


def _register(world: World, body: dict) -> dict:
    values = {"name": "Odoo", **body}
    for key in ("redirect_uris", "scopes"):
        values[key] = tuple(values.get(key, ()))
    if values.get("flow") == "custom":
        organisation = world.organisation(values.get("tenant", "")) or next(iter(world.organisations.values()))
        values["tenant"] = organisation.tenant_id
    app = App(**values)
    world.identity.register(app)
    return {"client_id": app.client_id, "flow": app.flow, "redirect_uris": list(app.redirect_uris)}


def _change(world: World, body: dict, key: str) -> dict | None:
    organisation = world.organisation(key)
    if organisation is None:
        return None
    change_organisation(organisation, body, world.now())
    return organisation_state(organisation)


def _person(world: World, body: dict, key: str, name: str) -> dict | None:
    """`{"user": "Rita Mills", "verb": "pay", ...}`: what a person does in Xero's screens; refused with its words. Or by lot."""
    organisation, work = world.organisation(key), {"person": _verb, "bookkeeper": _by_lot}.get(name)
    return work(world, organisation, **body) if organisation and work else None


def _verb(world: World, organisation: Organisation, verb: str, user: str = SOMEBODY, **arguments: Any) -> dict:
    return {"verb": verb, "result": act(world, organisation, verb, user, **arguments)}


def _by_lot(world: World, organisation: Organisation, verb: str, lot: str, banks: list[str], **named: Any) -> dict:
    """`{"verb": "pay", "lot": "any text", "banks": ["090"]}`: with what is there; `lot` decides with which. `did`: empty if nothing was."""
    generator = random.Random(lot)  # noqa: S311 - repeatable, no secrets
    bookkeeper = Bookkeeper(world, organisation, generator, Banks(tuple(banks)), lambda: organisation.today(world.now()), **named)
    try:
        return {"verb": verb, "did": bookkeeper.do(verb)}
    except Nothing as nothing:
        return {"verb": verb, "did": "", "why": str(nothing)}


def _open(world: World, body: dict) -> dict:
    if body["country"] not in REGIONS:
        raise ValueError(f"country is one of {', '.join(REGIONS)}")
    return organisation_state(world.add_organisation(body["country"], body.get("name", "")))


def _one(world: World, _body: dict, key: str) -> dict | None:
    organisation = world.organisation(key)
    return organisation_state(organisation) if organisation else None


def _books(world: World, query: dict, key: str, name: str) -> dict | None:
    organisation, view = world.organisation(key), {"balances": balances, "entries": entries_by_source}.get(name)
    return view(world, organisation, query) if organisation and view else None


_CONTROLS: dict[tuple[str, str, int], Callable[..., Any]] = {
    ("GET", "state", 1): _state,
    ("GET", "log", 1): _log,
    ("POST", "reset", 1): _reset,
    ("POST", "faults", 1): _order_faults,
    ("GET", "faults", 1): _faults,
    ("DELETE", "faults", 1): _clear_faults,
    ("POST", "clock", 1): _clock,
    ("GET", "clock", 1): _clock,
    ("GET", "switches", 1): _switches,
    ("POST", "switches", 1): _switches,
    ("POST", "apps", 1): _register,
    ("POST", "organisations", 1): _open,
    ("POST", "organisations", 2): _change,
    ("POST", "organisations", 3): _person,
    ("GET", "organisations", 2): _one,
    ("GET", "organisations", 3): _books,
}
