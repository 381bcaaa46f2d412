"""What each kind of document books: known answers, computed by hand. New Zealand: GST 15 %, account 820; rounding 860, gains 499."""

from datetime import date

import pytest
from ledger_helpers import balances, foreign
from simulator_helpers import line

from xero_simulator.app import create_app
from xero_simulator.regions import REGIONS

BILL = {"Type": "ACCPAY", "InvoiceNumber": "B1"}
USD = {"CurrencyCode": "USD", "CurrencyRate": 0.7}


def journal(api, *lines, **fields):
    element = {"Narration": "Correction", "Date": "2026-09-30", "Status": "POSTED", "JournalLines": list(lines), **fields}
    return api.send(element, "ManualJournals")


def bank(api, kind, *lines, **fields):
    element = {"Type": kind, "Contact": {"ContactID": api.contact_id()}, "BankAccount": {"Code": "090"}, "Date": "2026-09-20"}
    made = api.send({**element, "LineItems": list(lines), **fields}, "BankTransactions")
    assert made["StatusAttributeString"] == "OK", made
    return made


def allocate(api, path, key, invoice, amount):
    answer = api.put(f"{path}/{key}/Allocations", {"Allocations": [{"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": amount}]})
    assert answer.status_code == 200, answer.text
    return answer.json()["Allocations"][0]


@pytest.fixture
def dollars(api, control):
    """A bank account in US dollars, code 092."""
    control("organisations/NZ", {"currencies": ["USD"]})
    account = {"Code": "092", "Name": "Dollars", "Type": "BANK", "BankAccountNumber": "9", "CurrencyCode": "USD"}
    assert api.put("Accounts", {"Accounts": [account]}).status_code == 200


# --- invoices, bills, credit notes -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("Exclusive", {"610": "115.00", "200": "-100.00", "820": "-15.00"}),
        ("Inclusive", {"610": "100.00", "200": "-86.96", "820": "-13.04"}),
        ("NoTax", {"610": "100.00", "200": "-100.00"}),
    ],
)
def test_invoice(api, types, expected):
    api.invoice(line(100), LineAmountTypes=types)
    assert balances(api) == expected


def test_lines_on_several_accounts_and_rates(api):
    api.invoice(line(100), line(50, AccountCode="260", TaxType="ZERORATED"), line(-10))
    assert balances(api) == {"610": "153.50", "200": "-90.00", "260": "-50.00", "820": "-13.50"}


def test_tax_that_was_typed(api):
    api.invoice(line(100, TaxAmount="14.99"))
    assert balances(api) == {"610": "114.99", "200": "-100.00", "820": "-14.99"}


def test_bill(api):
    api.invoice(line(200, AccountCode="400"), **BILL)
    assert balances(api) == {"400": "200.00", "820": "30.00", "800": "-230.00"}


@pytest.mark.parametrize(("kind", "expected"), [("ACCRECCREDIT", ("200", "610", "1")), ("ACCPAYCREDIT", ("400", "800", "-1"))])
def test_credit_note(api, kind, expected):
    account, control, sign = expected
    api.credit_note(line(100, AccountCode=account), Type=kind)
    amounts = {"1": ("100.00", "15.00", "-115.00"), "-1": ("-100.00", "-15.00", "115.00")}[sign]
    assert balances(api) == dict(zip((account, "820", control), amounts, strict=True))


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED"])
def test_only_what_is_approved(api, status):
    made = api.invoice(Status=status)
    assert balances(api) == {}
    api.send({"InvoiceID": made["InvoiceID"], "Status": "AUTHORISED"}, method="POST")
    assert balances(api)["610"] == "115.00"


def test_voided_is_taken_back_on_its_own_day(api):
    made = api.invoice()
    before = balances(api, date(2026, 9, 14))
    api.send({"InvoiceID": made["InvoiceID"], "Status": "VOIDED"}, method="POST")
    assert before and balances(api, date(2026, 9, 14)) == balances(api) == {}


