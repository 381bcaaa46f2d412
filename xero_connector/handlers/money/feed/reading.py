from odoo import models

from ....mapping import backwards
from ....xero_core.kept import from_json
from ....xero_core.resources.bank_transactions import BankTransaction
from ...amounts import exact_amount
from ...answers import CannotTake
from ..taking.facts import BANK, ZERO, Facts, Recorder, Told
from ..taking.seen import DAYS
from .pieces import pieces_of
from .straight import LINE

NOTHING = {"kind": "", "contact_id": "", "account_id": "", "date": None, "lines": ()}  # of rows that were kept before lines were
USES = {False: ("sale", "purchase"), True: ("purchase", "sale")}  # of taxes, the likelier first; by whether money was spent


class XeroTaking(models.AbstractModel):
    """Reads what has to be known of money that was spent or received in Xero to make a bank line of it."""

    _inherit = "xero.taking"

    def _telling(self, kind, xero_id, day, **values):
        """What Xero says of money, for kinds that are not of this family; :rtype: Told"""
        return Told(kind, xero_id, day, **values)

    def _feed_of(self, connection, told):
        """The line of the mapping by which what was spent and received at that account comes in; empty if it does not."""
        chosen = connection._bank_lines("xero").filtered(lambda line: line.xero_account_id.xero_id == told.account_id)
        return chosen.filtered(lambda line: told.date and told.date >= (line.bank_lines_since or told.date)).sorted(
            lambda line: (not line.journal_id.active, line.id)
        )[:1]

    def _feed_journal(self, connection, told):
        """The journal of that; empty if what is told of does not come in."""
        return self.env["account.journal"].browse(self._feed_of(connection, told).journal_id.id)

    def _facts_line(self, connection, row, told):
        """:param row: the ``xero.money`` of what was told; :rtype: Facts"""
        journal = self._feed_journal(connection, told)
        return Facts(
            recorder=Recorder.XERO if journal else Recorder.NOBODY,
            unmapped_bank="" if journal else self._account_name(connection, told.account_id),
            alike="" if row.is_another else self._line_alike(connection, told, journal).display_name or "",
            is_said=row.is_said,
            lacks=self._lacking_of_line(connection, told, journal) if journal else "",
            refusal=self._foreseen_of_line(told, journal) if journal else (),
            locked=self._locked(journal.company_id, told.date, journal) if journal else None,
        )

    def _line_alike(self, connection, told, journal):
        """A bank line that is here, of which Xero knows nothing, and that looks like it: bank, amount, some days apart at most."""
        near = [("date", ">=", told.date - DAYS), ("date", "<=", told.date + DAYS)]
        amount = -told.amount if told.is_out else told.amount
        own = [("journal_id", "=", journal.id), ("amount", "=", float(amount)), ("xero_as_transaction", "=", False)]
        found = self.env[LINE].search([*own, *near], order="date, id")
        return found.filtered(lambda line: line.move_id.state == "posted" and not self._is_told(connection, line.move_id))[:1]

    def _foreseen_of_line(self, told, journal):
        if not journal.active:
            return ("journal_off", journal.display_name)
        bank = journal.currency_id or journal.company_id.currency_id
        return ("other_currency", told.currency) if told.currency and told.currency != bank.name else ()

    def _lacking_of_line(self, connection, told, journal):
        """What of it has no place in Odoo, in a sentence; '' if all has."""
        transaction = self._transaction(told)
        if not transaction.lines:
            return self.env._("Xero does not say what it is made of.")
        if not told.amount:
            return self.env._("It moves no money.")
        if journal.currency_id and journal.currency_id != journal.company_id.currency_id and not transaction.currency_rate:
            return self.env._("Xero does not say its exchange rate.")
        try:
            self._pieces(connection, told, journal)
        except CannotTake as reason:
            return str(reason)
        return ""

    def _transaction(self, told):
        """:rtype: BankTransaction"""
        return from_json(BankTransaction, told.said.get("transaction") or NOTHING)

    def _pieces(self, connection, told, journal):
        """What the line is booked to: accounts, taxes and analytic accounts by the mapping read backwards.

        :rtype: list[Piece]
        :raise CannotTake: something is mapped to nothing here, or to more than one thing; or it is not the whole of it
        """
        table, transaction = backwards.load(connection, decides=True), self._transaction(told)
        partner = self._partner_of(connection, told)
        found = pieces_of(transaction, told.is_out)
        if sum((piece.amount for piece in found), ZERO) != (-told.amount if told.is_out else told.amount):
            raise CannotTake(self.env._("Its lines do not make up what was moved."))
        return [self._placed(piece, table, partner, told, journal) for piece in found]

    def _placed(self, piece, table, partner, told, journal):
        """The piece with Odoo's account, taxes and analytic accounts.

        :raise CannotTake: nobody knows one of them
        """
        line = piece.line
        try:
            account = self.env["account.account"].browse(table.account(line.account_code, []))
            tracking = {table.said(*ids, name) for ids, name in line.tags}
            taxes = self._taxes_of(line, table, told)
            analytic = table.distribution(tracking) or False
        except backwards.Ambiguous as name:
            raise CannotTake(self._not_mapped(line, str(name))) from name
        if piece.tax_amount and not taxes:
            raise CannotTake(self.env._("Xero has tax on it by the rate “%s”, which is none here.", line.tax_type))
        if not account.active:
            raise CannotTake(self.env._("The account %s is archived in Odoo.", account.display_name))
        label = line.description or told.reference or told.said.get("payee") or "/"
        return piece.placed(account=account, taxes=taxes, partner=partner, analytic=analytic, label=label)

    def _not_mapped(self, line, name):
        what = self.env._("account") if name == line.account_code else self.env._("tax rate or tracking option")
        return self.env._("The %(what)s “%(name)s” of Xero stands for nothing here, or for more than one thing; choose it in the mapping.",
                          what=what, name=name or "-")  # fmt: skip

    def _taxes_of(self, line, table, told):
        """A rate may be for sales or for purchases, whichever way the money went: a refund is of the other side."""
        mapped = {use for taxes in table.taxes.get(line.tax_type, []) for use in taxes.mapped("type_tax_use")}
        uses = USES[told.is_out]
        use = next((each for each in uses if each in mapped), uses[0])
        return self.env["account.tax"].browse(table.tax_ids(line.tax_type, [], use))

    # === WHAT STANDS HERE === #

    def _line_of(self, binding):
        """The bank line that a bank transaction is the counterpart of; empty if it is gone, or another kind of money is."""
        return self.env[LINE].browse(binding.owner_id if binding.owner_model == LINE else 0).exists()

    def _said_of(self, connection, line):
        """Fingerprint of what the line says of itself as a bank transaction; '' if it says something else by now."""
        source = self.env["xero.handler.payment"]._movements(connection, [(LINE, line.id)]).sources[LINE, line.id]
        difference = source.movement.difference if source.direct else None
        return difference.digest if difference else ""

    def _bound_lines(self, connection, xero_ids):
        """``{Xero id: binding}`` of bank transactions that are bank lines here; one query."""
        own = [("connection_id", "=", connection.id), ("kind", "=", BANK), ("owner_model", "=", LINE), ("is_there", "=", True)]
        found_sudo = self.env["xero.binding"].sudo().search([*own, ("xero_id", "in", list(xero_ids))])
        as_line = self.env[LINE].browse(found_sudo.mapped("owner_id")).exists().filtered("xero_as_transaction")
        return {binding.xero_id: binding for binding in found_sudo if binding.owner_id in as_line._ids}

    def _is_settled_as_told(self, line, pieces):
        """Whether a line that is booked here already is booked to what these say: amounts by account, with what is tax."""
        wanted, has, currency = {}, {}, line.currency_id
        for piece in pieces:
            wanted[piece.account.id] = wanted.get(piece.account.id, ZERO) - (piece.amount - piece.tax_amount)
        for each in line._seek_for_lines()[2].filtered(lambda each: not each.tax_repartition_line_id):
            has[each.account_id.id] = has.get(each.account_id.id, ZERO) + exact_amount(each.amount_currency, currency)
        return wanted == has
