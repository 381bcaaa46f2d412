"""What is remembered of a manual journal while it is on the wire. No Odoo."""

import datetime
from dataclasses import dataclass

from ..trace import Trace


@dataclass(frozen=True)
class JournalTrace(Trace):
    """``total`` is the sum of its debits; ``url`` leads back to Odoo."""

    narration: str = ""
    url: str = ""
    date: datetime.date | None = None