def test_before_its_day_it_is_not_there(api):
    api.invoice()
    assert balances(api, date(2026, 9, 13)) == {}


# --- payments, refunds, allocations ----------------------------------------------------------------


def test_payment_and_its_deletion(api):
    payment = api.payment(api.invoice(), "40.00")
    assert balances(api) == {"090": "40.00", "610": "75.00", "200": "-100.00", "820": "-15.00"}
    assert balances(api, date(2026, 9, 19))["610"] == "115.00"
    api.post(f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert balances(api) == {"610": "115.00", "200": "-100.00", "820": "-15.00"}


def test_bill_paid(api):
    api.payment(api.invoice(line(200, AccountCode="400"), **BILL), 230)
    assert balances(api) == {"400": "200.00", "820": "30.00", "090": "-230.00"}


def test_refund_of_a_credit_note(api):
    note = api.credit_note(line(100))
    api.send(
        {"CreditNote": {"CreditNoteID": note["CreditNoteID"]}, "Account": {"Code": "090"}, "Amount": 115, "Date": "2026-09-21"}, "Payments"
    )
    assert balances(api) == {"200": "100.00", "820": "15.00", "090": "-115.00"}


def test_payment_to_an_account_that_is_no_bank(api):
    api.payment(api.invoice(), 115, Account={"Code": "980"})
    assert balances(api) == {"980": "115.00", "200": "-100.00", "820": "-15.00"}


def test_batch_payment(api):
    made = [api.invoice(), api.invoice(line(10))]
    rows = [{"Invoice": {"InvoiceID": one["InvoiceID"]}, "Amount": one["Total"]} for one in made]
    api.send({"Account": {"Code": "090"}, "Date": "2026-09-20", "Payments": rows}, "BatchPayments")
    assert balances(api) == {"090": "126.50", "200": "-110.00", "820": "-16.50"}


def test_allocation_in_one_currency_books_nothing(api):
    invoice, note = api.invoice(), api.credit_note(line(50))
    before = balances(api)
    allocate(api, "CreditNotes", note["CreditNoteID"], invoice, 57.5)
    assert balances(api) == before == {"610": "57.50", "200": "-50.00", "820": "-7.50"}


# --- foreign currency ------------------------------------------------------------------------------


def test_cents_of_the_conversion_go_to_rounding(api, dollars):
    """0.01 / 0.7 = 0.014.. -> 0.01 a line, three of them; the total 0.03 / 0.7 = 0.043 -> 0.04."""
    api.invoice(*(line("0.01") for _ in range(3)), LineAmountTypes="NoTax", **USD)
    assert balances(api) == {"610": "0.04", "200": "-0.03", "860": "-0.01"}


def test_gain_on_a_payment(api, dollars):
    """Invoiced 115 / 0.7 = 164.29; the bank got 170.00: 5.71 are gained."""
    api.payment(api.invoice(**USD), 115, BankAmount=170)
    assert balances(api) == {"090": "170.00", "200": "-142.86", "820": "-21.43", "499": "-5.71"}


def test_loss_on_a_bill_paid_from_a_bank_in_its_currency(api, dollars):
    """Billed 230 / 0.7 = 328.57; paid at 0.65 it costs 353.85: 25.28 are lost."""
    bill = api.invoice(line(200, AccountCode="400"), **BILL, **USD)
    api.payment(bill, 230, Account={"Code": "092"}, CurrencyRate=0.65)
    assert balances(api) == {"400": "285.71", "820": "42.86", "092": "-353.85", "499": "25.28"}
    assert foreign(api, "092") == "-230.00"


def test_parts_of_a_foreign_invoice_leave_no_cent(api, dollars):
    """100 / 0.7 = 142.86, but 47.61 + 47.61 + 47.63 in the bank: nothing stays open, the cent is a loss."""
    invoice = api.invoice(line(100, TaxType="NONE"), **USD)
    for amount in (33.33, 33.33, 33.34):
        api.payment(invoice, amount, CurrencyRate=0.7)
    assert balances(api) == {"090": "142.85", "200": "-142.86", "499": "0.01"}


def test_order_of_days_not_of_writing(api, dollars):
    """66.67 USD were paid first, though written down last: 47.61 stay open of 142.86."""
    invoice = api.invoice(line(100, TaxType="NONE"), **USD)
    api.payment(invoice, 33.33, Date="2026-09-25")
    api.payment(invoice, 66.67, Date="2026-09-20")
    assert balances(api, date(2026, 9, 20))["610"] == "47.61"


def test_allocation_between_two_rates(api, dollars):
    """The note gives up 57.50 / 0.7 = 82.14; of the invoice 57.50 / 0.8 = 71.88 stay of 143.75: it loses 71.87, and 10.27 are gained."""
    invoice = api.invoice(CurrencyCode="USD", CurrencyRate=0.8)
    note = api.credit_note(line(50), **USD)
    allocate(api, "CreditNotes", note["CreditNoteID"], invoice, 57.5)
    found = balances(api)
    assert (found["610"], found["499"]) == ("71.88", "-10.27")


def test_transfer_between_currencies(api, dollars, switch):
    """100 NZD buy 65 USD at the day's rate."""
    switch(transfer_currencies="any")
    element = {"FromBankAccount": {"Code": "090"}, "ToBankAccount": {"Code": "092"}, "Amount": 100, "Date": "2026-09-20"}
    made = api.put("BankTransfers", {"BankTransfers": [element]}).json()["BankTransfers"][0]
    assert balances(api) == {"090": "-100.00", "092": "100.00"}
    assert foreign(api, "092") == "65.00"
    api.post(f"BankTransfers/{made['BankTransferID']}", {"Status": "DELETED"})
    assert balances(api) == {}


# --- bank transactions, over- and prepayments ------------------------------------------------------


def test_money_received_and_spent(api):
    bank(api, "RECEIVE", line(115))
    bank(api, "SPEND", line(23, AccountCode="404", TaxType="NONE"))
    assert balances(api) == {"090": "92.00", "200": "-100.00", "820": "-15.00", "404": "23.00"}


def test_money_received_in_foreign_currency(api, dollars):
    bank(api, "RECEIVE", line(70, TaxType="NONE"), BankAccount={"Code": "092"}, CurrencyRate=0.7)
    assert (balances(api), foreign(api, "092")) == ({"092": "100.00", "200": "-100.00"}, "70.00")


def test_overpayment_allocated_and_refunded(api):
    made = bank(api, "RECEIVE-OVERPAYMENT", {"Description": "Too much", "UnitAmount": 200})
    assert balances(api) == {"090": "200.00", "610": "-200.00"}
    allocate(api, "Overpayments", made["OverpaymentID"], api.invoice(), 115)
    assert balances(api) == {"090": "200.00", "610": "-85.00", "200": "-100.00", "820": "-15.00"}
    refund = {"Overpayment": {"OverpaymentID": made["OverpaymentID"]}, "Account": {"Code": "090"}, "Amount": 85, "Date": "2026-09-25"}
    api.send(refund, "Payments")
    assert balances(api) == {"090": "115.00", "200": "-100.00", "820": "-15.00"}


def test_prepayment_stands_on_its_line_until_it_is_allocated(api):
    """With its tax: 23 incl. 3 GST; the half goes to the invoice, the half back to the customer."""
    made = bank(api, "RECEIVE-PREPAYMENT", line(23, AccountCode="620", TaxType="OUTPUT2"))
    assert balances(api) == {"090": "23.00", "620": "-20.00", "820": "-3.00"}
    allocate(api, "Prepayments", made["PrepaymentID"], api.invoice(line(10)), 11.5)
    assert balances(api) == {"090": "23.00", "620": "-10.00", "200": "-10.00", "820": "-3.00"}
    refund = {"Prepayment": {"PrepaymentID": made["PrepaymentID"]}, "Account": {"Code": "090"}, "Amount": 11.5, "Date": "2026-09-25"}
    api.send(refund, "Payments")
    assert balances(api) == {"090": "11.50", "200": "-10.00", "820": "-1.50"}


def test_prepayment_to_a_supplier(api):
    made = bank(api, "SPEND-PREPAYMENT", line(23, AccountCode="620", TaxType="INPUT2"))
    assert balances(api) == {"090": "-23.00", "620": "20.00", "820": "3.00"}
    allocate(api, "Prepayments", made["PrepaymentID"], api.invoice(line(10, AccountCode="400"), **BILL), 11.5)
    assert balances(api) == {"090": "-23.00", "620": "10.00", "400": "10.00", "820": "3.00"}


def test_overpayment_in_foreign_currency_to_a_bank_in_base(api, dollars):
    bank(api, "RECEIVE-OVERPAYMENT", {"Description": "Too much", "UnitAmount": 70}, **USD)
    assert (balances(api), foreign(api, "090")) == ({"090": "100.00", "610": "-100.00"}, "100.00")


def test_voided_prepaid(api, control):
    made = bank(api, "SPEND-OVERPAYMENT", {"Description": "Too much", "UnitAmount": 200})
    assert balances(api) == {"090": "-200.00", "800": "200.00"}
    control("organisations/NZ", {"void_prepaid": [made["BankTransactionID"]]})
    assert balances(api) == {}


# --- journals, stock, years ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("types", "amounts", "expected"),
    [
        ("NoTax", (100, -100), {"400": "100.00", "850": "-100.00"}),
        ("Exclusive", (100, -115), {"400": "100.00", "820": "15.00", "850": "-115.00"}),
        ("Inclusive", (115, -115), {"400": "100.00", "820": "15.00", "850": "-115.00"}),
    ],
)
def test_journal(api, types, amounts, expected):
    debit, credit = amounts
    journal(
        api,
        {"LineAmount": debit, "AccountCode": "400", "TaxType": "NONE" if types == "NoTax" else "INPUT2"},
        {"LineAmount": credit, "AccountCode": "850", "TaxType": "NONE"},
        LineAmountTypes=types,
    )
    assert balances(api) == expected


