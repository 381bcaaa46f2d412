from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import fakes
import pytest
from fakes import guid
from xero_core import errors
from xero_core.client import XeroClient
from xero_core.resources import batches
from xero_core.resources.batches import MAX_FILTER, chunks


def invoice(number, xero_id=None, **more):
    return {"InvoiceNumber": number, "InvoiceID": xero_id or guid(int(number[-2:])), "StatusAttributeString": "OK", **more}


def refused(message, **more):
    return {"StatusAttributeString": "ERROR", "HasErrors": True, "ValidationErrors": [{"Message": message}], **more}


def payloads(*numbers):
    return [{"InvoiceNumber": number, "Contact": {"ContactID": guid(1)}} for number in numbers]


def create(wire, numbers, elements):
    wire.answer(200, {"Invoices": elements})
    return wire.client.create_invoices(payloads(*numbers), "key")


# --- writes: which element belongs to which document ---


def test_one_result_per_document_in_order(wire):
    results = create(wire, ["A-01", "A-02", "A-03"], [invoice("A-01"), refused("no"), invoice("A-03")])
    assert [result.ok for result in results] == [True, False, True]
    assert results[1].errors == ("no",) and not results[1].unknown
    assert results[0].remote.xero_id == guid(1)


def test_elements_in_another_order_are_found_by_their_number(wire):
    results = create(wire, ["A-01", "A-02", "A-03"], [invoice("A-03"), refused("no", InvoiceNumber="A-01"), invoice("A-02")])
    assert [result.remote and result.remote.number for result in results] == [None, "A-02", "A-03"]
    assert results[0].errors == ("no",)


def test_in_another_order_one_nameless_refusal_belongs_to_the_document_that_is_left(wire):
    results = create(wire, ["A-01", "A-02", "A-03"], [invoice("A-02"), refused("no"), invoice("A-03")])
    assert [(result.ok, result.unknown) for result in results] == [(False, False), (True, False), (True, False)]
    assert results[0].errors == ("no",)


@pytest.mark.parametrize("elements", [[invoice("A-01")], [invoice("A-01"), invoice("A-02"), invoice("A-07")]])
def test_too_few_or_too_many_elements(wire, elements):
    results = create(wire, ["A-01", "A-02"], elements)
    assert results[0].ok
    assert results[1].unknown == (len(elements) == 1)


def test_an_element_with_another_number_is_unknown(wire):
    results = create(wire, ["A-01", "A-02"], [invoice("A-01"), invoice("B-02")])
    assert [(result.ok, result.unknown) for result in results] == [(True, False), (False, True)]


def test_twice_the_same_number_cannot_be_told_apart_out_of_order(wire):
    results = create(wire, ["A-01", "A-01", "A-02"], [invoice("A-02"), invoice("A-01"), invoice("A-01")])
    assert [result.unknown for result in results] == [True, True, False]


@pytest.mark.parametrize("element", [{}, {"InvoiceNumber": "A-01"}, {"InvoiceID": guid(1)}, {"InvoiceNumber": "A-01", "InvoiceID": "0"}])
def test_success_needs_an_id_and_something_to_know_it_by(wire, element):
    assert create(wire, ["A-01"], [element])[0].unknown


@pytest.mark.parametrize("element", [{"HasErrors": True}, {"HasValidationErrors": True}, {"StatusAttributeString": "ERROR"}])
def test_a_refusal_without_a_reason_still_says_something(wire, element):
    result = create(wire, ["A-01"], [invoice("A-01") | element])[0]
    assert not result.ok and not result.unknown and result.errors


def test_a_warning_status_is_a_success(wire):
    assert create(wire, ["A-01"], [invoice("A-01", StatusAttributeString="WARNING")])[0].ok


def test_an_empty_answer_leaves_all_unknown(wire):
    assert all(result.unknown for result in create(wire, ["A-01", "A-02"], []))


def test_an_empty_batch_is_no_call(wire):
    assert wire.client.create_invoices([], "key") == []


def test_contacts_are_known_by_name_without_case_and_spaces(wire):
    wire.answer(200, {"contacts": [{"ContactID": guid(1), "Name": "BIG CO"}, {"ContactID": guid(2), "Name": "x", "ContactNumber": "n-2"}]})
    results = wire.client.create_contacts([{"Name": "Big  Co"}, {"Name": "X", "ContactNumber": "n-2"}], "key")
    assert [result.ok for result in results] == [True, True]
    assert wire.sent.method == "PUT"


