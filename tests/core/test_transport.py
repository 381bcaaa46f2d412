import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import fakes
import pytest
import requests
from xero_core import errors
from xero_core.client import XeroClient
from xero_core.errors import Outcome, Remedy, Scope
from xero_core.http import sessions
from xero_core.http.transport import BODY_LIMIT

INVOICES = [{"Type": "ACCREC", "InvoiceNumber": "INV/1", "Contact": {"ContactID": fakes.guid(1)}}]
EXPIRED = {"Title": "Unauthorized", "Status": 401, "Detail": "TokenExpired: token expired at 08/12/2022 07:00:40"}


def read(wire):
    return wire.client.currencies()


def write(wire):
    return wire.client.create_invoices(INVOICES, "key-1")


NEVER_SENT = [fakes.refused_connection, fakes.name_not_found, fakes.connect_timeout]
LOST = [fakes.read_timeout, fakes.reset, fakes.broken_off]


@pytest.mark.parametrize("how", NEVER_SENT)
@pytest.mark.parametrize("act", [read, write])
def test_never_sent(wire, how, act):
    wire.fail(how)
    with pytest.raises(errors.NotReached) as caught:
        act(wire)
    assert caught.value.outcome is Outcome.NOT_DONE
    assert len(wire.adapter.sent) == 1


@pytest.mark.parametrize("how", LOST)
def test_answer_lost(wire, how):
    wire.fail(how)
    with pytest.raises(errors.AnswerLost):
        read(wire)
    wire.fail(how)
    with pytest.raises(errors.OutcomeUnknown) as caught:
        write(wire)
    assert caught.value.remedy is Remedy.LOOK_UP
    assert len(wire.adapter.sent) == 2, "nothing is ever repeated by the transport"


def test_a_blocked_request_is_no_success(wire):
    def blocked(request):
        raise requests.exceptions.ConnectionError("Request to localhost blocked")

    wire.fail(blocked)
    with pytest.raises(errors.XeroError):
        read(wire)


HTML = "text/html; charset=utf-8"
READ_ANSWERS = [
    (200, b"<html>", HTML, errors.AnswerLost),
    (200, b"", "", errors.AnswerLost),
    (200, b'{"Currencies": [', fakes.JSON, errors.AnswerLost),
    (200, b"[]", fakes.JSON, errors.AnswerLost),
    (200, b'{"Currencies": null}', fakes.JSON, errors.AnswerLost),
    (204, b"", "", errors.AnswerLost),
    (302, b"", "", errors.AnswerLost),
    (500, b"unhandled error", HTML, errors.AnswerLost),
    (503, b"The Xero API is currently offline for maintenance", "text/plain", errors.Unavailable),
    (404, b"", HTML, errors.NotFound),
    (400, b'{"ErrorNumber": 51, "Type": "HighVolumeException"}', fakes.JSON, errors.HighVolume),
    (403, b'{"Detail": "AuthenticationUnsuccessful"}', fakes.JSON, errors.ConsentLost),
    (403, b'{"Detail": "Forbidden"}', fakes.JSON, errors.PermissionDenied),
    (401, b'{"Detail": "AuthenticationUnsuccessful"}', fakes.JSON, errors.ConsentLost),
]
WRITE_ANSWERS = [
    (200, b"<html>", HTML, errors.Unintelligible),
    (200, b"", "", errors.Unintelligible),
    (200, b"{}", fakes.JSON, errors.Unintelligible),
    (302, b"", "", errors.OutcomeUnknown),
    (500, b"", HTML, errors.OutcomeUnknown),
    (502, b"<html>", HTML, errors.OutcomeUnknown),
    (408, b"", "", errors.OutcomeUnknown),
    (503, b"The Organisation is offline", "text/plain", errors.Unavailable),
    (400, b'{"Message": "Idempotency Key: key-1 is used with a different request."}', fakes.JSON, errors.OutcomeUnknown),
    (400, b"Idempotency Key: key-1 is used with a different request.", "text/plain", errors.OutcomeUnknown),
    (400, b"<html>bad</html>", HTML, errors.ValidationRefused),
    (404, b"", HTML, errors.NotFound),
    (412, b"", "", errors.ValidationRefused),
]


