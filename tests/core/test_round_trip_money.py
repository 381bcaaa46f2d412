"""The same snapshot from both sides: payments, batches, money on account, allocations, bank transactions and transfers."""

import pytest
import snapshots
from round_trip import Case, World, check
from test_client_simulator import DAY, D
from xero_core.resources import (
    allocations,
    bank_transactions,
    bank_transfers,
    batch_payments,
    credit_notes,
    invoices,
    normal,
    on_account,
    payments,
)
from xero_core.resources.invoices import Invoice
from xero_core.resources.lines import Line
from xero_core.resources.on_account import MoneyOnAccount

PLENTY = D(100000)


class Banking(World):
    """With two bank accounts in the organisation's currency and one in another, and with documents that never run out of room."""

    def __init__(self):
        super().__init__()
        self.put("Currencies", {"Code": "USD"})
        self.banks = [(self.bank_id, "AUD"), (self.bank("093", "AUD"), "AUD"), (self.bank("094", "USD"), "USD")]
        self.invoices = [self.document("ACCREC") for _number in range(3)]
        self.bills = [self.document("ACCPAY") for _number in range(3)]
        self.sides = [self.invoices, self.bills]
        note_id = self.document("ACCRECCREDIT")
        self.credits = [("CreditNote", note_id), *((name, self.credit(name)) for name in ("Overpayment", "Prepayment"))]
        foreign = ("Invoice", self.document("ACCREC", "USD"), "USD")
        own = [("Invoice", document_id) for document_id in self.invoices[:1] + self.bills[:1]]
        self.payable = [foreign, *((*named, "AUD") for named in (*own, *self.credits))]

    def bank(self, code, currency):
        """Another account."""
        account = {"Code": code, "Name": f"Bank {code}", "Type": "BANK", "BankAccountNumber": code, "CurrencyCode": currency}
        return self.put("Accounts", {**account, "TaxType": "BASEXCLUDED"})["Accounts"][0]["AccountID"]

    def document(self, kind, currency="AUD"):
        """The id of one with a lot to pay."""
        line = Line("Work", D(1), PLENTY, "200" if kind.startswith("ACCREC") else "400", "BASEXCLUDED")
        made = Invoice(kind, self.key(), self.contact_id, DAY, DAY, currency, (line,), PLENTY, D(0))
        if kind == "ACCRECCREDIT":
            return self.created(self.client.create_credit_notes([credit_notes.to_xero(made)], self.key())).xero_id
        return self.created(self.client.create_invoices([invoices.to_xero(made)], self.key())).xero_id

    def credit(self, name):
        """The id of money on account."""
        kind, account = f"RECEIVE-{name.upper()}", "620" if name == "Prepayment" else ""
        made = MoneyOnAccount(kind, self.contact_id, self.bank_id, DAY, PLENTY, name, currency="AUD", account_code=account)
        return self.created(self.client.create_on_account([on_account.to_xero(made)], self.key())).on_account_id


def of_id(found, remote):
    """The one that was made, of a list."""
    return [each for each in found if each.xero_id == remote.xero_id]


class AllocationCase(Case):
    """Its payload does not say all: what is allocated is named by the address."""

    def form(self, snapshot, options):
        return normal.form(snapshot, options)


def allocate(world, made):
    payload = allocations.to_xero(made)
    return world.created(world.client.create_allocations(made.source, made.credit_id, [payload], world.key()))


def allocated(world, remote):
    """Allocations are listed with their credit, and no other way."""
    return of_id(world.client.allocations(remote.source, remote.credit_id), remote)


CASES = [
    Case(
        "payments",
        payments,
        snapshots.payments,
        lambda world, made: world.created(world.client.create_payments([payments.to_xero(made)], world.key())),
        lambda world, remote: of_id(world.client.payments([remote.invoice_id]), remote),
        lambda world, remote: world.client.payment(remote.xero_id),
    ),
    Case(
        "batch payments",
        batch_payments,
        snapshots.batches,
        lambda world, made: world.created(world.client.create_batch_payments([batch_payments.to_xero(made)], world.key())),
        lambda world, remote: world.client.batch_payments(ids=[remote.xero_id]),
        lambda world, remote: world.client.batch_payment(remote.xero_id),
    ),
    Case(
        "money on account",
        on_account,
        snapshots.on_account,
        lambda world, made: world.created(world.client.create_on_account([on_account.to_xero(made)], world.key())),
        lambda world, remote: world.client.on_account(ids=[remote.xero_id]),
        lambda world, remote: world.client.on_account_by_id(remote.xero_id),
    ),
    AllocationCase(
        "allocations",
        allocations,
        snapshots.allocations,
        allocate,
        allocated,
        lambda world, remote: allocated(world, remote)[0],
    ),
    Case(
        "bank transactions",
        bank_transactions,
        snapshots.bank_transactions,
        lambda world, made: world.created(world.client.create_bank_transactions([bank_transactions.to_xero(made)], world.key())),
        lambda world, remote: world.client.bank_transactions(ids=[remote.xero_id]),
        lambda world, remote: world.client.bank_transaction(remote.xero_id),
    ),
    Case(
        "bank transfers",
        bank_transfers,
        snapshots.transfers,
        lambda world, made: world.client.create_bank_transfer(bank_transfers.to_xero(made), world.key()),
        lambda world, remote: of_id(world.client.bank_transfers([remote.date]), remote),
        lambda world, remote: world.client.bank_transfer(remote.xero_id),
    ),
]
world = Banking


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.resource)
def test_money(case):
    check(case, world())
