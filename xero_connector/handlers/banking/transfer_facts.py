"""Transfers that were made between two banks in Xero, and what becomes of them here: plain values and the table. No Odoo."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

BOOK, KNOWN, SEEN, HELD, PROPOSED, ASKED = "book", "booked", "seen", "held", "proposed", "asked"


@dataclass(frozen=True)
class Facts:
    """What has to be known of a transfer of Xero's.

    ``comes``: of its two banks, whose lines come from Xero. ``other``: the name of the bank whose lines do not. ``two_currencies``: its
    banks are in. ``alike``: the name of a bank line that is here and looks like one side. ``is_sent_once``: some Odoo has made it.
    ``locked``: the day up to which its period is closed.
    """

    comes: int = 2
    other: str = ""
    is_known: bool = False
    is_sent_once: bool = False
    is_said: bool = False
    two_currencies: bool = False
    journal_off: str = ""
    alike: str = ""
    locked: date | None = None


class Answer(NamedTuple):
    """``state`` of the row, or BOOK; ``cause`` why: a key of ``xero.taking``'s words; ``about`` the bank, line or day that is meant."""

    state: str
    cause: str = ""
    about: object = ""


def decide(facts: Facts) -> Answer:
    """What becomes of it; the first row that fits.

    | in Odoo                                                  | then     |                |
    | -------------------------------------------------------- | -------- | -------------- |
    | it is known                                              | booked   |                |
    | the lines of neither bank come from Xero                 | seen     |                |
    | some Odoo has made it, and no person wants it            | asked    | sent           |
    | those of one bank do not                                 | held     | one side       |
    | its banks are in two currencies                          | held     | two currencies |
    | a journal is archived                                    | held     | journal off    |
    | a bank line that looks like one side is here             | proposed | alike          |
    | its day is in a closed period                            | held     | locked         |
    | else                                                     | book     |                |
    """
    if facts.is_known:
        return Answer(KNOWN)
    if not facts.comes:
        return Answer(SEEN)
    if facts.is_sent_once and not facts.is_said:
        return Answer(ASKED, "sent")
    if facts.comes < 2:
        return Answer(HELD, "one_side", facts.other)
    return _unless_impossible(facts) or Answer(BOOK)


def _unless_impossible(facts: Facts) -> Answer | None:
    if facts.two_currencies:
        return Answer(HELD, "two_currencies")
    if facts.journal_off:
        return Answer(HELD, "journal_off", facts.journal_off)
    if facts.alike:
        return Answer(PROPOSED, "alike", facts.alike)
    return Answer(HELD, "locked", facts.locked) if facts.locked else None
