"""One open item that is as much as the line."""

from .facts import CREDIT, PAYMENT, TRANSFER, Suggestion
from .index import FEW
from .seen import ANOTHER, CUT, MAYBE, MISSING, NAMED, PERHAPS, SAME, UNSAID, WHOLE

DAYS_BEFORE = 3  # somebody pays that much before the document's day, not more
DAYS_OF_TRANSFER = 4
NUMBERS = {WHOLE: 60, CUT: 35, PERHAPS: 8, MISSING: 0}
PARTNERS = {SAME: 45, NAMED: 38, MAYBE: 18, UNSAID: 0, ANOTHER: -25}
EXACT = 40


def singles(seen):
    """The same amount, with whatever else speaks for it."""
    line, others = seen.line, _that_speak(seen)
    items = seen.index.transfers.get((line.currency, line.amount), ())
    transfers = [item for item in items if abs((item.day - line.day).days) <= DAYS_OF_TRANSFER]
    found = [_transfer(seen, item, transfers, others) for item in transfers]
    return found + [suggestion for item in others if (suggestion := _single(seen, item, others))]


def _that_speak(seen):
    """Items of the amount that the line names in any way; if it names nobody, those of which there are few."""
    line, index = seen.line, seen.index
    if not (few := index.of_amount.get((line.currency, line.amount))):
        return []
    named = [item for partner in seen.named for item in index.by_amount.get((line.currency, line.amount, partner), ())]
    numbered = [item for item in seen.numbered if item.amount == line.amount]
    found = list(dict.fromkeys([*named, *numbered]))
    return found if found or seen.text.words or len(few) > FEW else few


def _single(seen, item, others):
    number, partner = seen.number(item), seen.partner(item)
    if number < CUT and (partner == ANOTHER or item.kind == CREDIT):
        return None
    rivals = [other for other in others if other != item]
    is_sure = _is_sure(seen, item, number, partner, rivals)
    reason = _reason(seen, number, partner)
    weight = EXACT + NUMBERS[number] + PARTNERS[partner] + nearness(seen.line, item)
    return Suggestion((item.id,), reason, weight, is_sure, about={"days": (seen.line.day - item.due).days, "kind": item.kind})


def _reason(seen, number, partner):
    if number >= CUT:
        return "number"
    if partner < MAYBE:
        return "amount"
    if seen.names_another_number:
        return "another_number"
    return "partner" if partner >= NAMED else "name"


def _is_sure(seen, item, number, partner, rivals):
    if partner == ANOTHER and seen.line.partner:
        return False
    if number == WHOLE:
        return set(seen.cited) == {item}
    if number == CUT:
        alone = not seen.cited and not seen.names_another_number and not any(seen.number(other) for other in rivals)
        return alone and partner >= MAYBE
    return _is_sure_by_partner(seen, item, partner, rivals)


def _is_sure_by_partner(seen, item, partner, rivals):
    if partner < NAMED or seen.names_another_number or seen.cited or (item.day - seen.line.day).days > DAYS_BEFORE:
        return False
    if any(seen.partner(other) >= MAYBE or seen.number(other) for other in rivals):
        return False
    return seen.is_only_one(item)


def nearness(line, item):
    """Of those that fit alike, who is due comes first: people pay about then, and the oldest first."""
    late = (line.day - (item.day if item.kind == PAYMENT else item.due)).days
    return max(0, 8 - abs(late) // 4)


def _transfer(seen, item, transfers, others):
    days = abs((item.day - seen.line.day).days)
    alone = len(transfers) == 1 and not any(seen.partner(other) >= MAYBE or seen.number(other) for other in others)
    is_sure = alone and days <= 1 and seen.is_own_transfer and not seen.text.words
    weight = EXACT + (45 if seen.is_own_transfer else 10) - 5 * days
    return Suggestion((item.id,), "transfer", weight, is_sure, about={"days": (seen.line.day - item.day).days, "kind": TRANSFER})
