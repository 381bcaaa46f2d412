"""What may be changed of a document once something is paid or credited."""

from __future__ import annotations

from typing import Any

from ...call import Call
from ...errors import Invalid
from ...store import Record
from ..contacts import contact_save

HAS_PAYMENTS = "This document cannot be edited as it has a payment or credit note allocated to it."


def check_edit(call: Call, element: dict[str, Any], old: Record, touched: set[str], gives_credit: bool) -> None:
    """`touched`: the fields sent that are not free then. A person may send lines too, see `check_coded_anew`."""
    if call.person:
        touched = touched - {"LineItems"}
    # the contact of a paid invoice can be changed, that of one with credit allocated cannot
    credited = not gives_credit and call.organisation.allocations_to(old["DocumentID"])
    moves = credited and "Contact" in element and contact_save.of_document(call, element)["ContactID"] != old["ContactID"]
    if touched or moves:
        raise Invalid(HAS_PAYMENTS)


def check_coded_anew(old: Record, new: Record) -> None:
    """[DOC] A person may change account, tracking and description of what is paid, its amounts never."""
    if _amounts(old) != _amounts(new):
        raise Invalid(HAS_PAYMENTS)


def _amounts(record: Record) -> list[tuple]:
    return [(line["Quantity"], line["UnitAmount"], line["LineAmount"], line["TaxAmount"]) for line in record["Lines"]]
