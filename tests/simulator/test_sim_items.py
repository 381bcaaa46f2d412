"""Items: the price list, tracked inventory, and lines that name an item."""

import pytest
from simulator_helpers import CheckedApi, line, messages

UNKNOWN = "11111111-1111-4111-8111-111111111111"
SALES = {"UnitPrice": 128.19, "AccountCode": "200"}
PURCHASE = {"UnitPrice": 98.61, "AccountCode": "300"}


def item(api, code="CHAIR", method="PUT", **fields):
    return api.send({"Code": code, **fields}, "Items", method)


def made(api, code="CHAIR", **fields):
    element = {"Name": "Chair", "Description": "A chair", "PurchaseDescription": "Chairs bought", **fields}
    row = item(api, code, **{"SalesDetails": SALES, "PurchaseDetails": PURCHASE, **element})
    assert row["StatusAttributeString"] == "OK", row
    return row


def tracked(api, code="STOCK", **fields):
    purchase = {"UnitPrice": 10, "COGSAccountCode": "310"}
    return made(api, code, InventoryAssetAccountCode="630", PurchaseDetails=purchase, **fields)


def refused(api, **fields):
    row = item(api, **fields)
    assert row["StatusAttributeString"] == "ERROR", row
    return messages(row)


def test_the_least_that_makes_an_item(api):
    row = item(api, "Item-1")
    assert (row["Code"], row["IsSold"], row["IsPurchased"], row["IsTrackedAsInventory"]) == ("Item-1", True, True, False)
    assert (row["SalesDetails"], row["PurchaseDetails"]) == ({}, {})
    assert not {"Name", "Description", "QuantityOnHand"} & set(row)


def test_the_account_brings_the_tax(api):
    row = made(api, SalesDetails={**SALES, "TaxType": "ZERORATED"})
    assert row["SalesDetails"] == {"UnitPrice": 128.19, "AccountCode": "200", "TaxType": "ZERORATED"}
    assert row["PurchaseDetails"]["TaxType"] == "INPUT2"
    again = item(api, method="POST", SalesDetails={"AccountCode": "270"})
    assert again["SalesDetails"] == {"UnitPrice": 128.19, "AccountCode": "270", "TaxType": "NONE"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"code": ""}, "Code must be given."),
        ({"code": "c" * 31}, "The length of Code must not exceed 30 characters."),
        ({"Name": "n" * 51}, "The length of Name must not exceed 50 characters."),
        ({"Description": "d" * 4001}, "must not exceed 4000"),
        ({"SalesDetails": {"AccountCode": "999"}}, "Account code '999' is not a valid code."),
        (
            {"SalesDetails": {"AccountCode": "200", "TaxType": "INPUT2"}},
            "The TaxType code 'INPUT2' cannot be used with account code '200'.",
        ),
        ({"SalesDetails": {"UnitPrice": "dear"}}, "UnitPrice is not a number: dear"),
        ({"InventoryAssetAccountCode": "200", "PurchaseDetails": {"COGSAccountCode": "310"}}, "must be of type INVENTORY"),
        ({"InventoryAssetAccountCode": "630"}, "The COGSAccountCode is required"),
        ({"PurchaseDetails": {"COGSAccountCode": "310"}}, "only applicable to the purchase details of a tracked item"),
        ({"InventoryAssetAccountCode": "630", "PurchaseDetails": {**PURCHASE, "COGSAccountCode": "310"}}, "AccountCode is not applicable"),
        ({"ItemID": UNKNOWN, "method": "POST"}, "not found"),
    ],
)
def test_refused(api, fields, message):
    assert message in refused(api, **fields)[0]
    assert len(api.organisation.items) == 0


def test_codes_are_unique(api, switch):
    first = made(api)
    assert refused(api, code="chair") == ["Price List Item with Code 'chair' already exists"]
    other = made(api, "TABLE")
    assert messages(item(api, "CHAIR", "POST", ItemID=other["ItemID"])) == ["Price List Item with Code 'CHAIR' already exists"]
    switch(item_code_case="exact")
    assert made(api, "chair")["ItemID"] != first["ItemID"]
    assert messages(item(api, "chair"))
    switch(item_exists_message="Price List Item with Code ''{code}'' already exists")
    assert refused(api, code="CHAIR") == ["Price List Item with Code ''CHAIR'' already exists"]


