"""What a simulated organisation holds, as text that does not depend on how the simulator keeps it.

``written`` runs with the simulator of an old commit, ``world`` with today's. Rows of tables, settings, tokens: whatever a later simulator
calls otherwise is translated in ``world``.
"""

import json
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal

from xero_simulator.identity import accounts
from xero_simulator.store import Table
from xero_simulator.world import World

# parts of an organisation that today's simulator makes by itself
MADE = ("region", "rng", "journal")
IDENTITY = {"refresh_tokens": accounts.RefreshToken, "access_tokens": accounts.AccessToken, "connections": accounts.Connection}
KINDS = {
    "datetime": datetime.fromisoformat, "date": date.fromisoformat, "Decimal": Decimal, "bytes": bytes.fromhex,
    "tuple": tuple, "set": set, "frozenset": frozenset,
}  # fmt: skip


def written(old):
    """The text for ``old``, a world of one organisation."""
    [organisation] = old.organisations.values()
    kept = {name: list(value) if isinstance(value, Table) else value for name, value in vars(organisation).items() if name not in MADE}
    identity = {name: list(getattr(old.identity, name).values()) for name in IDENTITY}
    everything = {"country": organisation.region.key, "now": old.now(), "organisation": kept, "identity": identity}
    return json.dumps(_tagged({**everything, "granted": old.identity.granted}), indent=1, sort_keys=True)


def world(text):
    """A world that holds it, at the moment at which it was written down."""
    kept = _untagged(json.loads(text))
    new = World((kept["country"],), seed=1)  # another seed, so that no id comes again
    new.clock.set(kept["now"])
    [organisation] = new.organisations.values()
    for name, value in kept["organisation"].items():
        if isinstance(table := getattr(organisation, name), Table):
            _refill(table, value)
        else:
            setattr(organisation, name, value)
    new.organisations = {organisation.tenant_id: organisation}
    for name, make in IDENTITY.items():
        rows = [make(**row) for row in kept["identity"][name]]
        setattr(new.identity, name, {getattr(row, "id", None) or row.token: row for row in rows})
    new.identity.granted = kept["granted"]
    return new


def _refill(table, rows):
    for row in list(table):
        table.remove(row[table.id_field])
    for row in rows:
        table.put(row)


def _tagged(value):
    """JSON knows fewer types than the simulator; each other one is ``{"!": its name, "is": its text or parts}``."""
    if is_dataclass(value):
        return _tagged(asdict(value))
    if isinstance(value, dict):
        return {key: _tagged(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_tagged(each) for each in value]
    name = type(value).__name__
    if name not in KINDS:
        return value
    if isinstance(value, (set, frozenset, tuple)):
        parts = value if isinstance(value, tuple) else sorted(value)
        return {"!": name, "is": [_tagged(each) for each in parts]}
    if isinstance(value, (date, datetime)):
        return {"!": name, "is": value.isoformat()}
    return {"!": name, "is": value.hex() if isinstance(value, bytes) else str(value)}


def _untagged(value):
    if isinstance(value, list):
        return [_untagged(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "!" in value:
        return KINDS[value["!"]](_untagged(value["is"]))
    return {key: _untagged(each) for key, each in value.items()}
