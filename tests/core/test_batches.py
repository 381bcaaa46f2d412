"""Which element of an answer belongs to which document, when order and names do not say; and how much fits into a call."""

import json
from decimal import Decimal
from itertools import permutations
from types import SimpleNamespace

import pytest
import requests
import urllib3.exceptions
from fakes import guid
from xero_core import errors
from xero_core.http import sessions
from xero_core.resources.batches import ENVELOPE, MAX_BYTES, packed, size, written
from xero_core.resources.contacts import CONTACTS
from xero_core.resources.invoices import INVOICES
from xero_core.resources.payments import PAYMENTS

NO = {"StatusAttributeString": "ERROR", "ValidationErrors": [{"Message": "no"}]}


def ok(number, xero_id, **more):
    return {"InvoiceNumber": number, "InvoiceID": guid(xero_id), "StatusAttributeString": "OK", **more}


def sent(*numbers):
    return [{"InvoiceNumber": number, "Contact": {"ContactID": guid(90)}} for number in numbers]


def told(kind, payloads, elements):
    """Per document: its id in Xero, "no", or "?"."""
    return ["?" if each.unknown else each.remote.xero_id if each.ok else "no" for each in written(kind, payloads, elements)]


# --- a change that was refused: its element has what Xero holds, not what was sent ---


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_refused_change_is_known_by_its_id(order):
    payloads = [{**each, "InvoiceID": guid(index)} for index, each in enumerate(sent("A", "B"), 1)]
    stored = {**NO, "InvoiceID": guid(2), "InvoiceNumber": "as it was"}
    elements = [ok("A", 1), stored]
    assert told(INVOICES, payloads, [elements[index] for index in order]) == [guid(1), "no"]


def test_two_changes_that_exchange_their_numbers_and_are_refused():
    payloads = [{**each, "InvoiceID": guid(index)} for index, each in enumerate(sent("B", "A"), 1)]
    elements = [{**NO, "InvoiceID": guid(2), "InvoiceNumber": "B"}, {**NO, "InvoiceID": guid(1), "InvoiceNumber": "A"}]
    assert told(INVOICES, payloads, elements) == ["no", "no"]


def test_a_change_that_was_taken_is_not_known_by_its_id_alone():
    payload = {**sent("B")[0], "InvoiceID": guid(1)}
    assert told(INVOICES, [payload], [ok("as it was", 1)]) == ["?"]


# --- the one that is left ---


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_one_refusal_that_names_nothing(order):
    elements = [ok("A", 1), NO, ok("C", 3)]
    assert told(INVOICES, sent("A", "B", "C"), [elements[index] for index in order]) == [guid(1), "no", guid(3)]


def test_refusals_that_name_nothing():
    """All that is left was refused; which message is whose, nobody can tell."""
    other = {**NO, "ValidationErrors": [{"Message": "not that either"}]}
    first, *others = written(INVOICES, sent("A", "B", "C"), [NO, ok("A", 1), other])
    assert first.ok
    assert [(each.ok, each.unknown, each.errors) for each in others] == [(False, False, ("no", "not that either"))] * 2
    assert told(INVOICES, sent("A", "B", "C"), [NO, ok("A", 1)]) == [guid(1), "?", "?"]
    assert told(INVOICES, sent("A", "B", "C"), [NO, ok("A", 1), {"InvoiceNumber": "Z"}]) == [guid(1), "?", "?"]


def test_a_refusal_that_tells_of_another_record():
    """Of a number that is taken: whose it is, as Xero holds that (with a restored database many are refused so at once)."""
    theirs = {**NO, "InvoiceID": guid(7), "Contact": {"ContactID": guid(91)}}
    assert told(INVOICES, sent("A"), [theirs]) == ["no"]
    assert told(INVOICES, sent("A", "B"), [theirs, {**theirs, "InvoiceID": guid(8)}]) == ["no", "no"]
    assert told(INVOICES, sent("A", "B", "C"), [ok("C", 3), theirs, ok("A", 1)]) == [guid(1), "no", guid(3)]


def test_a_success_that_contradicts_is_not_left_over():
    assert told(INVOICES, sent("A", "B"), [ok("Z", 2), ok("A", 1)]) == [guid(1), "?"]


