"""What a support file keeps, and what it must not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xero_core.pseudonyms import Pseudonyms

GUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
INVOICE = {
    "InvoiceNumber": "INV/2026/0001",
    "Type": "ACCREC",
    "Status": "AUTHORISED",
    "Date": "2026-10-01",
    "UpdatedDateUTC": "/Date(1761955200000+0000)/",
    "Total": 110.0,
    "SentToContact": False,
    "LineAmountTypes": "Exclusive",
    "Contact": {"ContactID": GUID, "Name": "Zebedee Quux", "EmailAddress": "zeb@quux.example", "TaxNumber": "51824753556"},
    "LineItems": [{"Description": "Knee of Zebedee", "AccountCode": "200", "TaxType": "OUTPUT", "LineAmount": "100.00", "UnitAmount": 100}],
    "Reference": "of Zebedee's mother",
    "Url": "https://quux.example/odoo/1",
    "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "0412 345 678"}, {"number": "0412345678"}],
    "BankAccountDetails": "062-000 12345678",
}
PRIVATE = ("zebedee", "quux", "51824753556", "0412", "12345678", "knee", "mother")


def test_what_is_kept_and_what_is_not():
    told = json.dumps(Pseudonyms().value(INVOICE)).lower()
    for kept in ("inv/2026/0001", "accrec", "authorised", "2026-10-01", "/date(1761955200000", "110.0", "exclusive", GUID, "200", "output"):
        assert kept in told
    for private in PRIVATE:
        assert private not in told


def test_the_same_text_has_the_same_name():
    names = Pseudonyms()
    assert names.name("Zebedee Quux") == names.value({"Name": "zebedee  quux"})["Name"] != names.name("Zebedee Quu")


@pytest.mark.parametrize(
    "sentence",
    [
        "Xero already has a contact named “Zebedee Quux”, and nothing proves that it is the same.",
        "The contact name ZEBEDEE  QUUX is already assigned.",
        "Write to zeb@quux.example, please.",
        "Somebody called “Knee of Zebedee” is not known.",
    ],
)
def test_sentences(sentence):
    names = Pseudonyms(["Zebedee Quux"])
    told = names.sentence(sentence)
    assert not any(private in told.lower() for private in PRIVATE)
    assert "[text " in told
    assert names.sentence(told) == told


def test_sentences_stay_readable():
    assert Pseudonyms(["Al"]).sentence("Also, all of Al's invoices.") == "Also, all of [text 1, 2 characters]'s invoices."
    assert Pseudonyms(["", " ", "x"]).sentence("Xero closed the period.") == "Xero closed the period."


def test_paths_and_queries():
    names = Pseudonyms()
    assert (
        names.path(f"/api.xro/2.0/Invoices/{GUID}/Attachments/Quux.pdf")
        == f"/api.xro/2.0/Invoices/{GUID}/Attachments/[text 1, 8 characters]"
    )
    query = names.query(f"IDs={GUID},{GUID}&page=2&where=Name%3D%3D%22Zebedee%22&order=UpdatedDateUTC")
    assert "page=2" in query and f"{GUID},{GUID}" in query and "UpdatedDateUTC" in query
    assert "Zebedee" not in query
    assert names.query("") == ""


def test_what_cannot_be_read_is_only_measured():
    assert Pseudonyms().body('{"Name": "Zebedee') == "[17 characters]"
    assert Pseudonyms().body("") == ""
    assert Pseudonyms().body(json.dumps(INVOICE))["Contact"]["ContactID"] == GUID


@given(
    st.recursive(
        st.text("abcXYZ@. 12-", max_size=12) | st.integers() | st.booleans() | st.none(),
        lambda each: st.lists(each) | st.dictionaries(st.sampled_from(["Name", "Total", "Reference", "Lines"]), each),
    )
)
def test_the_shape_stays(value):
    told = Pseudonyms().value(value)
    assert type(told) is type(value)
    assert not isinstance(value, dict | list) or len(told) == len(value)
