"""Recordings in XML (2010 to 2015) compared in shape: every element that was told stands where it stood, and as often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import replay

LISTS = {
    "LineItems": "LineItem", "JournalLines": "JournalLine", "Tracking": "TrackingCategory", "Payments": "Payment",
    "CreditNotes": "CreditNote", "Addresses": "Address", "Phones": "Phone", "Allocations": "Allocation", "ContactGroups": "ContactGroup",
}  # fmt: skip
NUMBERS = ("Quantity", "UnitAmount", "TaxAmount", "LineAmount", "DiscountRate", "SubTotal", "TotalTax", "Total", "Amount", "AmountCredited")


def tree(name: str) -> ElementTree.Element:
    assert replay.RECORDINGS is not None
    return ElementTree.fromstring((replay.RECORDINGS / f"{name}.xml").read_bytes())  # noqa: S314 - files of our own


def told(answer: Any) -> ElementTree.Element:
    return ElementTree.fromstring(answer.content)  # noqa: S314 - the simulator's


def elements(root: ElementTree.Element) -> list[dict]:
    """The elements of an answer, as JSON would have them."""
    return [_value(child) for child in next(child for child in root if len(child))]


def _value(node: ElementTree.Element) -> Any:
    if node.tag in LISTS:
        return [_value(child) for child in node]
    if len(node):
        return {child.tag: _value(child) for child in node}
    text = node.text or ""
    return float(text) if node.tag in NUMBERS else {"true": True, "false": False}.get(text, text)


def shaped(expected: ElementTree.Element, actual: ElementTree.Element | None, path: str = "") -> Iterator[tuple[str, bool]]:
    """(element, whether it is there as often) of all elements that were recorded."""
    for tag, count in Counter(child.tag for child in expected).items():
        here = _ordered([] if actual is None else actual.findall(tag))
        yield f"{path}/{tag}", len(here) == count
        for number, child in enumerate(_ordered(expected.findall(tag))):
            yield from shaped(child, here[number] if number < len(here) else None, f"{path}/{tag}")


def _ordered(found: list[ElementTree.Element]) -> list[ElementTree.Element]:
    """Phones and addresses come in any order."""
    return sorted(found, key=lambda node: node.findtext(f"{node.tag}Type", ""))


def counted(expected: ElementTree.Element, actual: ElementTree.Element) -> tuple[int, Counter[str]]:
    found = list(shaped(expected, actual))
    return len(found), Counter(path for path, is_right in found if not is_right)
