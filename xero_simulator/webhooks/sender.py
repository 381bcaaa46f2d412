"""Sending: the handshake, and signed batches over HTTP. No request of the simulator's waits for a receiver, and none is kept waiting."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .subscriptions import Subscription, sign

if TYPE_CHECKING:
    from ..app import Simulator

SECONDS = 5.0  # [DOC] within which an answer is expected
SIGNATURE = "x-xero-signature"
RETRIES = 1  # at once


@dataclass
class Reply:
    """What a receiver answered; status 0: nothing in time."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    problem: str = ""


Post = Callable[[str, bytes, dict[str, str]], Reply]


def post(url: str, body: bytes, headers: dict[str, str]) -> Reply:
    """One POST; redirects are not followed."""
    address = urlsplit(url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=SECONDS)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, found, answer.read())
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Reply(0, problem=f"{type(error).__name__}: {error}")
    finally:
        connection.close()


class Sender:
    """`post` may be replaced by a function of a test. `deliver` sends what is due; `start` does so again and again in the background."""

    def __init__(self, app: Simulator):
        self.app = app
        self.post: Post = post
        self._sending = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    # --- in the background ---

    def start(self, interval: float = 0.2) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._work, args=(interval,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=2 * SECONDS)
            self._thread = None

    def _work(self, interval: float) -> None:
        while not self._stop.wait(interval):
            self.deliver()

    # --- what is due ---

    def deliver(self, key: str = "", at_once: bool = False) -> list[dict[str, Any]]:
        """Send until nothing is due; `at_once`: also what waits for its next attempt. Gives the log of it."""
        self.app.catch_up()
        with self._sending:
            with self.app.held() as world:
                names = [key] if key else list(world.webhooks.subscriptions)
            return [entry for name in names for entry in self._deliver(name, at_once)]

    def _deliver(self, name: str, at_once: bool) -> list[dict[str, Any]]:
        done, failures = [], 0
        while failures <= RETRIES:
            with self.app.held() as world:
                webhooks, subscription = world.webhooks, world.webhooks.subscriptions.get(name)
                batch = subscription and webhooks.next_batch(subscription, world.now(), world.switches, at_once)
            if not subscription or not batch:
                break
            reply, problem = self._send(subscription, batch.body, sign(subscription.key, batch.body), good=True)
            with self.app.held(changes=True) as world:
                if world.webhooks.subscriptions.get(name) is not subscription:  # the world was reset meanwhile
                    break
                entry = _entry(world.now(), "events", reply, problem, len(batch.events))
                done.append(entry)
                subscription.log.append(entry)
                if problem:
                    world.webhooks.failed(subscription, batch, world.now())
                    failures += 1
                else:
                    world.webhooks.succeeded(subscription, batch)
        return done

    def _send(self, subscription: Subscription, body: bytes, signature: str, good: bool) -> tuple[Reply, str]:
        headers = {"Content-Type": "application/json", SIGNATURE: signature, "User-Agent": "XeroWebhook/1.0"}
        before = time.monotonic()
        reply = self.post(subscription.url, body, headers)
        return reply, _problem(reply, time.monotonic() - before, good)

    # --- intent to receive ---

    def handshake(self, key: str = "") -> dict[str, Any]:
        """[DOC] Several POSTs without events, some wrongly signed: 200 and 401 is what must come, with nothing in them."""
        with self._sending:
            with self.app.held() as world:
                webhooks, subscription = world.webhooks, world.webhooks.one(key)
                rng = webhooks.rng
                turns = [True, False, True, False]
                rng.shuffle(turns)
                events = [] if world.switches.intent_body == "events" else None
                bodies = [webhooks.body(events, 0, 0) for _turn in turns]
                wrong = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", k=40))
            rows = []
            for turn, body in zip(turns, bodies, strict=True):
                reply, problem = self._send(subscription, body, sign(subscription.key if turn else wrong, body), turn)
                rows.append((turn, reply, problem))
            with self.app.held(changes=True) as world:
                now = world.now()
                told = [_entry(now, "intent" if turn else "intent, wrongly signed", reply, problem, 0) for turn, reply, problem in rows]
                subscription.log.extend(told)
                if any(problem for _turn, _reply, problem in rows):
                    subscription.status = "FAILED"
                else:
                    world.webhooks.enabled(subscription, now)
                return {**subscription.described(), "handshake": told}


def _problem(reply: Reply, seconds: float, good: bool) -> str:
    """Why an answer does not count, or ""."""
    if not reply.status:
        return reply.problem or "no answer"
    if seconds > SECONDS:
        return f"answered after {seconds:.1f} seconds"
    if good and not 200 <= reply.status < 300:
        return f"answered {reply.status}"
    if not good and reply.status != 401:
        return f"answered {reply.status} to a wrong signature, not 401"
    if reply.body:
        return "the answer is not empty"
    return "the answer sets a cookie" if "set-cookie" in {name.lower() for name in reply.headers} else ""


def _entry(now: Any, what: str, reply: Reply, problem: str, events: int) -> dict[str, Any]:
    return {"time": now.isoformat(), "what": what, "status": reply.status, "problem": problem, "events": events}