def test_journal_drafted_and_voided(api):
    lines = ({"LineAmount": 5, "AccountCode": "400"}, {"LineAmount": -5, "AccountCode": "850"})
    made = journal(api, *lines, Status="DRAFT")
    assert balances(api) == {}
    api.send({"ManualJournalID": made["ManualJournalID"], "Status": "POSTED"}, "ManualJournals", "POST")
    assert balances(api) == {"400": "5.00", "850": "-5.00"}
    api.send({"ManualJournalID": made["ManualJournalID"], "Status": "VOIDED"}, "ManualJournals", "POST")
    assert balances(api) == {}


def test_stock(api, control):
    """3 for 30 at the start, 1 more bought for 12: each costs 10.50; two are sold, one is given back by the customer."""
    details = {"PurchaseDetails": {"COGSAccountCode": "310"}, "InventoryAssetAccountCode": "630"}
    api.put("Items", {"Items": [{"Code": "STOCK", **details}]})
    control("organisations/NZ", {"stock_items": {"STOCK": [3, 30]}})
    assert balances(api) == {"630": "30.00", "840": "-30.00"}
    item = {"Description": "A box", "ItemCode": "STOCK", "TaxType": "NONE"}
    api.invoice({**item, "Quantity": 1, "UnitAmount": 12}, **BILL)
    api.invoice({**item, "Quantity": 2, "UnitAmount": 20, "AccountCode": "200"})
    api.credit_note({**item, "Quantity": 1, "UnitAmount": 20, "AccountCode": "200"})
    expected = {"630": "31.50", "840": "-30.00", "800": "-12.00", "610": "20.00", "200": "-20.00", "310": "10.50"}
    assert balances(api) == expected
    assert api.get("Items/STOCK").json()["Items"][0]["TotalCostPool"] == 31.5


