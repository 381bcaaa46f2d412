"""Documents that were made in Xero, and what becomes of them here: plain values and the table. No Odoo."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

APPROVED = ("AUTHORISED", "PAID")


class Verdict(Enum):
    KNOWN = "known"
    WAIT = "wait"
    GONE = "gone"
    PROPOSED = "proposed"
    ASKED = "asked"
    HELD = "held"
    DRAFT = "draft"
    POST = "post"


@dataclass(frozen=True)
class Facts:
    """What has to be known of a document of Xero's to say what becomes of it.

    ``mode``: how its kind comes in, '' or 'no' if it does not. ``alike``: the name of a document that is here, not in Xero, and looks like
    it. ``is_sent_once``: its link says that an Odoo has sent it, and the document is not here. ``may_be``: so many contacts of Odoo may be
    its contact. ``lacks``: what of it has no place here, in a sentence. ``locked``: the day up to which its period is closed.
    """

    mode: str = ""
    is_known: bool = False
    is_on_the_wire: bool = False
    is_gone: bool = False
    is_said: bool = False
    alike: str = ""
    is_sent_once: bool = False
    may_be: int = 0
    lacks: str = ""
    locked: date | None = None


@dataclass(frozen=True)
class Answer:
    """``cause`` says why it is held, or asked about: a key of ``made_deciding.WORDS``; ``about`` what document, contact or day is meant."""

    verdict: Verdict
    cause: str = ""
    about: object = ""


def decide(facts: Facts) -> Answer:
    """What becomes of it; the first row that fits.

    | in Odoo                                                                | then     |         |
    | ---------------------------------------------------------------------- | -------- | ------- |
    | it is known                                                            | KNOWN    |         |
    | it was voided or deleted in Xero before it came in                     | GONE     |         |
    | something of its number is on the wire: it may be ours                 | WAIT     |         |
    | a document that looks like it is here and not in Xero                  | PROPOSED | alike   |
    | an Odoo has sent it, it is not here, and no person wants it            | ASKED    | sent    |
    | its kind does not come in any more, and no person wants it             | ASKED    | mode    |
    | several contacts may be its contact                                    | ASKED    | who     |
    | something of it has no place in Odoo                                   | HELD     | lacks   |
    | its day is in a closed period                                          | HELD     | locked  |
    | its kind comes in posted                                               | POST     |         |
    | else                                                                   | DRAFT    |         |
    """
    if facts.is_known:
        return Answer(Verdict.KNOWN)
    if facts.is_gone:
        return Answer(Verdict.GONE)
    if facts.is_on_the_wire:
        return Answer(Verdict.WAIT)
    if facts.alike:
        return Answer(Verdict.PROPOSED, "alike", facts.alike)
    return _unless_asked(facts) or _unless_impossible(facts) or Answer(Verdict.POST if facts.mode == "posted" else Verdict.DRAFT)


def _unless_asked(facts):
    if facts.is_sent_once and not facts.is_said:
        return Answer(Verdict.ASKED, "sent")
    if facts.mode not in ("draft", "posted") and not facts.is_said:
        return Answer(Verdict.ASKED, "mode")
    return Answer(Verdict.ASKED, "who") if facts.may_be else None


def _unless_impossible(facts):
    if facts.lacks:
        return Answer(Verdict.HELD, "lacks", facts.lacks)
    return Answer(Verdict.HELD, "locked", facts.locked) if facts.locked else None
