"""What the pages in this folder have in common: the types of their fields, how payloads are read, how calls are made."""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal

from .. import errors
from ..http import answers
from ..http.sessions import as_json
from ..values import clean_guid, parse_date, parse_datetime
from . import batches
from .batches import Kind, Written

KEY_LIMIT = 128
PAGE_SIZE = 100
MAX_PAGES = 1000  # nothing we ask for comes near; ends a server that always promises another page
UNQUOTABLE = '"\\'  # characters that cannot stand in a quoted filter value
UNITDP = 4  # decimals of unit prices; without it Xero rounds them to 2 before it multiplies

Date = datetime.date
Moment = datetime.datetime
ZERO = Decimal(0)

# what `normal` has to know of a field of a snapshot
NOT_CONTENT = {"content": False}  # an id, or a note of ours that is never sent
UNORDERED = {"ordered": False}


# --- payloads ----


def nested(payload: dict, key: str) -> dict:
    """The object under `key`, {} for null, a missing key, or something else."""
    value = payload.get(key)
    return value if isinstance(value, dict) else {}


def rows(payload: dict, key: str) -> list[dict]:
    """The list of objects under `key`, [] for null or a missing key."""
    value = payload.get(key)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def filled(payload: dict) -> dict:
    """The payload without keys that have nothing to say."""
    return {key: value for key, value in payload.items() if value not in ("", None, [])}


def day(payload: dict, key: str = "Date") -> Date | None:
    """The calendar day of that name; Xero writes most of them twice."""
    return parse_date(payload.get(f"{key}String")) or parse_date(payload.get(key))


def stamp(payload: dict) -> Moment | None:
    """When Xero last changed it, as far as Xero counts that as a change."""
    return parse_datetime(payload.get("UpdatedDateUTCString")) or parse_datetime(payload.get("UpdatedDateUTC"))


# --- calls ----


class Calls:
    """One organisation, reached through the SDK's `AccountingApi`."""

    def __init__(self, api, tenant_id: str):
        self._api = api
        self._tenant_id = tenant_id

    def _list(self, endpoint: Callable, key: str, **params) -> list[dict]:
        """One call; the elements of its answer."""
        return elements(endpoint(self._tenant_id, **params), key)

    def _one(self, endpoint: Callable, key: str, **params) -> dict:
        """One call about one thing, which is returned.

        :raise ValidationRefused: the thing comes back with errors
        """
        answer = endpoint(self._tenant_id, **params)
        found = elements(answer, key)
        if len(found) != 1:
            raise answers.unintelligible(answer)
        if batches.is_refused(found[0]):
            raise errors.ValidationRefused("Xero refused the data.", details=answers.messages(found[0]), **answer.about)
        return found[0]

    def _found(self, endpoint: Callable, key: str, **params) -> dict | None:
        """One call for one thing by its id, None if there is none. Only such an answer tells all that Xero knows of it."""
        try:
            rows = self._list(endpoint, key, **params)
        except errors.NotFound:
            return None
        return rows[0] if rows else None

    def _pages(self, endpoint: Callable, key: str, **params) -> list[dict]:
        """As many calls as there are pages; paged answers are the only lists with all fields and lines."""
        found: list[dict] = []
        for page in range(1, MAX_PAGES + 1):
            answer = endpoint(self._tenant_id, page=page, page_size=PAGE_SIZE, **params)
            page_rows = elements(answer, key)
            found += page_rows
            if not page_rows or page >= page_count(answer, page, len(page_rows)):
                break
        return found

    def _write(self, endpoint: Callable, kind: Kind, payloads: list[dict], **params) -> list[Written]:
        """Write a batch; elements fail one by one. `summarizeErrors=false` is not Xero's default, whatever its OpenAPI description says."""
        if not payloads:
            return []
        # as text: the SDK would copy the payloads, value by value, to arrive at the same
        body = as_json({kind.key: payloads})
        return self._written(kind, payloads, endpoint(self._tenant_id, body, summarize_errors=False, **params))

    def _permitted(self, call: Callable, *args, **kwargs):
        """What `call` returns. What needs the permission to see reports (journals, reports) Xero refuses as it refuses a connection that
        has ended; only another question tells.

        :raise NotAllowed: the connection works
        """
        try:
            return call(*args, **kwargs)
        except (errors.ConsentLost, errors.PermissionDenied) as error:
            if error.status != 403:
                raise
            self._list(self._api.get_organisations, "Organisations")
            raise errors.NotAllowed(
                "Xero does not let the person who connected see or make this.",
                details=error.details, status=403, correlation_id=error.correlation_id,
            ) from error  # fmt: skip

    def _written(self, kind: Kind, payloads: list[dict], answer: answers.Answer) -> list[Written]:
        """What the answer to a write says of each payload."""
        return batches.written(kind, payloads, elements(answer, kind.key))


def elements(answer: answers.Answer, key: str) -> list[dict]:
    """The list under `key`, in any letter case.

    :raise Unintelligible: a write was answered without one
    :raise AnswerLost: a read was answered without one
    """
    if answer.status == 304:
        return []
    payload = answer.payload if isinstance(answer.payload, dict) else {}
    name = next((name for name in payload if name.lower() == key.lower()), key)
    if not isinstance(payload.get(name), list):
        raise answers.unintelligible(answer)
    return rows(payload, name)


def page_count(answer: answers.Answer, page: int, size: int) -> int:
    """How many pages there are, as far as this one tells: Xero says so, or a full page promises another."""
    count = batches.at(answer.payload, "pagination.pageCount")
    return count if isinstance(count, int) else page + (size >= PAGE_SIZE)


def key(idempotency_key: str) -> str:
    """The key, checked; Xero keys are per app, so it has to name the organisation.

    :raise ValueError: empty or longer than Xero takes
    """
    if not 0 < len(idempotency_key) <= KEY_LIMIT:
        raise ValueError(f"An idempotency key has 1 to {KEY_LIMIT} characters.")
    return idempotency_key


def with_id(payloads: list[dict], kind: Kind) -> list[dict]:
    if not all(clean_guid(payload.get(kind.id_path)) for payload in payloads):
        raise ValueError("An update needs the Xero id of every record.")
    return payloads


def equal(name: str, values: Iterable[str]) -> list[str]:
    """Filter terms, for values without quotes."""
    return [f'{name}=="{value}"' for value in values if value]


def split(texts: Iterable[str], troublesome: str) -> tuple[list[str], list[str]]:
    """Texts without and with any of the troublesome characters, for which Xero documents no way to write them in a filter."""
    given = [text for text in texts if text]
    others = [text for text in given if any(char in text for char in troublesome)]
    return [text for text in given if text not in others], others


def each_once(records: Iterable) -> list:
    """The records without repetitions, in order."""
    return list({record.xero_id: record for record in records}.values())