@pytest.mark.parametrize("status, body, content_type, expected", READ_ANSWERS)
def test_answers_to_reads(wire, status, body, content_type, expected):
    wire.answer(status, body, content_type, Xero_Correlation_Id="corr-1")
    with pytest.raises(errors.XeroError) as caught:
        read(wire)
    assert type(caught.value) is expected
    assert caught.value.outcome is not Outcome.UNKNOWN
    assert (caught.value.status, caught.value.correlation_id) == (status, "corr-1")


@pytest.mark.parametrize("status, body, content_type, expected", WRITE_ANSWERS)
def test_answers_to_writes(wire, status, body, content_type, expected):
    wire.answer(status, body, content_type)
    with pytest.raises(errors.XeroError) as caught:
        write(wire)
    assert type(caught.value) is expected


def test_not_modified_is_empty(wire):
    wire.answer(304, b"", "")
    assert read(wire) == []


@pytest.mark.parametrize(
    "problem, given, kind, wait",
    [
        ("minute", "26", errors.MinuteLimit, 26),
        ("day", "80000", errors.DayLimit, 80000),
        ("concurrent", None, errors.ConcurrentLimit, 1),
        ("appminute", "12", errors.AppMinuteLimit, 12),
        ("lunar", "3", errors.MinuteLimit, 3),
        ("minute", "soon", errors.MinuteLimit, 60),
    ],
)
def test_limits(wire, problem, given, kind, wait):
    wire.answer(429, b"", "", X_Rate_Limit_Problem=problem, X_MinLimit_Remaining="0", **({"Retry_After": given} if given else {}))
    with pytest.raises(errors.RateLimited) as caught:
        write(wire)
    assert type(caught.value) is kind
    assert caught.value.retry_after == wait
    assert caught.value.outcome is Outcome.NOT_DONE
    assert wire.calls[0].limits.problem == problem


def test_an_expired_token_is_renewed_once_and_the_call_repeated_with_its_key(wire):
    wire.answer(401, EXPIRED)
    wire.answer(200, {"Invoices": [{"InvoiceID": fakes.guid(9), "InvoiceNumber": "INV/1", "StatusAttributeString": "OK"}]})
    assert write(wire)[0].ok
    first, second = wire.adapter.sent
    assert (first.headers["Authorization"], second.headers["Authorization"]) == ("Bearer token-1", "Bearer token-2")
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == "key-1"
    assert first.body == second.body
    assert [call.status for call in wire.calls] == [401, 200]


def test_a_second_refusal_is_no_proof_of_a_lost_consent(wire):
    wire.answer(401, EXPIRED)
    wire.answer(401, EXPIRED)
    with pytest.raises(errors.NotReached):
        read(wire)
    assert wire.tokens.renewed == 1


def test_a_token_renewed_by_another_thread_is_used(wire):
    def meanwhile(request):
        wire.tokens.current = "token-of-another"
        return fakes._response(request, 401, json.dumps(EXPIRED).encode(), {"Content-Type": fakes.JSON})

    wire.fail(meanwhile)
    wire.answer(200, {"Currencies": []})
    read(wire)
    assert wire.tokens.renewed == 0
    assert wire.sent.headers["Authorization"] == "Bearer token-of-another"


def test_a_lost_renewal_means_this_call_was_not_sent(wire):
    def lost(stale):
        raise errors.OutcomeUnknown("lost")

    wire.tokens.renew = lost
    wire.answer(401, EXPIRED)
    with pytest.raises(errors.NotReached):
        write(wire)


def test_a_missing_scope_is_named_and_never_refreshed(wire):
    wire.answer(401, {"Detail": "AuthorizationUnsuccessful"}, WWW_Authenticate='Bearer error="insufficent_scope"')
    with pytest.raises(errors.ScopeMissing) as caught:
        write(wire)
    assert caught.value.missing == "accounting.invoices"
    assert caught.value.scope is Scope.CONNECTION
    assert wire.tokens.renewed == 0


