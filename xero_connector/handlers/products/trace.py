"""What is remembered of an item while it is on the wire. No Odoo."""

from dataclasses import dataclass

from ..trace import Trace


@dataclass(frozen=True)
class ItemTrace(Trace):
    code: str = ""
