from odoo import models

from ..taking.facts import BANK, Answer, Verdict
from .pieces import content, print_of
from .straight import LINE


class XeroTaking(models.AbstractModel):
    """Payments of ours that stand in Xero as money spent or received, or have some beside them, and are another one there, or gone.

    | in Xero | then                                                                              |
    | ------- | --------------------------------------------------------------------------------- |
    | changed | held: a person changes it back there, or removes it there and sends Odoo's           |
    | removed | a person says: sent again, or undone here                                         |
    """

    _inherit = "xero.taking"

    def _hear_bank(self, connection, tolds, gone):
        sent = self._sent_payments(connection, [told.xero_id for told in [*tolds, *gone]])
        mine = [told for told in [*tolds, *gone] if told.xero_id in sent]
        rows = {row.xero_id: row for row in self._rows(connection, mine)}
        for told in mine:
            self._hear_of_payment(connection, told, rows.get(told.xero_id), sent[told.xero_id], told in gone)
        super()._hear_bank(connection, tolds, [told for told in gone if told.xero_id not in sent])

    def _sent_payments(self, connection, xero_ids):
        """``{Xero id: binding}`` of bank transactions that stand for payments of ours, or beside them; one query."""
        own = [
            ("connection_id", "=", connection.id),
            ("kind", "=", BANK),
            ("is_there", "=", True),
            ("owner_model", "not in", (False, LINE)),
        ]
        found_sudo = self.env["xero.binding"].sudo().search([*own, ("origin", "=", "odoo"), ("xero_id", "in", list(xero_ids))])
        return {binding.xero_id: binding for binding in found_sudo}

    def _hear_of_payment(self, connection, told, row, binding, is_gone):
        now = print_of(self._transaction(told))
        if row:
            self._hear_again(told, row, is_gone)
        elif is_gone or now and binding.seen and now != binding.seen:
            about = {"move_id": binding.res_id, "is_gone": is_gone}
            self.env["xero.money"].sudo().create({**self._shown(connection, told), **about})
        elif not binding.seen:
            binding.seen = now

    def _hear_again(self, told, row, is_gone):
        if row.state != "ignored" and (row.is_gone != is_gone or content(row.told) != content(told.as_json())):
            row.write({"told": told.as_json(), "amount": float(told.amount), "state": "waiting", "is_gone": is_gone})

    def _judge_line(self, row, connection, told):
        binding_sudo = self._sent_payments(connection, [told.xero_id]).get(told.xero_id)
        return self._judge_of_payment(row, told, binding_sudo) if binding_sudo else super()._judge_line(row, connection, told)

    def _judge_of_payment(self, row, told, binding):
        if not row.is_gone and binding.seen == print_of(self._transaction(told)):
            binding.write({"state": "synced", "message": False})
            return self._be_done(row, "booked")
        about = self._entry_of(binding).name or ""
        if not row.is_gone:
            answer = Answer(Verdict.HELD, "sent_changed", about)
        else:
            answer = Answer(Verdict.HELD, "sent_gone", about) if row.is_said else Answer(Verdict.ASKED, "gone")
        self._put_off(row, answer)
        return binding.write({"state": "drift", "message": row.message})
