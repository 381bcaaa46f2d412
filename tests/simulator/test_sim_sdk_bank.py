"""Xero's own Python SDK on bank transactions, money paid too much, batches and transfers."""

from datetime import date

import pytest
from test_sim_sdk import accounting, sdk  # noqa: F401 - the fixture

DAY = date(2026, 9, 14)


@pytest.fixture
def start(sdk):  # noqa: F811
    """(api, tenant, contact, first bank account, a function that makes a sales invoice)."""
    api, tenant = sdk
    name = f"Bank {id(start)} {len(api.get_contacts(tenant).contacts)}"
    contact_id = api.create_contacts(tenant, accounting.Contacts(contacts=[accounting.Contact(name=name)])).contacts[0].contact_id
    contact = accounting.Contact(contact_id=contact_id)
    bank = accounting.Account(account_id=api.get_accounts(tenant, where='Code=="090"').accounts[0].account_id)

    def invoice(amount):
        line = accounting.LineItem(description="Work", quantity=1, unit_amount=amount, account_code="200")
        body = accounting.Invoice(type="ACCREC", contact=contact, line_items=[line], date=DAY, due_date=DAY, status="AUTHORISED")
        made = api.create_invoices(tenant, accounting.Invoices(invoices=[body])).invoices[0]
        return accounting.Invoice(invoice_id=made.invoice_id)

    return api, tenant, contact, bank, invoice


def receive(start, kind, line):
    api, tenant, contact, bank, _invoice = start
    body = accounting.BankTransaction(type=kind, contact=contact, bank_account=bank, line_items=[line], date=DAY)
    return api.create_bank_transactions(tenant, accounting.BankTransactions(bank_transactions=[body])).bank_transactions[0]


def test_bank_transaction(start):
    api, tenant, *_ = start
    made = receive(start, "RECEIVE", accounting.LineItem(description="Sale", quantity=1, unit_amount=110, account_code="200"))
    assert (made.total, made.total_tax, made.status) == (110.0, 10.0, "AUTHORISED")
    assert api.get_bank_transaction(tenant, made.bank_transaction_id).bank_transactions[0].bank_account.code == "090"
    change = {"BankTransactions": [{"Status": "DELETED"}]}  # the SDK's own class wants the lines and the account again
    gone = api.update_bank_transaction(tenant, made.bank_transaction_id, change).bank_transactions[0]
    assert gone.status == "DELETED"
    assert api.get_bank_transactions(tenant, page=1, where='Status=="DELETED"').pagination.item_count == 1


def test_overpayment_allocated_and_refunded(start):
    api, tenant, _contact, bank, invoice = start
    made = receive(start, "RECEIVE-OVERPAYMENT", accounting.LineItem(description="Too much", line_amount=50))
    open_invoice = invoice(100)
    part = accounting.Allocation(amount=20.0, date=DAY, invoice=open_invoice)
    api.create_overpayment_allocations(tenant, made.overpayment_id, accounting.Allocations(allocations=[part]))
    held = api.get_invoice(tenant, open_invoice.invoice_id).invoices[0]
    assert (held.amount_due, held.overpayments[0].applied_amount) == (90.0, 20.0)
    target = accounting.Overpayment(overpayment_id=made.overpayment_id)
    refund = accounting.Payment(overpayment=target, account=bank, amount=30.0, date=DAY)
    paid = api.create_payments(tenant, accounting.Payments(payments=[refund])).payments[0]
    assert paid.payment_type == "AROVERPAYMENTPAYMENT"
    used = api.get_overpayment(tenant, made.overpayment_id).overpayments[0]
    assert (used.status, used.remaining_credit) == ("PAID", 0.0)
    gone = api.delete_overpayment_allocations(tenant, made.overpayment_id, used.allocations[0].allocation_id)
    assert gone.is_deleted is True
    assert api.get_overpayments(tenant).overpayments[-1].remaining_credit == 20.0


def test_prepayment(start):
    api, tenant, _contact, _bank, invoice = start
    made = receive(start, "RECEIVE-PREPAYMENT", accounting.LineItem(description="Early", quantity=1, unit_amount=50, account_code="200"))
    part = accounting.Allocation(amount=50.0, date=DAY, invoice=invoice(100))
    api.create_prepayment_allocations(tenant, made.prepayment_id, accounting.Allocations(allocations=[part]))
    assert api.get_prepayment(tenant, made.prepayment_id).prepayments[0].status == "PAID"


def test_batch_payment(start):
    api, tenant, _contact, bank, invoice = start
    payments = [accounting.Payment(invoice=invoice(100), amount=110.0), accounting.Payment(invoice=invoice(10), amount=1.0)]
    body = accounting.BatchPayment(account=bank, date=DAY, payments=payments)
    batch = api.create_batch_payment(tenant, accounting.BatchPayments(batch_payments=[body])).batch_payments[0]
    assert (batch.type, batch.total_amount, len(batch.payments)) == ("RECBATCH", 111.0, 2)
    assert api.get_payment(tenant, batch.payments[0].payment_id).payments[0].batch_payment_id == batch.batch_payment_id
    gone = api.delete_batch_payment_by_url_param(
        tenant, batch.batch_payment_id, accounting.BatchPaymentDeleteByUrlParam(status="DELETED")
    ).batch_payments[0]
    assert gone.status == "DELETED"


def test_bank_transfer(start):
    api, tenant, _contact, bank, _invoice = start
    second = accounting.Account(code="092", name="Savings", type=accounting.AccountType("BANK"), bank_account_number="123456789")
    savings = accounting.Account(account_id=api.create_account(tenant, second).accounts[0].account_id)
    body = accounting.BankTransfer(from_bank_account=bank, to_bank_account=savings, amount=20.0, date=DAY)
    made = api.create_bank_transfer(tenant, accounting.BankTransfers(bank_transfers=[body])).bank_transfers[0]
    assert (made.amount, made.from_bank_account.code) == (20.0, "090")
    assert api.get_bank_transfer(tenant, made.bank_transfer_id).bank_transfers[0].date == DAY
