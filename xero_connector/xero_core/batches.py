"""Batches: how many go into a question, and which element of an answer belongs to which document of a write."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from . import answers
from .values import clean_guid, to_decimal

MAX_FILTER = 1800  # characters of a filter in an address, encoded; addresses beyond about 2,000 are refused on the way


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one document of a batch.

    `ok`: Xero made the change, `remote` is the result. Otherwise `errors` are Xero's messages; or, if `unknown`, the answer does not say
    and the document has to be looked up before it is sent again. `warnings` may come with either.
    """

    ok: bool
    remote: object = None
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unknown: bool = False


UNKNOWN = Written(ok=False, unknown=True)


# --- questions -------------------------------------------------------------------------------------


def chunks(terms: Iterable[str], separator: str, most: int = 50) -> Iterator[str]:
    """Join filter terms into as few filters as fit into an address."""
    group: list[str] = []
    size, extra = 0, len(quote(separator, safe=""))
    for term in terms:
        length = len(quote(term, safe="")) + extra
        if group and (size + length > MAX_FILTER or len(group) >= most):
            yield separator.join(group)
            group, size = [], 0
        group.append(term)
        size += length
    if group:
        yield separator.join(group)


# --- answers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """How to recognise elements of one kind: the list's key, the element's own id, what it repeats of the request, how to read it."""

    key: str
    id_path: str
    echoes: tuple[tuple[str, Callable], ...]
    read: Callable[[dict], object]


def folded(value) -> str:
    """Text as Xero compares it: without case and repeated spaces."""
    return " ".join(str(value).split()).casefold()


def number(value) -> Decimal | None:
    """A number, however it is written."""
    return to_decimal(value, None)


def at(payload: dict, path: str):
    """The value at a dotted path, None if there is none."""
    for key in path.split("."):
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload


def written(kind: Kind, payloads: list[dict], elements: list[dict]) -> list[Written]:
    """One result per payload, in order.

    Order was only recorded for batches in which all was well, so position counts only where nothing that is repeated contradicts it;
    otherwise elements are found by what they repeat, and what is not found that way is unknown.
    """
    if len(elements) == len(payloads) and all(map(_agrees, [kind] * len(payloads), payloads, elements)):
        pairs = elements
    else:
        pairs = [_only_match(kind, payload, payloads, elements) for payload in payloads]
    return [_result(kind, payload, element) for payload, element in zip(payloads, pairs, strict=True)]


def _agrees(kind: Kind, payload: dict, element: dict) -> bool:
    """True if nothing the element repeats differs from the payload."""
    return all(same is not False for same in _comparisons(kind, payload, element))


def _identified(kind: Kind, payload: dict, element: dict) -> bool:
    """True if the element repeats something, and all it repeats is as in the payload."""
    compared = [same for same in _comparisons(kind, payload, element) if same is not None]
    return bool(compared) and all(compared)


def _comparisons(kind: Kind, payload: dict, element: dict) -> Iterator[bool | None]:
    """For each repeated field: same, different, or None where one side is silent (a refused element may leave out anything)."""
    for path, normal in kind.echoes:
        sent, repeated = at(payload, path), at(element, path)
        silent = sent in (None, "") or not normal(repeated or "")
        yield None if silent else normal(sent) == normal(repeated)


def _only_match(kind: Kind, payload: dict, payloads: list[dict], elements: list[dict]) -> dict | None:
    """The element that belongs to this payload and no other, None if that is not certain."""
    mine = [element for element in elements if _identified(kind, payload, element)]
    rivals = [other for other in payloads if mine and _identified(kind, other, mine[0])]
    return mine[0] if len(mine) == 1 and len(rivals) == 1 else None


def _result(kind: Kind, payload: dict, element: dict | None) -> Written:
    if element is None:
        return UNKNOWN
    warnings = answers.validation_messages(element, "Warnings")
    if is_refused(element):
        return Written(ok=False, errors=answers.validation_messages(element) or ("Xero refused it without a reason.",), warnings=warnings)
    if not clean_guid(at(element, kind.id_path)) or not _identified(kind, payload, element):
        return UNKNOWN
    return Written(ok=True, remote=kind.read(element), warnings=warnings)


def is_refused(element: dict) -> bool:
    """True for an element that was not saved."""
    if element.get("StatusAttributeString") == "ERROR":
        return True
    return element.get("HasErrors") is True or element.get("HasValidationErrors") is True or bool(element.get("ValidationErrors"))
