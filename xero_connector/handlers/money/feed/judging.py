from dataclasses import replace

from odoo import models
from odoo.tools import format_amount

from ....const import ON_ITS_WAY
from ....refusal import Refusal
from ... import mark
from ...answers import CannotTake
from ..taking.facts import BANK, Answer, Gone, Recorder, Verdict, decide, decide_gone
from .pieces import print_of
from .straight import LINE


class XeroTaking(models.AbstractModel):
    """What becomes of money that was spent or received in Xero, at a bank whose lines come from there.

    | in Odoo                                            | in Xero        | then                                                 |
    | -------------------------------------------------- | -------------- | ---------------------------------------------------- |
    | nothing                                            | is there       | a bank line, or held with the reason (``facts.decide``) |
    | a bank line that looks like it, unknown to Xero     | is there       | a person says whether the two are one                |
    | its bank line, as it came                          | changed        | the bank line is another one                         |
    | its bank line, booked otherwise, or closed          | changed        | held: a person puts it right                         |
    | its bank line, as it came or booked to nothing      | removed        | the bank line is removed                             |
    | its bank line, matched or booked otherwise          | removed        | held: undone here first, or Odoo's is sent           |
    | a bank line that was sent                          | changed        | held: put right on one side, or booked as in Xero    |
    | a bank line that was sent                          | removed        | a person says: sent again, or booked to nothing      |
    """

    _inherit = "xero.taking"

    def _judge(self, row):
        told = row._told()
        return self._judge_line(row, row.connection_id, told) if told.kind == BANK else super()._judge(row)

    def _judge_line(self, row, connection, told):
        binding_sudo = self._bound_lines(connection, [told.xero_id]).get(told.xero_id)
        if row.is_gone:
            return self._judge_line_gone(row, connection, binding_sudo) if binding_sudo else self._be_done(row, "gone")
        if binding_sudo:
            return self._follow_line(row, connection, told, binding_sudo)
        if not self._feed_of(connection, told) and not row.is_said:
            return self._be_done(row, "seen")
        if self._is_ours_by_mark(told) and not row.is_said:
            return self._put_off(row, Answer(Verdict.ASKED, "sent"))
        answer = decide(self._facts_line(connection, row, told))
        if answer.verdict is Verdict.BOOK:
            line = self._book_line(connection, told)
            row.write({"move_id": line.move_id.id, "partner_id": line.partner_id.id})
            return self._be_done(row, "booked")
        self._put_off(row, answer)
        if answer.verdict is Verdict.PROPOSED:
            alike = self._line_alike(connection, told, self._feed_journal(connection, told))
            row.write({"alike_model": LINE, "alike_id": alike.id, "move_id": alike.move_id.id})
        return None

    def _is_ours_by_mark(self, told):
        """Whether some Odoo has sent it: if it was this one, it is found by its mark before."""
        return bool(mark.in_text(told.reference)) or f"?{mark.PARAMETER}=" in self._transaction(told).url

    # === CHANGED THERE === #

    def _follow_line(self, row, connection, told, binding):
        line = self._line_of(binding)
        if self._is_on_its_way(connection, line):
            return self._put_off(row, Answer(Verdict.WAIT))
        if binding.origin == "odoo" and binding.seen == print_of(self._transaction(told)):
            binding.write({"state": "synced", "message": False})
            return self._be_done(row, "booked")
        if reason := self._why_not_followed(row, connection, told, binding, line):
            self._put_off(row, reason)
            return binding.write({"state": "drift", "message": row.message})
        line = self._book_anew(connection, told, binding)
        row.move_id = line.move_id
        return self._be_done(row, "booked")

    def _why_not_followed(self, row, connection, told, binding, line):
        """:rtype: Answer or None"""
        if binding.origin == "odoo" and not self._said_of(connection, line):  # it pays something, and this came beside that
            return Answer(Verdict.HELD, "sent_changed", line.move_id.name)
        if not row.is_said and (binding.origin == "odoo" or binding.sent != self._said_of(connection, line)):
            return Answer(Verdict.HELD, "line_changed")
        days = [told.date, line.move_id.date]
        if locked := max(filter(None, (self._locked(line.company_id, day, line.journal_id) for day in days)), default=None):
            return Answer(Verdict.HELD, "line_locked", locked)
        lacks = self._lacking_of_line(connection, told, line.journal_id)
        return Answer(Verdict.HELD, "lacks", lacks) if lacks else None

    # === REMOVED THERE === #

    def _judge_line_gone(self, row, connection, binding):
        line = self._line_of(binding)
        answer = decide_gone(self._facts_line_gone(row, connection, binding, line))
        if answer.verdict is Verdict.BOOK:
            text = self.env._("%s was removed in Xero.", format_amount(self.env, row.amount, row.currency_id))
            is_theirs = binding.origin == "xero"
            self._take_back_line(binding)
            if not is_theirs:
                self._note_on(line.move_id, text)
            return self._be_done(row, "gone")
        self._put_off(row, replace(answer, cause="line_gone") if answer.cause == "gone_bank" else answer)
        if answer.verdict is not Verdict.WAIT:
            binding.write({"state": "drift", "message": row.message})
        return None

    def _facts_line_gone(self, row, connection, binding, line):
        """What a person has booked otherwise here stays, until it is undone; what is booked to nothing is in nobody's way."""
        entry = line.move_id
        return Gone(
            is_ours=binding.origin == "odoo",
            is_said=row.is_said,
            recorder=Recorder.NOBODY,
            is_on_the_wire=self._is_on_its_way(connection, line),
            is_matched=line.is_reconciled and binding.sent != self._said_of(connection, line),
            is_hashed=bool(entry.inalterable_hash),
            locked=self._locked(entry.company_id, entry.date, entry.journal_id),
        )

    def _is_on_its_way(self, connection, line):
        """Whether something of it is being sent; what is held does not go by itself."""
        own = [("connection_id", "=", connection.id), ("res_model", "=", LINE), ("res_id", "=", line.id)]
        return bool(self.env["xero.job"].sudo().search_count([*own, ("state", "in", ON_ITS_WAY)], limit=1))

    # === THE SAME === #

    def _make_one(self, row):
        """The bank line that looks like it is it; one that is open is booked as in Xero, one that is booked otherwise is not it."""
        told = row._told()
        if told.kind != BANK:
            return super()._make_one(row)
        connection, line = row.connection_id, self.env[LINE].browse(row.alike_id).exists()
        if not line or line != self._line_alike(connection, told, line.journal_id):
            row.state = "waiting"
            connection._wake()
            return False
        pieces = self._pieces_or_refuse(connection, told, line.journal_id)
        if not line.is_reconciled:
            self._settle_line(line, told, pieces)
        elif not self._is_settled_as_told(line, pieces):
            raise Refusal(self.env._("The bank line is booked otherwise here than in Xero: undo that first, then say it again."))
        self._bind_line(connection, told, line, origin="odoo")
        row.move_id = line.move_id
        self._be_done(row, "booked")
        return True

    def _pieces_or_refuse(self, connection, told, journal):
        try:
            return self._pieces(connection, told, journal)
        except CannotTake as reason:
            raise Refusal(str(reason)) from reason

    def _attempt(self, row):
        """What has no place here after all is said like what Odoo refuses."""
        try:
            with self.env.cr.savepoint():
                return super()._attempt(row)
        except CannotTake as reason:
            self.env.invalidate_all()
            return self._refused(row, Refusal(str(reason)))
