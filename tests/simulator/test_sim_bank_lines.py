"""Lines of the bank's statement: matched by a person, or by Xero itself some minutes later; and repeating invoices."""

import pytest
from ledger_helpers import balances
from simulator_helpers import line

from xero_simulator.persistence import StateFile, load
from xero_simulator.person import Impossible
from xero_simulator.testing import Person

PAYEE = "Ridgeway University"


@pytest.fixture
def rita(app):
    return Person(app, "NZ", "Rita Mills")


def held(api, made):
    return api.organisation.statement_lines.get(made["LineID"])


def read(api, name, key):
    return api.get(f"{name}/{key}").json()[name][0]


def payments(api):
    return api.get("Payments").json()["Payments"]


def test_a_person_matches_what_is_booked_and_pays_the_rest(api, rita):
    first, second = api.invoice(), api.invoice(line(50))
    paid = rita.pay(first["InvoiceID"])
    got = rita.bank_line("172.50", PAYEE, reference="both")
    with pytest.raises(Impossible, match="makes 115"):
        rita.match_line(got["LineID"], items=paid["PaymentID"])
    assert (held(api, got)["Status"], read(api, "Payments", paid["PaymentID"])["IsReconciled"]) == ("OPEN", False)
    rita.match_line(got["LineID"], items=[paid["PaymentID"]], documents=[second["InvoiceNumber"]])
    assert [row["IsReconciled"] for row in payments(api)] == [True, True]
    assert (held(api, got)["Status"], api.read(second)["Status"]) == ("RECONCILED", "PAID")
    with pytest.raises(Impossible, match="no open line"):
        rita.match_line(got["LineID"], items=paid["PaymentID"])
    rita.unreconcile(paid["PaymentID"])
    assert held(api, got)["Status"] == "OPEN"
    bill = rita.write_bill(PAYEE, 10, number="B1")
    out = rita.bank_line("-11.50", PAYEE)
    rita.match_line(out["LineID"], documents=bill["InvoiceID"])
    assert api.read(bill)["Status"] == "PAID"


def test_lines_that_make_no_sense(rita, api):
    for wrong, told in (
        ({"amount": 0}, "has an amount"),
        ({"amount": 5, "jax": "guess"}, "jax is one of"),
        ({"amount": 5, "account": "200"}, "no bank account"),
    ):
        with pytest.raises(Impossible, match=told):
            rita.bank_line(**wrong)
    assert len(api.organisation.statement_lines) == 0


@pytest.mark.parametrize("asked", ["request", "control", "verb", "deliver"])
def test_matched_by_itself_some_minutes_later(app, api, rita, clock, control, asked):
    invoice = api.invoice()
    got = rita.bank_line(115, PAYEE, jax="match", minutes=5, date="2026-09-14")
    clock.advance(299)
    assert api.read(invoice)["AmountDue"] == 115.0
    if asked == "control":
        control("clock", {"advance_seconds": 900})
    else:
        clock.advance(900)
        {"request": lambda: api.get("Organisation"), "verb": lambda: rita.write_contact("X"), "deliver": app.webhooks.deliver}[asked]()
    assert held(api, got)["Status"] == "RECONCILED"
    [payment] = [read(api, "Payments", row["PaymentID"]) for row in api.organisation.payments]
    assert (payment["IsReconciled"], payment["Amount"]) == (True, 115.0)
    assert payment["UpdatedDateUTCString"] == "2026-09-14T09:35:00Z"  # when it was due, not when somebody looked
    rows = api.get(f"Invoices/{invoice['InvoiceID']}/History").json()["HistoryRecords"]
    assert (rows[0]["Changes"], rows[0]["User"]) == ("Paid", "System Generated")


def test_matches_what_was_booked_already(api, rita, clock):
    invoice, other = api.invoice(), api.invoice()
    paid = rita.pay(invoice["InvoiceID"])
    batch = rita.batch_deposit([{"document": other["InvoiceID"], "amount": 30}])
    lines = [rita.bank_line(amount, PAYEE, jax="match") for amount in (115, 30)]
    api.get("Organisation")
    assert [held(api, each)["ItemIDs"] for each in lines] == [(paid["PaymentID"],), (batch["BatchPaymentID"],)]
    assert len(api.organisation.payments) == 2
    assert api.read(other)["AmountDue"] == 85.0


def test_no_match_of_other_payees_amounts_sides_or_accounts(api, rita):
    api.contact("Other")
    invoice = api.invoice()
    rita.pay(invoice["InvoiceID"], 15)
    for amount, payee in ((100, "Other"), (99, PAYEE), (-100, PAYEE), (15, "Other")):
        got = rita.bank_line(amount, payee, jax="match")
        api.get("Organisation")
        assert (held(api, got)["Status"], held(api, got)["Problem"]) == ("OPEN", "nothing fits")
    assert len(payments(api)) == 1


