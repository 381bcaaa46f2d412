"""What indexes find is what reading everything finds: random tables, filters, orders, pages and stamps, with changes undone."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator_helpers import check_tables

from xero_simulator import look_ups
from xero_simulator.app import create_app
from xero_simulator.call import Call
from xero_simulator.listing import Listing, answer
from xero_simulator.order import order
from xero_simulator.selection import Run, Selection
from xero_simulator.store import Journal
from xero_simulator.tables import Tables
from xero_simulator.where import where

START = datetime(2026, 9, 14, tzinfo=timezone.utc)
IDS = [f"{letter}0000000-0000-4000-8000-000000000000" for letter in "abcdef"]
CONTACTS = IDS[:3]
NAMES = ["Café Zoë", "cafe zoe", "CAFÉ ZOË", "Ridgeway", " ridgeway"]
TEXTS = ["", "A-1", "a-1", "B 2", "b 2 ", "ÄÖ", "äö"]
STAMPS = st.integers(0, 4000).map(lambda ms: START + timedelta(milliseconds=ms * 250 % 3000))
QUICK = settings(max_examples=50, deadline=None, derandomize=True)

INVOICES = st.fixed_dictionaries(
    {
        "DocumentID": st.sampled_from(IDS),
        "Type": st.sampled_from(["ACCREC", "ACCPAY"]),
        "Number": st.sampled_from(TEXTS),
        "Reference": st.sampled_from(TEXTS),
        "ContactID": st.sampled_from(CONTACTS),
        "Status": st.sampled_from(["DRAFT", "AUTHORISED", "DELETED"]),
        "AmountDue": st.sampled_from([Decimal(0), Decimal(5)]),
        "Date": st.sampled_from([date(2026, 9, 1), date(2026, 9, 2)]),
        "UpdatedDateUTC": STAMPS,
    }
)
PEOPLE = st.fixed_dictionaries(
    {
        "ContactID": st.sampled_from(IDS),
        "Name": st.sampled_from(NAMES),
        "ContactNumber": st.sampled_from(TEXTS),
        "ContactStatus": st.sampled_from(["ACTIVE", "ARCHIVED"]),
        "UpdatedDateUTC": STAMPS,
    }
)
ITEMS = st.fixed_dictionaries(
    {"ItemID": st.sampled_from(IDS), "Code": st.sampled_from(TEXTS), "Name": st.sampled_from(TEXTS), "UpdatedDateUTC": STAMPS}
)


def fields(*names, **others):
    same = {name: (lambda record, name=name: record.get(name) or None) for name in names}
    return {**same, **{name.replace("_", "."): getter for name, getter in others.items()}}


def quoted(values):
    return st.sampled_from([*values, "none"]).map(lambda text: f'"{text}"')


class Kind:
    """A table of an organisation, how it is listed, and what may be asked of it."""

    def __init__(self, name, records, values, fold=()):
        self.name, self.records, self.values = name, records, values
        self.fold = frozenset(fold)

    def __repr__(self):
        return self.name

    def table(self, organisation):
        return getattr(organisation, self.name)

    def listing(self, organisation):
        paged, table = self.name != "items", self.table(organisation)
        getters = {
            "invoices": fields(
                "Number", "Reference", "Status", "AmountDue", "Date", "UpdatedDateUTC",
                InvoiceID=lambda record: record["DocumentID"],
                Contact_ContactID=lambda record: record["ContactID"],
                Contact_Name=lambda record: (organisation.contacts.get(record["ContactID"]) or {}).get("Name"),
            ),
            "contacts": fields("ContactID", "Name", "ContactNumber", "ContactStatus", "UpdatedDateUTC"),
            "items": fields("ItemID", "Code", "Name", "UpdatedDateUTC"),
        }[self.name]  # fmt: skip
        found_by = {
            "invoices": lambda: look_ups.documents(organisation, table, "InvoiceID", "Number", ("ACCREC", "ACCPAY")),
            "contacts": lambda: look_ups.contacts(organisation),
            "items": lambda: look_ups.items(organisation),
        }[self.name]()
        show = lambda call, record, full: {"id": record[table.id_field]}  # noqa: ARG005
        getters["RowID"] = lambda record: record[table.id_field]
        return Listing("Rows", "Row", getters, show, paged=paged, accent_fold=self.fold, look_ups=found_by)

    def conditions(self):
        """Expressions of every form: comparisons joined by AND and OR, negated, in parentheses."""
        one = st.one_of(
            st.builds("{}{}{}".format, st.just(name), st.sampled_from(["==", "==", "=", " == ", "!=", ">="]), values)
            for name, values in self.values.items()
        )
        return st.recursive(
            one | st.sampled_from(list(self.values)).map("{}==null".format),
            lambda inner: st.one_of(
                st.builds("({} AND {})".format, inner, inner),
                st.builds("({} OR {})".format, inner, inner),
                inner.map("!({})".format),
            ),
            max_leaves=4,
        )


IDS_ASKED = quoted(IDS)
KINDS = [
    Kind("invoices", INVOICES, {
        "InvoiceID": IDS_ASKED, "Number": quoted(TEXTS), "Reference": quoted(TEXTS), "Contact.ContactID": IDS_ASKED,
        "Contact.Name": quoted(NAMES), "Status": quoted(["DRAFT", "authorised"]), "Date": st.just("DateTime(2026,9,2)"),
    }),
    Kind("contacts", PEOPLE, {
        "ContactID": IDS_ASKED, "Name": quoted(NAMES), "ContactNumber": quoted(TEXTS), "ContactStatus": quoted(["ACTIVE", "ARCHIVED"]),
    }, fold=("name",)),
    Kind("items", ITEMS, {"ItemID": IDS_ASKED, "Code": quoted(TEXTS), "Name": quoted(TEXTS)}),
]  # fmt: skip


@cache
def the_world():
    """For what a call needs beside tables; the tables are new for each example."""
    return create_app(("AU",)).world


def change(table, data, kind):
    """Some records, then writes together; some of these are undone."""
    for record in data.draw(st.lists(kind.records, min_size=3, max_size=8)):
        table.put(record)
    for writes, kept in data.draw(
        st.lists(st.tuples(st.lists(kind.records | st.sampled_from(IDS), max_size=6), st.booleans()), max_size=4)
    ):
        try:
            with table._journal.transaction():
                for write in writes:
                    table.put(write) if isinstance(write, dict) else table.remove(write)
                if not kept:
                    raise InterruptedError
        except InterruptedError:
            pass


def by_reading(call, listing, table, hidden):
    """(ids, how many) as they are found without any index."""
    found = [record for record in table if hidden or not table.is_hidden(record)]
    if "where" in call.query:
        test = where(call.query["where"], listing.fields, "Row", listing.accent_fold).test
        found = [record for record in found if test(record)]
    since = call.modified_since()
    if since and call.switches.modified_since_inclusive:
        found = [record for record in found if record["UpdatedDateUTC"] >= since]
    elif since:
        found = [record for record in found if record["UpdatedDateUTC"].replace(microsecond=0) > since]
    if listing.paged:
        found.sort(key=lambda record: (record["UpdatedDateUTC"], record[table.id_field]))
    if "order" in call.query:
        found = order(call.query["order"], listing.fields, "Row")(found)
    ids = [record[table.id_field] for record in found]
    if not listing.paged:
        return ids, None
    page, size = int(call.query["page"]), int(call.query["pageSize"])
    return ids[(page - 1) * size : page * size], len(ids)


@st.composite
def requests(draw, kind):
    """Parameters and headers."""
    query = {"page": str(draw(st.integers(1, 3))), "pageSize": str(draw(st.integers(1, 6)))}
    if draw(st.integers(0, 5)):
        query["where"] = draw(kind.conditions())
    name = next(iter(kind.values))
    orders = [
        "",
        "UpdatedDateUTC",
        "UpdatedDateUTC ASCENDING, RowID asc",
        "UpdatedDateUTC DESC",
        f"UpdatedDateUTC DESC, {name}",
        f"{name} DESC",
    ]
    direction = draw(st.sampled_from(orders))
    query |= {"order": direction} if direction else {}
    since = draw(st.sampled_from([None, None, *range(0, 3001, 250)]))
    return query, {} if since is None else {"If-Modified-Since": (START + timedelta(milliseconds=since)).isoformat()}


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@QUICK
@given(st.data(), st.booleans())
def test_indexes_find_what_reading_finds(kind, data, inclusive):
    world = the_world()
    world.switches.set({"modified_since_inclusive": inclusive})
    tables = Tables()
    tables._open_tables(Journal())
    for contact_id, name in zip(CONTACTS, NAMES, strict=False):
        tables.contacts.put({"ContactID": contact_id, "Name": name, "ContactStatus": "ACTIVE", "UpdatedDateUTC": START})
    table, listing = kind.table(tables), kind.listing(tables)
    change(table, data, kind)
    check_tables(tables)
    token = SimpleNamespace(client_id="demo-client")
    for query, headers in data.draw(st.lists(requests(kind), min_size=4, max_size=8)):
        call = Call(world, world.organisation("AU"), token, "GET", query, headers, b"", knows_since=True)
        for hidden in (False, True):
            body = answer(call, listing, Selection(table, hidden)).body
            found = [row["id"] for row in body["Rows"]], body.get("pagination", {}).get("itemCount")
            assert found == by_reading(call, listing, table, hidden), query


def test_what_cannot_be_compared_is_refused_wherever_it_stands(api):
    api.invoice(InvoiceNumber="A-1")
    for text in ('InvoiceNumber=="A-1" AND Total=="5"', 'Total=="5" AND InvoiceNumber=="none"'):
        assert api.get("Invoices", where=text).status_code == 400


def test_values_in_lists_are_looked_up(api):
    made = [api.invoice(InvoiceNumber=f"A-{number}") for number in range(3)]
    ids = f"{made[2]['InvoiceID']},{made[0]['InvoiceID']},{IDS[0]}"
    assert [row["InvoiceNumber"] for row in api.get("Invoices", IDs=ids).json()["Invoices"]] == sorted(
        ("A-0", "A-2"), key=lambda number: made[int(number[-1])]["InvoiceID"]
    )
    assert api.get("Invoices", IDs=ids, InvoiceNumbers="a-1,A-2").json()["Invoices"][0]["InvoiceNumber"] == "A-2"
    assert api.get("Invoices", InvoiceNumbers="x").json()["Invoices"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"where": 'Status=="AUTHORISED"'},
        {"Statuses": "AUTHORISED"},
        {"order": "UpdatedDateUTC DESC"},
        {"order": "UpdatedDateUTC, InvoiceID ASC", "where": 'Status=="AUTHORISED"'},
        {"order": "UpdatedDateUTC DESC", "Statuses": "authorised"},
    ],
)
def test_a_page_reads_no_more_than_it_shows(api, monkeypatch, query):
    for number in range(12):
        api.invoice(InvoiceNumber=f"A-{number}", Status="AUTHORISED" if number % 2 else "DRAFT")
    read = []
    monkeypatch.setattr(Run, "_record", lambda run, stamp, known=Run._record: read.append(stamp) or known(run, stamp))
    page = api.get("Invoices", page=2, pageSize=2, **query).json()
    assert len(page["Invoices"]) == len(read) == 2
    assert page["pagination"]["itemCount"] == (12 if set(query) == {"order"} else 6)


def test_a_part_of_the_table_is_all_that_is_read(api, monkeypatch):
    for number in range(12):
        api.invoice(InvoiceNumber=f"A-{number}", Status="AUTHORISED" if number % 4 else "DRAFT")
    read = []
    monkeypatch.setattr(Run, "_record", lambda run, stamp, known=Run._record: read.append(stamp) or known(run, stamp))
    found = api.get("Invoices", page=1, where='Type=="ACCREC" AND Status=="DRAFT"').json()["Invoices"]
    assert (len(found), len(read)) == (3, 3)
