"""Who signed in: discovery, keys, and an id_token whose signature other people's libraries believe."""

import base64
import json

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from xero_simulator.testing import BASE, SCOPES, session, tokens

DISCOVERY = ".well-known/openid-configuration"


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(text):
    return int.from_bytes(decoded(text), "big")


def get(app, address, **headers):
    return session(app).get(address, headers=headers, timeout=5)


def test_everything_is_at_the_one_address(app):
    document = get(app, f"{BASE}/{DISCOVERY}").json()
    assert document["token_endpoint"] == f"{BASE}/connect/token"
    assert get(app, document["jwks_uri"]).status_code == 200


def test_who_asks_xeros_host_is_told_of_xeros_hosts(app):
    document = get(app, f"https://identity.xero.com/{DISCOVERY}").json()
    assert document["issuer"] == "https://identity.xero.com"
    assert document["authorization_endpoint"] == "https://login.xero.com/identity/connect/authorize"
    assert document["token_endpoint"] == "https://identity.xero.com/connect/token"


def test_the_signature_of_the_id_token(app):
    head, body, signature = tokens(app, "NZ", f"openid profile email {SCOPES}")["id_token"].split(".")
    (key,) = get(app, f"{BASE}/{DISCOVERY}/jwks").json()["keys"]
    assert json.loads(decoded(head)) == {"alg": "RS256", "kid": key["kid"], "typ": "JWT"}
    public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
    public.verify(decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256())
    claims = json.loads(decoded(body))
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == ("https://identity.xero.com", "demo-client", 300)


def test_no_id_token_without_the_scope(app):
    assert "id_token" not in tokens(app, "NZ")


def test_connections_in_any_case(app):
    token = tokens(app, "NZ")["access_token"]
    assert len(get(app, f"{BASE}/Connections", Authorization=f"Bearer {token}").json()) == 1
