"""Tokens, scopes, tenants, limits, idempotency: everything before the work."""

import pytest
from simulator_helpers import CheckedApi, line

from xero_simulator.app import create_app
from xero_simulator.testing import API


def body_of(answer):
    return answer.json()["Detail"]


def test_no_token_and_unknown_token(api):
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        answer = api.session.get(f"{API}/Organisation", headers=headers, timeout=5)
        assert (answer.status_code, body_of(answer)) == (401, "AuthenticationUnsuccessful")


def test_expired_token(api, clock):
    clock.advance(1801)
    answer = api.get("Organisation")
    assert answer.status_code == 401
    body = answer.json()
    assert body["Detail"].startswith("TokenExpired: token expired at 09/14/2026 10:00:00")
    assert (body["Type"], body["Title"], body["Status"], body["Extensions"]) == (None, "Unauthorized", 401, {})


def test_missing_scope(app):
    poor = CheckedApi(app, "NZ", scopes="offline_access accounting.contacts.read")
    assert poor.get("Contacts").status_code == 200
    refused = poor.put("Contacts", {"Contacts": [{"Name": "A"}]})
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "insufficent_scope"
    assert poor.get("Accounts").headers["WWW-Authenticate"] == "insufficent_scope"


def test_tenant_not_connected(app, api):
    other = app.world.organisation("AU").tenant_id
    for tenant in (other, "", "nonsense"):
        answer = api.get("Organisation", headers={"xero-tenant-id": tenant})
        assert (answer.status_code, body_of(answer), answer.json()["Title"]) == (403, "AuthenticationUnsuccessful", "Forbidden")


def test_one_token_reaches_every_connected_organisation(app, api):
    later = CheckedApi(app, "AU")
    first = api.get("Organisation", headers={"Authorization": later.headers["Authorization"]})
    assert first.json()["Organisations"][0]["Version"] == "NZ"
    assert later.get("Organisation").json()["Organisations"][0]["Version"] == "AU"


def test_organisations_are_separate(app, api):
    api.contact("Only here")
    assert CheckedApi(app, "AU").get("Contacts").json()["Contacts"] == []


def test_xml_without_accept_json(api):
    answer = api.get("Currencies", headers={"Accept": "*/*"})
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert "xero_simulator:" in answer.text
    assert "<Currencies><Currency><Code>NZD</Code>" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "Quotes", None, 501),
        ("GET", "Reports/BalanceSheet", None, 501),
        ("PUT", "Quotes", {"Quotes": [{}]}, 501),
        ("GET", "Nonsense", None, 404),
        ("DELETE", "Accounts", None, 501),
        ("POST", "Accounts", {}, 501),
        ("GET", "Accounts?colour=red", None, 400),
        ("GET", "TaxRates?page=1", None, 400),
        ("PUT", "Contacts", {"Contacts": [{"Name": "A", "Colour": "red"}]}, 400),
        ("PUT", "Invoices", {"Invoices": [{"InvoiceID": "x", "Type": "ACCREC"}]}, 400),
    ],
)
def test_what_is_not_known_is_refused_loudly(api, switch, caplog, method, path, body, status):
    """In the form of Xero's own errors, which every client for Xero can read."""
    switch(unknown_fields="refused")
    answer = api.call(method, path, body)
    assert answer.status_code == status
    assert set(answer.json()) == {"ErrorNumber", "Type", "Message"}
    assert answer.json()["Message"].startswith("xero_simulator: ")
    assert any(record.message.startswith("xero_simulator:") for record in caplog.records)


def test_unknown_fields_are_overlooked_or_refused(api, switch):
    """Recorded in 2018: an "Id" in a body of Invoices is taken without a word."""
    rows = {"Invoices": [api.draft(line(Colour="red"), Id="x")]}
    assert api.put("Invoices", rows).status_code == 200
    switch(unknown_fields="refused")
    assert api.put("Invoices", rows).json()["Message"] == "xero_simulator: unknown field Id of Invoices"
    rows["Invoices"][0].pop("Id")
    assert api.put("Invoices", rows).json()["Message"] == "xero_simulator: unknown field Colour of LineItem"


def test_broken_json(api):
    answer = api.session.put(f"{API}/Contacts", data="{", headers={**api.headers, "Content-Type": "application/json"}, timeout=5)
    assert (answer.status_code, answer.json()["Type"]) == (400, "PostDataInvalidException")
    form = api.session.put(f"{API}/Contacts", data="a=b", headers={**api.headers, "Content-Type": "text/plain"}, timeout=5)
    assert form.status_code == 415


