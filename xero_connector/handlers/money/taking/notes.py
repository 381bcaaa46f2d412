from decimal import Decimal

from odoo import models

from ....const import GONE, HOURLY
from .facts import NOTE, ZERO, Answer, Share, Told, Verdict


class XeroHandlerWriteOff(models.AbstractModel):
    """Credit notes that stand in Xero for what was written off here, and that people there have changed, freed, or removed.

    Odoo has no credit note of it that could be changed to theirs: it is part of a payment's entry. So a person sends Odoo's once more,
    leaves it, or undoes the payment here.
    """

    _inherit = "xero.handler.write_off"

    _list = "CreditNotes"
    _interval = HOURLY
    _rings = ("CREDITNOTE",)
    _rings_itself = True
    _taken_at = 47

    def _is_read(self, connection):
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("is_there", "=", True)]
        return bool(self.env["xero.binding"].sudo().search_count(own, limit=1))

    def _is_taken_here(self, remote):
        return True

    def _compare_marked(self, connection, client):
        """It is compared when its list is read."""

    def _take(self, connection, client, remotes, baseline):
        known = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [remote.xero_id for remote in remotes])
        asked = set(self.env["xero.taking"]._rows(connection, [_told(known[xero_id]) for xero_id in known]).mapped("xero_id"))
        there = [remote for remote in remotes if remote.xero_id in known and known[remote.xero_id].is_there]
        for remote in there:
            binding = known[remote.xero_id]
            is_news = remote.xero_id in asked or not self._is_as_made(binding, remote)
            if is_news and not self._is_on_its_way(connection, binding):
                self._hear(connection, binding, remote)

    def _is_as_made(self, binding, remote):
        """Whether it is plain that nobody has touched it, as it is of most of them: of what was sent, and used up by one document."""
        used = {each.invoice_id for each in remote.allocations}
        is_used = remote.amount_settled == remote.total and (not used or list(used) == binding.line_ids)
        return self._is_echo(binding, remote) and is_used and len(binding.line_ids or ()) == 1 and remote.status not in GONE

    def _is_on_its_way(self, connection, binding):
        _kind, model, res_id = binding._decider()
        return self.env["xero.handler.payment"]._waits(connection, {(model, res_id)})

    def _hear(self, connection, binding, remote):
        taking, told = self.env["xero.taking"], _told(binding, remote)
        if remote.status in GONE:
            taking._hear(connection, [], [told])
        else:
            taking._hear_note(connection, told, self._what_changed(connection, binding, remote))

    def _what_changed(self, connection, binding, remote):
        """What people have changed of it: ``note_changed``, ``note_freed``; '' if nothing."""
        if remote.complete and binding.seen and not self._is_echo(binding, remote):
            return "note_changed"
        expected = self._expected_shares(connection, binding)
        listed = {}
        for each in remote.allocations:
            listed[each.invoice_id] = listed.get(each.invoice_id, ZERO) + each.amount
        if sum(listed.values(), ZERO) == remote.amount_settled:
            return "" if listed == expected else "note_freed"
        return "" if sum(expected.values(), ZERO) == remote.amount_settled else "note_freed"  # the list leaves out what is nested in it

    def _expected_shares(self, connection, binding):
        """``{document: what of the write-off it is to have}`` as it was allocated."""
        _kind, *key = binding._decider()
        movement = self.env["xero.handler.payment"]._movements(connection, [tuple(key)]).sources[tuple(key)].movement
        shares = movement.shares(tuple(binding.line_ids or ())) if binding.figures else {}
        return {xero_id: sum((part.share for part in parts), ZERO) for xero_id, parts in shares.items()}


class XeroTaking(models.AbstractModel):
    _inherit = "xero.taking"

    def _hear_note(self, connection, told, cause):
        """A credit note of ours says otherwise than was sent (``cause``), or what was sent ('')."""
        row = self._rows(connection, [told]).filtered(lambda row: row.kind == NOTE)
        is_known = row.told == told.as_json() and row.state in ("asked", "waiting", "ignored")
        if cause and not is_known:
            row = row or self.env["xero.money"].sudo().create(self._shown(connection, told))
            row.write({**self._shown(connection, told), "state": "waiting", "is_gone": False, "cause": cause})
        elif row and not cause and row.state != "booked":
            self._bound(connection, told).write({"state": "synced", "message": False})
            self._be_done(row, "booked")

    def _judge_note(self, row, connection, told):
        """Nobody but a person says what becomes of it."""
        binding_sudo = self._bound(connection, told)
        if not binding_sudo:
            return self._be_done(row, "gone")
        cause = "note_gone" if row.is_gone else row.cause if row.cause in ("note_changed", "note_freed") else "note_changed"
        self._put_off(row, Answer(Verdict.ASKED, cause, binding_sudo.number or row.payment_id.name))
        row.write({"is_said": False, "payment_id": self._booked_as(binding_sudo).id})
        binding_sudo.write({"state": "drift", "message": row.message})
        return None

    def _send_note(self, row, binding):
        """It is allocated anew, or made anew in place of what is left of it."""
        anew = {"xero_status": "DELETED"} if row.is_gone else {"figures": False} if row.cause == "note_freed" else {"sent": "-"}
        binding.write({**anew, "state": "synced", "message": False})


def _told(binding, remote=None):
    """``credit`` says what it is used for: another use of it is news."""
    shares = tuple(Share(xero_id, ZERO) for xero_id in binding.line_ids or ())
    is_there = remote is not None and remote.status not in GONE
    total = remote.total if is_there else Decimal(str(binding.xero_total))
    listed = ",".join(sorted(f"{each.invoice_id} {each.amount}" for each in remote.allocations)) if is_there else ""
    return Told(NOTE, binding.xero_id, binding.date, shares, reference=binding.number or "", amount=total, credit=listed)
