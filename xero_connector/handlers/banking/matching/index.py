"""All that is open, found by what lines say: the amount, a number, a partner."""

from collections import Counter, defaultdict

from .facts import CREDIT, DOCUMENT, PAYMENT, TRANSFER
from .names import Names
from .sums import Sums
from .texts import BANKS, Text, compact, pieces, shape, tail

FEW = 3  # of the amount alone nothing follows where many owe as much
COMMON = 0.015  # a word that so many lines say names nobody


class Index:
    """Open items and past lines, put in order once for all lines."""

    def __init__(self, items, past, lines):
        self.items = {item.id: item for item in items}
        self.by_number, self.by_tail, self.by_partner, self.transfers = (defaultdict(list) for _ in range(4))
        self.by_amount, self.of_amount, self.payouts = defaultdict(list), defaultdict(list), defaultdict(lambda: defaultdict(list))
        self.shapes, self._sums = set(), {}
        names = {}
        for item in items:
            self._add(item)
            names[item.partner] = item.name
        names.pop(0, None)
        self.names = Names(names)
        self.common = self._common_words([each.text for each in (*lines, *past)])
        self._remember(past)

    def _add(self, item):
        if item.kind == TRANSFER:
            self.transfers[item.currency, item.amount].append(item)
            return
        self.by_amount[item.currency, item.amount, item.partner].append(item)
        if len(few := self.of_amount[item.currency, item.amount]) <= FEW:
            few.append(item)
        if item.partner:
            self.by_partner[item.partner, item.currency].append(item)
        self._add_numbers(item)
        if item.kind == PAYMENT and item.method:
            self.payouts[item.currency, item.day][item.method].append(item)

    def _add_numbers(self, item):
        own, same = compact(item.number), item.number == item.reference
        if (built := shape(own)).count("9") > 3:
            self.shapes.add(built)
        for number in {own, own if same else compact(item.reference)} - {""}:
            self.by_number[number].append(item)
        for end in {tail(item.number), "" if same else tail(item.reference)} - {""}:
            self.by_tail[end].append(item)

    def _common_words(self, texts):
        """What many lines say, and no name: words of this bank; and what the company calls its other banks."""
        own = {word for items in self.transfers.values() for item in items for word in pieces(item.number)}
        counted = Counter(word for text in texts for word in set(pieces(text)) if not word.isdigit())
        most = max(3, COMMON * len(texts))
        return frozenset(word for word, count in counted.items() if count >= most and word not in self.names.words) | BANKS | own

    def _remember(self, past):
        """What lines were before: whose, by their words; and the fees that were taken, of which lines."""
        self.past_partners, self.fees = defaultdict(set), defaultdict(list)
        self.taken = Counter()
        for each in past:
            text = Text(each.text, self.common)
            if each.partner and text.words:
                self.past_partners[tuple(text.words)].add(each.partner)
            if each.fee and each.of:
                self.fees[self.fee_key(text)].append(each)
                self.taken[each.fee, each.account] += 1

    def fee_key(self, text):
        """What payouts of one kind have in common: their words."""
        return tuple(word for word in text.said if not any(each.isdigit() for each in word))

    # === LOOKING UP === #

    def numbered(self, text, currency):
        """``{whole number in the text: items}``"""
        found = {number: self.by_number[number] for number in text.joined if number in self.by_number and len(number) >= 4}
        return {number: same for number, items in found.items() if (same := [item for item in items if item.currency == currency])}

    def unknown_number(self, text):
        """Whether it names a number of our own kind that is not open: of something that was paid, or never was."""
        return any(shape(piece) in self.shapes and piece not in self.by_number for piece in text.joined)

    def tailed(self, text, currency):
        """``{end of a number in the text: items}``"""
        return {end: items for end in text.tails if (items := [item for item in self.by_tail.get(end, ()) if item.currency == currency])}

    def owed(self, partner, currency):
        """Documents and credits of a partner, the oldest first."""
        items = [item for item in self.by_partner.get((partner, currency), ()) if item.kind in (DOCUMENT, CREDIT)]
        return sorted(items, key=lambda item: (item.due, item.id))

    def sums(self, partner, currency):
        """What a partner owes, and what of it is as much together.

        :rtype: Sums
        """
        if (partner, currency) not in self._sums:
            self._sums[partner, currency] = Sums(self.owed(partner, currency))
        return self._sums[partner, currency]
