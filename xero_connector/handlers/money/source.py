"""Odoo's side of one movement of money, as its decision and what is sent of it need it."""

from dataclasses import dataclass, field

from ...xero_core.fingerprint import fingerprint
from .facts import ENTRY
from .movement import Movement
from .parts import amount_of, entries_of, partials_of, sides_of


@dataclass
class Source:
    """Odoo's side of a movement, and its counterparts in Xero, by which what is to be sent is put together.

    ``record`` is empty if it is gone. ``direct`` is what it was paid or received for at once, without a debt. ``parts`` are its matches
    with documents, by id of the reconciliation; ``bindings`` by the key of the counterpart, and it ``was_there``
    if there ever was one. ``movement`` says what is to be done about it.
    """

    key: tuple
    record: object = None
    lines: object = None
    parts: dict = field(default_factory=dict)
    beside: bool = False
    paid_back: bool = False
    write_off: object = None
    direct: object = None
    why_no_bank_transaction: str = ""
    bindings: dict = field(default_factory=dict)
    was_there: bool = False
    refunds: list = field(default_factory=list)
    movement: Movement | None = None

    @property
    def entry(self):
        return entries_of(self.record)

    @property
    def is_money(self):
        """Whether money moves, rather than an entry that settles documents."""
        return self.key[0] != ENTRY

    @property
    def is_posted(self):
        """Whether the money counts in Odoo's books."""
        return bool(self.record) and bool(self.lines or self.direct) and self.entry.state == "posted"

    @property
    def journal(self):
        return self.entry.journal_id

    @property
    def partner(self):
        return self.direct.partner if self.direct else self.lines[:1].partner_id.commercial_partner_id

    @property
    def currency(self):
        return self.direct.currency if self.direct else self.lines[:1].currency_id

    @property
    def on_account(self):
        return self.bindings.get(("on_account", *self.key))

    @property
    def amount(self):
        """What stands on account if it does: what moved on the bank account for the debt, in the currency of the debt; positive."""
        moved = abs(sum(self.lines.mapped("amount_currency")))
        credited = self.write_off.amount if self.write_off and self.write_off.kind == "write_off" else 0
        return self.currency.round(moved - credited)

    @property
    def stands(self):
        """What of ``amount`` pays no document."""
        return self.currency.round(self.amount - sum(parts.amount for parts in self.parts.values()))

    @property
    def returned(self):
        """How much of it other money pays back, in the same currency."""
        sides = ((partial, sides_of(partial)) for partial in partials_of(self.lines))
        return self.currency.round(sum(amount_of(partial, pair[0]) for partial, pair in sides if pair and pair[0] in self.lines))

    @property
    def digest(self):
        """Of what stands on account; not of the mapping and the policy, which may change without the money sent by then."""
        about = {"date": str(self.entry.date), "journal": self.journal.id, "partner": self.partner.id}
        return fingerprint({**about, "amount": f"{self.amount:.3f}", "currency": self.currency.name})
