"""Lists that are read a page at a time: where a reading goes on, whatever is changed meanwhile."""

import datetime
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xero_core import errors
from xero_core.lists import LISTINGS, ROWS, Page, Place

START = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)


def at(second):
    return START + datetime.timedelta(seconds=second)


@dataclass
class Books:
    """A list of Xero's: ids and the seconds of their last change, in pages of `size`."""

    stamps: dict
    size: int = 3
    inclusive: bool = True
    asked: list = field(default_factory=list)

    def page(self, place):
        self.asked.append(place)
        since = (place.since - START).total_seconds() if place.since else -1
        rows = sorted((stamp, name) for name, stamp in self.stamps.items() if stamp > since or (self.inclusive and stamp == since))
        shown = rows[(place.page - 1) * self.size : place.page * self.size]
        found = tuple(name for _stamp, name in shown)
        return found, Page(found, place.page * self.size < len(rows), at(shown[-1][0]) if shown else None)

    def read(self, since=None, meanwhile=lambda number: None):
        place, seen = Place(since), []
        while place:
            found, page = self.page(place)
            seen += found
            meanwhile(len(self.asked))
            place = place.after(page)
            assert len(self.asked) < 200, "it comes to an end"
        return seen


@given(st.dictionaries(st.integers(0, 60), st.integers(0, 12)), st.integers(1, 5), st.booleans())
def test_everything_is_read(stamps, size, inclusive):
    assert set(Books(stamps, size, inclusive).read()) == set(stamps)


@given(st.dictionaries(st.integers(0, 40), st.integers(0, 12), min_size=1), st.integers(2, 5), st.data())
def test_nothing_is_skipped_because_rows_move_while_they_are_read(stamps, size, data):
    """A row that is changed goes to the end; all after it move forward, over the edge of a page."""
    books, moved = Books(dict(stamps), size), []

    def change(number):
        if len(moved) < 10:
            name = data.draw(st.sampled_from(sorted(stamps)))
            books.stamps[name] = 100 + number
            moved.append(name)

    # where two seconds have a page's rows, pages go by number: what is skipped then, the daily whole reading brings
    seen = set(books.read(meanwhile=change)) | set(books.read(at(100)))
    seconds = list(stamps.values())
    assert seen == set(stamps) or max(seconds.count(each) + seconds.count(each + 1) for each in seconds) >= size


def test_more_of_one_second_than_a_page_has():
    """The page after, until a newer stamp shows; then it seeks again."""
    books = Books({**dict.fromkeys(range(10), 5), **{100 + second: second for second in range(6, 12)}}, size=4)
    assert set(books.read()) == set(books.stamps)
    assert [place.page for place in books.asked[:5]] == [1, 1, 2, 3, 1]


def test_a_list_in_no_order_is_read_page_by_page():
    assert Place(at(3), 2).after(Page(("x",), True, None)) == Place(at(3), 3)


def test_calls_of_a_long_reading():
    """20,000 changed in as many seconds: a call per page, and one row of each seen twice."""
    books = Books({name: name for name in range(20000)}, size=ROWS)
    seen = books.read()
    assert len(books.asked) <= 20 + 2
    assert len(seen) - 20000 <= 2 * len(books.asked)


INVOICE = {"InvoiceID": "00000000-0000-4000-8000-000000000001", "Type": "ACCREC", "Status": "PAID"}


@pytest.mark.parametrize("name", LISTINGS)
def test_every_list_is_asked_for_in_its_way(wire, name):
    wire.answer(body={name: []}, Date="Thu, 01 Oct 2026 10:00:00 GMT")
    page = wire.client.changed(name, at(0), 2)
    query, listing = wire.sent.url.partition("?")[2], LISTINGS[name]
    assert ("pageSize=1000" in query and "page=2" in query) is listing.paged
    assert ("order=UpdatedDateUTC" in query) is (listing.paged and listing.ordered)
    assert ("includeArchived=true" in query) is (name == "Contacts")
    assert ("includeDeleted=true" in query) is (name == "BankTransfers")
    assert ("2026-10-01" in wire.sent.headers.get("If-Modified-Since", "")) is listing.stamped
    assert page == Page((), asked_at=datetime.datetime(2026, 10, 1, 10, tzinfo=datetime.UTC))


def test_all_there_is_is_asked_for_without_a_moment(wire):
    wire.answer(body={"Invoices": []})
    wire.client.changed("Invoices")
    assert "If-Modified-Since" not in wire.sent.headers


def test_nothing_new(wire):
    wire.answer(status=304)
    assert wire.client.changed("Payments", at(0)) == Page(())


@pytest.mark.parametrize(("pagination", "more"), [({"page": 1, "pageCount": 2}, True), ({"page": 1, "pageCount": 1}, False), (None, False)])
def test_whether_there_are_more_pages(wire, pagination, more):
    wire.answer(body={"Invoices": [INVOICE], **({"pagination": pagination} if pagination else {})})
    assert wire.client.changed("Invoices").has_more is more


def test_a_full_page_promises_another(wire):
    wire.answer(body={"Invoices": [INVOICE] * ROWS})
    assert wire.client.changed("Invoices").has_more


def test_stamps_out_of_order_prove_nothing(wire):
    stamps = ("2026-10-01T10:00:05Z", "2026-10-01T10:00:04Z")
    wire.answer(body={"Invoices": [{**INVOICE, "UpdatedDateUTCString": stamp} for stamp in stamps]})
    assert wire.client.changed("Invoices").newest is None
    wire.answer(body={"Invoices": [{**INVOICE, "UpdatedDateUTCString": stamp} for stamp in sorted(stamps)]})
    assert wire.client.changed("Invoices").newest == datetime.datetime(2026, 10, 1, 10, 0, 5, tzinfo=datetime.UTC)
    wire.answer(body={"Invoices": [{**INVOICE, "UpdatedDateUTCString": stamps[0]}, INVOICE]})
    assert wire.client.changed("Invoices").newest is None


def test_a_list_that_is_no_list(wire):
    wire.answer(body={"Other": []})
    with pytest.raises(errors.AnswerLost):
        wire.client.changed("Invoices")