def test_payments_are_known_by_invoice_account_amount_and_reference(wire):
    one = {"Invoice": {"InvoiceID": guid(1)}, "Account": {"AccountID": guid(8)}, "Amount": Decimal("10.00"), "Reference": "P1"}
    two = one | {"Amount": Decimal("20.50")}
    wire.answer(200, {"Payments": [two | {"PaymentID": guid(22), "Amount": 20.5}, one | {"PaymentID": guid(21), "Amount": 10}]})
    results = wire.client.create_payments([one, two], "key")
    assert [result.remote.xero_id for result in results] == [guid(21), guid(22)]


def test_updates_go_by_id_without_a_key(wire):
    wire.answer(200, {"Contacts": [{"ContactID": guid(1), "Name": "New name"}]})
    assert wire.client.update_contacts([{"ContactID": guid(1).upper(), "Name": "New name"}])[0].ok
    assert wire.sent.method == "POST" and "Idempotency-Key" not in wire.sent.headers
    wire.answer(200, {"Invoices": [invoice("A-01", guid(5))]})
    assert wire.client.update_invoices([{"InvoiceID": guid(5)}])[0].ok


def test_an_update_without_an_id_is_refused_here(wire):
    for update in (wire.client.update_contacts, wire.client.update_invoices):
        with pytest.raises(ValueError):
            update([{"Name": "x"}])


@pytest.mark.parametrize("key", ["", "x" * 129])
def test_keys_are_checked(wire, key):
    with pytest.raises(ValueError):
        wire.client.create_contacts([{"Name": "x"}], key)


def test_numbers_go_out_as_numbers(wire):
    wire.answer(200, {"Invoices": []})
    wire.client.create_invoices([{"LineItems": [{"Quantity": Decimal("1.5"), "UnitAmount": Decimal("9999999999.1234")}]}], "key")
    assert b'"Quantity": 1.5, "UnitAmount": 9999999999.1234' in wire.sent.body


# --- removing payments, creating settings ---


def test_removing_a_payment(wire):
    wire.answer(200, {"Payments": [{"PaymentID": guid(1), "Status": "DELETED"}]})
    assert wire.client.delete_payment(guid(1)).status == "DELETED"
    assert (wire.sent.method, wire.bodies()) == ("POST", [{"Status": "DELETED"}])


def test_removing_a_removed_payment_is_fine(wire):
    wire.answer(400, {"Message": "whatever"})
    wire.answer(200, {"Payments": [{"PaymentID": guid(1), "Status": "DELETED"}]})
    assert wire.client.delete_payment(guid(1)).status == "DELETED"


def test_a_payment_that_may_not_be_removed(wire):
    wire.answer(200, {"Payments": [refused("Payments within a batch cannot be deleted.")]})
    wire.answer(200, {"Payments": [{"PaymentID": guid(1), "Status": "AUTHORISED"}]})
    with pytest.raises(errors.ValidationRefused) as caught:
        wire.client.delete_payment(guid(1))
    assert caught.value.details == ("Payments within a batch cannot be deleted.",)


def test_creating_an_account_and_a_tax_rate(wire):
    wire.answer(200, {"Accounts": [{"AccountID": guid(1), "Code": "201"}]})
    assert wire.client.create_account({"Code": "201"}, "key").account_id == guid(1)
    wire.answer(200, {"TaxRates": [{"TaxType": "TAX001", "Name": "Odd"}]})
    assert wire.client.create_tax_rate({"Name": "Odd"}, "key").tax_type == "TAX001"
    wire.answer(200, {"Accounts": [refused("Please enter a unique Name.")]})
    with pytest.raises(errors.ValidationRefused):
        wire.client.create_account({"Code": "201"}, "key")
    wire.answer(200, {"Accounts": []})
    with pytest.raises(errors.Unintelligible):
        wire.client.create_account({"Code": "201"}, "key")


# --- reads ---


def queries(wire):
    return [{key: value[0] for key, value in parse_qs(urlsplit(request.url).query).items()} for request in wire.adapter.sent]


