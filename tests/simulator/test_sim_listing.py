"""where, order, pages, If-Modified-Since, and the list parameters."""

import pytest
from simulator_helpers import line


@pytest.fixture
def books(api, clock):
    """Three invoices, a second apart, of two contacts."""
    other = api.contact("Café Zoë", ContactNumber="C-7")
    made = [
        api.invoice(line(10), InvoiceNumber="A-1", Reference="first", Date="2026-09-01"),
        None,
        None,
    ]
    clock.advance(1)
    made[1] = api.invoice(line(20), InvoiceNumber="A-2", Date="2026-09-02", Contact={"ContactID": other["ContactID"]})
    clock.advance(1)
    made[2] = api.invoice(line(30), InvoiceNumber="B-3", Date="2026-09-03", Status="DRAFT")
    return made


def numbers(answer):
    assert answer.status_code == 200, answer.text
    return [row["InvoiceNumber"] for row in answer.json()["Invoices"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('InvoiceNumber=="A-1"', "A-1"),
        ('InvoiceNumber=="a-1"', "A-1"),
        ("InvoiceNumber = 'A-1'", "A-1"),
        ('InvoiceNumber!="A-1"', "A-2 B-3"),
        ('InvoiceNumber=="A-1" OR InvoiceNumber=="B-3"', "A-1 B-3"),
        ('InvoiceNumber=="A-1" || InvoiceNumber=="B-3"', "A-1 B-3"),
        ('Status=="AUTHORISED" AND Total>20', "A-2"),
        ('Status=="AUTHORISED" && Total>=11.5 and Total<23', "A-1"),
        ('(InvoiceNumber=="A-1" OR InvoiceNumber=="A-2") AND Total > 20', "A-2"),
        ('InvoiceNumber=="A-1" OR InvoiceNumber=="A-2" AND Total > 20', "A-1 A-2"),
        ("Date>=DateTime(2026,09,02)", "A-2 B-3"),
        ("Date > DateTime(2026, 9, 1) AND Date < DateTime(2026, 9, 3, 0, 0, 0)", "A-2"),
        ('Date==DateTime.Parse("2026-09-03")', "B-3"),
        ("Reference==null", ""),
        ('Reference=="FIRST"', "A-1"),
        ("FullyPaidOnDate==null", "A-1 A-2 B-3"),
        ("SentToContact==false", "A-1 A-2 B-3"),
        ("!(SentToContact==false)", ""),
        ("SentToContact", ""),
        ('InvoiceNumber.StartsWith("a")', "A-1 A-2"),
        ('InvoiceNumber.EndsWith("3")', "B-3"),
        ('InvoiceNumber.Contains("-2")', "A-2"),
        ('InvoiceNumber.ToLower()=="A-2"', "A-2"),
        ('InvoiceNumber.ToUpper()=="a-2"', "A-2"),
        ('Contact.Name=="café zoë"', "A-2"),
        ('Contact.ContactNumber=="c-7"', "A-2"),
        ('Type=="ACCPAY"', ""),
    ],
)
def test_where(api, books, where, found):
    assert numbers(api.get("Invoices", where=where)) == found.split()


@pytest.mark.parametrize("form", ['guid("{}")', 'Guid("{}")', '"{}"'])
def test_where_by_id(api, books, form):
    assert numbers(api.get("Invoices", where=f"InvoiceID=={form.format(books[1]['InvoiceID'].upper())}")) == ["A-2"]
    contact = books[1]["Contact"]["ContactID"]
    assert numbers(api.get("Invoices", where=f"Contact.ContactID=={form.format(contact)}")) == ["A-2"]


@pytest.mark.parametrize(
    "where",
    [
        'Colour=="red"',
        "InvoiceNumber==",
        '=="A"',
        'InvoiceNumber=="A',
        "InvoiceNumber==red",
        '(InvoiceNumber=="A"',
        'InvoiceNumber=="A" Status=="X"',
        'InvoiceNumber=="A" XOR Status=="X"',
        "Total.Contains(5)",
        'Total=="5"',
        "Date>=DateTime(2026,13,1)",
        'InvoiceNumber.Reverse()=="1-A"',
        "",
        "#",
    ],
)
def test_where_refused(api, books, where):
    answer = api.get("Invoices", where=where)
    assert answer.status_code == 400
    assert (answer.json()["ErrorNumber"], answer.json()["Type"]) == (16, "QueryParseException")


def test_contact_names_ignore_accents_too(api, books):
    assert api.get("Contacts", where='Name=="cafe zoe"').json()["Contacts"][0]["Name"] == "Café Zoë"


def test_quotes_in_text(api, switch):
    """Doubled, or after a backslash: the one is refused, or means something else, where the other is right."""
    api.contact('The "Best" Ltd')
    doubled, escaped = 'Name=="The ""Best"" Ltd"', r'Name=="The \"Best\" Ltd"'
    for quotes, right, wrong in (("doubled", doubled, escaped), ("backslash", escaped, doubled)):
        switch(where_quotes=quotes)
        assert len(api.get("Contacts", where=right).json()["Contacts"]) == 1
        assert api.get("Contacts", where=wrong).json()["Type"] == "QueryParseException"


