"""The same snapshot from both sides: invoices, bills and credit notes."""

import pytest
from round_trip import Case, World, check
from snapshots import documents
from xero_core.resources import credit_notes, invoices


class Trading(World):
    """With another currency, and with how documents look in print."""

    def __init__(self):
        super().__init__()
        self.put("Currencies", {"Code": "USD"})
        self.theme_ids = [theme.theme_id for theme in self.client.branding_themes()]


def invoice_case(resource, kind):
    return Case(
        resource,
        invoices,
        lambda world: documents(world, kind),
        lambda world, made: world.created(world.client.create_invoices([invoices.to_xero(made)], world.key())),
        lambda world, remote: world.client.invoices(ids=[remote.xero_id]),
        lambda world, remote: world.client.invoice(remote.xero_id),
    )


def credit_note_case(resource, kind):
    return Case(
        resource,
        credit_notes,
        lambda world: documents(world, kind),
        lambda world, made: world.created(world.client.create_credit_notes([credit_notes.to_xero(made)], world.key())),
        lambda world, remote: world.client.credit_notes(ids=[remote.xero_id]),
        lambda world, remote: world.client.credit_note(remote.xero_id),
    )


CASES = [
    invoice_case("invoices", "ACCREC"),
    invoice_case("bills", "ACCPAY"),
    credit_note_case("credit notes given", "ACCRECCREDIT"),
    credit_note_case("credit notes received", "ACCPAYCREDIT"),
]


world = Trading


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.resource)
def test_documents(case):
    check(case, world())
