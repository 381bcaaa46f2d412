"""What a document's chatter names of a change that was sent."""

import pytest
from xero_core.differing import changed_fields, folded

LINE = {"Description": "Desk", "UnitAmount": "10.00", "TaxType": "OUTPUT"}
CREATED = {"InvoiceNumber": "INV/1", "Contact": {"ContactID": "a"}, "Date": "2026-10-01", "DueDate": "2026-11-30", "LineItems": [LINE]}
UPDATED = {"InvoiceID": "x", "Contact": {"ContactID": "a"}, "Date": "2026-10-01", "DueDate": "2026-11-30", "Reference": ""}
ROW = {"LineItemID": "1", "DiscountRate": "0.0", "Tracking": [], **LINE}


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({}, []),
        ({"DueDate": "2026-12-15"}, ["DueDate"]),
        ({"Contact": {"ContactID": "b"}}, ["Contact"]),
        ({"Reference": "PO 7"}, ["Reference"]),
        ({"LineItems": [{**ROW, "UnitAmount": "11.00"}]}, ["LineItems"]),
        ({"LineItems": [ROW, LINE]}, ["LineItems"]),
        ({"Date": "2026-10-02", "LineItems": []}, ["Date", "LineItems"]),
    ],
)
def test_changed_fields(changed, names):
    after = {**UPDATED, "LineItems": [ROW], **changed}
    assert [name for name in changed_fields(CREATED, after) if name != "InvoiceID"] == names


def test_what_is_not_sent_has_not_changed():
    after = {name: value for name, value in CREATED.items() if name not in ("DueDate", "InvoiceNumber")}
    assert changed_fields(CREATED, after) == []


def test_nothing_is_said_of_traces():
    assert changed_fields({"xero_id": "x"}, {**UPDATED, "LineItems": [ROW]}) == []


def test_partial_updates_are_folded():
    told = folded([CREATED, {"InvoiceID": "x", "Reference": "PO 7"}])
    assert changed_fields(told, {"Reference": "PO 7", "LineItems": [{**ROW, "UnitAmount": "12.00"}]}) == ["LineItems"]


@pytest.mark.parametrize("gap", [None, {"xero_id": "x"}])
def test_what_was_before_a_gap_says_nothing(gap):
    assert folded([CREATED, gap]) == {}
