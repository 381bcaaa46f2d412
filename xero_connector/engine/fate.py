from dataclasses import dataclass
from datetime import datetime

from ..handlers.dispatch import Outgoing
from ..handlers.reasons import Held


@dataclass
class Fate:
    """What became of one item: it is in Xero as ``remote`` (done), ``held``, ``unknown``, or to be sent ``again`` (why, in words)."""

    item: Outgoing
    remote: object = None
    held: Held | None = None
    unknown: str = ""
    until: datetime | None = None  # what is unknown may still turn up by itself until then (UTC)
    again: str = ""
    seconds: int | None = None  # until it is sent again; None: the longer the more often it was tried

    @property
    def is_done(self):
        return self.remote is not None and not (self.held or self.unknown or self.again)
