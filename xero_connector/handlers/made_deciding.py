"""What was made in Xero is decided about: what comes of each answer, whatever the kind."""

from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from .. import words
from .answers import CannotTake
from .made_facts import Verdict
from .reasons import Held, NothingToDo

_lt = LazyTranslate(__name__)

# why something is held or asked about; ``%(about)s`` is the document or day that is meant
WORDS = {
    "alike": _lt("%(about)s in Odoo looks like it, and is not in Xero yet."),
    "sent": _lt("It was sent from an Odoo, but is not here any more."),
    "mode": _lt("Documents of this kind are not taken in."),
    "who": _lt("Its contact may be one that is here already; say which."),
    "lacks": _lt("%(about)s"),
    "locked": _lt("The books are closed up to %(about)s in Odoo."),
    "wait": _lt("Something of its number is on its way to Xero."),
}
STATES = {Verdict.HELD: "held", Verdict.PROPOSED: "proposed", Verdict.ASKED: "asked", Verdict.WAIT: "waiting", Verdict.GONE: "gone"}


class XeroHandler(models.AbstractModel):
    """Kinds whose records come in when people make them in Xero (``_takes``); each piece is a row of ``xero.made``."""

    _inherit = "xero.handler"

    def _attempt_made(self, row):
        """Decide about one row, and do it; what was begun is undone if Odoo does not take it, and its words are shown."""
        try:
            with self.env.cr.savepoint():
                self._judge_made(row)
                self.env.flush_all()
        except (CannotTake, UserError, ValidationError) as refusal:
            self.env.invalidate_all()
            self._refuse_made(row, str(refusal))
        except UniqueViolation:
            self.env.invalidate_all()
            self._refuse_made(row, self.env._("Another document has the number %s here.", row.number or ""))

    def _judge_made(self, row):
        """Hook: decide about one row as ``made_facts.decide`` says, and do it.

        :raise CannotTake, UserError, ValidationError: Odoo does not come to what Xero has, or does not take it
        """
        raise NotImplementedError

    def _put_off_made(self, row, answer):
        """It stays as it is, and says why."""
        about = words.day(self.env, answer.about) if hasattr(answer.about, "isoformat") else answer.about
        cause = answer.cause or ("wait" if answer.verdict is Verdict.WAIT else "")
        sentence = self.env._(WORDS[cause]) if cause else ""
        message = sentence % {"about": about} or False
        row.write({"state": STATES[answer.verdict], "cause": cause, "message": message, "looked_at": fields.Datetime.now()})

    def _settle_made(self, row, state, **values):
        row.write({"state": state, "cause": False, "message": False, "looked_at": fields.Datetime.now(), **values})

    def _refuse_made(self, row, message):
        row.write({"state": "held", "cause": "refused", "message": message, "looked_at": fields.Datetime.now()})

    # === UNTIL A PERSON SAYS THAT CHANGES GO THERE === #

    def _check_asked(self, move, binding):
        """What was made in Xero is as it came in until a person changes it; what Odoo would send of it does not matter until then.

        :param move: None if it leaves Xero

        :raise NothingToDo: it is as it came in
        :raise Held: it was changed, and nobody has said yet that this goes to Xero
        """
        if binding and binding.origin == "xero" and not binding.follows_odoo:
            if move and binding.sent == self._as_it_came(move):
                raise NothingToDo(self.env._("Nothing had changed."))
            raise Held(
                "made_in_xero",
                self.env._("Documents that were made in Xero were changed in Odoo."),
                help=self.env._("Send the changes: from then on these documents go to Xero like all others. Or leave them out."),
            )

    def _let_follow(self, connection, records):
        """What is changed here of these goes to Xero from now on, wherever they were made."""
        for binding_sudo in self.env["xero.binding"].sudo()._by_record(connection, records._name, records.ids, [self._kind]).values():
            if binding_sudo.origin == "xero" and not binding_sudo.follows_odoo:
                binding_sudo.follows_odoo = True

    def _let_all_follow(self, connection, res_ids):
        """The same, and they are looked at, whatever became of them here: draft, cancelled or gone."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", res_ids), ("origin", "=", "xero")]
        if bindings_sudo := self.env["xero.binding"].sudo().search(own):
            bindings_sudo.follows_odoo = True
            self._ask_for(connection, bindings_sudo.mapped("res_id"), manual=True)

    def _as_it_came(self, record):
        """What counts as sent of what was made in Xero, until a person says that changes of it go there."""
        return f"made {self._as_made(record)}"

    def _as_made(self, record):
        """Hook: fingerprint of what a person may change of it."""
        raise NotImplementedError