def test_lines_in_foreign_money(api, rita, control):
    """A line in base currency pays a document in another one at the rate it makes; Xero by itself stays within one currency."""
    control("organisations/NZ", {"currencies": ["USD"]})
    bank = {"Code": "USD", "Name": "Dollars", "Type": "BANK", "BankAccountNumber": "9", "CurrencyCode": "USD"}
    assert api.put("Accounts", {"Accounts": [bank]}).ok
    foreign = {"CurrencyCode": "USD", "CurrencyRate": "0.6", "LineAmountTypes": "NoTax"}
    first, second = api.invoice(line(60), **foreign), api.invoice(line(60), **foreign)
    for account in ("090", "USD"):
        got = rita.bank_line(60, PAYEE, account=account, jax="match")
        api.get("Organisation")
        assert held(api, got)["Status"] == ("OPEN" if account == "090" else "RECONCILED")
    paid, open_ = sorted((api.read(first), api.read(second)), key=lambda row: row["AmountDue"])
    assert (paid["Status"], open_["AmountDue"]) == ("PAID", 60.0)
    got = rita.bank_line("101.50", PAYEE)
    rita.match_line(got["LineID"], documents=open_["InvoiceID"])
    payment = max(payments(api), key=lambda row: row["BankAmount"])
    assert (payment["Amount"], payment["BankAmount"], payment["IsReconciled"]) == (60.0, 101.5, True)
    assert balances(api)["090"] == "101.50"


def test_received_twice(api, rita):
    """The double revenue: the invoice stays open beside it."""
    invoice = api.invoice()
    rita.bank_line(115, PAYEE, jax="receive", line_account="260")
    rita.bank_line(-23, "Somebody new", jax="receive")
    assert api.read(invoice)["Status"] == "AUTHORISED"
    got, spent = sorted(api.get("BankTransactions", page=1).json()["BankTransactions"], key=lambda row: row["Type"])
    assert (got["Type"], got["Total"], got["IsReconciled"], got["Contact"]["Name"]) == ("RECEIVE", 115.0, True, PAYEE)
    assert (spent["Type"], spent["Contact"]["Name"]) == ("SPEND", "Somebody new")
    assert balances(api)["260"] == "-100.00"
    assert balances(api)["090"] == "92.00"


def test_as_last_time(api, rita):
    first = rita.bank_line(10, PAYEE, jax="memory")
    api.contact()
    api.get("Organisation")
    assert held(api, first)["Problem"] == "nothing fits"
    rita.reconcile(rita.receive_money(PAYEE, 7, line_account="270")["BankTransactionID"])
    again = rita.bank_line(20, PAYEE, jax="memory")
    api.get("Organisation")
    assert held(api, again)["Status"] == "RECONCILED"
    assert balances(api) == {"090": "27.00", "270": "-27.00"}


def test_what_is_refused_is_told_and_the_line_stays_open(api, rita, control):
    invoice = api.invoice()
    got = rita.bank_line(115, PAYEE, jax="match", date="2026-09-01", minutes=1)
    control("organisations/NZ", {"period_lock_date": "2026-09-10"})
    control("clock", {"advance_seconds": 120})
    assert held(api, got)["Status"] == "OPEN"
    assert "lock date" in held(api, got)["Problem"]
    assert api.read(invoice)["AmountDue"] == 115.0
    assert control("state", method="GET").json()["organisations"][0]["statement_lines"][0]["Amount"] == 115.0


def test_what_is_due_survives_a_restart(app, api, rita, tmp_path):
    invoice = api.invoice()
    rita.bank_line(115, PAYEE, jax="match", minutes=5)
    file = StateFile(tmp_path / "world")
    file.save(app.world)
    file.close()
    world = load(tmp_path / "world")
    organisation = world.organisation("NZ")
    assert [row["Jax"] for row in organisation.statement_lines.find("waiting", True)] == ["match"]
    assert organisation.invoices.get(invoice["InvoiceID"])["Status"] == "AUTHORISED"


def test_repeating_invoices(api, rita):
    api.contact()
    template = rita.repeat_invoice(PAYEE, 100, next_date="2026-10-31", due_date="2026-11-30")
    assert len(api.organisation.invoices) == 0
    made = [api.read(rita.run_repeating(template["RepeatingInvoiceID"])) for _ in range(2)]
    assert [row["DateString"][:10] for row in made] == ["2026-10-31", "2026-11-30"]
    assert {row["RepeatingInvoiceID"] for row in made} == {template["RepeatingInvoiceID"]}
    rows = api.get(f"Invoices/{made[0]['InvoiceID']}/History").json()["HistoryRecords"]
    assert [(row["Changes"], row["User"]) for row in rows] == [("Created", "System Generated")]
    bill = rita.repeat_invoice(PAYEE, 5, kind="ACCPAY", unit="WEEKLY", period=2, next_date="2026-09-14", status="DRAFT", number="R")
    first, second = (api.read(rita.run_repeating(bill["RepeatingInvoiceID"])) for _ in range(2))
    assert (first["Status"], first["Type"], second["DateString"][:10]) == ("DRAFT", "ACCPAY", "2026-09-28")
    for wrong in (lambda: rita.run_repeating("x"), lambda: rita.repeat_invoice(PAYEE, 5, unit="DAILY")):
        with pytest.raises(Impossible):
            wrong()


def test_created_by_my_app_is_what_no_person_wrote(api, rita):
    ours = api.invoice()
    rita.write_invoice(PAYEE, 5)
    found = api.get("Invoices", createdByMyApp="true").json()["Invoices"]
    assert [row["InvoiceID"] for row in found] == [ours["InvoiceID"]]
    assert len(api.get("Invoices").json()["Invoices"]) == 2
