from dataclasses import replace

from odoo import fields, models

from .... import words
from ....const import QUIET
from ..reconciled import ON_BANK
from ..taking.booking import NotAsTold
from ..taking.facts import BANK
from .pieces import print_of
from .straight import LINE


class XeroTaking(models.AbstractModel):
    """Makes a bank line of what was spent or received in Xero, with its entry; writes it anew, or takes it back, when that changes there.

    What stands here then counts as sent: nothing of it goes out until a person changes it.
    """

    _inherit = "xero.taking"

    def _book_line(self, connection, told, binding=None, journal=None):
        """The bank line, booked as in Xero, and the pair.

        :param binding: of what is there already and is booked anew
        :param journal: that of the line that stood here, where lines of the bank do not come from Xero
        :raise UserError, CannotTake: Odoo does not take it so; whoever calls undoes what was begun
        """
        journal = self._feed_journal(connection, told) or journal
        pieces = self._pieces(connection, told, journal)
        line = self._create_line(connection, told, journal)
        self._settle_line(line, told, pieces)
        self._check_line(told, line)
        self._bind_line(connection, told, line, binding)
        return line

    def _create_line(self, connection, told, journal):
        lines = self.env[LINE].with_company(journal.company_id).with_context(**QUIET)
        partner = self._partner_of(connection, told)
        return lines.create(
            {
                "journal_id": journal.id,
                "date": told.date,
                "payment_ref": self._text_of(told),
                "amount": float(-told.amount if told.is_out else told.amount),
                "partner_id": partner.id,
                "partner_name": told.said.get("payee") or False,
            }
        )

    def _text_of(self, told):
        texts = [line.description for line in self._transaction(told).lines]
        return told.reference or next(filter(None, texts), "") or told.said.get("payee") or self.env._("Made in Xero")

    def _settle_line(self, line, told, pieces):
        """Booked to what Xero has it on; of another currency at Xero's rate."""
        settling = self.env["xero.bank.settling"]
        if line.is_reconciled:  # a neighbour of ours has matched it by a guess
            settling._undo(line)
        self._at_rate(line, self._transaction(told).currency_rate)
        settling._settle(line, parts=[replace(piece, amount=float(piece.amount), tax_amount=float(piece.tax_amount)) for piece in pieces])

    def _at_rate(self, line, rate):
        """A line in another currency than the company's stands at the rate that Xero has, not at one of Odoo's."""
        company_currency = line.company_id.currency_id
        if line.currency_id == company_currency or not rate:
            return
        balance = company_currency.round(line.amount / float(rate))
        bank, suspense, _others = line._seek_for_lines()
        commands = [(1, bank.id, {"balance": balance}), (1, suspense.id, {"balance": -balance})]
        line.move_id.with_context(skip_readonly_check=True, skip_account_move_synchronization=True).write({"line_ids": commands})

    def _check_line(self, told, line):
        """Odoo moves what is in a closed period to another day without a word; what cannot stand as in Xero does not stand at all."""
        if line.move_id.date != told.date:
            raise NotAsTold(
                self.env._("Odoo would book it on %(odoo)s; in Xero it is of %(xero)s.",
                           odoo=words.day(self.env, line.move_id.date), xero=words.day(self.env, told.date))
            )  # fmt: skip

    # === THE PAIR === #

    def _bind_line(self, connection, told, line, binding=None, origin="xero"):
        values = {
            "res_model": line.move_id._name,
            "res_id": line.move_id.id,
            "owner_model": LINE,
            "owner_id": line.id,
            "number": told.reference[:80] or False,
            "xero_status": "AUTHORISED",
            "xero_type": "SPEND" if told.is_out else "RECEIVE",
            "xero_total": float(told.amount),
            "date": told.date,
            "last_sync": fields.Datetime.now(),
            "state": "synced",
            "message": False,
            "seen": print_of(self._transaction(told)),
        }
        own = {"connection_id": connection.id, "kind": BANK, "xero_id": told.xero_id, "origin": origin}
        binding_sudo = binding or self.env["xero.binding"].sudo()
        if binding_sudo:
            binding_sudo.write(values)
        else:
            binding_sudo = binding_sudo.create({**own, **values})
        line.xero_as_transaction = True
        binding_sudo.sent = self._said_of(connection, line)
        self._mirror_bank(binding_sudo, line, bool(told.said.get("is_reconciled")))

    def _mirror_bank(self, binding, line, is_reconciled):
        """What the bank's statement was matched with in Xero is checked here: mirrored, never performed."""
        if not binding.bank_read_at or binding.is_reconciled != is_reconciled:
            binding.write({"is_reconciled": is_reconciled, "bank_read_at": fields.Datetime.now()})
            if not is_reconciled:  # what was to leave may go
                keys = [f"{binding.res_model},{binding.res_id}"]
                self.env["xero.problem"].sudo()._release(binding.connection_id, codes=[ON_BANK], keys=keys)
        if binding.origin == "xero" and line.move_id.checked != is_reconciled:
            line.move_id.checked = is_reconciled

    # === CHANGED OR REMOVED THERE === #

    def _book_anew(self, connection, told, binding):
        """Xero says something else of it: another bank line takes the place of the one that stands here."""
        journal = self._line_of(binding).journal_id
        self._remove_line(binding)
        return self._book_line(connection, told, binding, journal)

    def _take_back_line(self, binding):
        """One that Xero's was the first of is no more; one that was made here is booked to nothing again."""
        line = self._line_of(binding)
        if binding.origin == "xero":
            return self._remove_line(binding)
        binding.write({"xero_status": "DELETED", "state": "synced", "message": False})
        line.xero_as_transaction = False
        return self.env["xero.bank.settling"]._undo(line)

    def _remove_line(self, binding):
        """The pair is remembered as gone before, so that nothing is left to be removed in Xero.

        :raise UserError: it belongs to a statement that is complete
        """
        line = self._line_of(binding)
        binding.write({"xero_status": "DELETED", "state": "synced", "message": False})
        if line.is_reconciled:
            self.env["xero.bank.settling"]._undo(line)
        line.with_context(**QUIET).unlink()
