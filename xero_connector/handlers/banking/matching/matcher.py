"""What each line of a bank was probably for, in the order of how much speaks for it.

| what speaks for an item of the same amount  | sure if                                                                       |
| ------------------------------------------- | ----------------------------------------------------------------------------- |
| its whole number                            | no other number is there, and the bank knows of nobody else                   |
| the end of its number                       | its partner is named, in part at least, and no number says otherwise          |
| its partner                                 | he is known, or named by all words and nobody else is; nothing else of that   |
|                                             | amount may be his, alone or together, and no number says otherwise            |
| several numbers whose sum is the amount     | they can be read in one way only                                              |
| it came in at another own bank within a day | the text speaks of a transfer and of nobody, and it is the only one           |

Never sure: a fee as before, a difference of cents, a part, a sum without numbers, a name written differently, the amount alone.
An item goes to one line: where two are sure of it, the one with more for it stays so, and none if they are alike.
"""

from collections import defaultdict

from .index import Index
from .seen import Seen
from .several import has_other_sum, less_or_part, payouts, several
from .singles import singles

MOST = 5  # suggestions that are kept of a line


def suggest(lines, items, past=()):
    """``{line id: [Suggestion, the best first]}``; an empty list if nothing fits."""
    index = Index(items, past, lines)
    found = {line.id: of_line(line, index) for line in lines}
    settle_rivals(found)
    return found


def of_line(line, index):
    seen = Seen(line, index)
    found = [*several(seen), *payouts(seen)] if not _is_one(one := singles(seen)) else []
    if not any(each.weight >= 60 for each in (*one, *found)):
        found += less_or_part(seen)
    ranked = sorted([*one, *found], key=lambda each: (-each.weight, each.items))
    return _with_doubts(seen, ranked[:MOST])


def _is_one(one):
    return any(each.is_sure and each.reason in ("number", "transfer") for each in one)


def _with_doubts(seen, ranked):
    """Only the first can be sure, and only if no second is; by the partner only if nothing else that he owes is as much together."""
    sure = [each for each in ranked if each.is_sure]
    if not sure:
        return ranked
    first, items = sure[0], seen.index.items
    alike = len(sure) > 1 or first is not ranked[0]
    other = first.reason == "partner" and has_other_sum(seen, items[first.items[0]])
    return [each.doubtful() for each in ranked] if alike or other else ranked


def settle_rivals(found):
    """Where several lines have the same item first: the best keeps it, the others fall behind what else they have, and are not sure."""
    wanted = defaultdict(list)
    for line_id, ranked in found.items():
        for item in ranked[0].items if ranked else ():
            wanted[item].append(line_id)
    for lines in wanted.values():
        if len(lines) > 1:
            _settle_one(found, sorted(lines, key=lambda each: -found[each][0].weight))


def _settle_one(found, lines):
    first, second = (found[each][0] for each in lines[:2])
    alike = first.weight == second.weight
    for line_id in lines if alike else lines[1:]:
        ranked = [each.doubtful() for each in found[line_id]]
        free = [each for each in ranked if not set(each.items) & set(first.items)]
        found[line_id] = ranked if alike or not free else [*free, *(each for each in ranked if each not in free)]