@pytest.mark.parametrize(
    "last",
    [
        {"StatusAttributeString": "OK"},
        {"InvoiceID": guid(2)},
        {"InvoiceID": guid(2), "StatusAttributeString": "OK"},
        {"InvoiceNumber": "B"},
        {"InvoiceNumber": "B", "InvoiceID": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_a_success_that_is_left_needs_an_identity(last):
    """Binding to a wrong record is worse than asking."""
    assert told(INVOICES, sent("A", "B", "C"), [ok("C", 3), last, ok("A", 1)]) == [guid(1), "?", guid(3)]


def test_too_few_elements_leave_nobody_over():
    assert told(INVOICES, sent("A", "B", "C"), [ok("C", 3), NO]) == ["?", "?", guid(3)]
    assert told(INVOICES, sent("A", "B", "C"), [NO]) == ["?", "?", "?"]


def test_too_many_elements():
    assert told(INVOICES, sent("A", "B"), [ok("A", 1), NO, NO]) == [guid(1), "?"]
    assert told(INVOICES, sent("A", "B"), [ok("A", 1), ok("B", 2), NO]) == [guid(1), guid(2)]
    assert told(INVOICES, sent("A", "B"), [ok("A", 1), ok("B", 2), ok("B", 2)]) == [guid(1), "?"]


# --- one possibility after the other ---


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_namesakes_of_which_one_is_refused(order):
    """The refused one repeats the name only, which both have; the other has its number."""
    payloads = [{"Name": "Azure", "ContactNumber": "n-1"}, {"Name": "Azure", "ContactNumber": "n-2"}]
    elements = [{"ContactID": guid(1), "Name": "Azure", "ContactNumber": "n-1"}, {**NO, "Name": "Azure"}]
    assert told(CONTACTS, payloads, [elements[index] for index in order]) == [guid(1), "no"]


def test_payments_that_differ_in_their_reference_only():
    base = {"Invoice": {"InvoiceID": guid(1)}, "Account": {"AccountID": guid(8)}, "Amount": Decimal("10.00")}
    payloads = [{**base, "Reference": f"P{number}"} for number in range(3)]
    elements = [{**payload, "PaymentID": guid(20 + number)} for number, payload in enumerate(payloads)]
    assert told(PAYMENTS, payloads, elements[::-1]) == [guid(20), guid(21), guid(22)]
    silent = {**base, "PaymentID": guid(21)}
    assert told(PAYMENTS, payloads, [elements[2], silent, elements[0]]) == [guid(20), guid(21), guid(22)]
    assert told(PAYMENTS, payloads, [elements[2], silent, {**base, "PaymentID": guid(20)}]) == ["?", "?", guid(22)]


def test_twice_the_same_document_cannot_be_told_apart():
    assert told(INVOICES, sent("A", "A", "B"), [ok("B", 3), ok("A", 1), ok("A", 2)]) == ["?", "?", guid(3)]


def test_one_record_of_xero_is_never_two_documents():
    """By position nothing contradicts: the second element is silent about its number."""
    same = {"InvoiceID": guid(1), "Contact": {"ContactID": guid(90)}}
    assert told(INVOICES, sent("A", "B"), [ok("A", 1), same]) == ["?", "?"]


# --- size ---


def invoice(*descriptions):
    lines = [{"Description": text, "Quantity": Decimal("1.5"), "UnitAmount": Decimal("0.10")} for text in descriptions]
    return {"InvoiceNumber": "A", "LineItems": lines}


@pytest.mark.parametrize("text", ["x", "é", "漢", "\U0001f600", '"\\\n'])
def test_size_is_what_goes_out(wire, text):
    payloads = [invoice(text * 50), invoice(text), invoice()]
    wire.answer(200, {"Invoices": []})
    wire.client.create_invoices(payloads, "key")
    body = wire.sent.body
    assert json.loads(body)["Invoices"][0]["LineItems"][0]["Description"] == text * 50
    assert len(body) <= sum(map(size, payloads)) + ENVELOPE
    assert len(body) >= sum(map(size, payloads)), "not far too careful either"


def together(*payloads):
    """What one job sends."""
    return [SimpleNamespace(size=size(payload), last=True) for payload in payloads]


def sizes(groups, *limits):
    return [len(batch) for batch in packed(groups, *limits)]


def test_groups_by_count_and_by_size():
    small, large = invoice("x"), invoice("x" * 1000)
    alone = together(small)
    assert sizes([], 50) == []
    assert sizes([alone] * 120, 50) == [50, 50, 20]
    assert sizes([together(large)] * 5, 50, 2 * size(large) + ENVELOPE) == [2, 2, 1]
    assert sizes([alone, together(large), alone, alone], 50, size(large) + ENVELOPE) == [1, 1, 2]
    assert sizes([together(large)] * 3, 50, 10) == [1, 1, 1], "too large alone: a call of its own"
    assert sizes([alone] * 3, 1) == [1, 1, 1]


def test_what_belongs_together_stays_together():
    small = invoice("x")
    assert sizes([together(small, small)] * 3, 5) == [4, 2]
    assert sizes([together(small), together(small, small, small), together(small)], 3) == [1, 3, 1]


def test_what_is_too_much_for_a_call_is_cut_and_says_so():
    small = invoice("x")
    group = together(*[small] * 7)
    [batch] = packed([group], 5)
    assert [item.last for item in batch] == [True] * 4 + [False]
    [batch] = packed([together(*[small] * 7)], 50, 3 * size(small) + ENVELOPE)
    assert (len(batch), batch[-1].last) == (3, False)


def test_fifty_huge_invoices_are_several_calls():
    huge = invoice(*["漢" * 4000] * 20)
    groups = sizes([together(huge)] * 50)
    assert sum(groups) == 50 and len(groups) == 4
    assert max(groups) * size(huge) < 3_500_000
    assert size(huge) < MAX_BYTES


def test_too_large_is_about_this_document(wire):
    """Nothing was done; the engine sends smaller groups until the one is found that is too large alone."""
    wire.answer(413, b"", content_type="text/plain")
    with pytest.raises(errors.TooLarge) as caught:
        wire.client.create_invoices([invoice("x")], "key")
    assert (caught.value.outcome, caught.value.scope) == (errors.Outcome.REFUSED, errors.Scope.DOCUMENT)
    assert "larger than Xero takes" in caught.value.message


# --- how long to wait ---


def test_a_lost_read_is_asked_again_within_seconds():
    lost = errors.AnswerLost("lost")
    assert [lost.wait(failures) for failures in range(8)] == [5, 10, 20, 40, 80, 160, 300, 300]
    assert lost.wait(10_000) == 300


def test_a_line_that_is_cut_is_tried_every_ten_minutes_at_least():
    assert [errors.NotReached("x").wait(failures) for failures in (0, 1, 9)] == [10, 20, 600]


def test_other_troubles_begin_with_a_minute():
    assert [errors.XeroError("x").wait(failures) for failures in (0, 1, 9)] == [60, 120, 3600]


def test_what_xero_says_counts():
    assert errors.MinuteLimit("x", retry_after=26).wait(5) == 26
    assert errors.ConcurrentLimit("x").wait(5) == 1
    assert errors.DayLimit("x", retry_after=80_000).wait() == 80_000
    assert errors.Unavailable("x").wait(3) == 300


# --- behind a proxy ---


def _behind_a_proxy(original):
    reason = urllib3.exceptions.ProxyError("Cannot connect to proxy.", original)
    return requests.exceptions.ProxyError(urllib3.exceptions.MaxRetryError(None, "/", reason))


def test_a_proxy_that_is_not_there():
    assert sessions.was_never_sent(_behind_a_proxy(urllib3.exceptions.NewConnectionError(None, "refused")))


@pytest.mark.parametrize("original", [ConnectionResetError(104), BrokenPipeError(32), OSError("Tunnel connection failed: 502")])
def test_a_connection_through_a_proxy_that_breaks_off_proves_nothing(original):
    """urllib3 1.26 says "Cannot connect to proxy" for a reset after the request was sent, too."""
    error = _behind_a_proxy(original)
    assert not sessions.was_never_sent(error)
    assert isinstance(sessions.failure(error, is_write=True), errors.OutcomeUnknown)
