"""Bank transfers between two bank accounts."""

import pytest

UNKNOWN = "11111111-1111-4111-8111-111111111111"


def send(api, amount=50, **fields):
    row = {"FromBankAccount": {"Code": "090"}, "ToBankAccount": {"Code": "091"}, "Amount": amount, "Date": "2026-09-20"}
    return api.put("BankTransfers", {"BankTransfers": [{**row, **fields}]})


def made(api, amount=50, **fields):
    answer = send(api, amount, **fields)
    assert answer.status_code == 200, answer.text
    return answer.json()["BankTransfers"][0]


def read(api, transfer):
    return api.get(f"BankTransfers/{transfer['BankTransferID']}").json()["BankTransfers"][0]


def delete(api, transfer):
    return api.post(f"BankTransfers/{transfer['BankTransferID']}", {"Status": "DELETED"})


def refusal(answer):
    assert answer.status_code == 400, answer.text
    return [error["Message"] for element in answer.json()["Elements"] for error in element["ValidationErrors"]]


def test_transfer(api):
    region = {"Name": "Region", "Option": api.organisation.region.tracking[0][1][0]}
    got = made(api, 12.34, Reference="Sweep", FromIsReconciled=True, FromTracking=[region])
    assert (got["Amount"], got["Status"], got["CurrencyRate"], got["Reference"]) == (12.34, "AUTHORISED", 1.0, "Sweep")
    assert (got["FromBankAccount"]["Code"], got["ToBankAccount"]["Code"]) == ("090", "091")
    assert (got["FromIsReconciled"], got["ToIsReconciled"]) == (True, False)
    assert (got["FromTracking"][0]["Option"], got["ToTracking"]) == (region["Option"], [])
    alone = read(api, got)
    assert (alone["HasAttachments"], alone["CurrencyRate"], alone["FromBankTransactionID"]) == (False, 1.0, got["FromBankTransactionID"])
    row = api.get("BankTransfers").json()["BankTransfers"][0]
    assert ("Code" in row["FromBankAccount"], "CurrencyRate" in row) == (False, False)
    assert api.get(f"BankTransfers/{UNKNOWN}").status_code == 404


def test_each_side_is_a_bank_transaction_that_only_reads(api, switch):
    got = made(api)
    sides = [api.get(f"BankTransactions/{got[f'{side}BankTransactionID']}").json()["BankTransactions"][0] for side in ("From", "To")]
    assert [(row["Type"], row["Total"]) for row in sides] == [("SPEND-TRANSFER", 50.0), ("RECEIVE-TRANSFER", 50.0)]
    assert "Contact" not in sides[0]
    change = api.post(f"BankTransactions/{got['FromBankTransactionID']}", {"Status": "DELETED"})
    assert (change.status_code, "see BankTransfers" in change.text) == (400, True)
    assert api.get("BankTransactions").json()["BankTransactions"] == []
    switch(transfers_listed=True)
    listed = api.get("BankTransactions", where='Type=="SPEND-TRANSFER" AND Contact.Name==null').json()["BankTransactions"]
    assert len(listed) == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Amount": 0}, "greater than 0"),
        ({"Amount": -1}, "greater than 0"),
        ({"Amount": None}, "greater than 0"),
        ({"Amount": 1.005}, "decimal places"),
        ({"ToBankAccount": {"Code": "090"}}, "must be different"),
        ({"ToBankAccount": {"Code": "200"}}, "ToBankAccount must be an active account of type BANK"),
        ({"FromBankAccount": None}, "FromBankAccount must be an active account of type BANK"),
        ({"BankTransferID": UNKNOWN}, "only created and deleted"),
        ({"FromTracking": [{"Name": "Region", "Option": "Nowhere"}]}, "tracking"),
        ({"Date": "x"}, "not a date"),
    ],
)
def test_refused(api, fields, message):
    assert message in refusal(send(api, **fields))[0]
    assert (len(api.organisation.bank_transfers), len(api.organisation.bank_transactions)) == (0, 0)


def test_errors_are_always_summarised_on_creation(api):
    good = {"FromBankAccount": {"Code": "090"}, "ToBankAccount": {"Code": "091"}, "Amount": 1}
    assert api.put("BankTransfers", {"BankTransfers": [good, {**good, "Amount": 0}]}).status_code == 400
    assert len(api.organisation.bank_transfers) == 0
    answer = api.put("BankTransfers", {"BankTransfers": [good]}, summarizeErrors="false")
    assert (answer.status_code, answer.json()["Message"].startswith("xero_simulator:")) == (400, True)


