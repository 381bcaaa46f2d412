"""Bank lines against open items, made up with a seed, and the right answer for each: what a matcher is measured by. It knows no matcher.

A line was made by somebody who paid: the whole of something, several together, a part, less a fee; with the number, a piece of it, the
number of something else, or none; and a bank that cuts and abbreviates what he wrote. A fifth of the lines has no match, some of these
with the amount, or the number, of something that is open. A tenth has a twin: something else that fits just as well, so that nobody can
be sure. Beside what is paid there is as much again that is open and is not.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from benchmarks import bank_texts
from benchmarks.bank_world import CARD_RATE, CENT, FEE_ACCOUNT, TAKEN, TODAY, Open, Past

# of a thousand lines
MIX = {
    "whole_number": 205, "cut_number": 90, "name": 105, "vendor_number": 55, "several_numbers": 50, "several_name": 25, "card_payout": 25,
    "less_fee": 15, "cents": 15, "part": 30, "transfer": 30, "payment": 30, "with_credit": 15, "wrong_number": 5, "amount_only": 5,
    "twin_partner": 40, "twin_namesake": 15, "twin_year": 15, "twin_sum": 15, "twin_transfer": 15,
    "none_fee": 60, "none_stranger": 60, "none_coincidence": 50, "none_paid_number": 20, "none_twice": 10,
}  # fmt: skip


class World(Open):
    """So many lines, all kinds of them, and at least so many open items."""

    def __init__(self, seed, lines=500, items=0):
        super().__init__(seed, partners=max(20, lines // 4))
        hows = [how for how, weight in MIX.items() for _ in range(weight)]
        chosen = [hows[int(number * len(hows) / lines)] for number in range(lines)]
        self.dice.shuffle(chosen)
        self._make_past()
        for how in chosen:
            getattr(self, f"_{how}")(how)
        for _number in range(max(len(self.items), items - len(self.items))):
            self._background()
        self.dice.shuffle(self.items)
        self._see_other_sums()

    # === WITH A MATCH === #

    def _whole_number(self, how):
        item = self._document("invoice")
        self._one(how, item, self._number_of(item))

    def _cut_number(self, how):
        item = self._document("invoice")
        self._one(how, item, bank_texts.cut(self.dice, item.number))

    def _name(self, how):
        self._one(how, self._document(), "")

    def _vendor_number(self, how):
        item = self._document("bill")
        self._one(how, item, item.reference)

    def _of_one_partner(self, count, kind=""):
        first = self._document(kind)
        return [first, *(self._document(first.kind, first.partner) for _ in range(count - 1))]

    def _together(self, how, items, reference, **values):
        last = max(items, key=lambda item: item.due)
        total = sum(item.amount for item in items)
        said = bank_texts.line(self.dice, last.name, reference, incoming=total > 0)
        self._line(how, total, said, items, day=self._day_for(last), partner=last.partner, **values)

    def _several_numbers(self, how):
        items = self._of_one_partner(self.dice.choice((2, 2, 3, 4)), "invoice")
        write = self.dice.choice((bank_texts.as_written, bank_texts.cut))
        self._together(how, items, " ".join(write(self.dice, item.number) for item in items))

    def _several_name(self, how):
        self._together(how, self._of_one_partner(self.dice.choice((2, 2, 3))), "")

    def _card_payout(self, how):
        day, total, items = TODAY - timedelta(days=self.dice.randint(1, 12)), Decimal(0), []
        method = f"card{next(self.ids)}"  # one card machine's payments of one day
        for _ in range(self.dice.randint(2, 7)):
            partner = self.dice.choice(self.customers)
            items.append(self._item("payment", partner, self._amount(partner), date=day, due=day, method=method))
            total += items[-1].amount
        fee = (total * CARD_RATE).quantize(CENT)
        text = f"{self.dice.choice(('CARD PAYOUT', 'MERCHANT SETTLEMENT', 'STRIPE PAYOUT'))} {day:%d%m}"
        self._line(how, total - fee, text, items, day=day + timedelta(days=1), fee=fee)

    def _less_fee(self, how):
        item = self._document("invoice")
        fee = self.dice.choice([fee for fee in TAKEN if fee < item.amount / 3] or [CENT])
        self._one(how, item, self._number_of(item), amount=item.amount - fee, fee=fee)

    def _cents(self, how):
        item = self._document("invoice")
        lack = CENT * self.dice.choice((1, 2, 5, -1, -3))
        self._one(how, item, self._number_of(item), amount=item.amount - lack, fee=lack)

    def _part(self, how):
        item = self._document("invoice")
        share = (item.amount * self.dice.choice((25, 40, 50, 60, 75)) / 100).quantize(CENT)
        reference = self.dice.choice((f"PART PMT {self._number_of(item)}", self._number_of(item), f"1ST INSTALMENT {item.number}"))
        self._one(how, item, reference, amount=share)

    def _transfer(self, how, others=1):
        partner, sign = 0, self.dice.choice((1, -1))
        amount = sign * self.dice.choice((500, 1000, 1500, 2000, 5000)) + sign * self.dice.randint(1, 999)
        day = TODAY - timedelta(days=self.dice.randint(0, 12))
        items = []
        for _ in range(others):
            came = day + timedelta(days=0 if others > 1 else self.dice.choice((0, 0, 0, 1)))
            items.append(self._item("transfer", partner, Decimal(amount), number="Savings", date=came, due=came, reference="TRANSFER"))
        text = self.dice.choice(("TRF TO SAVINGS", "TRANSFER TO XX4471", "INTERNAL TRANSFER 990121", "NETBANK TRF OWN ACC"))
        self._line(how, Decimal(amount), text, items[:1], day=day, twins=[frozenset([each.id]) for each in items[1:]])

    def _payment(self, how):
        item = self._payment_item()
        self._line(how, item.amount, self._said(item), [item], day=min(TODAY, item.date + timedelta(days=1)), partner=item.partner)

    def _with_credit(self, how):
        [invoice] = self._of_one_partner(1, "invoice")
        credit = self._item("credit", invoice.partner, -(invoice.amount / self.dice.choice((3, 4, 5))).quantize(CENT))
        self._together(how, [invoice, credit], " ".join(bank_texts.as_written(self.dice, each.number) for each in (invoice, credit)))

    def _wrong_number(self, how):
        """He wrote the number of an invoice that was paid long ago."""
        item = self._document("invoice")
        self._one(how, item, bank_texts.as_written(self.dice, self._number("invoice")))

    def _amount_only(self, how):
        item = self._document("invoice")
        self._line(how, item.amount, f"DEPOSIT {self.dice.randint(10000, 99999)}", [item], day=self._day_for(item))

    # === WITH A TWIN === #

    def _twin_partner(self, how):
        item = self._document()
        twin = self._item(item.kind, item.partner, item.amount)
        self._one(how, self.dice.choice((item, twin)), "", twins=[frozenset([item.id]), frozenset([twin.id])])

    def _twin_namesake(self, how):
        item = self._document("invoice")
        other = max(self.names) + 1
        self.names[other] = bank_texts.namesake(self.dice, item.name)
        twin = self._item("invoice", other, item.amount)
        text = bank_texts.line(self.dice, bank_texts.shared(item.name, twin.name), "", incoming=True)
        self._line(how, item.amount, text, [item], day=self._day_for(item), twins=[frozenset([twin.id])])

    def _twin_year(self, how):
        """The last digits of two years' numbers, of one customer, with one amount."""
        item = self._document("invoice")
        twin = self._item("invoice", item.partner, item.amount, number=item.number.replace("2026", "2025"))
        self._one(how, item, item.number[-5:], twins=[frozenset([twin.id])])

    def _twin_sum(self, how):
        """Two together are as much as a third."""
        items = self._of_one_partner(2, "invoice")
        third = self._item("invoice", items[0].partner, sum(item.amount for item in items))
        self._together(how, items, "", twins=[frozenset([third.id])])

    def _twin_transfer(self, how):
        self._transfer(how, others=2)

    # === WITHOUT A MATCH === #

    def _none(self, how, amount, text, **values):
        self._line(how, amount, text, **values)

    def _none_fee(self, how):
        amount = -Decimal(self.dice.randint(100, 60000)) / 100
        self._none(how, amount.quantize(CENT), bank_texts.of_the_bank(self.dice))

    def _none_stranger(self, how):
        sign = self.dice.choice((1, -1))
        stranger = next(iter(bank_texts.names(self.dice, 1, strangers=True).values()))
        self._none(how, self._amount(-1, sign), bank_texts.line(self.dice, stranger, bank_texts.noise(self.dice), incoming=sign > 0))

    def _none_coincidence(self, how):
        """As much as something of somebody else, who is not named."""
        item = self._document()
        stranger = next(iter(bank_texts.names(self.dice, 1, strangers=True).values()))
        said = bank_texts.line(self.dice, stranger, bank_texts.noise(self.dice), incoming=item.amount > 0)
        self._none(how, item.amount, self.dice.choice((said, f"DEPOSIT {self.dice.randint(10000, 99999)}")))

    def _none_paid_number(self, how):
        """The number of something paid long ago, and an amount that somebody else owes."""
        item, other = self._document("invoice"), self.dice.choice(self.customers)
        if other != item.partner:
            number = bank_texts.as_written(self.dice, self._number("invoice"))
            self._none(how, item.amount, bank_texts.line(self.dice, self.names[other], number, incoming=True), partner=other)
        else:
            self._none_stranger(how)

    def _none_twice(self, how):
        """What is paid was paid again; he owes as much for something else."""
        item = self._document("invoice")
        number = bank_texts.as_written(self.dice, self._number("invoice"))
        self._none(how, item.amount, self._said(item, number), partner=item.partner)

    # === BEFORE === #

    def _make_past(self):
        """A year of lines that were matched by people."""
        for partner in self.dice.sample(sorted(self.names), len(self.names) // 2):
            self.past.append(Past(bank_texts.line(self.dice, self.names[partner], "", incoming=partner in self.customers), partner))
        for text in ("CARD PAYOUT", "MERCHANT SETTLEMENT", "STRIPE PAYOUT"):
            for _ in range(3):
                total = Decimal(self.dice.randint(20000, 200000)) / 100
                self.past.append(
                    Past(f"{text} {self.dice.randint(1, 28):02d}10", 0, (total * CARD_RATE).quantize(CENT), total, FEE_ACCOUNT)
                )
        for fee in TAKEN:
            text = bank_texts.line(self.dice, self.names[1], "", incoming=True)
            self.past += [Past(text, 1, fee, Decimal(self.dice.randint(20000, 200000)) / 100, FEE_ACCOUNT)] * 2

    # === WHAT ELSE FITS === #

    def _see_other_sums(self):
        """Of those who wrote no number: other sums of what they owe that are the same. Who made them up did not mean to."""
        owed = {}
        for item in self.items:
            if item.kind in ("invoice", "bill") and item.currency == "AUD":
                owed.setdefault(item.partner, []).append(item)
        partners = {item.id: item.partner for item in self.items}
        for line in self.lines:
            answer = self.answers[line.id]
            if answer.how in ("name", "several_name", "twin_partner", "twin_sum", "payment") and answer.items:
                sums = other_sums(owed.get(partners[min(answer.items)], []), line.amount)
                twins = {*answer.twins, *sums} - {answer.items}
                self.answers[line.id] = replace(answer, twins=tuple(twins))


def other_sums(items, amount):
    """Up to three of these that are as much."""
    found, by_amount = set(), {}
    for item in items:
        by_amount.setdefault(item.amount, []).append(item)
    for number, first in enumerate(items):
        if first.amount == amount:
            found.add(frozenset([first.id]))
        for second in items[number + 1 :]:
            rest = amount - first.amount - second.amount
            if not rest:
                found.add(frozenset([first.id, second.id]))
            found |= {
                frozenset([first.id, second.id, third.id]) for third in by_amount.get(rest, ()) if third.id not in (first.id, second.id)
            }
    return found
