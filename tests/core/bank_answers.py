"""The matcher beside the right answers of made-up lines (`benchmarks.bank_lines`)."""

from dataclasses import dataclass, field

import pure

facts = pure.load("handlers.banking.matching.facts")
matcher = pure.load("handlers.banking.matching.matcher")

KINDS = {"credit": facts.CREDIT, "payment": facts.PAYMENT, "transfer": facts.TRANSFER}


def as_facts(world):
    """``(lines, items, past)`` as the matcher takes them."""
    items = [
        facts.OpenItem(
            each.id, KINDS.get(each.kind, facts.DOCUMENT), each.amount, each.currency, each.number, each.reference, each.partner, each.name,
            each.date, each.due, each.method,
        )
        for each in world.items
    ]  # fmt: skip
    lines = [facts.Line(each.id, each.date, each.text, each.amount, each.currency, each.partner) for each in world.lines]
    past = [facts.Past(each.text, each.partner, each.fee, each.of, each.account or None) for each in world.past]
    return lines, items, past


def is_right(suggestion, answer):
    """Whether it is what the line was, to the cent; nothing else is."""
    same = set(suggestion.items) == answer.items and suggestion.fee == answer.fee
    return bool(answer.items) and same and suggestion.is_part == (answer.how == "part")


def is_twin(suggestion, answer):
    """Whether it is what fits just as well."""
    return frozenset(suggestion.items) in answer.twins and not suggestion.fee and not suggestion.is_part


@dataclass
class Figures:
    """What a world has shown, as numbers of lines; ``wrong`` are sure ones that are not right, or that have a twin."""

    lines: int = 0
    matched: int = 0
    sure: int = 0
    right: int = 0
    exactly: int = 0
    wrong: list = field(default_factory=list)

    @property
    def sure_share(self):
        return self.sure / self.matched

    @property
    def right_share(self):
        return self.right / self.matched


def judged(world):
    """Let the matcher say what the lines are, and count. Of a line with a twin the one is as right as the other."""
    figures = Figures(lines=len(world.lines))
    found = matcher.suggest(*as_facts(world))
    for line in world.lines:
        answer, ranked = world.answers[line.id], found[line.id]
        first = ranked[0] if ranked else None
        figures.matched += bool(answer.items)
        if first and first.is_sure:
            figures.sure += bool(answer.items)
            if answer.twins or not is_right(first, answer):
                figures.wrong.append((line, answer, first))
        if first and answer.items:
            figures.exactly += is_right(first, answer)
            figures.right += is_right(first, answer) or is_twin(first, answer)
    return figures