def test_deleting(api, clock):
    first, second = made(api), made(api)
    clock.advance(5)
    gone = delete(api, first).json()["BankTransfers"][0]
    assert (gone["Status"], gone["Amount"], "Date" in gone) == ("DELETED", 50.0, False)
    assert [row["BankTransferID"] for row in api.get("BankTransfers").json()["BankTransfers"]] == [second["BankTransferID"]]
    assert len(api.get("BankTransfers", includeDeleted="true").json()["BankTransfers"]) == 2
    assert read(api, first)["Status"] == "DELETED"
    side = api.get(f"BankTransactions/{first['ToBankTransactionID']}").json()["BankTransactions"][0]
    assert side["Status"] == "DELETED"
    assert "already been deleted" in refusal(delete(api, first))[0]
    assert "only created and deleted" in refusal(api.post(f"BankTransfers/{second['BankTransferID']}", {"Amount": 1}))[0]
    assert delete(api, {"BankTransferID": UNKNOWN}).status_code == 404


def test_deleting_several(api):
    rows = [{"BankTransferID": made(api)["BankTransferID"], "Status": "DELETED"} for _ in range(2)]
    answer = api.post("BankTransfers", {"BankTransfers": [*rows, rows[0]]}, summarizeErrors="false").json()["BankTransfers"]
    assert [row["StatusAttributeString"] for row in answer] == ["OK", "OK", "ERROR"]
    assert api.post("BankTransfers", {"BankTransfers": [{"Amount": 1}]}).status_code == 400


def test_reconciled(api, switch, control):
    got = made(api)
    control("organisations/NZ", {"reconcile": [got["ToBankTransactionID"]]})
    assert (read(api, got)["FromIsReconciled"], read(api, got)["ToIsReconciled"]) == (False, True)
    assert len(api.get("BankTransfers", where="ToIsReconciled==true").json()["BankTransfers"]) == 1
    assert "reconciled" in refusal(delete(api, got))[0]
    switch(reconciled_delete="allowed")
    assert delete(api, got).status_code == 200


def test_lock_date(api, control):
    got = made(api)
    control("organisations/NZ", {"period_lock_date": "2026-09-20"})
    assert "period lock date" in refusal(send(api))[0]
    assert "period lock date" in refusal(delete(api, got))[0]


def foreign(api, code, name, currency="USD"):
    api.put("Currencies", {"Code": currency})
    account = {"Code": code, "Name": name, "Type": "BANK", "BankAccountNumber": "1", "CurrencyCode": currency, "TaxType": "NONE"}
    assert api.put("Accounts", account).status_code == 200


def test_currencies(api, switch):
    foreign(api, "093", "Dollars")
    foreign(api, "094", "More dollars")
    assert made(api, FromBankAccount={"Code": "093"}, ToBankAccount={"Code": "094"})["CurrencyRate"] == 0.65
    assert "same currency" in refusal(send(api, FromBankAccount={"Code": "093"}))[0]
    switch(transfer_currencies="any")
    got = made(api, 65, FromBankAccount={"Code": "093"}, CurrencyRate=2)
    assert (got["CurrencyRate"], got["Amount"]) == (0.65, 65.0)
    side = api.get(f"BankTransactions/{got['ToBankTransactionID']}").json()["BankTransactions"][0]
    assert (side["Total"], side["CurrencyCode"]) == (100.0, "NZD")
    got = made(api, 100, ToBankAccount={"Code": "093"})
    side = api.get(f"BankTransactions/{got['ToBankTransactionID']}").json()["BankTransactions"][0]
    assert (side["Total"], side["CurrencyCode"]) == (65.0, "USD")


def test_listing_and_history(api, clock):
    made(api)
    clock.advance(5)
    got = made(api, 20)
    assert [row["Amount"] for row in api.get("BankTransfers", order="Amount ASC").json()["BankTransfers"]] == [20.0, 50.0]
    since = api.get("BankTransfers", headers={"If-Modified-Since": "2026-09-14T09:30:03"}).json()["BankTransfers"]
    assert [row["Amount"] for row in since] == [20.0]
    where = f'FromBankAccount.AccountID==guid("{got["FromBankAccount"]["AccountID"]}") AND HasAttachments==false'
    assert len(api.get("BankTransfers", where=where).json()["BankTransfers"]) == 2
    path = f"BankTransfers/{got['BankTransferID']}/History"
    assert api.put(path, {"HistoryRecords": [{"Details": "x"}]}).status_code == 200
