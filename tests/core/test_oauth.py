import base64
import datetime
import json
from urllib.parse import parse_qs, urlsplit

import fakes
import pytest
from xero_core import errors
from xero_core.http.oauth import App, Endpoints, OAuthClient, TokenSet, code_challenge, new_code_verifier
from xero_core.http.scopes import SCOPES

ENDPOINTS = Endpoints(fakes.API, fakes.API, fakes.API)
CLAIMS = base64.urlsafe_b64encode(json.dumps({"authentication_event_id": "event-1", "scope": ["a"]}).encode()).decode().rstrip("=")
JWT = f"eyJhbGciOiJSUzI1NiJ9.{CLAIMS}.sig"
ANSWER = {"access_token": JWT, "refresh_token": "refresh-2", "expires_in": 1800, "scope": "offline_access accounting.contacts"}
NEVER = ("secret-1", "refresh-1", "code-1", "verifier-1", JWT, "refresh-2")


def client(wire, flow="web"):
    app = App("client-1", "" if flow == "pkce" else "secret-1", flow)
    return OAuthClient(ENDPOINTS, app, wire.session, clock=lambda: fakes.NOW)


def form(wire):
    return {key: value[0] for key, value in parse_qs(wire.sent.body).items()}


def basic(wire):
    scheme, _, value = wire.sent.headers["Authorization"].partition(" ")
    return scheme, base64.b64decode(value).decode()


@pytest.mark.parametrize(
    "url", ["https://login.xero.com/", "http://localhost:5055", "http://127.0.0.1", "http://[::1]:1", "http://127.9.9.9"]
)
def test_addresses_that_are_fine(url):
    assert Endpoints(login_url=url).login_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://login.xero.com",
        "http://localhost.evil.com",
        "http://10.0.0.1",
        "ftp://localhost",
        "https://",
        "",
        "https://user:pw@xero.com",
        "https://xero.com?a=b",
        "https://xero.com#a",
        "https://xero.com:port",
        "http://[bad",
        "javascript:alert(1)",
        "https://evil.example",
        "https://notxero.com",
        "https://xero.com.evil.example",
    ],
)
@pytest.mark.parametrize("which", ["login_url", "identity_url", "api_url"])
def test_addresses_that_are_not(which, url):
    with pytest.raises(ValueError):
        Endpoints(**{which: url})


def test_further_hosts_are_allowed_by_name():
    allowed = frozenset(["proxy.example"])
    assert Endpoints(api_url="https://proxy.example/xero", allowed=allowed).api_url == "https://proxy.example/xero"
    with pytest.raises(ValueError):
        Endpoints(api_url="http://proxy.example", allowed=allowed)


def test_defaults_are_xeros_own():
    endpoints = Endpoints()
    assert endpoints.authorize_url == "https://login.xero.com/identity/connect/authorize"
    assert endpoints.token_url == "https://identity.xero.com/connect/token"
    assert endpoints.connections_url == "https://api.xero.com/connections"


def test_only_known_kinds_of_app():
    with pytest.raises(ValueError):
        App("client-1", flow="implicit")


def test_where_to_send_the_person(wire):
    redirect = "http://localhost:8069/xero/callback?x=1"
    url = client(wire).authorize_url(redirect, "state&1", SCOPES)
    query = parse_qs(urlsplit(url).query)
    assert query["redirect_uri"] == [redirect] and query["state"] == ["state&1"]
    assert query["scope"] == [" ".join(SCOPES)] and "+" not in url
    assert "code_challenge" not in query
    pkce = parse_qs(urlsplit(client(wire, "pkce").authorize_url(redirect, "s", SCOPES, "challenge")).query)
    assert (pkce["code_challenge"], pkce["code_challenge_method"]) == (["challenge"], ["S256"])


def test_pkce_follows_the_rfc():
    assert code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert 43 <= len(new_code_verifier()) <= 128
    assert new_code_verifier() != new_code_verifier()


def test_a_code_becomes_tokens(wire):
    wire.answer(200, ANSWER)
    tokens = client(wire).exchange_code("code-1", "http://localhost/cb")
    assert tokens.expires_at == fakes.NOW + datetime.timedelta(seconds=1800)
    assert tokens.scopes == ("offline_access", "accounting.contacts")
    assert (tokens.access_token, tokens.refresh_token, tokens.authentication_event_id) == (JWT, "refresh-2", "event-1")
    assert basic(wire) == ("Basic", "client-1:secret-1")
    assert form(wire) == {"grant_type": "authorization_code", "code": "code-1", "redirect_uri": "http://localhost/cb"}
    assert wire.adapter.options[0]["timeout"]


def test_a_pkce_app_names_itself_and_has_no_secret(wire):
    wire.answer(200, ANSWER)
    client(wire, "pkce").exchange_code("code-1", "http://localhost/cb", "verifier-1")
    assert "Authorization" not in wire.sent.headers
    assert (form(wire)["client_id"], form(wire)["code_verifier"]) == ("client-1", "verifier-1")


