"""The control plane of the webhooks: what an owner of an app does in Xero's portal, and what may go wrong on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import wire
from .webhooks.events import CATEGORIES, HOST, moment
from .webhooks.subscriptions import Subscription

if TYPE_CHECKING:
    from .app import Simulator
    from .world import World


def serve(app: Simulator, method: str, name: str, body: dict) -> Any:
    """None: no such control. Nothing is locked while a receiver is waited for."""
    work = _CONTROLS.get((method, name))
    return work(app, **body) if work else None


def _list(app: Simulator) -> dict:
    with app.held() as world:
        return state(world)


def state(world: World) -> dict:
    webhooks = world.webhooks
    return {"webhooks": [one.described() for one in webhooks.subscriptions.values()], "mails": list(webhooks.mails)}


def _register(
    app: Simulator, url: str, key: str = "", client_id: str = "demo-client", categories: list[str] | None = None, handshake: bool = True
) -> dict:
    with app.held(changes=True) as world:
        if client_id not in world.identity.apps:
            raise ValueError(f"no app {client_id}")
        made = world.webhooks.register(client_id, url, key, tuple(categories or CATEGORIES))
    return app.webhooks.handshake(made.id) if handshake else made.described()


def _remove(app: Simulator, id: str = "") -> dict:  # noqa: A002 - its name on the wire
    with app.held(changes=True) as world:
        del world.webhooks.subscriptions[world.webhooks.one(id).id]
        return state(world)


def _handshake(app: Simulator, id: str = "") -> dict:  # noqa: A002
    """Also what switches webhooks on again: what waits is told then."""
    return app.webhooks.handshake(id)


def _deliver(app: Simulator, id: str = "", at_once: bool = True) -> dict:  # noqa: A002
    sent = app.webhooks.deliver(id, at_once)
    with app.held() as world:
        return {"sent": sent, **state(world)}


def _event(
    app: Simulator, category: str, organisation: str = "", resource_id: str = wire.ZERO_ID, type: str = "UPDATE",  # noqa: A002
    data: dict | None = None, tenant_type: str = "ORGANISATION",
) -> dict:  # fmt: skip
    """Of any category, known to this simulator or not, to everybody."""
    with app.held(changes=True) as world:
        found = world.organisation(organisation) if organisation else next(iter(world.organisations.values()))
        told = {"resourceUrl": f"{HOST}/{category.capitalize()}s/{resource_id}", "resourceId": resource_id}
        told |= {"tenantId": found.tenant_id if found else organisation, "tenantType": tenant_type, "eventCategory": category}
        told |= {"eventType": type, "eventDateUtc": moment(world.now()), **({"data": data} if data else {})}
        for subscription in world.webhooks.subscriptions.values():
            subscription.pending.append(told)
        return told


def _replay(app: Simulator, id: str = "", since: str = "") -> dict:  # noqa: A002
    """What was told already is told once more."""
    with app.held(changes=True) as world:
        subscription = world.webhooks.one(id)
        first = moment(wire.parse_moment(since)) if since else ""
        again = [event for event in subscription.delivered if event["eventDateUtc"] >= first]
        subscription.pending += again
        return {"replayed": len(again), **_described(subscription)}


def _described(subscription: Subscription) -> dict:
    return subscription.described()


_CONTROLS = {
    ("GET", ""): _list,
    ("POST", ""): _register,
    ("DELETE", ""): _remove,
    ("POST", "handshake"): _handshake,
    ("POST", "deliver"): _deliver,
    ("POST", "event"): _event,
    ("POST", "replay"): _replay,
}
