"""Consent, codes, tokens, rotation, revocation, connections."""

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from simulator_helpers import validator

from xero_simulator.app import create_app
from xero_simulator.identity.accounts import App
from xero_simulator.testing import API, BASE, SCOPES, consent, session, tokens

REDIRECT = "http://localhost:8069/xero/callback"


@pytest.fixture
def http(app):
    return session(app)


def authorize_url(**changes):
    asked = {"response_type": "code", "client_id": "demo-client", "redirect_uri": REDIRECT, "scope": SCOPES, "state": "s 1&2", **changes}
    return f"{BASE}/identity/connect/authorize?" + urlencode({key: value for key, value in asked.items() if value is not None})


def answer_of(location):
    return {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}


def exchange(http, auth=("demo-client", "demo-secret"), **form):
    return http.post(f"{BASE}/connect/token", data=form, auth=auth, timeout=5)


def code_for(app, **changes):
    return answer_of(consent(app, authorize_url(**changes), "NZ"))["code"]


def claims(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def test_page_names_the_app_the_scopes_and_the_organisations(http):
    page = http.get(authorize_url(), timeout=5)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    for text in ("Odoo (demo)", "accounting.invoices", "Demo Company (NZ)", "Demo Company (AU)", "Allow access", "Cancel", 'type="radio"'):
        assert text in page.text


def test_page_escapes_what_it_is_sent(http):
    page = http.get(authorize_url(state='"><script>alert(1)</script>'), timeout=5)
    assert "<script>" not in page.text


def test_consent_gives_code_and_state(app):
    answer = answer_of(consent(app, authorize_url(), "NZ"))
    assert answer["state"] == "s 1&2"
    assert answer["code"]


def test_cancel_gives_access_denied(app):
    location = consent(app, authorize_url(), "NZ", allow=False)
    assert location.startswith(REDIRECT + "?")
    assert answer_of(location) == {"error": "access_denied", "state": "s 1&2"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"client_id": "demo-custom"}, "unauthorized_client"),
        ({"redirect_uri": "http://127.0.0.1:8069/xero/callback"}, "redirect_uri"),
        ({"redirect_uri": REDIRECT + "/"}, "redirect_uri"),
        ({"redirect_uri": "https://erp.example.com/xero/callback"}, "redirect_uri"),
        ({"scope": "offline_access accounting.transactions"}, "invalid_scope"),
        ({"scope": "accounting.reports.read"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"client_id": "demo-pkce"}, "invalid_request"),
        ({"code_challenge": "x", "code_challenge_method": "S256"}, "invalid_request"),
        ({"colour": "red"}, "unknown parameter colour"),
    ],
)
def test_wrong_requests_end_on_an_error_page(http, changes, error):
    page = http.get(authorize_url(**changes), timeout=5)
    assert page.status_code == 400
    assert error in page.text
    assert "Location" not in page.headers


def test_registered_https_redirect(app, http):
    app.world.identity.register(App("other", "x", redirect_uris=("https://erp.example.com/xero/callback",)))
    assert http.get(authorize_url(client_id="other", redirect_uri="https://erp.example.com/xero/callback"), timeout=5).status_code == 200


def test_code_becomes_tokens(app, http):
    answer = exchange(http, grant_type="authorization_code", code=code_for(app), redirect_uri=REDIRECT)
    assert answer.status_code == 200
    body = answer.json()
    assert body["expires_in"] == 1800
    assert body["token_type"] == "Bearer"
    assert body["scope"].split() == SCOPES.split()
    assert body["refresh_token"]
    inside = claims(body["access_token"])
    assert {"authentication_event_id", "xero_userid", "scope", "exp"} <= set(inside)
    assert inside["exp"] - inside["nbf"] == 1800


def test_no_refresh_token_without_offline_access(app, http):
    code = code_for(app, scope="accounting.invoices")
    assert "refresh_token" not in exchange(http, grant_type="authorization_code", code=code, redirect_uri=REDIRECT).json()


