from collections import defaultdict

OWED = 40  # of one partner, looked at for sums of three


class Sums:
    """What one owes, the oldest first: two or three of it, or all, that are as much as something; of very many only two."""

    def __init__(self, items):
        self.items, self.total = items, sum(item.amount for item in items)
        self._amounts = [item.amount for item in items]
        self._pairs, self._more = {}, defaultdict(list)  # {sum: the first pair that is that much}, and others
        if len(items) <= OWED:
            self._put_together()

    def _put_together(self):
        """A pair is one number: very many of them are kept."""
        count, amounts, pairs = len(self.items), self._amounts, self._pairs
        for first in range(count):
            for second in range(first + 1, count):
                code, total = first * count + second, amounts[first] + amounts[second]
                if pairs.setdefault(total, code) != code:
                    self._more[total].append(code)

    def of(self, amount, without=None):
        """The first of these that are ``amount`` together, none of them ``without``; () if there are none."""
        if self.total == amount and len(self.items) > 1 and not without:
            return self.items
        return next((way for way in self._ways(amount) if without not in way), ())

    def _ways(self, amount):
        yield from self._two(amount)
        if len(self.items) <= OWED:
            for third in self.items:
                yield from ((*pair, third) for pair in self._two(amount - third.amount) if third not in pair)

    def _two(self, amount):
        if len(self.items) > OWED:
            return self._two_of_many(amount)
        if amount not in self._pairs:
            return ()
        codes = [self._pairs[amount], *self._more.get(amount, ())]
        return ((self.items[code // len(self.items)], self.items[code % len(self.items)]) for code in codes)

    def _two_of_many(self, amount):
        by_amount = defaultdict(list)
        for item in self.items:
            by_amount[item.amount].append(item)
        return ((item, other) for item in self.items for other in by_amount.get(amount - item.amount, ()) if other is not item)
