from odoo import models

from ...const import GONE, ON_ITS_WAY, PARTIAL
from .. import mark
from ..reasons import Held
from .transfer_facts import Facts, decide

TRANSFER = "transfer"
LINE = "account.bank.statement.line"
SIDES = ("from", "to")


class XeroHandlerTransfer(models.AbstractModel):
    """Transfers that were made in Xero between banks whose lines come from there: a bank line on each side, matched with each other.

    Xero tells of a transfer and of its two bank transactions; only the transfer is heard of.
    """

    _inherit = "xero.handler.transfer"

    _brings_bank_lines = True

    def _take(self, connection, client, remotes, baseline):
        super()._take(connection, client, remotes, baseline)
        if connection._takes_bank_lines():
            self.env["xero.taking"]._hear_transfers(connection, remotes)

    def _removal(self, job, binding, connection):
        """:raise Held: it came from Xero, and nobody has said yet that what is undone here is undone there"""
        if binding.origin == "xero" and not binding.follows_odoo:
            raise Held(
                "made_in_xero",
                self.env._("Transfers that came from Xero were undone in Odoo."),
                help=self.env._("Send the changes: the transfer is removed in Xero. Or leave it out."),
            )
        return super()._removal(job, binding, connection)


class XeroTaking(models.AbstractModel):
    """Hears of transfers, and reads what has to be known of one."""

    _inherit = "xero.taking"

    def _hear_transfers(self, connection, remotes):
        """Those that nothing here remembers, and those that are gone; whether a side is matched with the bank there is mirrored."""
        bound = self.env["xero.binding"].sudo()._by_xero_id(connection, TRANSFER, [remote.xero_id for remote in remotes])
        tolds = {remote.xero_id: self._told_transfer(remote) for remote in remotes}
        rows = {row.xero_id: row for row in self._rows(connection, list(tolds.values()))}
        for remote in remotes:
            row, binding_sudo = rows.get(remote.xero_id), bound.get(remote.xero_id)
            if remote.status in GONE:
                self._hear_transfer_gone(connection, tolds[remote.xero_id], row, binding_sudo)
            elif binding_sudo:
                self._mirror_transfer(binding_sudo, remote)
            else:
                self._keep_transfer(connection, tolds[remote.xero_id], row)

    def _told_transfer(self, remote):
        said = {"to_account_id": remote.to_account_id, **{side: getattr(remote, f"{side}_is_reconciled") for side in SIDES}}
        about = {"account_id": remote.from_account_id, "reference": remote.reference, "amount": remote.amount, "said": said}
        return self._telling(TRANSFER, remote.xero_id, remote.date, is_out=True, **about)

    def _keep_transfer(self, connection, told, row):
        if not row and any(self._feed_of(connection, side) for side in self._sides(told)):
            self.env["xero.money"].sudo().create(self._shown(connection, told))
        elif row and row.state == "seen":
            row.state = "waiting"

    def _hear_transfer_gone(self, connection, told, row, binding):
        """Of one that was removed before it came in nothing is left."""
        gone = {"is_gone": True, "state": "waiting"} if binding and binding.is_there else {"state": "gone", "message": False}
        if not row and binding and binding.is_there:
            self.env["xero.money"].sudo().create({**self._shown(connection, told), **gone})
        elif row and not row.is_gone and row.state != "ignored":
            row.write(gone)

    def _mirror_transfer(self, binding, remote):
        if binding.origin == "xero" and binding.line_ids:
            for side, line_id in zip(SIDES, binding.line_ids, strict=True):
                line, is_matched = self.env[LINE].browse(line_id).exists(), getattr(remote, f"{side}_is_reconciled")
                if line and line.move_id.checked != is_matched:
                    line.move_id.checked = is_matched

    # === WHAT HAS TO BE KNOWN === #

    def _sides(self, told):
        """What left one bank, and what arrived at the other, each as money that Xero tells of."""
        left = {"account_id": told.account_id, "is_out": True}
        arrived = {"account_id": told.said["to_account_id"], "is_out": False}
        return [self._telling(told.kind, told.xero_id, told.date, amount=told.amount, **side) for side in (left, arrived)]

    def _facts_transfer(self, connection, row, told):
        sides = self._sides(told)
        journals = [self._feed_journal(connection, side) for side in sides]
        both = self.env["account.journal"].union(*journals)
        strange = next((side for side, journal in zip(sides, journals, strict=True) if not journal), None)
        alike = self.env[LINE] if row.is_another else self._lines_alike(connection, told)
        return Facts(
            comes=len([journal for journal in journals if journal]),
            other=self._account_name(connection, strange.account_id) if strange else "",
            is_known=bool(self.env["xero.binding"].sudo()._by_xero_id(connection, TRANSFER, [told.xero_id])),
            is_sent_once=bool(mark.in_text(told.reference)),
            is_said=row.is_said,
            two_currencies=len({journal.currency_id or journal.company_id.currency_id for journal in both}) > 1,
            journal_off=both.filtered(lambda journal: not journal.active)[:1].display_name or "",
            alike=alike[:1].display_name or "",
            locked=max(filter(None, (self._locked(each.company_id, told.date, each) for each in both)), default=None),
        )

    def _lines_alike(self, connection, told):
        """Bank lines that are here and open, and look like its sides."""
        found = self.env[LINE]
        for side in self._sides(told):
            journal = self._feed_journal(connection, side)
            found |= self._line_alike(connection, side, journal).filtered(lambda line: not line.is_reconciled)
        return found

    def _is_transfer_on_its_way(self, connection, partial_id):
        own = [("connection_id", "=", connection.id), ("res_model", "=", PARTIAL), ("res_id", "=", partial_id)]
        return bool(self.env["xero.job"].sudo().search_count([*own, ("state", "in", ON_ITS_WAY)], limit=1))

    def _answer_transfer(self, connection, row, told):
        return decide(self._facts_transfer(connection, row, told))
