"""Which contacts of Xero are taken for the one that is to be made, and what it costs to find them."""

import re
from itertools import product
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from fakes import guid
from pure import load
from xero_core.resources import lookalikes
from xero_core.resources.batches import MAX_FILTER
from xero_core.resources.contacts import Contact, RemoteContact
from xero_core.resources.lookalikes import is_same_number, plain, questions

compared = load("handlers.contacts.namesakes").compared

OURS = SimpleNamespace(name="ABC Pty Ltd", vat="83914571673", email="office@abc.example", account_number="C100")
NOBODY = SimpleNamespace(name="ABC Pty Ltd", vat="", email="", account_number="")


def remote(number=1, **told):
    return RemoteContact(xero_id=guid(number), told=Contact(**{"name": "Somebody", **told}), status="ACTIVE")


def verdict(ours, *contacts):
    same, may_be = compared(ours, contacts)
    return "same" if same else "may be" if may_be else "another"


# --- tax numbers ---


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("83914571673", "83 914 571 673", True),
        ("gb 123 4567 89", "GB123456789", True),
        ("123-456-789", "123.456/789", True),
        ("\uff11\uff12\uff13456789", "123456789", True),  # as typed in Japan
        ("83914571673", "51824753556", False),
        ("GB123456789", "IE123456789", False),
        ("GB123456789", "123456789", None),
        ("83914571673", "****1673", None),
        ("83914571673", "****3556", False),
        ("83914571673", "", None),
        ("", "", None),
        ("N/A", "n/a", None),
        ("000000000", "000 000 000", None),
        ("/", "83914571673", None),
    ],
)
def test_tax_numbers(one, other, same):
    assert is_same_number(one, other) is is_same_number(other, one) is same


# --- the verdict ---


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"tax_number": "83 914 571 673"}, "same"),
        ({"tax_number": "51824753556", "name": "ABC Pty Ltd", "email": "office@abc.example", "account_number": "C100"}, "another"),
        ({"email": "OFFICE@abc.example", "name": "ABC  pty LTD"}, "same"),
        ({"email": "office@abc.example"}, "may be"),
        ({"account_number": "c100", "name": "abc pty ltd"}, "same"),
        ({"account_number": "C100"}, "another"),
        ({"name": "ABC Pty Ltd"}, "another"),
        ({"tax_number": "AU83914571673"}, "may be"),
        ({}, "another"),
    ],
)
def test_each_row_of_the_table(told, expected):
    assert verdict(OURS, remote(**told)) == expected


def test_what_is_empty_on_both_sides_is_nothing():
    assert verdict(NOBODY, remote(name="ABC Pty Ltd")) == verdict(NOBODY, remote(name="ABC Pty Ltd", email=" ")) == "another"


def test_forms_of_unicode():
    ours = SimpleNamespace(name="Cafe\u0301 Zoe", vat="", email="zoe@cafe.example", account_number="")
    assert verdict(ours, remote(name="CAFÉ ZOË", email="zoe@cafe.example")) == "same"


def test_of_several_with_the_number_the_one_that_shares_more():
    tax = {"tax_number": "83914571673"}
    plainly, named, addressed = remote(1, **tax), remote(2, name="ABC Pty Ltd", **tax), remote(3, email="office@abc.example", **tax)
    both = remote(4, name="ABC Pty Ltd", email="office@abc.example", **tax)
    assert compared(OURS, [plainly, addressed])[0] == addressed
    assert compared(OURS, [plainly, named])[0] == named
    assert compared(OURS, [plainly, named, addressed, both])[0] == both
    assert compared(OURS, [plainly, named, addressed]) == (None, [plainly, named, addressed])
    assert compared(OURS, [plainly, remote(5, **tax)]) == (None, [plainly, remote(5, **tax)])


