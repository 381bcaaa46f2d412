from odoo import fields, models

from ...const import PARTIAL, QUIET
from .transfer_facts import BOOK, HELD, PROPOSED
from .transfer_in import LINE, SIDES, TRANSFER
from .transfer_parts import transfer_parts


class XeroTaking(models.AbstractModel):
    """Makes the two bank lines of a transfer of Xero's, and takes them back when it is removed there."""

    _inherit = "xero.taking"

    def _judge(self, row):
        told = row._told()
        return self._judge_transfer(row, row.connection_id, told) if told.kind == TRANSFER else super()._judge(row)

    def _judge_transfer(self, row, connection, told):
        if row.is_gone:
            return self._judge_transfer_gone(row, connection, told)
        answer = self._answer_transfer(connection, row, told)
        if answer.state == BOOK:
            self._book_transfer(connection, told, row, self.env[LINE])
        elif answer.cause:
            self._set_aside(row, answer.state, answer.cause, answer.about)
            if answer.state == PROPOSED:
                alike = self._lines_alike(connection, told)[:1]
                row.write({"alike_model": LINE, "alike_id": alike.id, "move_id": alike.move_id.id})
        else:
            self._be_done(row, answer.state)
        return None

    def _make_one(self, row):
        """The open bank lines that look like its sides are its sides; what is missing is made."""
        told = row._told()
        if told.kind != TRANSFER:
            return super()._make_one(row)
        alike = self._lines_alike(row.connection_id, told)
        if row.alike_id not in alike._ids:
            row.state = "waiting"
            row.connection_id._wake()
            return False
        self._book_transfer(row.connection_id, told, row, alike)
        return True

    def _book_transfer(self, connection, told, row, known):
        """:param known: bank lines that are its sides already"""
        left, arrived = (self._side_line(connection, told, side, known) for side in self._sides(told))
        self.env["xero.bank.settling"]._settle(left, matches=[(arrived._seek_for_lines()[1], None)])
        items = left._seek_for_lines()[2]
        partial = items.matched_debit_ids | items.matched_credit_ids
        partial.ensure_one()
        for line in (left | arrived) - known:
            self._check_line(told, line)
        self._bind_transfer(connection, told, partial, left, arrived)
        for line, side in zip((left, arrived), SIDES, strict=True):
            line.move_id.checked = bool(told.said[side])
        row.move_id = left.move_id
        self._be_done(row, "booked")

    def _side_line(self, connection, told, side, known):
        journal = self._feed_journal(connection, side)
        if line := known.filtered(lambda each: each.journal_id == journal):
            return line
        amount = float(-side.amount if side.is_out else side.amount)
        text = told.reference or self.env._("Transfer made in Xero")
        lines = self.env[LINE].with_company(journal.company_id).with_context(**QUIET)
        line = lines.create({"journal_id": journal.id, "date": told.date, "payment_ref": text, "amount": amount})
        if line.is_reconciled:  # a neighbour of ours has matched it by a guess
            self.env["xero.bank.settling"]._undo(line)
        return line

    def _bind_transfer(self, connection, told, partial, left, arrived):
        """As it was told it counts as sent: nothing of it goes out."""
        own = {"connection_id": connection.id, "kind": TRANSFER, "res_model": PARTIAL, "res_id": partial.id, "xero_id": told.xero_id}
        said = {"number": told.reference[:80] or False, "xero_status": "AUTHORISED", "xero_total": float(told.amount), "date": told.date}
        digest = self.env["xero.handler.transfer"]._digest(transfer_parts(partial))
        ours = {"origin": "xero", "sent": digest, "last_sync": fields.Datetime.now(), "line_ids": [left.id, arrived.id]}
        self.env["xero.binding"].sudo().create({**own, **said, **ours})

    # === REMOVED THERE === #

    def _judge_transfer_gone(self, row, connection, told):
        """One that was made here is a question then; of Xero's own both bank lines leave, unless something else hangs on them."""
        binding_sudo = self.env["xero.binding"].sudo()._by_xero_id(connection, TRANSFER, [told.xero_id]).get(told.xero_id)
        if not binding_sudo or not binding_sudo.is_there:
            return self._be_done(row, "gone")
        if self._is_transfer_on_its_way(connection, binding_sudo.res_id):
            return self._set_aside(row, "waiting", "")
        partial = self.env[PARTIAL].browse(binding_sudo.res_id).exists()
        if cause := self._why_not_taken_back(row, binding_sudo, partial):
            self._set_aside(row, "asked" if cause[0] == "gone" else HELD, *cause)
            return binding_sudo.write({"state": "drift", "message": row.message})
        is_theirs = binding_sudo.origin == "xero"
        lines = (partial.debit_move_id | partial.credit_move_id).move_id.statement_line_id
        binding_sudo.write({"xero_status": "DELETED", "state": "synced", "message": False})
        if is_theirs:
            self.env["xero.bank.settling"]._undo(lines[:1])
            lines.with_context(**QUIET).unlink()
        else:
            (partial.debit_move_id | partial.credit_move_id).remove_move_reconcile()
        return self._be_done(row, "gone")

    def _why_not_taken_back(self, row, binding, partial):
        """``(cause, what it is about)``, or None."""
        if binding.origin == "odoo" and not row.is_said:
            return ("gone", "")
        if not partial or binding.origin == "xero" and binding.sent != self.env["xero.handler.transfer"]._digest(transfer_parts(partial)):
            return ("transfer_gone", "")
        entries = (partial.debit_move_id | partial.credit_move_id).move_id
        locked = max(filter(None, (self._locked(each.company_id, each.date, each.journal_id) for each in entries)), default=None)
        return ("gone_locked", locked) if locked else None
