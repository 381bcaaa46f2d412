"""Bank transactions: money spent and received."""

import pytest
from simulator_helpers import line, messages

from xero_simulator.testing import Api

UNKNOWN = "11111111-1111-4111-8111-111111111111"
RECONCILED = "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."


def draft(api, *lines, **fields):
    element = {
        "Type": "RECEIVE",
        "Contact": {"ContactID": api.contact_id()},
        "BankAccount": {"Code": "090"},
        "Date": "2026-09-14",
        "LineItems": list(lines) or [line(115)],
    }
    return {**element, **fields}


def send(api, *lines, **fields):
    return api.send(draft(api, *lines, **fields), "BankTransactions")


def made(api, *lines, **fields):
    answer = send(api, *lines, **fields)
    assert answer["StatusAttributeString"] == "OK", answer
    return answer


def update(api, transaction, **fields):
    return api.send({"BankTransactionID": transaction["BankTransactionID"], **fields}, "BankTransactions", "POST")


def read(api, transaction):
    return api.get(f"BankTransactions/{transaction['BankTransactionID']}").json()["BankTransactions"][0]


def test_received_money(api):
    got = made(api, Reference="R1", Url="https://odoo.example.com/1")
    assert (got["Type"], got["Status"], got["LineAmountTypes"], got["IsReconciled"]) == ("RECEIVE", "AUTHORISED", "Inclusive", False)
    assert (got["SubTotal"], got["TotalTax"], got["Total"]) == (100.0, 15.0, 115.0)
    assert (got["BankAccount"]["Code"], got["CurrencyCode"], got["CurrencyRate"]) == ("090", "NZD", 1.0)
    assert got["Contact"]["ContactStatus"] == "ACTIVE"
    assert (got["LineItems"][0]["TaxType"], got["Reference"]) == ("OUTPUT2", "R1")
    assert {"LineItemID", "AccountID", "ValidationErrors"} <= set(got["LineItems"][0])
    alone = read(api, got)
    assert (alone["HasAttachments"], alone["Url"], alone["Total"]) == (False, "https://odoo.example.com/1", 115.0)
    assert api.get(f"BankTransactions/{UNKNOWN}").status_code == 404


def test_spent_money_line_by_line(api):
    account = api.organisation.account_by_code("091")
    lines = [line(25.06, AccountCode="400"), line(25.61, AccountCode="400"), line(25.63, AccountCode="404")]
    got = made(api, *lines, Type="SPEND", LineAmountTypes="Exclusive", BankAccount={"AccountID": account["AccountID"]})
    assert [row["TaxAmount"] for row in got["LineItems"]] == [3.76, 3.84, 0.0]
    assert (got["SubTotal"], got["Total"], got["BankAccount"]["Name"]) == (76.3, 83.9, "Business Savings Account")
    assert api.send(draft(api, line(0.3333, Quantity=300)), "BankTransactions", unitdp=4)["Total"] == 99.99


def test_negative_lines_within_a_positive_total(api):
    assert made(api, line(100), line(-20))["Total"] == 80.0
    assert messages(send(api, line(100), line(-100))) == ["The total of a bank transaction must be greater than 0."]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Type": "TAKE"}, "is not one of"),
        ({"Type": None}, "Type must be given"),
        ({"Type": "SPEND-TRANSFER"}, "see BankTransfers"),
        ({"Contact": None}, "A Contact must be specified"),
        ({"BankAccount": None}, "of type BANK"),
        ({"BankAccount": {"Code": "200"}}, "of type BANK"),
        ({"BankAccount": {"Code": "970"}}, "of type BANK"),
        ({"BankAccount": {"AccountID": UNKNOWN}}, "of type BANK"),
        ({"LineItems": []}, "One or more line items"),
        ({"LineItems": [line(1, Quantity=0)]}, "Quantity"),
        ({"LineItems": [line(1, Quantity=-1)]}, "Quantity"),
        ({"LineItems": [line(0)]}, "UnitAmount"),
        ({"LineItems": [line(10, DiscountRate=10)]}, "Discounts are not supported"),
        ({"LineItems": [line(10, AccountCode="610")]}, "Account code '610' is not a valid code"),
        ({"LineItems": [line(10, LineAmount=11)]}, "does not match the expected line total"),
        ({"LineItems": [line(115, TaxAmount=14)]}, "Tax amount 14 is incorrect for OUTPUT2 tax type, should be 15.00"),
        ({"Status": "DELETED"}, "AUTHORISED or DELETED"),
        ({"Status": "DRAFT"}, "AUTHORISED or DELETED"),
        ({"Url": "ftp://x"}, "Url is not valid"),
    ],
)
def test_refused(api, fields, message):
    refused = send(api, **fields)
    assert refused["StatusAttributeString"] == "ERROR"
    assert any(message in text for text in messages(refused)), messages(refused)
    assert len(api.organisation.bank_transactions) == 0


