"""What stays the same in bank lines that say the same thing month after month: pure functions, no records.

A bank writes what a line is about and, beside it, what is new each time: numbers, dates, months. A rule by example keeps the first and
drops the second.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

MONTHS = frozenset(
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
    + ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"]
)
WILD = frozenset("%_\\")  # mean something else in a condition's "contains"
EDGES = ".,;:!?*#()[]<>\"'/|+=-&"  # at the edge of words
MIN_LETTERS = 3  # less is in half of all texts
TIMES = 3  # booked alike before it is a habit


def _moves(word: str, months: Collection[str]) -> bool:
    """Whether a word is another one in the next such line: a number, a month."""
    plain = word.strip(EDGES).casefold()
    return plain in months or any(char.isdigit() for char in word)


def _runs(text: str, months: Collection[str]) -> list[list[str]]:
    """The words that stay, as they follow each other; what cannot be asked for literally ends a run as what moves does."""
    runs, run = [], []
    for line in text.splitlines():
        for word in line.split(" "):
            if not word or _moves(word, months) or not WILD.isdisjoint(word) or not word.isprintable():
                runs.append(run)
                run = []
            else:
                run.append(word)
        runs.append(run)
        run = []
    return [each for each in runs if each]


def _letters(words: str) -> int:
    return sum(char.isalpha() for char in words)


def _joined(words: list[str]) -> str:
    return " ".join(words).strip(EDGES + " ")


def _parts(run: list[str]) -> Iterable[str]:
    """All that one may leave of a run by cutting words off its ends, itself first."""
    for length in range(len(run), 0, -1):
        for start in range(len(run) - length + 1):
            yield _joined(run[start : start + length])


def constant_words(text: str, alike: Iterable[str] = (), against: Iterable[str] = (), months: Collection[str] = MONTHS) -> str:
    """The words by which lines like this one are known, as they stand in the text; '' if all of it moves.

    :param alike: texts of other lines that were booked in the same way: they show which of the words belong to it
    :param against: texts of lines that were booked otherwise: words that they have too say little
    """
    runs = _runs(text or "", months)
    whole = [_joined(run) for run in runs]
    shared = [part for run in runs for part in _parts(run) if _is_in(part, alike)]
    return _best(shared, against) or _best(whole, against) or _best(whole, ())


def _is_in(words: str, texts: Iterable[str]) -> bool:
    return any(words.casefold() in each.casefold() for each in texts)


def _best(found: list[str], against: Iterable[str]) -> str:
    """The longest that says anything and that no text has of those it must not be in."""
    own = [each for each in found if _letters(each) >= MIN_LETTERS and not _is_in(each, against)]
    return max(own, key=_letters, default="")


def next_round(amount: Decimal) -> Decimal:
    """The next amount above that people would name as a limit: 1, 2, 5, 10, 20, 50, ..."""
    amount, step = abs(amount), Decimal("0.01")
    while True:
        for factor in (1, 2, 5):
            if step * factor > amount:
                return step * factor
        step *= 10


@dataclass(frozen=True)
class Line:
    """What there is to know a bank line by. ``amount`` in the currency of its bank, below zero if money went out."""

    text: str
    amount: Decimal
    currency_id: int
    partner_id: int = 0
    account_number: str = ""


def condition(line: Line, alike: Iterable[Line] = (), against: Iterable[str] = (), months: Collection[str] = MONTHS) -> list:
    """The condition that catches lines like this one, as a domain on bank lines; empty if nothing of the line is likely to come again.

    Money out stays money out. The limit is the next round amount above this line and those like it, so that something as large as
    nothing before is looked at by somebody.
    """
    alike = [each for each in alike if (each.amount < 0) == (line.amount < 0) and each.currency_id == line.currency_id]
    known = _known_by(line, alike, against, months)
    if not known:
        return []
    limit = float(next_round(max(abs(each.amount) for each in [line, *alike] if _is_known(each, known))))
    size = [("amount", "<", 0), ("amount", ">", -limit)] if line.amount < 0 else [("amount", ">=", 0), ("amount", "<", limit)]
    return [known, *size, ("currency_id", "=", line.currency_id)]


FIELDS = {"payment_ref": "text", "account_number": "account_number", "partner_id": "partner_id"}


def _known_by(line, alike, against, months):
    """The first of its words, the number it came from and its partner that there is, as a condition."""
    if words := constant_words(line.text, [each.text for each in alike], against, months):
        return "payment_ref", "ilike", words
    if line.account_number:
        return "account_number", "=", line.account_number
    return ("partner_id", "=", line.partner_id) if line.partner_id else None


def _is_known(line, known):
    name, operator, value = known
    own = getattr(line, FIELDS[name])
    return _is_in(value, [own]) if operator == "ilike" else own == value


def key(text: str, months: Collection[str] = MONTHS) -> str:
    """What lines that say the same have in common: all words that stay."""
    found = " ".join(_joined(run) for run in _runs(text or "", months)).casefold()
    return found if _letters(found) >= MIN_LETTERS else ""


def habits(history: Iterable[tuple], times: int = TIMES) -> dict:
    """``{pattern: how it is always booked}`` of what people booked so at least ``times`` times, and nobody ever otherwise.

    :param history: ``(pattern, how it was booked, whether a person did)`` of every line; how is ``None`` for what nobody could repeat:
        matched with a document, or split
    """
    seen, people = {}, {}
    for pattern, how, by_person in history:
        seen.setdefault(pattern, set()).add(how)
        people[pattern] = people.get(pattern, 0) + by_person
    single = {pattern: next(iter(hows)) for pattern, hows in seen.items() if len(hows) == 1 and people[pattern] >= times}
    return {pattern: how for pattern, how in single.items() if how is not None}
