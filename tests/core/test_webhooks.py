"""Webhooks: what is Xero's, and what it tells."""

import base64
import datetime
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xero_core.http.webhooks import Ring, is_signed, rings

TENANT, RECORD = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
EVENT = {
    "resourceUrl": f"https://api.xero.com/api.xro/2.0/Invoices/{RECORD}",
    "resourceId": RECORD,
    "tenantId": TENANT,
    "tenantType": "ORGANISATION",
    "eventCategory": "INVOICE",
    "eventType": "UPDATE",
    "eventDateUtc": "2026-10-01T10:15:39.902",
}


def signature(body, key):
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def body(*events, **more):
    return json.dumps({"events": list(events), "firstEventSequence": 1, "lastEventSequence": 1, "entropy": "x", **more}).encode()


# --- signature -----------------------------------------------------------------------------------


def test_the_text_of_the_key_signs_the_raw_body():
    """As openssl has it: printf x | openssl dgst -sha256 -hmac 'a key' -binary | base64."""
    assert is_signed(b"x", "Yggjm9CbgnY5kkD8m7YJsT49oIqYi34pjZyhcBw4mUE=", ["a key"])
    assert not is_signed(b'{"events": []}', signature(b'{"events":[]}', "a key"), ["a key"]), "not of what it means, of what was sent"


def test_any_of_the_stored_keys():
    for key in ("new", "old"):
        assert is_signed(b"x", signature(b"x", key), ["new", "old"])
    assert not is_signed(b"x", signature(b"x", "older"), ["new", "old"])


@pytest.mark.parametrize("given_signature", ["", "x", "é", "=" * 44, signature(b"x", "")])
def test_what_is_not_signed(given_signature):
    assert not is_signed(b"x", given_signature, ["a key"])
    assert not is_signed(b"x", given_signature, []), "without a key nothing is"
    assert not is_signed(b"x", given_signature, [""]), "an empty one is none"


@given(st.binary(max_size=50), st.text(min_size=1, max_size=20), st.integers(0, 400))
def test_one_changed_bit_is_too_much(sent, key, bit):
    good = signature(sent, key)
    assert is_signed(sent, good, [key])
    if sent:
        changed = bytearray(sent)
        changed[bit // 8 % len(changed)] ^= 1 << bit % 8
        assert not is_signed(bytes(changed), good, [key])


# --- events --------------------------------------------------------------------------------------


def test_an_event():
    moment = datetime.datetime(2026, 10, 1, 10, 15, 39, 902000, tzinfo=datetime.UTC)
    assert rings(body(EVENT)) == [Ring(TENANT, "INVOICE", RECORD, "update", moment)]


def test_each_record_once():
    other = {**EVENT, "eventCategory": "CONTACT"}
    assert [ring.category for ring in rings(body(EVENT, EVENT, other))] == ["INVOICE", "CONTACT"]


@pytest.mark.parametrize("sent", [body(), b'{"firstEventSequence": 0}', b'{"events": null}', b"{}"])
def test_xero_asks_whether_anybody_is_there(sent):
    assert rings(sent) == []


@pytest.mark.parametrize(
    "sent", [b"", b"nonsense", b"[]", b"7", b'"x"', b"\xff\xfe", b"[" * 100000, b'{"events": {"x": 1}}', b'{"events": [1, null]}']
)
def test_nonsense_is_nothing(sent):
    assert rings(sent) == []


def test_what_is_new_is_tolerated():
    strange = {**EVENT, "eventCategory": "Starship", "eventType": "EXPLODE", "data": {"x": [1]}, "more": None}
    [ring] = rings(body(strange, more=1))
    assert (ring.category, ring.event_type) == ("STARSHIP", "explode")


@pytest.mark.parametrize("key", EVENT)
@pytest.mark.parametrize("value", [None, 7, [], "x", "/Date(99999999999999999999)/"])
def test_whatever_is_missing_or_broken(key, value):
    """An event without its record's id, or its category, tells nothing; all else may be anything."""
    found = rings(body({**EVENT, key: value}, {**EVENT, "eventCategory": "CONTACT"}))
    assert found[-1].category == "CONTACT"
    if value is None:
        assert len(rings(body({name: known for name, known in EVENT.items() if name != key}))) == (
            key not in ("resourceId", "eventCategory")
        )
