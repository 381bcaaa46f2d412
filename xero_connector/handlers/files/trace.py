"""What is remembered of a file while it is on the wire. No Odoo."""

from dataclasses import dataclass

from ..trace import Trace


@dataclass(frozen=True)
class FileTrace(Trace):
    """Where it goes in Xero, under which name, and its ``size`` in bytes; and of which document it is, in Xero's and in Odoo's terms."""

    endpoint: str = ""
    parent_id: str = ""
    name: str = ""
    type: str = ""
    size: int = 0
    move_id: int = 0
    document: str = ""