def test_income_of_past_years_is_retained(api):
    """New Zealand's year ends on 31 March."""
    api.invoice(Date="2026-03-31", DueDate="2026-03-31")
    api.invoice(line(10), Date="2026-04-01")
    assert balances(api, date(2026, 3, 31)) == {"610": "115.00", "200": "-100.00", "820": "-15.00"}
    assert balances(api, date(2026, 4, 1)) == {"610": "126.50", "200": "-10.00", "820": "-16.50", "960": "-100.00"}


@pytest.mark.parametrize("country", REGIONS)
def test_every_chart_has_what_the_ledger_books_to(country):
    found = create_app((country,)).world.organisation(country)
    needed = {"DEBTORS", "CREDITORS", "GST", "ROUNDING", "REALISEDCURRENCYGAIN", "BANKCURRENCYGAIN", "RETAINEDEARNINGS", "HISTORICAL"}
    systems = [account["SystemAccount"] for account in found.accounts if account["SystemAccount"]]
    assert needed <= set(systems) and len(systems) == len(set(systems))


# --- cash basis ------------------------------------------------------------------------------------


def test_on_a_cash_basis_only_what_is_paid_counts(api):
    invoice = api.invoice(line(100), line(50, AccountCode="260", TaxType="NONE"))
    assert balances(api, cash=True) == {}
    api.payment(invoice, 33)
    assert balances(api, cash=True) == {"090": "33.00", "200": "-20.00", "260": "-10.00", "820": "-3.00"}
    allocate(api, "CreditNotes", api.credit_note(line(20))["CreditNoteID"], invoice, 23)
    api.payment(invoice, 109)
    assert balances(api, cash=True) == {"090": "142.00", "200": "-80.00", "260": "-50.00", "820": "-12.00"}
    assert balances(api, cash=True) == balances(api)