def test_right_tax_amount_is_taken(api):
    assert made(api, line(115, TaxAmount=15))["TotalTax"] == 15.0


def test_archived_bank_account(api, control):
    control("organisations/NZ", {"archive_accounts": ["091"]})
    assert "active account" in messages(send(api, BankAccount={"Code": "091"}))[0]


def test_update_in_part(api, clock):
    got = made(api, line(115), line(23))
    first, second = got["LineItems"]
    clock.advance(5)
    changed = update(api, got, Reference="later", LineItems=[{"LineItemID": second["LineItemID"], "UnitAmount": 46}, line(1)])
    assert (changed["Total"], changed["Reference"]) == (47.0, "later")
    assert first["LineItemID"] not in [row["LineItemID"] for row in changed["LineItems"]]
    assert changed["UpdatedDateUTC"] != got["UpdatedDateUTC"]
    assert update(api, got, LineAmountTypes="Exclusive")["Total"] == 54.05
    assert update(api, got, BankAccount={"Code": "091"})["BankAccount"]["Code"] == "091"
    assert "Type" in messages(update(api, got, Type="SPEND"))[0]
    alone = api.post(f"BankTransactions/{got['BankTransactionID']}", {"Reference": "by id"})
    assert alone.json()["BankTransactions"][0]["Reference"] == "by id"
    assert "not found" in messages(api.send({"BankTransactionID": UNKNOWN}, "BankTransactions", "POST"))[0]
    assert api.put("BankTransactions", {"BankTransactions": [{"BankTransactionID": UNKNOWN}]}).status_code == 400


def test_post_without_id_creates(api):
    assert api.send(draft(api), "BankTransactions", "POST")["StatusAttributeString"] == "OK"


def test_delete_is_the_end(api):
    got = made(api)
    gone = update(api, got, Status="DELETED")
    assert (gone["Status"], gone["Total"]) == ("DELETED", 115.0)
    assert "cannot be changed" in messages(update(api, got, Reference="x"))[0]
    assert "cannot be changed" in messages(update(api, got, Status="DELETED"))[0]
    assert api.get("BankTransactions", where='Status=="AUTHORISED"').json()["BankTransactions"] == []
    assert len(api.get("BankTransactions").json()["BankTransactions"]) == 1


def test_reconciled(api, switch, control):
    got = made(api, IsReconciled=True)
    assert got["IsReconciled"] is True
    for change in ({"Reference": "x"}, {"IsReconciled": False}, {"Status": "DELETED"}):
        assert messages(update(api, got, **change)) == [RECONCILED]
    switch(reconciled_edit="allowed")
    assert update(api, got, Reference="x")["Reference"] == "x"
    assert messages(update(api, got, Status="DELETED")) == [RECONCILED]
    switch(reconciled_delete="allowed")
    assert update(api, got, Status="DELETED")["Status"] == "DELETED"
    other = made(api)
    control("organisations/NZ", {"reconcile": [other["BankTransactionID"]]})
    assert read(api, other)["IsReconciled"] is True
    control("organisations/NZ", {"unreconcile": [other["BankTransactionID"]]})
    assert read(api, other)["IsReconciled"] is False
    assert control("organisations/NZ", {"reconcile": [UNKNOWN]}).status_code == 400


def test_lock_dates(api, control):
    got = made(api)
    control("organisations/NZ", {"period_lock_date": "2026-09-14"})
    for refused in (send(api), update(api, got, Reference="x"), update(api, got, Status="DELETED")):
        assert messages(refused)[0].startswith("The document date cannot be before the period lock date")
    later = made(api, Date="2026-09-15")
    assert "lock date" in messages(update(api, later, Date="2026-09-01"))[0]


def usd_account(api, control):
    control("organisations/NZ", {"currencies": ["USD", "EUR"]})
    account = {"Code": "093", "Name": "Dollars", "Type": "BANK", "BankAccountNumber": "1", "CurrencyCode": "USD", "TaxType": "NONE"}
    assert api.put("Accounts", account).status_code == 200
    return {"Code": "093"}


