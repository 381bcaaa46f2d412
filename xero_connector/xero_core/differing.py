"""Which fields of a document an update has changed: what was sent, beside what was sent before it."""

ROWS = ("LineItems", "JournalLines")
ROW_ID = "LineItemID"  # in updates only
NOTHING = (None, "", "0.0", [])  # an update says of a line what it has not, too


def changed_fields(before: dict, after: dict) -> list[str]:
    """The fields, named as in Xero's payloads, in the order in which they were sent.

    Xero keeps what is not sent, so what an update does not name has not changed. Nothing is said of a payload that is not whole, as it is
    where an answer was lost and only traces are known.
    """
    if not any(before.get(name) for name in ROWS):
        return []
    return [name for name, value in after.items() if _content(name, value) != _content(name, before.get(name, ""))]


def folded(payloads: list) -> dict:
    """What Xero was told by these payloads, oldest first: it keeps what the later ones do not name.

    What was sent before one that is not known (None, or traces, which have no names of Xero's) says nothing.
    """
    told = {}
    for payload in payloads:
        is_known = payload and all(name[:1].isupper() for name in payload)
        told = {**told, **payload} if is_known else {}
    return told


def _content(name, value):
    if name in ROWS and isinstance(value, list):
        return [{key: each for key, each in row.items() if key != ROW_ID and each not in NOTHING} for row in value]
    return value