def test_pages_are_followed_by_their_count(wire):
    for page in (1, 2):
        rows = [{"ContactID": guid(page), "Name": "x"}]
        wire.answer(200, {"pagination": {"page": page, "pageCount": 2}, "Contacts": rows})
    assert [contact.xero_id for contact in wire.client.contacts(names=["x"])] == [guid(1), guid(2)]
    assert [query["page"] for query in queries(wire)] == ["1", "2"]


def test_without_a_count_a_full_page_promises_another(wire):
    wire.answer(200, {"Contacts": [{"ContactID": guid(number)} for number in range(1, 101)]})
    wire.answer(200, {"Contacts": [{"ContactID": guid(100)}]})
    assert len(wire.client.contacts(names=["x"])) == 100, "each once"


def test_an_empty_page_ends_it(wire):
    wire.answer(200, {"pagination": {"pageCount": 900}, "Contacts": []})
    assert wire.client.contacts(names=["x"]) == []


def test_many_names_are_few_calls_with_short_addresses(wire):
    names = [f"Ärzte & Söhne {number}" for number in range(60)]
    for _ in range(10):
        wire.answer(200, {"Contacts": []})
    wire.client.contacts(names=names)
    asked = queries(wire)
    assert 1 < len(asked) <= 3
    assert all(len(request.url) < 2100 for request in wire.adapter.sent)
    assert sum(query["where"].count("Name==") for query in asked) == 60
    assert all(query["includeArchived"] == "true" for query in asked)


def test_a_name_with_quotes_is_searched_and_compared_here(wire):
    wire.answer(200, {"Contacts": [{"ContactID": guid(1), "Name": 'Jo "X" Ltd'}, {"ContactID": guid(2), "Name": 'Jo "X" Ltd 2'}]})
    assert [contact.xero_id for contact in wire.client.contacts(names=['JO "X"  Ltd'])] == [guid(1)]
    assert queries(wire)[0]["searchTerm"] == 'JO "X"  Ltd'


def test_invoices_by_id_and_number(wire):
    wire.answer(200, {"Invoices": [invoice("A-01")]})
    wire.answer(200, {"Invoices": [invoice("A-01"), invoice("A-02")]})
    wire.answer(200, {"Invoices": [invoice("A,03"), invoice("A,04")]})
    found = wire.client.invoices(ids=[guid(1)], numbers=["A-01", "A-02", "A,03"])
    assert [each.number for each in found] == ["A-01", "A-02", "A,03"]
    asked = queries(wire)
    assert (asked[0]["IDs"], asked[1]["InvoiceNumbers"], asked[2]["searchTerm"]) == (guid(1), "A-01,A-02", "A,03")
    assert all(query["unitdp"] == "4" for query in asked)


def test_payments_of_invoices(wire):
    wire.answer(200, {"Payments": [{"PaymentID": guid(1), "Amount": 10.1}]})
    assert wire.client.payments([guid(5), guid(6)])[0].amount == Decimal("10.1")
    assert queries(wire)[0]["where"] == f'Invoice.InvoiceID==guid("{guid(5)}") OR Invoice.InvoiceID==guid("{guid(6)}")'


def test_asking_for_nothing_is_no_call(wire):
    assert wire.client.contacts() == wire.client.invoices() == wire.client.payments([]) == []
    assert wire.client.contacts(names=["", None]) == []


def test_reference_data_is_one_call_each(wire):
    wire.answer(200, {"Organisations": [{"OrganisationID": guid(1), "Name": "Demo"}]})
    for key in ("Accounts", "TaxRates", "TrackingCategories", "Currencies"):
        wire.answer(200, {key: [{"Name": "x", "Code": "y"}]})
    client = wire.client
    assert client.organisation().name == "Demo"
    assert [len(rows) for rows in (client.accounts(), client.tax_rates(), client.tracking_categories(), client.currencies())] == [1] * 4
    assert len(wire.adapter.sent) == 5


def test_the_address_is_checked():
    with pytest.raises(ValueError):
        XeroClient("http://api.example.com", fakes.TENANT, fakes.Tokens())


def test_chunks():
    assert list(chunks([], ",")) == []
    assert list(chunks(["a", "b", "c"], ",", most=2)) == ["a,b", "c"]
    long = "x" * (MAX_FILTER + 5)
    assert list(chunks([long, "a"], ",")) == [long, "a"]


def test_at():
    assert batches.at({"a": {"b": 1}}, "a.b") == 1
    assert batches.at({"a": None}, "a.b") is None and batches.at(None, "a") is None