def test_a_custom_connection_asks_for_a_token_without_refresh(wire):
    wire.answer(200, {"access_token": "opaque", "expires_in": "60"})
    tokens = client(wire, "custom").client_credentials(SCOPES)
    assert (tokens.refresh_token, tokens.scopes, tokens.authentication_event_id) == ("", (), "")
    assert form(wire)["scope"] == " ".join(SCOPES[1:])


def test_scopes_come_from_the_token_if_the_answer_names_none(wire):
    wire.answer(200, {"access_token": JWT})
    tokens = client(wire).refresh("refresh-1")
    assert tokens.scopes == ("a",)
    assert tokens.expires_at == fakes.NOW + datetime.timedelta(minutes=30)


FAILURES = [
    (400, {"error": "invalid_grant"}, errors.ConsentLost),
    (400, {"error": "invalid_client"}, errors.AppRefused),
    (400, {"error": "unauthorized_client", "error_description": "Invalid scope for client"}, errors.AppRefused),
    (400, {"error": "invalid_scope"}, errors.AppRefused),
    (400, {"error": "invalid_request"}, errors.AppRefused),
    (401, b"", errors.AppRefused),
    (429, b"", errors.NotReached),
    (500, b"<html>", errors.NotReached),
    (503, b"", errors.NotReached),
    (200, b"<html>", errors.Unintelligible),
    (200, {"token_type": "Bearer"}, errors.Unintelligible),
    (302, b"", errors.Unintelligible),
]


@pytest.mark.parametrize("status, body, expected", FAILURES)
def test_refusals(wire, status, body, expected):
    wire.answer(status, body)
    with pytest.raises(errors.XeroError) as caught:
        client(wire).refresh("refresh-1")
    assert type(caught.value) is expected
    assert not any(secret in str(caught.value) for secret in NEVER)


@pytest.mark.parametrize(
    "how, expected",
    [(fakes.refused_connection, errors.NotReached), (fakes.read_timeout, errors.OutcomeUnknown), (fakes.reset, errors.OutcomeUnknown)],
)
def test_a_lost_refresh_may_have_used_up_the_token(wire, how, expected):
    wire.fail(how)
    with pytest.raises(expected) as caught:
        client(wire).refresh("refresh-1")
    assert caught.value.__suppress_context__, "the exception below holds the request, and that holds the secrets"


def test_a_lost_answer_to_a_repeatable_request_is_no_mystery(wire):
    for act in (lambda c: c.client_credentials(SCOPES), lambda c: c.revoke("refresh-1"), lambda c: c.connections("t")):
        wire.fail(fakes.read_timeout)
        with pytest.raises(errors.NotReached):
            act(client(wire, "custom"))


def test_revoking(wire):
    wire.answer(200, b"", "")
    client(wire).revoke("refresh-1")
    assert (form(wire), basic(wire)[1]) == ({"token": "refresh-1"}, "client-1:secret-1")
    wire.answer(200, b"", "")
    client(wire, "pkce").revoke("refresh-1")
    assert form(wire) == {"token": "refresh-1", "client_id": "client-1"}


def test_connections(wire):
    row = {"id": "c-1", "authEventId": "event-1", "tenantId": "t-1", "tenantType": "ORGANISATION", "tenantName": None}
    wire.answer(200, [row | {"createdDateUtc": "2026-09-28T01:15:39.9021230", "updatedDateUtc": None}])
    (found,) = client(wire).connections("token-1", "event-1")
    assert (found.connection_id, found.tenant_id, found.tenant_name, found.auth_event_id) == ("c-1", "t-1", "", "event-1")
    assert found.created.year == 2026 and found.updated is None
    assert wire.sent.url.endswith("/connections?authEventId=event-1")
    assert wire.sent.headers["Authorization"] == "Bearer token-1"


@pytest.mark.parametrize(
    "status, body, expected",
    [(401, {"Detail": "TokenExpired: x"}, errors.ConsentLost), (200, {}, errors.AnswerLost), (200, b"<html>", errors.AnswerLost)],
)
def test_connections_refused(wire, status, body, expected):
    wire.answer(status, body)
    with pytest.raises(expected):
        client(wire).connections("token-1")


@pytest.mark.parametrize("status", [204, 200, 404])
def test_disconnecting_twice_is_fine(wire, status):
    wire.answer(status, b"", "")
    client(wire).delete_connection("token-1", "c/1")
    assert (wire.sent.method, urlsplit(wire.sent.url).path) == ("DELETE", "/connections/c%2F1")


def test_disconnecting_without_consent(wire):
    wire.answer(403, {"Detail": "AuthenticationUnsuccessful"})
    with pytest.raises(errors.ConsentLost):
        client(wire).delete_connection("token-1", "c-1")


def test_reprs_hide_secrets():
    assert "secret-1" not in repr(App("client-1", "secret-1"))
    assert "a-token" not in repr(TokenSet("a-token", "a-token", fakes.NOW))