def test_whoever_has_another_number_is_never_meant():
    """Whatever else they share, and whoever else is there."""
    other = "51824753556"
    for name, email, account in product(("ABC Pty Ltd", "Somebody"), ("office@abc.example", ""), ("C100", "")):
        contact = remote(1, tax_number=other, name=name, email=email, account_number=account)
        twin = remote(2, tax_number="83914571673")
        assert verdict(OURS, contact) == "another"
        assert compared(OURS, [contact, twin]) == (twin, [])


# --- what it costs ---


def contacts(count):
    return [Contact(f"Customer {n}", email=f"c{n}@example.com", tax_number=f"{83914571673 + n}") for n in range(count)]


def page(found, count, pages):
    rows = [{"ContactID": guid(n), "Name": f"Old {n}", "ContactStatus": "ACTIVE", "TaxNumber": each} for n, each in enumerate(found)]
    return {"Contacts": rows, "pagination": {"page": 1, "pageSize": 1000, "pageCount": pages, "itemCount": count}}


def test_one_is_one_question(wire):
    wire.answer(200, page(["83 914 571 673"], 1, 1))
    [found] = wire.client.contacts_like(contacts(1)).of(contacts(1)[0])
    assert found.name == "Old 0"
    [where] = parse_qs(urlsplit(wire.sent.url).query)["where"]
    assert where == 'TaxNumber=="83914571673" OR TaxNumber=="83 914 571 673" OR EmailAddress=="c0@example.com"'


def test_whoever_has_nothing_to_be_known_by_is_not_asked_for(wire):
    wire.client.contacts_like([Contact("ABC"), Contact("DEF", tax_number="N/A")])
    assert not wire.adapter.sent


def test_the_list_is_read_once(wire):
    wire.answer(200, page(["83914571673"], 1200, 2))
    wire.answer(200, page(["83914571674"], 1200, 2))
    many = contacts(50)
    for _batch in range(3):
        alike = wire.client.contacts_like(many)
        assert [len(alike.of(each)) for each in many[:3]] == [1, 1, 0]
    assert len(wire.adapter.sent) == 2


def test_a_list_that_costs_more_is_not_read(wire):
    many = contacts(50)
    wire.answer(200, page(["83914571673"], 100_000, 100))
    asked = len(list(questions(many)))
    for _question in range(2 * asked):
        wire.answer(200, page([], 0, 0))
    wire.client.contacts_like(many)
    wire.client.contacts_like(many)
    assert len(wire.adapter.sent) == 1 + 2 * asked, "the first page is asked for once"


def test_who_waits_counts(wire):
    """For twenty batches a list is worth reading that is not for one."""
    many = contacts(50)
    for _page in range(30):
        wire.answer(200, page(["51824753556"], 30_000, 30))
    wire.client.contacts_like(many, waiting=1000)
    assert [parse_qs(urlsplit(each.url).query)["page"] for each in wire.adapter.sent] == [[str(number)] for number in range(1, 31)]


def test_too_many_to_be_listed(wire):
    wire.answer(400, {"ErrorNumber": 51, "Type": "HighVolumeException", "Message": "too many"})
    many = contacts(50)
    for _question in questions(many):
        wire.answer(200, page([], 0, 0))
    wire.client.contacts_like(many)
    assert not wire.adapter.answers


def test_questions_fit_into_an_address():
    odd = [Contact('"', email='o"brien@example.com', account_number="\\"), Contact("é", email="é" * 200, tax_number="é1 2" * 12)]
    asked = list(questions([*contacts(200), *odd]))
    assert all(len(re.sub(r"[^A-Za-z0-9_.~-]", "%xx", where)) <= MAX_FILTER + 200 for where in asked)
    assert not any("brien" in where or "\\" in where for where in asked)
    assert sum(where.count("EmailAddress") for where in asked) == 201


def test_little_is_kept_of_each():
    row = {"ContactID": guid(1), "Name": "A", "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "1"}], "ContactStatus": "ACTIVE"}
    short = lookalikes._in_short({**row, "Addresses": [{"AddressType": "POBOX", "City": "Perth"}]})
    assert (short.told.addresses, short.told.phones, short.snapshot) == ((), (), None), "it is not taken for all that Xero has"
    assert plain("x") == ""
