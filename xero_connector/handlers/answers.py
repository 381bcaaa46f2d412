"""What a person may answer to a change in Xero, and what would come of it: said before anything is done."""

from typing import NamedTuple

from odoo import models
from odoo.tools.translate import LazyTranslate

from ..const import ON_THE_WIRE
from .drift import sentences
from .reasons import Asked

_lt = LazyTranslate(__name__)

ANSWERS = TAKE, SEND, LEAVE = "take", "send", "leave"
# what becomes of a record, and how people call that
DEEDS = {
    "in_place": _lt("Changed in place"),
    "again": _lt("Set to draft, changed, posted again"),
    "cancel": _lt("Cancelled"),
    "reverse": _lt("Reversed in the open period"),
    "correct": _lt("Corrected in the open period"),
    "send": _lt("Sent to Xero"),
    "leave": _lt("Both stay"),
    "": _lt("Not possible"),
}


class CannotTake(Exception):
    """Odoo cannot have what Xero has; the message says why. Nothing was changed."""


class Plan(NamedTuple):
    """What would be done about one record (a key of ``DEEDS``, '' if nothing can be), in a sentence: what, or why not."""

    deed: str
    sentence: str


class XeroHandlerAnswers(models.AbstractModel):
    """Kinds whose records people in Xero change too say what comes of each answer."""

    _inherit = "xero.handler"

    def _deed_label(self, deed):
        return self.env._(DEEDS[deed])

    def _plans(self, connection, drifts, answer, remotes):
        """``{drift: Plan}``: what would come of an answer. A pure reading.

        :param dict remotes: what Xero holds of each, where it was read; what it does not have is ``None``
        """
        plan, busy = getattr(self, f"_plan_{answer}"), self._on_the_wire(connection, drifts)
        late = Plan("", self.env._("It is on its way to Xero just now."))
        return {drift: late if drift.res_id in busy else plan(connection, drift, remotes.get(drift)) for drift in drifts}

    def _on_the_wire(self, connection, drifts):
        """Ids of the records of which nobody knows yet what Xero makes of them."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", drifts.mapped("res_id"))]
        return set(self.env["xero.job"].sudo().search([*own, ("state", "in", ON_THE_WIRE)]).mapped("res_id"))

    def _plan_leave(self, connection, drift, remote):
        """Both stay, whatever it is."""
        difference = drift._difference_words() if drift.amount and not drift.is_gone else ""
        if not difference:
            return Plan("leave", self.env._("Both stay. It is asked again when either side is changed again."))
        return Plan("leave", self.env._("Both stay. The difference of %s stays, and is listed as left as it is.", difference))

    def _plan_send(self, connection, drift, remote):
        """Whether Odoo's can go over what Xero has.

        | in Xero          | it differs in                | Xero's period | then                                  |
        | ---------------- | ---------------------------- | ------------- | ------------------------------------- |
        | voided, or gone  |                              |               | not possible: nothing brings it back  |
        | there            | what Xero books              | closed        | not possible until it is open         |
        | there            | what Xero books              | open          | it is changed back                    |
        | there            | words only                   |               | it is changed back                    |
        """
        if drift.is_gone:
            return Plan("", self.env._("Xero cannot bring it back."))
        lock, day = connection._last_locked_day(), drift.binding_id.date
        if lock and day and day <= lock and self._is_booked(drift):
            return Plan("", self.env._("Xero is locked up to %s.", self._day_in_words(lock)))
        back = self.env._(
            "In Xero it goes back to what Odoo has: %(field)s %(value)s.", field=drift._first_label(), value=drift.in_odoo or ""
        )
        return Plan("send", back)

    def _is_booked(self, drift):
        """Whether what differs is part of Xero's books, and not only said on the document."""
        return any(field.differs and field.name not in WORDS_ONLY for field in drift.field_ids)

    def _leave_out(self, connection, records, reason):
        """These stay out of Xero until a person asks for them."""
        self._ask_for(connection, records.ids)
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", records.ids)]
        self.env["xero.job"].sudo().search([*own, ("state", "=", "pending")])._set_state("ignored", message=reason)

    # === CHANGED ON BOTH SIDES === #

    def _asked_about(self, bindings):
        """Those of these about which a person is asked, or has left them as they are: nothing goes over what Xero has by itself."""
        differing = [binding.id for binding in bindings if binding.state in ("drift", "accepted")]
        own = [("binding_id", "in", differing), ("state", "in", ("open", "left"))]
        return self.env["xero.drift"].sudo().search(own).binding_id if differing else self.env["xero.binding"]

    def _check_answered(self, binding, asked):
        """:raise Asked: what Xero holds would be overwritten, and nobody has said that it may be"""
        if binding and binding in asked:
            raise Asked(self.env._("It was changed in Xero; nothing is sent until somebody has said whose side is right."))

    def _changed_here(self, connection, res_ids):
        """Records that differ in Xero were changed here too: that is said, both sides are shown anew, and what was left is asked again."""
        found = self.env["xero.binding"].sudo()._by_record(connection, self._res_model, res_ids, [self._kind])
        for binding_sudo in found.values():
            if binding_sudo.sent:  # else it is not known that it was changed here
                binding_sudo.changed_here = True
            binding_sudo.write({"state": "drift", "look_again": True, "message": self._with_both(binding_sudo, binding_sudo.message or "")})
        self.env["xero.drift"].sudo()._ask_again([*found.values()])

    def _with_both(self, binding, message):
        """What differs, and that it was changed here as well."""
        both = self.env._("It was changed in Odoo too. Nothing goes to Xero until somebody has said whose side is right.")
        return f"{message} {both}".strip() if binding.changed_here and both not in message else message

    def _difference_said(self, binding, sides):
        return self._with_both(binding, " ".join(sentences(sides)))

    # === HOOKS OF KINDS THAT ARE ASKED ABOUT === #

    def _plan_take(self, connection, drift, remote):
        """What would be done here to have what Xero has; see the kinds."""
        raise NotImplementedError

    def _take_theirs(self, connection, drift, remote, deed):
        """Do what was planned; returns the sentence about it.

        :raise CannotTake: it did not come to what Xero has; nothing was changed then
        """
        raise NotImplementedError

    def _compare_answered(self, connection, drifts, remotes):
        """What Xero was just found to hold of these is compared, and kept."""
        raise NotImplementedError

    def _left(self, binding, record):
        """A person has left it as it is."""

    def _as_accepted(self, binding, record, seen):
        """What has to stay the same for what a person left as it is."""
        return seen


# what may be changed of a document in a closed period
WORDS_ONLY = frozenset(["number", "due_date", "reference", "content"])
