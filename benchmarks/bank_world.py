"""What bank lines are made up of: who owes what, and what a bank prints of it when he pays."""

import itertools
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from benchmarks import bank_texts

CENT = Decimal("0.01")
TODAY = date(2026, 11, 27)
ROUND = [Decimal(each) for each in ("55", "99", "110", "165", "220", "330", "550", "660", "1100", "1650", "2200", "2750")]
FEE_ACCOUNT, CARD_RATE = "fees", Decimal("0.0238")
TAKEN = [Decimal("15.00"), Decimal("12.50"), Decimal("20.00")]  # by foreign banks


@dataclass(frozen=True)
class Item:
    """What is open: an invoice, bill, credit note, payment, or another bank's line. ``amount`` is signed as its line on the bank is."""

    id: int
    kind: str
    amount: Decimal
    number: str
    reference: str
    partner: int
    name: str
    date: date
    due: date
    method: str = ""
    currency: str = "AUD"


@dataclass(frozen=True)
class BankLine:
    id: int
    date: date
    text: str
    amount: Decimal
    partner: int = 0
    currency: str = "AUD"


@dataclass(frozen=True)
class Past:
    """A line that somebody has matched before: whose it was, and what he took as a fee."""

    text: str
    partner: int
    fee: Decimal = Decimal(0)
    of: Decimal = Decimal(0)
    account: str = ""


@dataclass(frozen=True)
class Answer:
    """What a line is: its items (none if it has no match), how much of it is a fee, and what else fits as well."""

    how: str
    items: frozenset = frozenset()
    fee: Decimal = Decimal(0)
    twins: tuple = ()


class Open:
    """Makes open items and lines, and remembers the answers: ``items``, ``lines``, ``past``, and ``answers`` by the id of the line."""

    def __init__(self, seed, partners):
        self.dice = random.Random(seed)
        self.items, self.lines, self.past, self.answers = [], [], [], {}
        self.used, self.numbers, self.ids = set(), {}, itertools.count(1)
        self.names = bank_texts.names(self.dice, partners)
        self.customers, self.suppliers = range(1, partners * 2 // 3), range(partners * 2 // 3, partners + 1)

    # === WHAT IS OPEN === #

    def _amount(self, partner, sign=1):
        """One that this partner has nothing else of."""
        while True:
            wild = Decimal(str(round(self.dice.lognormvariate(5.8, 1.1), 2))).quantize(CENT)
            amount = sign * (self.dice.choice(ROUND) if self.dice.random() < 0.25 else max(wild, Decimal(5)))
            if (partner, amount) not in self.used:
                self.used.add((partner, amount))
                return amount

    def _number(self, kind, year=2026):
        prefix = {"invoice": "INV", "bill": "BILL", "credit": "RINV", "refund": "RBILL", "payment": "PBNK1"}[kind]
        count = self.numbers[kind, year] = self.numbers.get((kind, year), 0) + self.dice.randint(1, 3)
        return f"{prefix}/{year}/{count:05d}"

    def _item(self, kind, partner, amount, number="", **values):
        made = TODAY - timedelta(days=self.dice.randint(5, 100))
        number = number or self._number(kind)
        reference = bank_texts.vendor_number(self.dice) if kind == "bill" else number
        about = {"date": made, "due": made + timedelta(days=self.dice.choice((0, 7, 14, 30))), "reference": reference, **values}
        name = self.names.get(partner, "")
        self.items.append(Item(next(self.ids), kind, amount, number, partner=partner, name=name, **about))
        return self.items[-1]

    def _document(self, kind="", partner=0, **values):
        kind = kind or self.dice.choice(("invoice", "invoice", "bill"))
        partner = partner or self.dice.choice(self.suppliers if kind == "bill" else self.customers)
        return self._item(kind, partner, self._amount(partner, -1 if kind == "bill" else 1), **values)

    def _background(self):
        how = self.dice.random()
        if how < 0.85:
            item = self._document(number=self._number("invoice", 2025) if how < 0.1 else "", kind="invoice" if how < 0.1 else "")
            if how > 0.8:
                as_much = abs(self.dice.choice(self.lines).amount) * (1 if item.amount > 0 else -1)
                self.items[-1] = replace(item, currency="USD", amount=as_much)
        elif how < 0.93:
            self._payment_item()
        else:
            partner = self.dice.choice(self.customers)
            self._item("credit", partner, self._amount(partner, -1))

    def _payment_item(self, partner=0, **values):
        sign = self.dice.choice((1, -1))
        partner = partner or self.dice.choice(self.customers if sign > 0 else self.suppliers)
        return self._item("payment", partner, self._amount(partner, sign), **values)

    # === THE LINE === #

    def _line(self, how, amount, text, items=(), *, day=None, partner=0, fee=Decimal(0), twins=()):
        known = partner if self.dice.random() < 0.25 else 0
        day = day or TODAY - timedelta(days=self.dice.randint(0, 12))
        self.lines.append(BankLine(next(self.ids), day, text, amount, known))
        self.answers[self.lines[-1].id] = Answer(how, frozenset(each.id for each in items), fee, tuple(twins))

    def _said(self, item, reference=""):
        return bank_texts.line(self.dice, item.name, reference, incoming=item.amount > 0)

    def _day_for(self, item):
        return min(TODAY, max(item.date, item.due + timedelta(days=self.dice.randint(-6, 6))))

    def _one(self, how, item, reference, **values):
        amount, said = values.pop("amount", item.amount), self._said(item, reference)
        self._line(how, amount, said, [item], day=self._day_for(item), partner=item.partner, **values)

    def _number_of(self, item):
        return bank_texts.as_written(self.dice, item.reference)