def test_post_updates_by_code_and_by_id(api, clock):
    first = made(api)
    clock.advance(10)
    by_code = item(api, "Chair", "POST", Name="Stool")
    assert (by_code["ItemID"], by_code["Name"], by_code["Description"]) == (first["ItemID"], "Stool", "A chair")
    assert by_code["UpdatedDateUTC"] > first["UpdatedDateUTC"]
    by_id = api.post(f"Items/{first['ItemID']}", {"Code": "SEAT"}).json()["Items"][0]
    assert (by_id["Code"], by_id["SalesDetails"]["UnitPrice"]) == ("SEAT", 128.19)
    assert api.get("Items/seat").json()["Items"][0]["ItemID"] == first["ItemID"]
    assert (api.get("Items/chair").status_code, api.post(f"Items/{UNKNOWN}", {"Code": "A"}).status_code) == (404, 400)
    assert api.put("Items", {"Items": [{"ItemID": first["ItemID"], "Code": "X"}]}).status_code == 400


def test_a_side_that_is_switched_off_is_emptied(api):
    made(api)
    row = item(api, method="POST", IsSold=False)
    assert (row["IsSold"], row["SalesDetails"], row["PurchaseDetails"]["UnitPrice"]) == (False, {}, 98.61)
    assert "Description" not in row
    row = item(api, method="POST", IsPurchased=False)
    assert row["PurchaseDetails"] == {}
    assert "PurchaseDescription" not in row


def test_prices_to_two_or_four_places(api):
    assert made(api, "A", SalesDetails={"UnitPrice": 1.23456})["SalesDetails"]["UnitPrice"] == 1.23
    row = api.send({"Code": "B", "SalesDetails": {"UnitPrice": 1.23456}}, "Items", unitdp=4)
    assert row["SalesDetails"]["UnitPrice"] == 1.2346
    assert api.get("Items/B", unitdp=4).json()["Items"][0]["SalesDetails"]["UnitPrice"] == 1.2346
    assert api.get("Items/B").json()["Items"][0]["SalesDetails"]["UnitPrice"] == 1.23


def test_batches_all_or_nothing_or_each_by_itself(api):
    rows = [{"Code": "A"}, {"Code": "A"}, {"Code": "B"}]
    whole = api.put("Items", {"Items": rows})
    assert (whole.status_code, len(whole.json()["Elements"]), len(api.organisation.items)) == (400, 1, 0)
    each = api.put("Items", {"Items": rows}, summarizeErrors="false").json()["Items"]
    assert [row["StatusAttributeString"] for row in each] == ["OK", "ERROR", "OK"]
    assert api.put("Items", {"Items": [{"Code": str(number)} for number in range(501)]}).status_code == 400


def test_listing(api, clock):
    made(api)
    clock.advance(60)
    tracked(api)
    found = api.get("Items", where="IsTrackedAsInventory==false").json()["Items"]
    assert [row["Code"] for row in found] == ["CHAIR"]
    assert api.get("Items", where='SalesDetails.AccountCode=="200"', order="Code DESC").json()["Items"][0]["Code"] == "STOCK"
    since = api.get("Items", headers={"If-Modified-Since": "2026-09-14T09:30:30"}).json()["Items"]
    assert [row["Code"] for row in since] == ["STOCK"]
    assert len(api.get("Items", page=1).json()["Items"]) == len(api.get("Items").json()["Items"])  # items have no pages


