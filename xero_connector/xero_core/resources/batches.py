"""Batches: how many go into a question or a write, and which element of an answer belongs to which document of a write."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from ..http import answers
from ..http.sessions import as_json
from ..values import clean_guid, to_decimal

MAX_FILTER = 1800  # characters of a filter in an address, encoded; addresses beyond about 2,000 are refused on the way
# Xero's page "Requests and responses": at most 10 MB; it advises 3.5 MB and about 50 elements.
ADVISED_BYTES = 3_500_000
MAX_BYTES = 10_000_000
ENVELOPE = 200  # bytes around the documents: key, brackets


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one document of a batch.

    `ok`: Xero made the change, `remote` is the result. Otherwise `errors` are Xero's messages; or, if `unknown`, the answer does not say
    and the document has to be looked up before it is sent again.
    """

    ok: bool
    remote: object = None
    errors: tuple[str, ...] = ()
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


# --- writes ----------------------------------------------------------------------------------------


def size(payload: dict) -> int:
    """Bytes of one document in a request, with the comma behind it."""
    return len(as_json(payload).encode()) + 2


def packed(groups: Iterable[list], most: int = 50, limit_bytes: int = ADVISED_BYTES) -> Iterator[list]:
    """What goes into each call: whole groups (each of things with a `size`, see there), in their order, as many as fit.

    A group that is too large for a call is cut: what is left of it is not sent now, and its last member that is says so (`last`).
    A document that is over the limit alone gets a call of its own: whether it is too large for Xero is `size` > `MAX_BYTES`.
    """
    batch: list = []
    used = ENVELOPE
    for group in groups:
        fits = _head(group, most, limit_bytes)
        needed = sum(item.size for item in fits)
        if batch and (len(batch) + len(fits) > most or used + needed > limit_bytes):
            yield batch
            batch, used = [], ENVELOPE
        batch, used = batch + fits, used + needed
    if batch:
        yield batch


def _head(group: list, most: int, limit_bytes: int) -> list:
    """As much of a group as one call takes."""
    used, count = ENVELOPE, 0
    for item in group[:most]:
        used += item.size
        if count and used > limit_bytes:
            break
        count += 1
    if count < len(group):
        group[count - 1].last = False
    return group[:count]


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
        pairs = dict(enumerate(elements))
    else:
        pairs = _sure_pairs(kind, payloads, elements)
        pairs = _last_pair(kind, payloads, elements, _refused_alike(payloads, elements, pairs))
    return _each_its_own([_result(kind, payload, pairs.get(index)) for index, payload in enumerate(payloads)])


def _sure_pairs(kind: Kind, payloads: list[dict], elements: list[dict]) -> dict[int, dict]:
    """Payload number -> element, as far as what the elements repeat leaves one possibility.

    An element that can only be this payload's is taken; that may leave another element with one possibility, and so on.
    """
    owners = [{index for index, payload in enumerate(payloads) if _identified(kind, payload, element)} for element in elements]
    pairs: dict[int, dict] = {}
    while sure := _one_possibility(owners):
        pairs |= {index: elements[number] for index, number in sure.items()}
        owners = [possible - sure.keys() for possible in owners]
    return pairs


def _one_possibility(owners: list[set[int]]) -> dict[int, int]:
    """Payload number -> element number for elements with one possible payload; two elements that are both the same one's tell nothing."""
    alone = [(min(possible), number) for number, possible in enumerate(owners) if len(possible) == 1]
    counts = Counter(index for index, _number in alone)
    return {index: number for index, number in alone if counts[index] == 1}


def _refused_alike(payloads: list[dict], elements: list[dict], pairs: dict[int, dict]) -> dict[int, dict]:
    """The pairs, with all other payloads refused for all those messages if nothing but refusals is left, one for each.

    A refusal need not repeat what was sent: of a number that is taken it may tell whose that is. Why each was refused, its evidence says.
    """
    taken = {id(element) for element in pairs.values()}
    left = [element for element in elements if id(element) not in taken]
    without = [index for index in range(len(payloads)) if index not in pairs]
    if len(elements) != len(payloads) or not all(map(is_refused, left)):
        return pairs
    messages = dict.fromkeys(message for element in left for message in answers.validation_messages(element))
    refusal = {"HasErrors": True, "ValidationErrors": [{"Message": message} for message in messages]}
    return {**pairs, **dict.fromkeys(without, refusal)}


def _last_pair(kind: Kind, payloads: list[dict], elements: list[dict], pairs: dict[int, dict]) -> dict[int, dict]:
    """The pairs, with the last payload and the last element together if they are all that is left and do not contradict each other."""
    taken = {id(element) for element in pairs.values()}
    left = [element for element in elements if id(element) not in taken]
    without = [index for index in range(len(payloads)) if index not in pairs]
    if len(left) == len(without) == 1 and _agrees(kind, payloads[without[0]], left[0]):
        return {**pairs, without[0]: left[0]}
    return pairs


def _agrees(kind: Kind, payload: dict, element: dict) -> bool:
    """True if nothing the element repeats differs from the payload."""
    return _is_refusal_of(kind, payload, element) or all(same is not False for same in _comparisons(kind, payload, element))


def _identified(kind: Kind, payload: dict, element: dict) -> bool:
    """True if the element repeats something, and all it repeats is as in the payload."""
    if _is_refusal_of(kind, payload, element):
        return True
    compared = [same for same in _comparisons(kind, payload, element) if same is not None]
    return bool(compared) and all(compared)


def _is_refusal_of(kind: Kind, payload: dict, element: dict) -> bool:
    """True if a change was refused: such an element has the record's id, and else what Xero holds, not what was sent (recorded 2018)."""
    sent = clean_guid(at(payload, kind.id_path))
    return bool(sent) and sent == clean_guid(at(element, kind.id_path)) and is_refused(element)


def _comparisons(kind: Kind, payload: dict, element: dict) -> Iterator[bool | None]:
    """For each repeated field: same, different, or None where one side is silent (a refused element may leave out anything)."""
    for path, normal in kind.echoes:
        sent, repeated = at(payload, path), at(element, path)
        silent = sent in (None, "") or not normal(repeated or "")
        yield None if silent else normal(sent) == normal(repeated)


def _result(kind: Kind, payload: dict, element: dict | None) -> Written:
    if element is None:
        return UNKNOWN
    if is_refused(element):
        return Written(ok=False, errors=answers.validation_messages(element) or ("Xero refused it without a reason.",))
    if not clean_guid(at(element, kind.id_path)) or not _identified(kind, payload, element):
        return UNKNOWN
    return Written(ok=True, remote=kind.read(element))


def _each_its_own(results: list[Written]) -> list[Written]:
    """The results; those of documents to which the answer gave the same record of Xero are unknown."""
    counts = Counter(result.remote.xero_id for result in results if result.ok)
    return [UNKNOWN if result.ok and counts[result.remote.xero_id] > 1 else result for result in results]


def is_refused(element: dict) -> bool:
    """True for an element that was not saved."""
    if element.get("StatusAttributeString") == "ERROR":
        return True
    return element.get("HasErrors") is True or element.get("HasValidationErrors") is True or bool(element.get("ValidationErrors"))
