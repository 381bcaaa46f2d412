"""Who is told, and what each app has still to be told: queues, sequences, retries. State only; `sender` does the sending."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .events import CATEGORIES, payload

if TYPE_CHECKING:
    from ..switches import Switches
    from ..world import World

RETRY = timedelta(minutes=15)  # [DOC] once at once, then as often as this
GIVE_UP = timedelta(hours=24)  # [DOC] after so long without success the webhooks are switched off
KEPT = timedelta(days=31)  # [DOC] for so long what could not be told is kept
LOG_LENGTH, REMEMBERED = 200, 1000


def sign(key: str, body: bytes) -> str:
    """[3P] The key is used as the text that is shown."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


@dataclass
class Batch:
    """One body, the same each time it is sent."""

    body: bytes
    events: list[dict[str, Any]]
    attempts: int = 0


@dataclass
class Subscription:
    """Of one app: its address, its key, what it asked for, and how far it was told."""

    id: str
    client_id: str
    url: str
    key: str
    categories: tuple[str, ...]
    status: str = "NEW"  # ACTIVE after a good handshake; FAILED; DISABLED after a day without success
    sequence: int = 0
    pending: list[dict[str, Any]] = field(default_factory=list)
    current: Batch | None = None
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    delivered: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    dropped: int = 0
    log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=LOG_LENGTH))

    def described(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "client_id": self.client_id,
            "url": self.url,
            "key": self.key,
            "categories": list(self.categories),
            "status": self.status,
            "sequence": self.sequence,
            "pending": len(self.pending) + (len(self.current.events) if self.current else 0),
            "delivered": len(self.delivered),
            "dropped": self.dropped,
            "failing_since": self.failing_since,
            "retry_at": self.retry_at,
            "log": list(self.log),
        }

    def is_due(self, now: datetime, at_once: bool) -> bool:
        waits = self.retry_at is not None and self.retry_at > now and not at_once
        return self.status == "ACTIVE" and bool(self.current or self.pending) and not waits


class Webhooks:
    """All subscriptions. Chance has a source of its own, so that the ids of a seed stay what they are."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = random.Random(f"webhooks {seed}")  # noqa: S311 - repeatable, no secrets
        self.subscriptions: dict[str, Subscription] = {}
        self.events = 0
        self.mails: list[dict[str, Any]] = []  # to the owner of an app

    def register(self, client_id: str, url: str, key: str, categories: tuple[str, ...]) -> Subscription:
        unknown = set(categories) - set(CATEGORIES)
        if unknown:
            raise ValueError(f"no such category: {', '.join(sorted(unknown))}; there are {', '.join(CATEGORIES)}")
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.hostname or address.port == 0:
            raise ValueError("url is an http or https address")
        key = key or base64.b64encode(self.rng.randbytes(48)).decode()
        made = Subscription(str(len(self.subscriptions) + 1), client_id, url, key, categories)
        self.subscriptions[made.id] = made
        return made

    def one(self, key: str) -> Subscription:
        """The only one, if none is named."""
        found = self.subscriptions.get(key) if key else next(iter(self.subscriptions.values()), None)
        if found is None or (not key and len(self.subscriptions) > 1):
            raise ValueError(f"no webhooks {key}; there are {', '.join(self.subscriptions) or 'none'}")
        return found

    # --- what has to be told ---

    def collect(self, world: World) -> None:
        """Hand what happened to whoever asked for it and is connected there."""
        for tenant_id, organisation in world.organisations.items():
            for event in organisation.events:
                told = payload(organisation, event, tenant_id, world.switches.overpayment_event_data)
                for subscription in self.subscriptions.values():
                    if event["Category"] in subscription.categories and world.identity.connection_to(subscription.client_id, tenant_id):
                        self.tell(subscription, told, world.switches)
                organisation.events.remove(event["EventID"])

    def tell(self, subscription: Subscription, told: dict[str, Any], switches: Switches) -> None:
        """Once, or more often, or perhaps never, as the switches have it."""
        if self.rng.randrange(100) < switches.webhook_drop_percent:
            subscription.dropped += 1
            return
        kind = told["eventType"]
        told = {**told, "eventType": kind.capitalize() if switches.webhook_event_case == "Update" else kind}
        subscription.pending += [told] * (1 + self.rng.randint(0, switches.webhook_duplicates))

    # --- one batch after the other ---

    def next_batch(self, subscription: Subscription, now: datetime, switches: Switches, at_once: bool) -> Batch | None:
        if not subscription.is_due(now, at_once):
            return None
        if subscription.current is None:
            if switches.webhook_order == "shuffled":
                self.rng.shuffle(subscription.pending)
            size = switches.webhook_batch_size
            taken, subscription.pending = subscription.pending[:size], subscription.pending[size:]
            subscription.current = self._batch(subscription, taken, switches)
        return subscription.current

    def _batch(self, subscription: Subscription, events: list[dict[str, Any]], switches: Switches) -> Batch:
        numbers = []
        for _event in events:
            subscription.sequence += 1 + (self.rng.randint(0, 3) if switches.webhook_sequence == "gaps" else 0)
            numbers.append(subscription.sequence)
        return Batch(self.body(events, numbers[0], numbers[-1]), events)

    def body(self, events: list[dict[str, Any]] | None, first: int, last: int) -> bytes:
        entropy = "".join(self.rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=20))
        told = {} if events is None else {"events": events}
        return json.dumps({**told, "firstEventSequence": first, "lastEventSequence": last, "entropy": entropy}).encode()

    def succeeded(self, subscription: Subscription, batch: Batch) -> None:
        subscription.delivered.extend(batch.events)
        subscription.current = subscription.failing_since = subscription.retry_at = None

    def failed(self, subscription: Subscription, batch: Batch, now: datetime) -> None:
        """The first failure is tried again at once; after a day of them nothing is sent any more, and the owner gets a mail."""
        is_first = subscription.failing_since is None
        subscription.failing_since = subscription.failing_since or now
        batch.attempts += 1
        subscription.retry_at = now if is_first else now + RETRY
        if now - subscription.failing_since >= GIVE_UP:
            subscription.status = "DISABLED"
            self.mails.append({"DateUTC": now, "ID": subscription.id, "Subject": "Your webhooks have been disabled"})

    def enabled(self, subscription: Subscription, now: datetime) -> None:
        """After a good handshake: what is not too old is told now."""
        subscription.status, subscription.failing_since, subscription.retry_at = "ACTIVE", None, None
        events = [*(subscription.current.events if subscription.current else ()), *subscription.pending]
        subscription.current = None
        oldest = (now - KEPT).strftime("%Y-%m-%dT%H:%M:%S")
        subscription.pending = [event for event in events if event["eventDateUtc"] >= oldest]
