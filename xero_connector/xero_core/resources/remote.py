"""What Xero holds, whatever the page: the value we would send, read back, and what only Xero can say."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar

from .base import Moment

S = TypeVar("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote(Generic[S]):
    """A document as Xero holds it; its pages add what only Xero can say.

    `told` is what the answer says, in the very dataclass that the page's `to_xero` reads; what Xero left out is empty there. Unless the
    answer is `complete`, something is missing that the document may well have: nothing may be concluded from what is empty.
    `updated` is the stamp by Xero's clock; it has seconds only, and not every change moves it.
    """

    xero_id: str
    told: S
    status: str = ""
    updated: Moment | None = None
    complete: bool = True

    @property
    def snapshot(self) -> S | None:
        """The whole document, None where the answer has not what it takes, as lists without lines."""
        return self.told if self.complete else None


def as_told(name: str) -> property:
    """An attribute that is one of the snapshot's."""
    return property(attrgetter(f"told.{name}"))
