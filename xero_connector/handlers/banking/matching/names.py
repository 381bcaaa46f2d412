"""Whose name a bank's text is, as far as the bank has let it stand."""

from collections import Counter, defaultdict
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from .texts import name_words, skeleton

STRONG, WEAK, NOBODY = 2, 1, 0
PREFIX = 3


@lru_cache(maxsize=262144)
def stands_for(piece: str, word: str) -> int:
    """Whether a word of a text may stand for a word of a name: 2 if it is whole, cut off, or without its vowels; 1 if nearly so."""
    if piece == word or (len(piece) >= 2 and word.startswith(piece)):
        return 2
    if len(piece) >= PREFIX and piece[0] == word[0] and piece == skeleton(piece) and skeleton(word).startswith(piece):
        return 2
    nearly = min(len(piece), len(word)) >= 5 and abs(len(piece) - len(word)) <= 2
    return int(nearly and SequenceMatcher(None, piece, word).ratio() >= 0.85)


class Likeness(NamedTuple):
    """How much of a name a text says, and how much of what it says is no part of that name."""

    known: int
    strange: int
    of: int

    @property
    def level(self):
        if self.known and not self.strange:
            return STRONG if self.known >= min(2, self.of) else WEAK
        return WEAK if self.known > self.strange else NOBODY


def likeness(words, name: str) -> Likeness:
    """Compare a text's words with a name; each word of the name stands for one."""
    left = list(name_words(name))
    count, known, strange, number = len(left), 0, 0, 0
    while number < len(words):
        taken = _taken(words, number, left)
        known += bool(taken)
        strange += not taken and len(words[number]) > 1
        number += taken or 1
    return Likeness(known, strange, count)


def _taken(words, number, left):
    """How many words from here on are one of ``left``, which is taken out; 0 if none is."""
    for length in (1, 2):
        if number + length > len(words):
            return 0
        piece = "".join(words[number : number + length])
        if word := _meant(piece, left):
            left.remove(word)
            return length
    return 0


def _meant(piece, left):
    """Which of these words it is: the first that it surely is, else one that it nearly is."""
    nearly = ""
    for word in left:
        how = stands_for(piece, word)
        if how > 1:
            return word
        nearly = nearly or (word if how else "")
    return nearly


class Names:
    """Who is known, found by the words of a text."""

    def __init__(self, names):
        """:param dict names: ``{partner: name}``"""
        self.names, self.having, self.starting = names, defaultdict(set), defaultdict(set)
        for partner, name in names.items():
            for word in name_words(name):
                self.having[word].add(partner)
                self.starting[word[:1]].add(word)
        self.words, self._found, self._hits = self.having.keys(), {}, {}

    def hits(self, words):
        """``{partner: count}`` of those whose name may have more than half of these words."""
        if words not in self._hits:
            found, both = Counter(), ["".join(words[number : number + 2]) for number in range(len(words) - 1)]
            for word in (*words, *both, *both):
                found.update(self._who_has(word))
            half = sum(len(word) > 1 for word in words) / 2
            self._hits[words] = {partner: count for partner, count in found.items() if count > half}
        return self._hits[words]

    def _who_has(self, piece):
        """Partners with a word in their name that this may stand for."""
        if piece not in self._found:
            words = [word for word in self.starting.get(piece[:1], ()) if stands_for(piece, word)]
            self._found[piece] = frozenset(partner for word in words for partner in self.having[word])
        return self._found[piece]