def test_all_of_xeros_messages_are_told_nested_ones_too(wire):
    element = {
        "ValidationErrors": [{"Message": "one"}, {"Description": "two"}],
        "LineItems": [{"ValidationErrors": [{"Message": "three"}, {"Message": "one"}]}],
    }
    wire.answer(400, {"ErrorNumber": 10, "Message": "A validation exception occurred", "Elements": [element]})
    with pytest.raises(errors.ValidationRefused) as caught:
        write(wire)
    assert caught.value.details == ("one", "two", "three")
    wire.answer(400, {"Message": "Only this"})
    with pytest.raises(errors.ValidationRefused) as caught:
        write(wire)
    assert caught.value.details == ("Only this",)


def test_what_goes_out(wire):
    wire.answer(200, {"Invoices": []})
    write(wire)
    query = wire.sent.url.partition("?")[2]
    assert query == "summarizeErrors=false&unitdp=4"
    assert wire.sent.url.startswith(fakes.API + "/api.xro/2.0/Invoices?")
    assert wire.sent.headers["xero-tenant-id"] == fakes.TENANT
    assert wire.sent.headers["Accept"] == wire.sent.headers["Content-Type"] == "application/json"
    assert wire.adapter.options[0]["timeout"] == sessions.TIMEOUT


def test_a_custom_connection_names_no_organisation(wire):
    client = XeroClient(fakes.API, "", wire.tokens, wire.session)
    wire.answer(200, {"Currencies": []})
    client.currencies()
    assert "xero-tenant-id" not in wire.sent.headers


def test_a_failing_log_of_calls_is_not_needed(wire):
    wire.client = XeroClient(fakes.API, fakes.TENANT, wire.tokens, wire.session)
    wire.answer(200, {"Currencies": []})
    assert read(wire) == []


def test_four_threads_do_not_mix_their_answers(wire):
    def answer(request):
        ids = parse_qs(urlsplit(request.url).query)["IDs"][0]
        body = {"Contacts": [{"ContactID": xero_id} for xero_id in ids.split(",")]}
        return fakes._response(request, 200, json.dumps(body).encode(), {"Content-Type": fakes.JSON})

    for _ in range(40):
        wire.fail(answer)
    ids = [fakes.guid(number) for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda xero_id: wire.client.contacts(ids=[xero_id]), ids))
    assert [[contact.xero_id for contact in each] for each in found] == [[xero_id] for xero_id in ids]


def test_the_record_of_a_call_holds_no_token_and_not_too_much(wire):
    body = {"Invoices": [], "access_token": "SECRET", "long": "x" * 30_000}
    wire.answer(200, body, Xero_Correlation_Id="c-1", X_DayLimit_Remaining="900")
    write(wire)
    record = wire.calls[0]
    assert (record.method, record.path, record.status) == ("PUT", "/api.xro/2.0/Invoices", 200)
    assert (record.correlation_id, record.limits.day_remaining, record.started) == ("c-1", 900, fakes.NOW)
    assert json.loads(record.request_body) == {"Invoices": INVOICES}
    assert BODY_LIMIT - 10 < len(record.response_body) <= BODY_LIMIT
    assert "SECRET" not in repr(record) and "token-1" not in repr(record)


def test_a_failed_call_is_recorded_with_its_error(wire):
    wire.fail(fakes.read_timeout)
    with pytest.raises(errors.OutcomeUnknown) as caught:
        write(wire)
    assert wire.calls[0].error is caught.value
    assert wire.calls[0].status is None
    assert "INV/1" not in str(caught.value)


def test_our_own_session_sends_once_and_keeps_no_cookies():
    session = sessions.new_session()
    assert session.get_adapter("https://api.xero.com").max_retries.total == 0
    session.cookies.set("a", "b")
    assert not session.cookies


def test_every_error_says_what_to_do():
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.XeroError):
            assert isinstance(kind.outcome, Outcome) and isinstance(kind.scope, Scope) and isinstance(kind.remedy, Remedy)
            assert kind.__doc__
            assert (kind.outcome is Outcome.UNKNOWN) == issubclass(kind, errors.OutcomeUnknown)