def test_currency_is_that_of_the_bank_account(api, control, switch):
    account = usd_account(api, control)
    got = made(api, BankAccount=account)
    assert (got["CurrencyCode"], got["CurrencyRate"]) == ("USD", 0.65)
    assert made(api, BankAccount=account, CurrencyRate=0.7)["CurrencyRate"] == 0.7
    assert made(api, CurrencyCode="USD")["CurrencyCode"] == "NZD"
    switch(transaction_currency="refused")
    assert "currency" in messages(send(api, CurrencyCode="USD"))[0]
    assert "currency" in messages(update(api, got, BankAccount={"Code": "090"}))[0]
    suspicious = send(api, BankAccount=account, CurrencyRate=100)
    assert suspicious["StatusAttributeString"] == "WARNING"
    assert "differs significantly" in suspicious["Warnings"][0]["Message"]


def test_listing(api, switch, clock):
    first = made(api, Reference="one")
    clock.advance(5)
    second = made(api, Type="SPEND", LineItems=[line(5, AccountCode="400")])
    plain = api.get("BankTransactions").json()["BankTransactions"]
    assert ([row["LineItems"] for row in plain], "ContactStatus" in plain[0]["Contact"]) == ([[], []], False)
    page = api.get("BankTransactions", page=1, pageSize=1).json()
    assert (page["pagination"]["itemCount"], len(page["BankTransactions"][0]["LineItems"])) == (2, 1)
    account = first["BankAccount"]["AccountID"]
    for where, count in (
        ('Type=="SPEND"', 1),
        (f'BankAccount.AccountID==guid("{account}")', 2),
        ('BankAccount.Code=="090" AND Total>100', 1),
        ("Date>=DateTime(2026,9,14) AND IsReconciled==false", 2),
        (f'Contact.ContactID==guid("{api.contact_id()}")', 2),
        ('Contact.Name=="Ridgeway University"', 2),
        ("OverpaymentID==null", 2),
        ('Reference=="one"', 0),
    ):
        assert len(api.get("BankTransactions", where=where).json()["BankTransactions"]) == count, where
    switch(bank_reference_filter="works")
    assert len(api.get("BankTransactions", where='Reference=="one"').json()["BankTransactions"]) == 1
    since = api.get("BankTransactions", headers={"If-Modified-Since": "2026-09-14T09:30:04"}).json()["BankTransactions"]
    assert [row["BankTransactionID"] for row in since] == [second["BankTransactionID"]]


def test_batch_of_good_and_bad(api):
    good, bad = draft(api, Reference="good"), draft(api, Type="TAKE")
    assert api.put("BankTransactions", {"BankTransactions": [good, bad]}).status_code == 400
    assert len(api.organisation.bank_transactions) == 0
    answer = api.put("BankTransactions", {"BankTransactions": [good, bad]}, summarizeErrors="false").json()["BankTransactions"]
    assert [row["StatusAttributeString"] for row in answer] == ["OK", "ERROR"]
    assert len(api.organisation.bank_transactions) == 1


def test_same_key_same_answer(api):
    body = {"BankTransactions": [draft(api)]}
    first, again = (api.put("BankTransactions", body, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.text, len(api.organisation.bank_transactions)) == (again.text, 1)


def test_faults_after_the_work(api, control):
    control("faults", {"faults": [{"kind": "error_500_after", "method": "PUT", "path": "/BankTransactions$"}]})
    assert api.put("BankTransactions", {"BankTransactions": [draft(api)]}).status_code == 500
    assert len(api.organisation.bank_transactions) == 1


def test_scope(app):
    reader = Api(app, "NZ", "accounting.banktransactions.read accounting.contacts")
    assert reader.get("BankTransactions").status_code == 200
    assert reader.get("BankTransfers").status_code == 200
    assert reader.put("BankTransactions", {"BankTransactions": [{}]}).status_code == 401
    assert reader.get("BatchPayments").status_code == 401


def test_scope_of_payments(app):
    payer = Api(app, "NZ", "accounting.payments")
    assert payer.get("BankTransactions").status_code == 401
    assert [payer.get(path).status_code for path in ("BatchPayments", "Overpayments", "Prepayments")] == [200, 200, 200]


def test_history_and_state(api, control):
    path = f"BankTransactions/{made(api)['BankTransactionID']}/History"
    assert api.put(path, {"HistoryRecords": [{"Details": "note"}]}).status_code == 200
    assert api.get(path).json()["HistoryRecords"][0]["Details"] == "note"
    held = control("state", method="GET").json()["organisations"][0]
    assert (len(held["bank_transactions"]), held["overpayments"], held["prepayments"]) == (1, [], [])
    assert (held["batch_payments"], held["bank_transfers"]) == ([], [])