def test_every_answer_tells_its_correlation_id_and_limits(clock):
    api = CheckedApi(create_app(("NZ",), clock=clock))
    one, two, failed = api.get("Organisation"), api.get("Currencies"), api.get("Invoices/none")
    for answer in (one, two, failed):
        assert answer.headers["Xero-Correlation-Id"]
    assert [answer.headers["X-MinLimit-Remaining"] for answer in (one, two, failed)] == ["59", "58", "57"]
    assert [answer.headers["X-DayLimit-Remaining"] for answer in (one, two, failed)] == ["999", "998", "997"]
    assert one.headers["X-AppMinLimit-Remaining"] == "9999"


def test_minute_limit_is_a_fixed_window(clock):
    api = CheckedApi(create_app(("NZ",), clock=clock))
    first = next(iter(answer for answer in (api.get("Organisation") for _ in range(60)) if answer.status_code != 200), None)
    assert first is None
    refused = api.get("Organisation")
    assert (refused.status_code, refused.content) == (429, b"")
    assert refused.headers["X-Rate-Limit-Problem"] == "minute"
    assert "Content-Type" not in refused.headers
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= 60
    clock.advance(wait - 1)
    assert api.get("Organisation").status_code == 429
    clock.advance(1)
    assert api.get("Organisation").headers["X-MinLimit-Remaining"] == "59"


def test_minute_limit_as_a_rolling_window(clock):
    api = CheckedApi(create_app(("NZ",), clock=clock, minute_limit=2, minute_window="rolling"))
    api.get("Organisation")
    clock.advance(30)
    api.get("Organisation")
    assert api.get("Organisation").headers["Retry-After"] == "30"
    clock.advance(30)
    assert api.get("Organisation").status_code == 200
    assert api.get("Organisation").status_code == 429


def test_day_limit(clock):
    api = CheckedApi(create_app(("NZ",), clock=clock, day_limit=3))
    for _ in range(3):
        api.get("Organisation")
    refused = api.get("Organisation")
    assert refused.headers["X-Rate-Limit-Problem"] == "day"
    assert refused.headers["X-DayLimit-Remaining"] == "0"
    assert 0 < int(refused.headers["Retry-After"]) <= 86400


def test_app_minute_limit(clock):
    api = CheckedApi(create_app(("NZ",), clock=clock, app_minute_limit=1))
    api.get("Organisation")
    assert api.get("Organisation").headers["X-Rate-Limit-Problem"] == "appminute"


# --- Idempotency-Key ---


def create(api, key, name="Key Ltd"):
    return api.put("Contacts", {"Contacts": [{"Name": name}]}, headers={"Idempotency-Key": key})


def test_same_key_same_request_same_answer(api):
    first, again = create(api, "k1"), create(api, "k1")
    assert first.json()["Contacts"] == again.json()["Contacts"]
    assert len(api.organisation.contacts) == 1


@pytest.mark.parametrize("shape", ["text", "json"])
def test_same_key_other_request(api, switch, shape):
    switch(idempotency_mismatch=shape)
    create(api, "k1")
    answer = create(api, "k1", "Another")
    assert answer.status_code == 400
    assert "Idempotency Key: k1 is used with a different request." in answer.text


def test_key_lives_six_minutes(api, clock):
    create(api, "k1")
    clock.advance(359)
    assert create(api, "k1").status_code == 200
    clock.advance(2)
    assert create(api, "k1").status_code == 400  # done again: the name is taken now


def test_validation_answers_are_kept_or_not(api, switch):
    api.contact("Key Ltd")
    assert create(api, "k1").status_code == 400
    api.post("Contacts", {"Contacts": [{"ContactID": api.organisation.contact_by_name("Key Ltd")["ContactID"], "Name": "Renamed"}]})
    assert create(api, "k1").status_code == 400
    switch(idempotency_caches_400=False)
    assert create(api, "k2", "Renamed").status_code == 400
    assert create(api, "k3").status_code == 200


def test_keys_per_app_or_per_token(app, api, switch, clock):
    create(api, "k1")
    clock.advance(1)
    other = CheckedApi(app, "NZ")
    assert create(other, "k1").status_code == 200
    switch(idempotency_scope="token")
    assert create(other, "k1").status_code == 400


def test_internal_errors_are_replayed(api, control):
    control("faults", {"faults": [{"kind": "error_500_after", "method": "PUT"}]})
    assert create(api, "k1").status_code == 500
    assert create(api, "k1").status_code == 500
    assert len(api.organisation.contacts) == 1


def test_replays_still_count(clock):
    api = CheckedApi(create_app(("NZ",), clock=clock))
    create(api, "k1")
    assert create(api, "k1").headers["X-MinLimit-Remaining"] == "58"


def test_long_keys_are_refused(api):
    assert create(api, "k" * 129).status_code == 400


def test_keys_do_nothing_to_reads(api):
    assert api.get("Contacts", headers={"Idempotency-Key": "k"}).json()["Contacts"] == []
    api.contact()
    assert len(api.get("Contacts", headers={"Idempotency-Key": "k"}).json()["Contacts"]) == 1
