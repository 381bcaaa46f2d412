"""Money in ring 1: what is sent of it, and client and simulator together, whichever way the simulator's switches stand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from test_client_simulator import DAY, Wired
from xero_core import errors
from xero_core.resources import allocations, batch_payments, invoices, on_account, payments
from xero_core.resources.allocations import Allocation
from xero_core.resources.batch_payments import BatchPayment
from xero_core.resources.lines import Line
from xero_core.resources.on_account import MoneyOnAccount
from xero_core.resources.payments import Payment

D = Decimal
ID = "2f79af6c-5f57-49e8-9e44-301499538add"
OVERPAYMENT = MoneyOnAccount("RECEIVE-OVERPAYMENT", ID, ID, DAY, D(100), "PAY/1 · Azure #P1", "PAY/1 #P1", "AUD")


@pytest.mark.parametrize("wrong", [{"kind": "RECEIVE"}, {"contact_id": ""}, {"account_id": ""}, {"amount": D(0)}])
def test_money_on_account_that_cannot_be_sent(wrong):
    with pytest.raises(ValueError):
        on_account.to_xero(replace(OVERPAYMENT, **wrong))


def test_only_an_overpayment_says_its_currency():
    assert on_account.to_xero(OVERPAYMENT)["CurrencyCode"] == "AUD"
    made = on_account.to_xero(replace(OVERPAYMENT, kind="RECEIVE-PREPAYMENT", account_code="620"))
    assert "CurrencyCode" not in made and made["LineItems"][0]["AccountCode"] == "620"


def test_a_payment_names_what_it_pays():
    for target in payments.TARGETS:
        made = payments.to_xero(Payment(ID, ID, DAY, D(1), target=target))
        assert made[target] == {f"{target}ID": ID}
        assert [name for name in payments.TARGETS if name in made] == [target]
        assert payments.from_xero({**made, "PaymentID": ID}).invoice_id == ID


@pytest.mark.parametrize("wrong", [{"source": "Invoice"}, {"credit_id": ""}, {"invoice_id": ""}, {"amount": D(0)}])
def test_an_allocation_that_cannot_be_sent(wrong):
    with pytest.raises(ValueError):
        allocations.to_xero(replace(Allocation("CreditNote", ID, ID, D(1), DAY), **wrong))


def test_the_text_of_a_batch_goes_where_its_country_has_one():
    made = BatchPayment(ID, DAY, (Payment(ID, ID, DAY, D(1)),), "P" * 30)
    assert batch_payments.to_xero(replace(made, country="NZ"))["Reference"] == "P" * 18
    assert batch_payments.to_xero(replace(made, country="AU"))["Details"] == "P" * 18
    for wrong in ({"account_id": ""}, {"payments": ()}):
        with pytest.raises(ValueError):
            batch_payments.to_xero(replace(made, **wrong))


class Paid(Wired):
    """An organisation with a bank account and two invoices."""

    def __init__(self, **switches):
        super().__init__(**switches)
        self.bank = next(found for found in self.client.accounts() if found.type == "BANK")
        payloads = [invoices.to_xero(self.an_invoice(f"INV/{n}", (Line("Work", D(1), D(10), "200", "OUTPUT", D(10)),))) for n in (1, 2)]
        self.invoices = [made.remote.xero_id for made in self.client.create_invoices(payloads, "invoices")]

    def on_account(self, **more):
        made = replace(OVERPAYMENT, contact_id=self.contact_id, account_id=self.bank.account_id, **more)
        [written] = self.client.create_on_account([on_account.to_xero(made)], f"on-account-{made.kind}")
        assert written.ok, written.errors
        return written.remote


@pytest.mark.parametrize("kept", ["kept", "ignored"])
@pytest.mark.parametrize("kind", ["RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT"])
def test_money_on_account_is_found_by_its_mark(kind, kept):
    line = Paid(prepaid_reference=kept)
    made = line.on_account(kind=kind, account_code="620" if kind.endswith("PREPAYMENT") else "")
    [found] = line.client.on_account(days=[DAY])
    assert (found.xero_id, found.kind, found.total, found.on_account_id) == (made.xero_id, kind, D(100), made.on_account_id)
    assert found.descriptions[0].endswith("#P1")
    assert line.client.on_account(ids=[made.xero_id]) == [found]


@pytest.mark.parametrize("void", ["refused", "allowed"])
def test_money_on_account_is_removed_if_xero_lets_it(void):
    line = Paid(void_prepaid=void)
    made = line.on_account()
    [written] = line.client.remove_on_account([on_account.removal(made.xero_id)])
    assert written.ok == (void == "allowed")
    [found] = line.client.on_account(ids=[made.xero_id])
    assert (found.status == "VOIDED") == (void == "allowed")


def test_an_allocation_is_made_listed_and_undone_once():
    line = Paid()
    credit = ("Overpayment", line.on_account().on_account_id)
    payload = allocations.to_xero(Allocation(*credit, line.invoices[0], D(5), DAY))
    [made] = line.client.create_allocations(*credit, [payload], "allocation")
    assert made.ok and line.client.allocations(*credit) == [replace(made.remote)]
    for _twice in range(2):
        assert line.client.delete_allocation(*credit, made.remote.xero_id).status == "DELETED"
    assert line.client.allocations(*credit) == []
    too_much = allocations.to_xero(Allocation(*credit, line.invoices[0], D(50), DAY))
    [refused] = line.client.create_allocations(*credit, [too_much], "too much")
    assert not refused.ok and refused.errors


@pytest.mark.parametrize("details", ["ignored", "refused"])
def test_a_batch_is_made_found_and_removed(details):
    line = Paid(batch_details=details)
    parts = tuple(Payment(each, line.bank.account_id, DAY, D(11), f"PAY/1 #{n}") for n, each in enumerate(line.invoices))
    batch = BatchPayment(line.bank.account_id, DAY, parts, "P1", "AU")
    [made] = line.client.create_batch_payments([batch_payments.to_xero(batch)], "batch")
    assert made.ok, made.errors
    [found] = line.client.batch_payments(days=[DAY])
    assert (found.amount, sorted(part.reference for part in found.payments)) == (D(22), ["PAY/1 #0", "PAY/1 #1"])
    assert {part.batch_id for part in line.client.payments(line.invoices)} == {found.xero_id}
    with pytest.raises(errors.ValidationRefused):
        line.client.delete_payment(line.client.payments(line.invoices)[0].xero_id)
    assert line.client.delete_batch_payment(found.xero_id).status == "DELETED"
    assert line.client.batch_payments(ids=[found.xero_id])[0].payments == ()