def test_code_is_good_once(app, http):
    form = {"grant_type": "authorization_code", "code": code_for(app), "redirect_uri": REDIRECT}
    assert exchange(http, **form).status_code == 200
    again = exchange(http, **form)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


def test_code_expires_after_five_minutes(app, http, clock):
    code = code_for(app)
    clock.advance(301)
    assert exchange(http, grant_type="authorization_code", code=code, redirect_uri=REDIRECT).json() == {"error": "invalid_grant"}


def test_code_belongs_to_its_redirect_address(app, http):
    answer = exchange(http, grant_type="authorization_code", code=code_for(app), redirect_uri="http://localhost/xero/callback")
    assert answer.json() == {"error": "invalid_grant"}


@pytest.mark.parametrize("status", [400, 401])
def test_wrong_secret(app, http, switch, status):
    switch(invalid_client_status=status)
    answer = exchange(http, ("demo-client", "wrong"), grant_type="authorization_code", code="x", redirect_uri=REDIRECT)
    assert (answer.status_code, answer.json()) == (status, {"error": "invalid_client"})


def test_json_body_and_missing_client_are_invalid_requests(http):
    assert http.post(f"{BASE}/connect/token", json={"grant_type": "refresh_token"}, timeout=5).json() == {"error": "invalid_request"}
    assert exchange(http, None, grant_type="refresh_token", refresh_token="x").json() == {"error": "invalid_request"}
    assert exchange(http, grant_type="password").json() == {"error": "unsupported_grant_type"}


def test_pkce(app, http):
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {"client_id": "demo-pkce", "code_challenge": challenge, "code_challenge_method": "S256"}
    form = {"grant_type": "authorization_code", "client_id": "demo-pkce", "redirect_uri": REDIRECT}
    wrong = exchange(http, None, code=code_for(app, **asked), code_verifier="w" * 50, **form)
    assert wrong.json() == {"error": "invalid_grant"}
    right = exchange(http, None, code=code_for(app, **asked), code_verifier=verifier, **form)
    assert right.status_code == 200
    refreshed = exchange(http, None, grant_type="refresh_token", client_id="demo-pkce", refresh_token=right.json()["refresh_token"])
    assert refreshed.status_code == 200


def test_refresh_rotates_and_the_old_token_lives_thirty_minutes_more(app, http, clock):
    first = tokens(app, "NZ")["refresh_token"]
    second = exchange(http, grant_type="refresh_token", refresh_token=first).json()["refresh_token"]
    assert second != first
    clock.advance(29 * 60)
    assert exchange(http, grant_type="refresh_token", refresh_token=first).status_code == 200
    clock.advance(2 * 60)
    assert exchange(http, grant_type="refresh_token", refresh_token=first).json() == {"error": "invalid_grant"}
    assert exchange(http, grant_type="refresh_token", refresh_token=second).status_code == 200


def test_refresh_token_dies_after_sixty_idle_days(app, http, clock):
    refresh = tokens(app, "NZ")["refresh_token"]
    clock.advance(60 * 86400 + 1)
    assert exchange(http, grant_type="refresh_token", refresh_token=refresh).json() == {"error": "invalid_grant"}


def test_refresh_token_of_another_app(app, http):
    app.world.identity.register(App("other", "x"))
    refresh = tokens(app, "NZ")["refresh_token"]
    assert exchange(http, ("other", "x"), grant_type="refresh_token", refresh_token=refresh).json() == {"error": "invalid_grant"}


def test_scopes_add_up(app):
    tokens(app, "NZ", "offline_access accounting.contacts")
    assert tokens(app, "AU", "accounting.invoices.read")["scope"].split() == [
        "offline_access",
        "accounting.contacts",
        "accounting.invoices.read",
    ]


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_connections(app, http):
    first = tokens(app, "NZ")
    second = tokens(app, "AU")
    everything = http.get(f"{BASE}/connections", headers=bearer(second["access_token"]), timeout=5)
    assert [row["tenantName"] for row in everything.json()] == ["Demo Company (NZ)", "Demo Company (AU)"]
    event = claims(second["access_token"])["authentication_event_id"]
    just_now = http.get(f"{BASE}/connections", params={"authEventId": event}, headers=bearer(first["access_token"]), timeout=5).json()
    assert [row["tenantName"] for row in just_now] == ["Demo Company (AU)"]
    assert set(just_now[0]) == {"id", "authEventId", "tenantId", "tenantType", "tenantName", "createdDateUtc", "updatedDateUtc"}
    schema = validator("Connection", "xero_identity.yaml")
    if schema:
        schema.validate(just_now[0])
    assert "X-AppMinLimit-Remaining" in everything.headers
    assert "X-DayLimit-Remaining" not in everything.headers