def test_where_on_accounts(api):
    codes = [
        row["Code"]
        for row in api.get("Accounts", where='Type=="BANK" OR EnablePaymentsToAccount==true', order="Code DESC").json()["Accounts"]
    ]
    assert codes == ["980", "970", "091", "090"]
    assert api.get("Accounts", where='SystemAccount=="ROUNDING"').json()["Accounts"][0]["Code"] == "860"


def test_order(api, books):
    assert numbers(api.get("Invoices", order="Total DESC")) == ["B-3", "A-2", "A-1"]
    assert numbers(api.get("Invoices", order="Status DESC, Total DESC")) == ["B-3", "A-2", "A-1"]
    assert numbers(api.get("Invoices", order="Status, Total DESC")) == ["A-2", "A-1", "B-3"]
    for wrong in ("Colour", "Total UP", "Total DESC ASC", ""):
        assert api.get("Invoices", order=wrong).status_code == 400


def test_default_order_is_by_change(api, books, clock):
    clock.advance(1)
    api.send({"InvoiceID": books[0]["InvoiceID"], "Reference": "x"}, method="POST")
    assert numbers(api.get("Invoices")) == ["A-2", "B-3", "A-1"]


def test_lists_of_values(api, books):
    both = f"{books[0]['InvoiceID']},{books[2]['InvoiceID'].upper()}"
    assert numbers(api.get("Invoices", IDs=both)) == ["A-1", "B-3"]
    assert numbers(api.get("Invoices", InvoiceNumbers="a-1, A-2")) == ["A-1", "A-2"]
    assert numbers(api.get("Invoices", ContactIDs=books[1]["Contact"]["ContactID"])) == ["A-2"]
    assert numbers(api.get("Invoices", searchTerm="FIRST")) == ["A-1"]
    assert numbers(api.get("Invoices", createdByMyApp="true")) == ["A-1", "A-2", "B-3"]
    assert api.get("Invoices", createdByMyApp="maybe").status_code == 400


def test_lines_only_on_pages_and_alone(api, books):
    assert [row["LineItems"] for row in api.get("Invoices").json()["Invoices"]] == [[], [], []]
    assert "pagination" not in api.get("Invoices").json()
    page = api.get("Invoices", page=1).json()
    assert [len(row["LineItems"]) for row in page["Invoices"]] == [1, 1, 1]
    assert page["pagination"] == {"page": 1, "pageSize": 100, "pageCount": 1, "itemCount": 3}
    assert "pagination" in api.get("Invoices", Statuses="DRAFT").json()
    short = api.get("Invoices", summaryOnly="true").json()["Invoices"][0]
    assert not {"LineItems", "Payments", "HasAttachments"} & set(short)


def test_pages(api, books):
    second = api.get("Invoices", page=2, pageSize=2).json()
    assert [row["InvoiceNumber"] for row in second["Invoices"]] == ["B-3"]
    assert second["pagination"] == {"page": 2, "pageSize": 2, "pageCount": 2, "itemCount": 3}
    assert numbers(api.get("Invoices", page=3, pageSize=2)) == []
    assert api.get("Invoices", page=1, pageSize=5000).json()["pagination"]["pageSize"] == 1000
    assert api.get("Invoices", page=0, pageSize=0).json()["pagination"] == {"page": 1, "pageSize": 1, "pageCount": 3, "itemCount": 3}
    assert api.get("Invoices", page="one").status_code == 400


def test_number_as_address(api, books):
    assert api.get("Invoices/a-2").json()["Invoices"][0]["InvoiceID"] == books[1]["InvoiceID"]


@pytest.mark.parametrize(("inclusive", "found"), [(True, ["A-2", "B-3"]), (False, ["B-3"])])
def test_modified_since(api, books, switch, inclusive, found):
    switch(modified_since_inclusive=inclusive)
    assert numbers(api.get("Invoices", headers={"If-Modified-Since": "2026-09-14T09:30:01"})) == found


def test_nothing_modified(api, books, switch):
    late = {"If-Modified-Since": "2026-10-01T00:00:00Z"}
    assert numbers(api.get("Invoices", headers=late)) == []
    switch(modified_since_empty_status=304)
    answer = api.get("Invoices", headers=late)
    assert (answer.status_code, answer.content) == (304, b"")
    assert api.get("Contacts", headers={"If-Modified-Since": "yesterday"}).status_code == 400


def test_modified_since_is_ignored_where_xero_ignores_it(api):
    late = {"If-Modified-Since": "2030-01-01T00:00:00"}
    assert api.get("TaxRates", headers=late).json()["TaxRates"]
    assert api.get("Accounts", headers=late).json()["Accounts"] == []


def test_high_volume(api, books, switch):
    switch(high_volume_rows=2)
    answer = api.get("Invoices")
    assert (answer.status_code, answer.json()["ErrorNumber"], answer.json()["Type"]) == (400, 51, "HighVolumeException")
    assert api.get("Invoices", page=1).status_code == 200
