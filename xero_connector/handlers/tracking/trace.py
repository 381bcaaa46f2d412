"""What is remembered of a tracking option while it is on the wire. No Odoo."""

from dataclasses import dataclass

from ..trace import Trace


@dataclass(frozen=True)
class OptionTrace(Trace):
    """Its name, and the id and name of its category."""

    category_id: str = ""
    category: str = ""
    name: str = ""
