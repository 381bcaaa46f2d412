"""What one run of a connection remembers. Plain objects, no models."""

import math
import time
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property

from ..access import clients
from ..const import PEOPLE, SPARE

MAX_IN_FLIGHT = 4
# Longer than the 10 seconds Odoo suggests to scheduled actions, because every end of a run leaves the line to Xero idle for as long as its
# last answer takes; short enough that a call begun at the end may time out before Odoo ends its worker (limit_time_real, 120 s).
RUN_SECONDS = 40


@dataclass
class Load:
    """Documents that go in one call: claimed and committed, so one that is dropped without a word is looked up in Xero."""

    handler: object
    operation: str
    items: list
    priority: int
    kind: str = ""  # of the jobs, if it isn't the handler's: the counterparts of money have handlers of their own
    made_at: float = field(default_factory=time.monotonic)

    @property
    def job_ids(self):
        return list(dict.fromkeys(item.job_id for item in self.items))


class Run:
    """Its connection, its client, what may still be called, and the calls it has made but not yet written down."""

    def __init__(self, connection):
        self.connection = connection
        self.allowance = connection._allowance()
        self.spared = connection._spared_calls()
        self.calls = []
        self.waiting, self.running = deque(), {}  # loads; {future: load}
        self.stop = None  # the first error that concerns more than its own documents
        self.made_progress = False  # Xero has made at least one change, or was found to have made it
        self.looked = {}  # lists of Xero that were read again: whether anything had changed, and when (monotonic)
        self.minute_remaining = None  # what Xero last said is left of its 60 calls a minute
        self.refused = 0  # documents sent alone that Xero refused, as whole calls, one after the other
        self._durations = deque(maxlen=10)
        self._until = time.monotonic() + RUN_SECONDS

    @cached_property
    def client(self):
        """:raise XeroError: there is no access"""
        return clients.xero(self.connection, on_call=self.note)

    def note(self, call):
        """Keep the record of one exchange; called in the thread that made it."""
        self.calls.append(call)
        self._durations.append(call.duration_ms / 1000)

    def take_calls(self):
        """The calls since the last time, counted."""
        self.allowance.renewed = False
        taken, self.calls = self.calls, []
        for call in taken:
            self.allowance.note(call.limits)
            self.minute_remaining = call.limits.minute_remaining if call.limits else None
            self.made_progress |= call.method != "GET" and not call.error and (call.status or 500) < 300
        return taken

    @property
    def is_over(self):
        return bool(self.stop) or time.monotonic() >= self._until

    @property
    def in_flight(self):
        """How many calls at a time use up Xero's 60 a minute: one if it answers within a second, never more than 4 of the 5 it allows."""
        latency = sum(self._durations) / len(self._durations) if self._durations else 0
        return max(1, min(MAX_IN_FLIGHT, math.ceil(latency)))

    def permits(self, priority, under_way=0):
        """Whether the day allows one more call of this priority."""
        return self.allowance.permits(priority == PEOPLE, under_way + (self.spared if priority == SPARE else 0))

    def may_begin(self):
        """Whether the next load may be sent now. With nothing under way it may: nobody waits here for a clock."""
        load = self.waiting[0]
        if self.stop or not self.permits(load.priority, len(self.running)):
            return False
        return not self.running or len(self.running) < self.in_flight and not self.allowance.pause()

    def pause(self):
        """Seconds to wait for an answer before another call may begin; ``None``: until an answer comes."""
        free = self.waiting and len(self.running) < self.in_flight and not self.stop
        return self.allowance.pause() or None if free else None

    def is_open_to(self, kind):
        """Whether documents of ``kind`` may go beside what is under way.

        Nothing overtakes what it may depend on: no other kind, and nothing that a removal makes room for.
        """
        return all((load.kind or load.handler._kind) == kind and load.operation != "remove" for load in self.running.values())
