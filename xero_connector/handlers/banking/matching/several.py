"""What a line may be besides one item of its amount: several together, a part, less a fee."""

from decimal import Decimal
from heapq import nlargest
from itertools import product

from .facts import DOCUMENT, Suggestion
from .names import STRONG
from .seen import ANOTHER, MAYBE
from .sums import OWED
from .texts import PARTS, tail

CENTS = Decimal("0.05")
WAYS = 64  # of taking numbers that are the end of several, looked at
RANKED = 20  # of those whom the words may name, compared in full
PAYOUT_DAYS = 5
RATE = Decimal("0.15")  # by so much of itself a fee's rate may differ from before


def several(seen):
    """Documents whose numbers are all there, or that one partner owes together."""
    found = _numbered(seen)
    return found or _owed_together(seen)


# --- numbers ---


def _numbered(seen):
    """``sure`` if just one way of reading the numbers makes the amount."""
    whole = [items for number, items in seen.whole.items() if len(number) >= 6]
    found = _ways(seen, whole)
    if not found:
        by_partner = {}
        for end, items in seen.tails.items():
            for item in items:
                by_partner.setdefault(item.partner, {}).setdefault(end, []).append(item)
        found = {way for ends in by_partner.values() for way in _ways(seen, [*whole, *_beside(ends, whole)])}
    items = seen.index.items
    known = [way for way in found if seen.partner(items[min(way)]) != ANOTHER or not seen.line.partner]
    return [
        Suggestion(tuple(sorted(way)), "numbers", 110, len(found) == 1, about={"count": len(way)})
        for way in sorted(known, key=sorted)
    ]  # fmt: skip


def _beside(ends, whole):
    """The ends that are not those of numbers that are there whole."""
    taken = {tail(item.number) for items in whole for item in items}
    return [items for end, items in ends.items() if end not in taken]


def _ways(seen, choices):
    """The ways of taking one of each that are the amount."""
    if len(choices) < 2:
        return set()
    count = 1
    for items in choices:
        count *= len(items)
    if count > WAYS:
        return set()
    ways = (frozenset(item.id for item in way) for way in product(*choices) if sum(item.amount for item in way) == seen.line.amount)
    return {way for way in ways if len(way) == len(choices)}


# --- sums ---


def _owed_together(seen):
    """What one owes that is as much together, two before three, the oldest first; never sure, as other sums may be the same."""
    for partner in _partners(seen):
        if way := seen.index.sums(partner, seen.line.currency).of(seen.line.amount):
            return [Suggestion(tuple(item.id for item in way), "together", 70, about={"count": len(way), "kind": way[0].kind})]
    return []


def _partners(seen):
    """Who may have paid, the most likely first, three at most."""
    if seen.line.partner:
        return [seen.line.partner]
    known = {partner: each for partner in nlargest(RANKED, seen.hits, key=seen.hits.get) if (each := seen.likeness(partner))}
    ranked = sorted(known, key=lambda each: (-known[each].level, -known[each].known, each))
    return list(dict.fromkeys([seen.before, *ranked] if seen.before else ranked))[:3]


def has_other_sum(seen, item):
    """Whether its partner owes other things that are as much together; of so many as nobody can look through, some are."""
    sums = seen.index.sums(item.partner, seen.line.currency)
    return len(sums.items) > OWED or bool(sums.of(seen.line.amount, item))


# --- fees and parts of one ---


def less_or_part(seen):
    """One item of which the line is nearly all, or a part: its number is there, or it is all that somebody owes."""
    found = []
    for item in _nearly_named(seen):
        lack = item.amount - seen.line.amount
        if not lack or (item.amount > 0) != (seen.line.amount > 0):
            continue
        if suggestion := _less_fee(seen, item, lack) or _part(seen, item, lack):
            found.append(suggestion)
    return found


def _nearly_named(seen):
    cited = [item for item in seen.cited if item.kind == DOCUMENT]
    by_end = [item for items in seen.tails.values() for item in items if item.kind == DOCUMENT and seen.partner(item) >= MAYBE]
    found = cited or (by_end if len(by_end) == 1 else _all_that_is_owed(seen))
    return found if len(found) == 1 else []


def _all_that_is_owed(seen):
    """By those whom the line names, if it is one thing each, or the text speaks of a part."""
    known, says_part = (seen.line.partner, seen.before), seen.text.says(PARTS)
    partners = [partner for partner in _partners(seen) if partner in known or seen.likeness(partner).level == STRONG]
    owed = [seen.index.owed(partner, seen.line.currency) for partner in partners]
    return [item for items in owed if says_part or len(items) == 1 for item in items if item.kind == DOCUMENT]


def _less_fee(seen, item, lack):
    if abs(lack) <= CENTS:
        return Suggestion((item.id,), "cents", 80, fee=lack)
    accounts = [account for (fee, account), count in seen.index.taken.items() if fee == lack and count > 1]
    if lack > 0 and accounts:
        return Suggestion((item.id,), "fee", 78, fee=lack, account=accounts[0])
    return None


def _part(seen, item, lack):
    is_less = (lack > 0) == (item.amount > 0)
    weight = 75 if item in seen.cited else 55
    return Suggestion((item.id,), "part", weight, is_part=True) if is_less else None


# --- payouts ---


def payouts(seen):
    """Payments that a card machine has paid out together, less a fee at the rate it had before."""
    line, index = seen.line, seen.index
    rates = [(each.fee / each.of, each.account) for each in index.fees.get(index.fee_key(seen.text), ())]
    found = []
    for days in range(PAYOUT_DAYS + 1) if rates else ():
        day = line.day.fromordinal(line.day.toordinal() - days)
        for items in index.payouts.get((line.currency, day), {}).values():
            if suggestion := _payout(line, items, rates, days):
                found.append(suggestion)
    return found


def _payout(line, items, rates, days):
    total = sum(item.amount for item in items)
    fee = total - line.amount
    if total <= 0 or fee < 0:
        return None
    off, account = min(((abs(fee / total - rate) / rate, account) for rate, account in rates), key=lambda each: each[0])
    if off > RATE:
        return None
    ids = tuple(sorted(item.id for item in items))
    weight = 88 - days - int(off * 40)
    return Suggestion(ids, "fee", weight, fee=fee, account=account, about={"day": items[0].day, "total": total})