def test_cents_of_a_share_are_on_the_largest_part(api):
    """Of 1 + 1 + 8 are 5.05 due: 0.51 + 0.51 + 4.03."""
    rows = [line(amount, AccountCode=code, TaxType="NONE") for amount, code in ((1, "260"), (1, "270"), (8, "200"))]
    api.payment(api.invoice(*rows), 4.95)
    assert balances(api, cash=True) == {"090": "4.95", "260": "-0.49", "270": "-0.49", "200": "-3.97"}


@pytest.mark.parametrize("cash", [False, True])
def test_what_comes_to_nothing_needs_no_payment(api, cash):
    api.invoice(line(100), line(-100, AccountCode="260"))
    assert balances(api, cash=cash) == {"200": "-100.00", "260": "100.00"}


def test_journals_stay_out_of_cash_reports_if_they_say_so(api):
    lines = ({"LineAmount": 5, "AccountCode": "400"}, {"LineAmount": -5, "AccountCode": "850"})
    journal(api, *lines, ShowOnCashBasisReports=False)
    assert (balances(api, cash=True), balances(api)["400"]) == ({}, "5.00")


def test_what_each_document_books(api, control):
    """The control plane says it by source, and it adds up to the balances."""
    invoice = api.invoice()
    api.payment(invoice, 15)
    found = control("organisations/NZ/entries", method="GET").json()
    assert found["currency"] == "NZD"
    assert {(entry["source"], entry["source_id"]) for entry in found["entries"]} == {
        ("Invoice", invoice["InvoiceID"]),
        ("Payment", next(iter(api.organisation.payments))["PaymentID"]),
    }
    sums = {}
    for entry in found["entries"]:
        sums[entry["account_id"]] = sums.get(entry["account_id"], 0) + entry["amount"]
    rows = control("organisations/NZ/balances?date=2030-12-31", method="GET").json()["accounts"]
    assert {row["account_id"]: row["balance"] for row in rows if row["class"] == "ASSET"}.items() <= sums.items()
    assert {entry["contact_id"] for entry in found["entries"]} == {invoice["Contact"]["ContactID"]}


def test_entries_take_no_parameters(control):
    assert control("organisations/NZ/entries?date=2026-09-30", method="GET").status_code == 400
    assert control("organisations/NZ/nothing", method="GET").status_code == 404
