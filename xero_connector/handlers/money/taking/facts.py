"""Money that was made in Xero, and what becomes of it here: plain values and the table. No Odoo.

The unit is one payment, one batch, one over- or prepayment, one allocation: never "what is paid went up".
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum

PAYMENT, BATCH, ON_ACCOUNT, ALLOCATION, BANK = "payment", "batch_payment", "on_account", "allocation", "bank_transaction"
NOTE = "write_off"  # its credit note
ZERO = Decimal(0)


@dataclass(frozen=True)
class Share:
    """What it takes off one document (``xero_id``): ``amount`` in the document's currency, ``bank_amount`` in the bank account's."""

    xero_id: str
    amount: Decimal
    bank_amount: Decimal | None = None


@dataclass(frozen=True)
class Told:
    """What Xero says of one piece of money.

    ``shares`` are empty of money on account. ``credit_id`` is what an allocation takes its credit from, ``contact_id`` whose money on
    account it is, ``is_out`` whether that was spent; ``amount`` is what moved on the bank in ``currency``, where shares do not tell it.
    ``tax`` is what of a prepayment is tax. ``said`` is what else Xero says of what becomes a line of the bank here.
    """

    kind: str
    xero_id: str
    date: date | None
    shares: tuple[Share, ...] = ()
    account_id: str = ""
    reference: str = ""
    batch_id: str = ""
    credit: str = ""
    credit_id: str = ""
    contact_id: str = ""
    is_out: bool = False
    is_prepayment: bool = False
    amount: Decimal = ZERO
    currency: str = ""
    on_account_id: str = ""
    tax: Decimal = ZERO
    said: dict = field(default_factory=dict)

    @property
    def total(self):
        return self.amount or sum((share.amount for share in self.shares), ZERO)

    def as_json(self):
        values = asdict(self)
        values["date"] = self.date and self.date.isoformat()
        values |= {"amount": str(self.amount), "tax": str(self.tax)}
        values["shares"] = [[share.xero_id, str(share.amount), _text(share.bank_amount)] for share in self.shares]
        if not self.said:
            del values["said"]  # what was kept before there was such a thing says the same
        return values

    @classmethod
    def from_json(cls, values):
        told = cls(**{name: value for name, value in values.items() if name in cls.__dataclass_fields__})
        shares = tuple(Share(xero_id, Decimal(amount), bank and Decimal(bank)) for xero_id, amount, bank in values["shares"])
        day = values["date"] and date.fromisoformat(values["date"])
        return replace(told, shares=shares, date=day, amount=Decimal(values["amount"]), tax=Decimal(values.get("tax", 0)))


def _text(amount):
    return None if amount is None else str(amount)


class Recorder(Enum):
    """Who records the payments of a bank; nobody has said, where it is empty."""

    NOBODY = ""
    ODOO = "odoo"
    XERO = "xero"
    BOTH = "both"


@dataclass(frozen=True)
class Debt:
    """A document that the money is for, as it stands in Odoo; or money on account that is paid back.

    ``open`` is what is open on it, in its currency; ``is_other_currency`` that neither its currency nor the company's is the bank's.
    """

    name: str
    is_posted: bool = True
    open: Decimal = ZERO
    amount: Decimal = ZERO
    is_other_currency: bool = False


@dataclass(frozen=True)
class Facts:
    """What has to be known of a piece of money of Xero's to say what becomes of it.

    ``strangers``: so many of its documents are none of ours. ``bank``: the name of its account in Xero, '' if a journal has it.
    ``alike``: the name of money that is here, is not in Xero, and looks like it. ``locked``: the day up to which its period is closed.
    ``tax``: the tax that Xero books with it and Odoo does not, in words. ``refusal``: what Odoo would not take (cause, about).
    """

    debts: tuple[Debt, ...] = ()
    strangers: int = 0
    is_known: bool = False
    is_on_the_wire: bool = False
    unmapped_bank: str = ""
    recorder: Recorder = Recorder.NOBODY
    alike: str = ""
    is_said: bool = False
    locked: date | None = None
    lacks: str = ""
    tax: str = ""
    refusal: tuple = ()
    needs_bank: bool = field(default=True)


class Verdict(Enum):
    KNOWN = "known"
    NOT_OURS = "not ours"
    WAIT = "wait"
    HELD = "held"
    PROPOSED = "proposed"
    ASKED = "asked"
    BOOK = "book"


@dataclass(frozen=True)
class Answer:
    """``cause`` says why it is held, or asked about: a key of ``taking.WORDS``; ``about`` the document, bank or day that is meant."""

    verdict: Verdict
    cause: str = ""
    about: object = ""


def decide(facts):
    """What becomes of it; the first row that fits.

    | in Odoo                                                         | then      |                  |
    | --------------------------------------------------------------- | --------- | ---------------- |
    | it is known                                                     | KNOWN     |                  |
    | none of its documents is ours                                   | NOT_OURS  |                  |
    | money of these documents is on the wire: it may be ours         | WAIT      |                  |
    | some of its documents are not ours                              | HELD      | strangers        |
    | something of it has no place in Odoo                            | HELD      | lacks            |
    | no journal is mapped to its bank account                        | HELD      | unmapped         |
    | money that looks like it is here and not in Xero                | PROPOSED  | alike            |
    | nobody has said who records payments of that bank               | ASKED     | nobody           |
    | Odoo does, and no person has asked for this one                 | ASKED     | odoo             |
    | it carries tax, and no person has asked for it all the same     | ASKED     | taxed            |
    | a document is not posted                                        | HELD      | draft            |
    | a document is neither in the bank's currency nor the company's  | HELD      | currency         |
    | more than is open on a document                                 | HELD      | too much         |
    | Odoo would refuse it: the journal, its currency, its amount     | HELD      | as foreseen      |
    | its day is in a closed period                                   | HELD      | locked           |
    | else                                                            | BOOK      |                  |
    """
    place = facts.strangers and _held("strangers") or facts.lacks and _held("lacks", facts.lacks)
    place = place or facts.unmapped_bank and _held("unmapped", facts.unmapped_bank)
    if facts.is_known:
        return Answer(Verdict.KNOWN)
    if not facts.debts and facts.strangers:
        return Answer(Verdict.NOT_OURS)
    if facts.is_on_the_wire:
        return Answer(Verdict.WAIT)
    if place:
        return place
    if facts.alike:
        return Answer(Verdict.PROPOSED, "alike", facts.alike)
    return _unless_asked(facts) or _unless_impossible(facts) or Answer(Verdict.BOOK)


def _held(cause, about=""):
    return Answer(Verdict.HELD, cause, about)


def _unless_asked(facts):
    if facts.is_said:
        return None
    if facts.recorder is Recorder.NOBODY:
        return Answer(Verdict.ASKED, "nobody" if facts.needs_bank else "nobody_allocates")
    if facts.recorder is Recorder.ODOO:
        return Answer(Verdict.ASKED, "odoo" if facts.needs_bank else "odoo_allocates")
    return Answer(Verdict.ASKED, "taxed", facts.tax) if facts.tax else None


def _unless_impossible(facts):
    for debt in facts.debts:
        if not debt.is_posted:
            return _held("draft", debt.name)
        if debt.is_other_currency:
            return _held("currency", debt.name)
        if debt.amount > debt.open:
            return _held("too_much", debt.name)
    if facts.refusal:
        return _held(*facts.refusal)
    return _held("locked", facts.locked) if facts.locked else None


@dataclass(frozen=True)
class Gone:
    """Money that is booked here and was removed in Xero: what stands in the way of taking it back."""

    is_ours: bool = False  # made here
    is_said: bool = False  # a person wants it taken back
    recorder: Recorder = Recorder.NOBODY
    is_on_the_wire: bool = False
    is_in_part: bool = False  # what it was booked as is matched with more than this
    is_matched: bool = False  # with a line of the bank here
    is_hashed: bool = False
    locked: date | None = None


def decide_gone(gone):
    """What becomes of money that was removed in Xero; the first row that fits.

    | here                                                  | then  |             |
    | ----------------------------------------------------- | ----- | ----------- |
    | something of it is on the wire                        | WAIT  |             |
    | it was made here, Odoo records or nobody has said, and no person wants it taken back | ASKED | gone |
    | it is matched with a line of the bank                 | HELD  | gone_bank   |
    | it is part of a payment of more                       | HELD  | gone_part   |
    | its entry is secured by a hash                        | HELD  | gone_hash   |
    | its entry is in a closed period                       | HELD  | gone_locked |
    | else                                                  | BOOK (taken back)   |
    """
    if gone.is_on_the_wire:
        return Answer(Verdict.WAIT)
    if gone.is_ours and not gone.is_said and gone.recorder in (Recorder.NOBODY, Recorder.ODOO):
        return Answer(Verdict.ASKED, "gone")
    if gone.is_matched:
        return _held("gone_bank")
    if gone.is_in_part:
        return _held("gone_part")
    if gone.is_hashed:
        return _held("gone_hash")
    return _held("gone_locked", gone.locked) if gone.locked else Answer(Verdict.BOOK)
