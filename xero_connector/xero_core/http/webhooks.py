"""Webhooks: Xero rings, signed with a key of the app. They only tell that something is new, never what (Xero's page "Webhooks")."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from ..values import clean_guid, parse_datetime, to_text
from .answers import parse_json

SIGNATURE = "x-xero-signature"
BODY_LIMIT = 1_000_000  # bytes; nothing of Xero's comes near
WORD_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Ring:
    """One event: something about a record is new. `category` is Xero's word for what it is; one that we do not know is possible.

    `moment` is when it happened, by Xero's clock (aware, UTC), None if it is not told.
    """

    tenant_id: str
    category: str
    xero_id: str
    event_type: str = ""
    moment: object = None


def is_signed(body: bytes, signature: str, keys: Iterable[str]) -> bool:
    """Whether the raw body was signed with one of these keys, each as the text that Xero shows it as.

    All keys are tried, in the same time whatever comes of it: for a while two apps, or an old key and a new one, may ring.
    """
    given, found = signature.encode("utf-8", "replace"), False
    for key in [*keys, ""]:
        expected = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest())
        found |= hmac.compare_digest(expected, given) and bool(key)
    return found


def rings(body: bytes) -> list[Ring]:
    """What the events of a body tell, each record once; of a body whose signature is right. Empty: Xero asks whether anybody is there.

    What is missing, or unknown, is no reason to refuse: Xero adds categories and fields, and would end the subscription.
    """
    payload = parse_json(body.decode("utf-8", "replace"))
    events = payload.get("events") if isinstance(payload, dict) else None
    found = [_ring(event) for event in events if isinstance(event, dict)] if isinstance(events, list) else []
    return list({(ring.tenant_id, ring.category, ring.xero_id): ring for ring in found if ring.xero_id and ring.category}.values())


def _ring(event: dict) -> Ring:
    return Ring(
        tenant_id=clean_guid(event.get("tenantId")),
        category=to_text(event.get("eventCategory"))[:WORD_LIMIT].upper(),
        xero_id=clean_guid(event.get("resourceId")),
        event_type=to_text(event.get("eventType"))[:WORD_LIMIT].lower(),
        moment=_moment(event.get("eventDateUtc")),
    )


def _moment(value):
    try:
        return parse_datetime(value)
    except OverflowError:
        return None