def test_delete_is_for_good(api):
    row = made(api)
    invoice = api.invoice({"ItemCode": "CHAIR", "Quantity": 1})
    answer = api.delete(f"Items/{row['ItemID']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.delete(f"Items/{row['ItemID']}").status_code == api.get("Items/CHAIR").status_code == 404
    shown = api.read(invoice)["LineItems"][0]
    assert (shown["ItemCode"], "Item" in shown) == ("CHAIR", False)
    kept = api.post(f"Invoices/{invoice['InvoiceID']}", {"LineItems": [{"LineItemID": shown["LineItemID"], "Description": "Other"}]})
    assert kept.json()["Invoices"][0]["LineItems"][0]["ItemCode"] == "CHAIR"
    assert made(api)["ItemID"] != row["ItemID"]


def test_history(api):
    row = made(api)
    path = f"Items/{row['ItemID']}/History"
    assert api.put(path, {"HistoryRecords": [{"Details": "From Odoo"}]}).status_code == 200
    assert api.get(path).json()["HistoryRecords"][0]["Details"] == "From Odoo"


def test_scopes(app, switch):
    sales = CheckedApi(app, "NZ", scopes="offline_access accounting.invoices")
    assert sales.get("Items").status_code == 200
    assert sales.put("Items", {"Items": [{"Code": "A"}]}).status_code == 401
    switch(item_write_scope="invoices")
    assert sales.put("Items", {"Items": [{"Code": "A"}]}).status_code == 200


def test_scope_to_read(app):
    reader = CheckedApi(app, "NZ", scopes="offline_access accounting.settings.read")
    assert (reader.get("Items").status_code, reader.delete(f"Items/{UNKNOWN}").status_code) == (200, 401)


def test_idempotency_key(api):
    first, second = (api.put("Items", {"Items": [{"Code": "A"}]}, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, first.json()) == (200, second.json())
    assert len(api.organisation.items) == 1


def test_state(api, control):
    made(api)
    assert control("state", method="GET").json()["organisations"][0]["items"][0]["Code"] == "CHAIR"


# --- lines ---


def test_a_line_takes_from_its_item(api):
    row = made(api)
    shown = api.invoice({"ItemCode": "chair", "Quantity": 2})["LineItems"][0]
    assert (shown["Description"], shown["UnitAmount"], shown["LineAmount"]) == ("A chair", 128.19, 256.38)
    assert (shown["AccountCode"], shown["TaxType"], shown["ItemCode"]) == ("200", "OUTPUT2", "CHAIR")
    assert shown["Item"] == {"ItemID": row["ItemID"], "Name": "Chair", "Code": "CHAIR"}
    bill = api.invoice({"ItemCode": "CHAIR"}, Type="ACCPAY")["LineItems"][0]
    assert (bill["Description"], bill["UnitAmount"], bill["AccountCode"], bill["Quantity"]) == ("Chairs bought", 98.61, "300", 1.0)
    note = api.credit_note({"ItemCode": "CHAIR"}, Type="ACCPAYCREDIT")["LineItems"][0]
    assert (note["AccountCode"], note["TaxType"]) == ("300", "INPUT2")


def test_what_the_line_says_itself_wins(api):
    made(api)
    shown = api.invoice(line(7, ItemCode="CHAIR", AccountCode="270"))["LineItems"][0]
    assert (shown["Description"], shown["UnitAmount"], shown["AccountCode"], shown["TaxType"]) == ("Work", 7.0, "270", "NONE")


def test_lines_with_items_refused(api, switch):
    assert messages(api.send(api.draft({"ItemCode": "NONE"}))) == ["Item code 'NONE' is not valid"]
    item(api, "BARE", Name="Bare")
    assert messages(api.send(api.draft(line(ItemCode="BARE", Description="")))) == ["Description must be at least 1 character."]
    switch(item_name_as_description=True)
    assert api.invoice(line(ItemCode="BARE", Description=""))["LineItems"][0]["Description"] == "Bare"
    item(api, "BARE", "POST", IsSold=False)
    assert api.invoice(line(ItemCode="BARE"))["LineItems"][0]["ItemCode"] == "BARE"
    switch(unsold_items="refused")
    assert messages(api.send(api.draft(line(ItemCode="BARE")))) == ["Item code 'BARE' is not sold"]


def test_tracked_stock(api, control):
    row = tracked(api)
    assert (row["IsTrackedAsInventory"], row["QuantityOnHand"], row["TotalCostPool"]) == (True, 0.0, 0.0)
    control("organisations/NZ", {"stock_items": {"STOCK": [2, 14]}})
    api.invoice({"ItemCode": "STOCK", "Quantity": 3, "Description": "In", "TaxType": "NONE"}, Type="ACCPAY")
    sale = api.invoice({"ItemCode": "STOCK", "Quantity": 4})
    now = api.get("Items/STOCK").json()["Items"][0]
    assert (now["QuantityOnHand"], now["TotalCostPool"]) == (1.0, 8.8)  # 44 for 5
    over = api.send(api.draft({"ItemCode": "STOCK", "Quantity": 2}))
    assert messages(over) == ["Insufficient stock. Items are eligible for backorder."]
    assert api.send(api.draft({"ItemCode": "STOCK", "Quantity": 2}), allowBackorders="true")["StatusAttributeString"] == "OK"
    assert api.send(api.draft({"ItemCode": "STOCK", "Quantity": 9}, Status="DRAFT"))["StatusAttributeString"] == "OK"
    assert api.delete(f"Items/{row['ItemID']}").status_code == 400
    api.send({"InvoiceID": sale["InvoiceID"], "Status": "VOIDED"}, method="POST")
    assert api.get("Items/STOCK").json()["Items"][0]["QuantityOnHand"] == 3.0
    assert control("organisations/NZ", {"stock_items": {"CHAIR": [1, 1]}}).status_code == 400
