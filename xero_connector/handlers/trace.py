"""What is remembered of a document while it is on the wire: how to recognise it in Xero if no answer comes. No Odoo.

Each family of kinds adds the traces of its own (``<family>/trace.py``); a handler's ``_trace`` is the class of its kind. They are kept as
JSON with the job, so a version of the module may have to read what an older one has written.
"""

import datetime
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from typing import Self

from ..xero_core.kept import typed


@dataclass(frozen=True)
class Trace:
    """What all kinds have in common: with what Xero's answer is compared, and what the binding remembers of it.

    A trace that lacks what its kind is recognised by recognises nothing. ``total`` and ``tax`` are in the document's currency, None if not
    to be compared; so is ``tracking``: of each line that has any the ids of its options (``xero_core.arithmetic.tracking.tagged``).
    """

    number: str = ""
    total: Decimal | None = None
    tax: Decimal | None = None
    tracking: tuple[tuple[str, ...], ...] | None = None
    options: dict[str, str] = field(default_factory=dict)  # names by id, as lists of Xero may leave the ids out
    correction: str = ""  # what was done about cents

    def to_json(self) -> dict:
        """All that is not as it would be anyway; amounts as text, days as in ISO 8601."""
        values = {each.name: (getattr(self, each.name), _default(each)) for each in fields(self)}
        return {name: _as_json(value) for name, (value, default) in values.items() if value != default}

    @classmethod
    def from_json(cls, values: dict) -> Self:
        """What is not known any more is left out, what was not known then is as if nothing had been said.

        :raise ValueError, TypeError, ArithmeticError: something is not what it should be
        """
        # of texts that are not there Odoo says False
        said = [each for each in fields(cls) if values.get(each.name) not in (None, False)]
        return cls(**{each.name: typed(each.type, values[each.name]) for each in said})


@dataclass(frozen=True)
class LinesTrace(Trace):
    """Of an invoice, bill or credit note. ``type`` is Xero's; ``others`` are ids of documents of its number that are known not to be it.

    ``url`` is the link back, with its mark; ``content``, of a document without one, the fingerprint of what it says.
    ``keys`` are those of its lines, in order; ``figures`` is the fingerprint of what Xero lets nobody change once it is paid; ``items`` are
    the codes of the items that its lines name, by their ids.
    """

    type: str = ""
    contact_id: str = ""
    partner_id: int = 0
    partner: str = ""
    date: datetime.date | None = None
    url: str = ""
    others: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    figures: str = ""
    content: str = ""
    items: dict[str, str] = field(default_factory=dict)


def _default(each):
    return each.default if each.default_factory is MISSING else each.default_factory()


def _as_json(value):
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _as_json(each) for name, each in value.items()}
    return [_as_json(each) for each in value] if isinstance(value, tuple) else value