def test_deleting_a_connection(app, http, clock):
    token = tokens(app, "NZ")["access_token"]
    row = http.get(f"{BASE}/connections", headers=bearer(token), timeout=5).json()[0]
    assert http.delete(f"{BASE}/connections/{row['id']}", headers=bearer(token), timeout=5).status_code == 204
    assert http.delete(f"{BASE}/connections/{row['id']}", headers=bearer(token), timeout=5).status_code == 404
    refused = http.get(f"{API}/Organisation", headers={**bearer(token), "xero-tenant-id": row["tenantId"]}, timeout=5)
    assert (refused.status_code, refused.json()["Detail"]) == (403, "AuthenticationUnsuccessful")
    clock.advance(60)
    again = http.get(f"{BASE}/connections", headers=bearer(tokens(app, "NZ")["access_token"]), timeout=5).json()[0]
    assert again["createdDateUtc"] != again["updatedDateUtc"]


def test_connections_want_a_token(http):
    assert http.get(f"{BASE}/connections", timeout=5).status_code == 401


def test_revocation_ends_everything(app, http):
    given = tokens(app, "NZ")
    answer = http.post(f"{BASE}/connect/revocation", data={"token": given["refresh_token"]}, auth=("demo-client", "demo-secret"), timeout=5)
    assert (answer.status_code, answer.content) == (200, b"")
    assert exchange(http, grant_type="refresh_token", refresh_token=given["refresh_token"]).json() == {"error": "invalid_grant"}
    assert http.get(f"{BASE}/connections", headers=bearer(given["access_token"]), timeout=5).status_code == 401
    assert not app.world.identity.connections


def test_custom_connection_needs_no_tenant_header(http):
    form = {"grant_type": "client_credentials", "scope": "accounting.settings accounting.contacts"}
    answer = exchange(http, ("demo-custom", "demo-secret"), **form)
    assert answer.status_code == 200
    assert "refresh_token" not in answer.json()
    headers = {**bearer(answer.json()["access_token"]), "Accept": "application/json"}
    assert http.get(f"{API}/Organisation", headers=headers, timeout=5).json()["Organisations"][0]["CountryCode"] == "NZ"
    assert http.get(f"{BASE}/connections", headers=headers, timeout=5).json()[0]["tenantName"] == "Demo Company (NZ)"


def test_custom_connection_refusals(http):
    journals = exchange(http, ("demo-custom", "demo-secret"), grant_type="client_credentials", scope="accounting.journals.read")
    assert journals.json() == {"error": "invalid_scope"}
    web = exchange(http, grant_type="client_credentials", scope="accounting.settings")
    assert web.json() == {"error": "unauthorized_client"}


def test_app_connections_scope_sees_connections_only(app, http):
    tokens(app, "NZ")
    token = exchange(http, grant_type="client_credentials", scope="app.connections").json()["access_token"]
    rows = http.get(f"{BASE}/connections", headers=bearer(token), timeout=5).json()
    assert len(rows) == 1
    refused = http.get(f"{API}/Organisation", headers={**bearer(token), "xero-tenant-id": rows[0]["tenantId"]}, timeout=5)
    assert refused.status_code == 401


def test_same_seed_same_ids():
    first, second = create_app(("AU",), seed=7), create_app(("AU",), seed=7)
    assert list(first.world.organisations) == list(second.world.organisations)
    assert list(create_app(("AU",), seed=8).world.organisations) != list(first.world.organisations)


def test_secrets_are_not_shown():
    assert "hush" not in repr(App("id", "hush"))
