"""What happens in a trial, and in which order: drawn from a seed, or what is left of it when steps are dropped."""

import random
from dataclasses import dataclass

# what people do, and how often; "rest" lets everything come to rest and compares the books
WEIGHTS = {
    "invoice": 22, "edit": 9, "post": 8, "reset": 7, "cancel": 4, "revive": 2, "delete_draft": 3, "credit": 6, "refund": 3,
    "rename_document": 2, "resequence": 1, "due_date": 3, "reference": 2, "coding": 2, "attach": 2,
    "pay": 12, "pay_several": 5, "pay_with_write_off": 3, "pay_foreign": 3, "unreconcile": 8, "match": 8, "money_on_account": 5,
    "pay_back": 2, "reset_payment": 4, "cancel_payment": 3, "repost_payment": 4, "delete_payment": 1,
    "settle_by_entry": 3, "spend": 3, "statement_line": 5, "undo_statement_line": 2, "transfer": 2, "undo_transfer": 1,
    "new_partner": 2, "edit_partner": 3, "archive_partner": 1, "merge_partners": 1,
    "run": 5, "sync": 2, "sync_now": 2, "outage": 3, "lock": 1, "hour": 2, "rest": 24,
}  # fmt: skip
# the same with people at work in Xero; nobody closes a period, which would keep them from putting things right
BOTH = {name: weight for name, weight in WEIGHTS.items() if name != "lock"} | {
    "theirs_pay": 12, "theirs_pay_several": 4, "theirs_delete_payment": 6, "theirs_allocate": 5, "theirs_unallocate": 3,
    "theirs_on_account": 3, "theirs_write": 8,
}  # fmt: skip
# a quarter of that beside what people do on the pages of banks, whose lines come from Xero, and with a till
BANK = {name: -(-weight // 4) for name, weight in BOTH.items()} | {
    "invoice": 14, "run": 4, "rest": 14,
    "till_line": 12, "book_otherwise": 10, "delete_line": 4, "book_open": 5, "deposit": 8, "undo_deposit": 5,
    "suggestion": 14, "follow": 6, "undo_suggestion": 8, "theirs_spend": 20, "theirs_edit_spent": 10, "theirs_delete_spent": 7,
    "theirs_move": 7, "theirs_delete_move": 5, "theirs_match_spent": 5,
}  # fmt: skip
# the same of journal entries
JOURNALS = {"post": 12, "reset": 9, "repost": 9, "cancel": 3, "delete": 3, "run": 6, "rest": 2}
KINDS = {"documents": WEIGHTS, "journals": JOURNALS, "both": BOTH, "bank": BANK}


@dataclass(frozen=True)
class History:
    """``steps`` are ``(number, name)``: the number seeds what is random about a step, so that it stays as it is when others are dropped."""

    seed: str
    steps: tuple

    def __str__(self):
        return f"{self.seed}: {' '.join(f'{number}.{name}' for number, name in self.steps)}"

    def generator(self, number):
        return random.Random(f"{self.seed}/{number}")  # noqa: S311 - repeatable, no secrets


def draw(seed, count, kind="documents"):
    """A history of so many steps, with a rest at the end."""
    generator, weights = random.Random(str(seed)), KINDS[kind]  # noqa: S311 - repeatable, no secrets
    names = generator.choices(list(weights), list(weights.values()), k=count)
    return History(str(seed), (*enumerate(names), (count, "rest")))


def told(text):
    """The history that was printed as text.

    :param str text: as ``str(history)`` gives it
    """
    seed, _colon, steps = text.partition(": ")
    return History(seed, tuple((int(number), name) for number, _dot, name in (step.partition(".") for step in steps.split())))
