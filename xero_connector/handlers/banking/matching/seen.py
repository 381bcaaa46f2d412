"""What one line says of whose it is and what it is for."""

from functools import cached_property

from .names import STRONG, likeness
from .texts import INVOICE, TRANSFERS, Text, compact, tail

# how an item's partner stands toward a line: the bank knows him, the text names him, a piece of it may, it says nothing, it names another
SAME, NAMED, MAYBE, UNSAID, ANOTHER = 3, 2, 1, 0, -1
WHOLE, CUT, PERHAPS, MISSING = 3, 2, 1, 0
SHORT = 6  # fewer figures may be anything


class Seen:
    """A line beside the index."""

    def __init__(self, line, index):
        self.line, self.index = line, index
        self.text = Text(line.text, index.common)
        self.whole = index.numbered(self.text, line.currency)
        self.tails = index.tailed(self.text, line.currency)
        self._likenesses = {}

    @cached_property
    def hits(self):
        """Whom the words may name; ``likeness`` says whether they do."""
        return self.index.names.hits(tuple(self.text.words)) if self.text.words else {}

    def likeness(self, partner):
        """How much of his name is said, ``None`` if that is nothing to go by."""
        if partner not in self._likenesses:
            found = likeness(self.text.words, self.index.names.names[partner]) if partner in self.hits else None
            self._likenesses[partner] = found if found and found.level else None
        return self._likenesses[partner]

    @property
    def named(self):
        """Whoever may have paid: whom the bank knows, else whom the text may name."""
        return dict.fromkeys([self.line.partner] if self.line.partner else [*([self.before] if self.before else []), *self.hits])

    @property
    def numbered(self):
        """What the text has a number of, whole or its end."""
        return [item for found in (self.whole, self.tails) for items in found.values() for item in items]

    @cached_property
    def before(self):
        """Whose line with these words was before, if that is one."""
        partners = self.index.past_partners.get(tuple(self.text.words), ())
        return next(iter(partners)) if len(partners) == 1 else 0

    @cached_property
    def names_another_number(self):
        """Whether it names something of our own that is not open, whole or by its end."""
        if self.index.unknown_number(self.text):
            return True
        ends = {found.lstrip("0") for found in INVOICE.findall(self.text.plain)}
        return any(end not in self.index.by_tail and not any(end in number for number in self.whole) for end in ends)

    @property
    def is_own_transfer(self):
        return self.text.says(TRANSFERS) and not any(map(self.likeness, self.hits))

    def partner(self, item):
        """How the partner of an item stands toward the line."""
        if self.line.partner and item.partner:
            return SAME if self.line.partner == item.partner else ANOTHER
        if item.partner and self.before == item.partner:
            return NAMED
        if found := self.likeness(item.partner):
            return NAMED if found.level == STRONG else MAYBE
        return ANOTHER if self.text.words else UNSAID

    def is_only_one(self, item):
        """Whether nobody else is named as well as the partner of an item."""
        if self.partner(item) == SAME or self.before == item.partner:
            return True
        own = self.likeness(item.partner)
        others = (each for partner in self.hits if partner != item.partner and (each := self.likeness(partner)))
        return not any(each.level == own.level and each.known >= own.known for each in others)

    def number(self, item):
        """Whether the text has the item's number, whole or its end; a short one is an end, one that may be a day hardly that."""
        for number in {compact(item.number), compact(item.reference)}:
            if number and item in self.whole.get(number, ()):
                return WHOLE if len(number) >= SHORT else CUT
        ends = {end for end in (tail(item.number), tail(item.reference)) if item in self.tails.get(end, ())}
        if not ends:
            return MISSING
        return PERHAPS if ends <= self.text.days else CUT

    @cached_property
    def cited(self):
        """Items whose whole number is there, those of long ones."""
        return [item for number, items in self.whole.items() if len(number) >= SHORT for item in items]
