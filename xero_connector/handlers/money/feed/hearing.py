from odoo import models

from ....const import GONE
from ..taking.facts import BANK
from .pieces import content, print_of


class XeroHandlerBankTransaction(models.AbstractModel):
    """Also read for banks whose lines come from Xero or go there. Lists may leave out what a transaction is made of: it is asked for."""

    _inherit = "xero.handler.bank_transaction"

    _brings_bank_lines = True

    def _is_read(self, connection):
        return super()._is_read(connection) or connection._hears_bank_lines()

    def _take(self, connection, client, remotes, baseline):
        super()._take(connection, client, self._with_lines(connection, client, remotes), baseline)

    def _with_lines(self, connection, client, remotes):
        banks = connection._bank_lines("xero") | connection._bank_lines("none")
        accounts = set(banks.xero_account_id.mapped("xero_id"))
        short = [each.xero_id for each in remotes if each.account_id in accounts and not each.complete and each.status not in GONE]
        told = {each.xero_id: each for each in client.bank_transactions(ids=short)} if short else {}
        return [told.get(each.xero_id, each) for each in remotes]

    def _binding_values(self, remote):
        """What Xero says of it at first is what was sent."""
        return {**super()._binding_values(remote), "seen": print_of(remote.told)}


class XeroTaking(models.AbstractModel):
    """Money spent and received in Xero, of a bank whose lines come from there: all of it is heard of, and what is booked here followed."""

    _inherit = "xero.taking"

    def _hear_bank(self, connection, tolds, gone):
        bound = self._bound_lines(connection, [told.xero_id for told in [*tolds, *gone]])
        rows = {row.xero_id: row for row in self._rows(connection, [told for told in [*tolds, *gone] if told.xero_id in bound])}
        for told in tolds:
            if told.xero_id in bound:
                self._hear_line(connection, told, rows.get(told.xero_id), bound[told.xero_id])
        for told in gone:
            if told.xero_id in bound:
                self._hear_line_gone(connection, told, rows.get(told.xero_id))
        super()._hear_bank(connection, tolds, [told for told in gone if told.xero_id not in bound])
        if connection._takes_bank_lines():
            self._find_twice(connection)

    def _hear_line(self, connection, told, row, binding):
        """It is a bank line here: whether it is matched with the bank there is mirrored, what has changed is decided about."""
        self._mirror_bank(binding, self._line_of(binding), bool(told.said.get("is_reconciled")))
        if row and row.state != "ignored" and content(row.told) != content(told.as_json()):
            row.write({"told": told.as_json(), "amount": float(told.amount), "date": told.date, "reference": told.reference})
            row.write({"state": "waiting", "is_gone": False})
        elif not row and binding.origin == "odoo":
            self._hear_sent(connection, told, binding)

    def _hear_sent(self, connection, told, binding):
        """Of one that was made here there is no row until it is another one in Xero than was sent."""
        now, line = print_of(self._transaction(told)), self._line_of(binding)
        if now and binding.seen and now != binding.seen:
            self.env["xero.money"].sudo().create({**self._shown(connection, told), "move_id": line.move_id.id, "state": "waiting"})
        elif not binding.seen:
            binding.seen = now

    def _hear_line_gone(self, connection, told, row):
        """Of one that was made here there was no row yet."""
        if not row:
            line = self._line_of(self._bound_lines(connection, [told.xero_id])[told.xero_id])
            self.env["xero.money"].sudo().create({**self._shown(connection, told), "is_gone": True, "move_id": line.move_id.id})
        elif not row.is_gone and row.state != "ignored":
            row.write({"is_gone": True, "state": "waiting"})

    def _wants_stranger(self, connection, told):
        """Of a bank whose lines come from Xero, or that somebody looks at, all is kept, whoever was paid."""
        return super()._wants_stranger(connection, told) or connection._watches_banks() or bool(self._feed_of(connection, told))

    def _find_twice(self, connection):
        """What is not probably booked twice becomes a bank line, if lines of that bank come from Xero."""
        super()._find_twice(connection)
        for mapping in connection._bank_lines("xero"):
            own = [("connection_id", "=", connection.id), ("kind", "=", BANK), ("state", "=", "seen")]
            about = [("journal_id", "=", mapping.journal_id.id), ("date", ">=", mapping.bank_lines_since)]
            if rows_sudo := self.env["xero.money"].sudo().search([*own, *about]):
                rows_sudo.state = "waiting"
                connection._wake()
