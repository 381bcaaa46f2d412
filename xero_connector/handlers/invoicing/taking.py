"""What would be done in Odoo to have what Xero has of a document: decided on facts, before anybody presses the button."""

from dataclasses import dataclass
from datetime import timedelta

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ... import words
from ...const import GONE
from ..answers import WORDS_ONLY, CannotTake, Plan

_lt = LazyTranslate(__name__)

CODING = frozenset(["account_code", "tracking", "description"])  # what people change on the lines of a posted document
WORDS = WORDS_ONLY - {"number", "content"}  # and what they change of it in a closed period, too
CANNOT = {
    "unposted": _lt("It is not posted in Odoo any more."),
    "rights": _lt("You may not change it in Odoo."),
    "untold": _lt("What differs cannot be told as long as the document could not be sent: see its mapping."),
    "number": _lt("Its entries are locked, and keep the number they have."),
}


@dataclass(frozen=True)
class Facts:
    """What the decision knows of one document. ``differs`` are the fields that do; ``is_closed``: its period, or the day it would get, is.

    ``why_not``: what is in the way of having Xero's lines here, '' if nothing is, or nobody has read them yet.
    """

    is_gone: bool
    differs: frozenset
    is_posted: bool = True
    may_write: bool = True
    is_closed: bool = False
    is_hashed: bool = False
    why_not: str = ""


def decide(facts: Facts) -> tuple[str, str]:
    """The deed (a key of ``answers.DEEDS``), or '' and why there is none.

    | in Xero | what differs                     | in Odoo                  | then                                                     |
    | ------- | -------------------------------- | ------------------------ | -------------------------------------------------------- |
    |         |                                  | not posted, or no rights | nothing                                                  |
    | voided  |                                  | open period              | it is cancelled; payments are unmatched first            |
    | voided  |                                  | closed, or hashed        | it is reversed in the open period                        |
    | there   | that cannot be told, or had here |                          | nothing                                                  |
    | there   | words only                       |                          | these are changed in place                               |
    | there   | coding of lines too              | open period, not hashed  | likewise                                                 |
    | there   | anything else                    | open period, not hashed  | it is set to draft, changed and posted again             |
    | there   | what is booked                   | closed, or hashed        | a document of the difference is made in the open period  |
    """
    if not facts.is_posted or not facts.may_write:
        return "", "rights" if facts.is_posted else "unposted"
    is_fixed = facts.is_closed or facts.is_hashed
    if facts.is_gone:
        return ("reverse" if is_fixed else "cancel"), ""
    if facts.why_not or "content" in facts.differs:
        return "", facts.why_not or "untold"
    if facts.differs <= WORDS:
        return "in_place", ""
    return _of_closed(facts.differs) if is_fixed else _of_open(facts.differs)


def _of_open(differs):
    return ("in_place" if differs <= WORDS | CODING else "again"), ""


def _of_closed(differs):
    return ("", "number") if differs <= WORDS | {"number"} else ("correct", "")


class XeroHandlerDocument(models.AbstractModel):
    _inherit = "xero.handler.document"

    def _plan_take(self, connection, drift, remote):
        """As ``decide`` says."""
        move = drift._record()
        deed, reason = decide(self._facts(connection, drift, move, remote))
        if not deed:
            return Plan("", self.env._(CANNOT[reason]) if reason in CANNOT else reason)
        return Plan(deed, self._deed_words(deed, drift, move, remote))

    def _facts(self, connection, drift, move, remote):
        """:rtype: Facts"""
        is_gone = remote.status in GONE if remote else drift.is_gone
        differs = frozenset(field.name for field in drift.field_ids if field.differs)
        why_not = "" if not move or is_gone or remote is None else self._why_not_theirs(connection, drift, move, remote)
        return Facts(
            is_gone=is_gone,
            # a bill's number in Xero is the vendor's reference, and no number of Odoo's
            differs=frozenset("reference" if name == "number" and not self._is_numbered(move) else name for name in differs),
            is_posted=bool(move) and move.state == "posted",
            may_write=bool(move) and move.sudo(False).has_access("write"),
            is_closed=bool(move) and self._is_closed(move, remote),
            is_hashed=bool(move.inalterable_hash),
            why_not=why_not,
        )

    def _why_not_theirs(self, connection, drift, move, remote):
        try:
            self._theirs(connection, move, drift.binding_id.sudo(), remote)
        except CannotTake as reason:
            return str(reason)
        return ""

    def _is_closed(self, move, remote):
        """Whether the document stands in a period that is closed for the user, or would come to one."""
        days = {move.date, (remote and remote.date) or move.date}
        return any(move._get_violated_lock_dates(day, bool(move.line_ids.tax_ids)) for day in days)

    def _open_day(self, move):
        """The day on which what cannot be changed is corrected: today, or the first one after what is closed."""
        today = fields.Date.context_today(move)
        found = move._get_violated_lock_dates(today, bool(move.line_ids.tax_ids))
        return max(lock for lock, _field in found) + timedelta(days=1) if found else today

    def _deed_words(self, deed, drift, move, remote):
        if deed == "cancel":
            if any(self._matched(move)):
                return self.env._("Its payments are unmatched, and it is cancelled here. Nothing is sent.")
            return self.env._("It is cancelled here. Nothing is sent.")
        if deed == "in_place":
            return self.env._(
                "%(field)s: %(odoo)s → %(xero)s", field=drift._first_label(), odoo=drift.in_odoo or "", xero=drift.in_xero or ""
            )
        if deed == "again":
            return self.env._(
                "It is set to draft, changed (%(field)s: %(odoo)s → %(xero)s) and posted again. Nothing is sent.",
                field=drift._first_label(), odoo=drift.in_odoo or "", xero=drift.in_xero or "",
            )  # fmt: skip
        lock = max((lock for lock, _field in move._get_violated_lock_dates(move.date, bool(move.line_ids.tax_ids))), default=None)
        because = self.env._("its period is closed up to %s", words.day(self.env, lock)) if lock else self.env._("its entries are locked")
        day = words.day(self.env, self._open_day(move))
        if deed == "reverse":
            return self.env._("It is reversed on %(day)s, because %(because)s. Nothing is sent.", day=day, because=because)
        difference = drift._difference_words() or self.env._("nothing but the accounts")
        return self.env._(
            "A document of the difference (%(difference)s) is made on %(day)s, because %(because)s. Nothing is sent.",
            difference=difference, day=day, because=because,
        )  # fmt: skip

    def _matched(self, move):
        """The partial reconciliations of a document's debt, the oldest first."""
        terms = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        return (terms.matched_debit_ids | terms.matched_credit_ids).sorted("id")
