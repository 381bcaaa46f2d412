"""Overpayments and prepayments as Xero lists them: what of the money is left, and what it was used for (its pages of these names).

Each is made by a bank transaction, which alone names the bank account (`on_account`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from ..values import clean_guid, to_decimal, to_text
from . import allocations
from .allocations import RemoteAllocation
from .base import Date, day, nested, rows, stamp
from .remote import Remote, as_told


@dataclass(frozen=True, slots=True)
class Credit:
    """Money of a contact that stands on account; `source` is 'Overpayment' or 'Prepayment'."""

    source: str
    contact_id: str
    date: Date | None
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCredit(Remote[Credit]):
    """`amount_settled` is what was allocated or paid back; `allocations` may be left out although there are some."""

    amount_settled: Decimal
    allocations: tuple[RemoteAllocation, ...] = ()

    source = as_told("source")
    contact_id = as_told("contact_id")
    date = as_told("date")


def from_xero(payload: dict, source: str) -> RemoteCredit:
    """Read one; `source` is what the list or the answer is of."""
    xero_id, total = clean_guid(payload.get(f"{source}ID")), to_decimal(payload.get("Total"))
    return RemoteCredit(
        xero_id=xero_id,
        told=Credit(source, clean_guid(nested(payload, "Contact").get("ContactID")), day(payload), total),
        status=to_text(payload.get("Status")),
        updated=stamp(payload),
        amount_settled=total - to_decimal(payload.get("RemainingCredit"), total),
        allocations=used(payload, source, xero_id),
    )


def used(payload: dict, source: str, xero_id: str) -> tuple[RemoteAllocation, ...]:
    """What an answer says that a credit was used for."""
    listed = (allocations.from_xero(row, source, xero_id) for row in rows(payload, "Allocations") if row.get("IsDeleted") is not True)
    return tuple(each for each in listed if each.complete and each.xero_id)


def reader(source: str) -> Callable[[dict], RemoteCredit]:
    """Reads the rows of a list of these."""
    return partial(from_xero, source=source)
