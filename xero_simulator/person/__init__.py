"""People at work in Xero's own screens: what they do goes the same way as what apps write, under the name of the person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import bank, contacts, documents, money, repeating, statements
from .desk import Desk, Impossible

if TYPE_CHECKING:
    from ..organisation import Organisation
    from ..world import World

__all__ = ["VERBS", "Impossible", "act"]

VERBS: dict[str, Callable[..., Any]] = {
    **money.VERBS,
    **documents.VERBS,
    **bank.VERBS,
    **contacts.VERBS,
    **statements.VERBS,
    **repeating.VERBS,
}
SOMEBODY = "Rita Mills"


def act(world: World, organisation: Organisation, verb: str, user: str = SOMEBODY, /, *arguments: Any, **named: Any) -> Any:
    """What came of it; raises Impossible with the words of the screen's refusal, and then nothing has changed."""
    work = VERBS.get(verb)
    if work is None:
        raise Impossible(f"no such verb: {verb}; there are {', '.join(sorted(VERBS))}")
    try:
        with organisation.transaction():
            return work(Desk(world, organisation, user), *arguments, **named)
    except Impossible as impossible:
        raise Impossible(f"{verb}: {impossible}") from impossible
