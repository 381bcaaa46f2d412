"""What an ordered fault does to a call: refuse it before the work, or spoil the answer after it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from . import access, wire
from .errors import HTML, JSON, TEXT, Broken, Refused
from .faults import Fault
from .idempotency import Answer
from .identity.accounts import AccessToken
from .organisation import Organisation

if TYPE_CHECKING:
    from .world import World

_LIMITS = {"minute_limit": "minute", "day_limit": "day", "concurrent_limit": "concurrent", "app_minute_limit": "appminute"}
_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
_PLAIN = {
    "unavailable_503": (503, "The Xero API is temporarily unavailable"),
    "organisation_offline_503": (503, "The Organisation is offline"),
    "error_500_before": (500, "An error occurred in Xero. Check the API Status page for current service status."),
}
_OAUTH = {"invalid_grant": 400, "invalid_client": 400}


def breaks_before(fault: Fault | None) -> None:
    if fault and fault.kind in ("timeout_before", "reset_before"):
        raise Broken(fault.kind.split("_")[0], fault.seconds)


def breaks_after(fault: Fault | None) -> None:
    if fault and fault.kind in ("timeout_after", "reset_after"):
        raise Broken(fault.kind.split("_")[0], fault.seconds)


def general_refusal(fault: Fault | None) -> None:
    """Refusals that any host of Xero may give, tokens included."""
    if fault is None:
        return
    if fault.kind in _PLAIN:
        status, text = _PLAIN[fault.kind]
        raise Refused(status, text, TEXT)
    if fault.kind in _OAUTH:
        raise Refused(_OAUTH[fault.kind], {"error": fault.kind})


def refusal(world: World, fault: Fault, token: AccessToken, organisation: Organisation) -> None:
    """Refusals of the API: the work is not done."""
    if fault.kind in _LIMITS:
        problem = _LIMITS[fault.kind]
        raise world.limits.problem(problem, organisation.tenant_id, token.client_id, world.now(), world.switches, forced=True)
    if fault.kind == "token_expired":
        raise access.expired(world)
    if fault.kind == "token_refused":
        raise access.unauthorized("AuthenticationUnsuccessful", world.identity.new_id())
    if fault.kind == "missing_scope":
        raise access.scope_missing(world)
    if fault.kind == "unauthorised_tenant":
        raise access.not_connected(world)
    if fault.kind == "forbidden":
        raise Refused(403, {"Title": "Forbidden", "Status": 403, "Detail": "You do not have permission to do this."})


def distort(world: World, fault: Fault | None, answer: Answer) -> Answer:
    """Spoil the answer to work that has been done."""
    spoil = _SPOILERS.get(fault.kind) if fault else None
    return spoil(answer) if spoil else answer


def _truncated(answer: Answer) -> Answer:
    text = answer.body if isinstance(answer.body, (str, bytes)) else wire.dumps(answer.body)
    return Answer(answer.status, text[: len(text) // 2], JSON)


def _list_of(answer: Answer) -> tuple[str, list] | None:
    if isinstance(answer.body, dict):
        return next(((key, value) for key, value in answer.body.items() if isinstance(value, list)), None)
    return None


def _with_list(answer: Answer, change) -> Answer:
    found = _list_of(answer)
    if found is None:
        return answer
    key, rows = found
    body = json.loads(wire.dumps({**answer.body, key: change(rows)}))
    return Answer(answer.status, body, answer.content_type)


_SPOILERS = {
    "html_200": lambda answer: Answer(200, _PAGE, HTML),
    "empty_200": lambda answer: Answer(200, "", JSON),
    "nonsense_200": lambda answer: Answer(200, '{"ok": [1, 2, 3], "message": "all good"}', JSON),
    "truncated_200": _truncated,
    "missing_element_200": lambda answer: _with_list(answer, lambda rows: rows[:-1]),
    "extra_element_200": lambda answer: _with_list(answer, lambda rows: rows + rows[-1:]),
    "reversed_200": lambda answer: _with_list(answer, lambda rows: rows[::-1]),
}
