from dataclasses import dataclass

from odoo import models
from odoo.tools import SQL

from .account_partial_reconcile import DEBTS

CREDIT, SURPLUS = "write_off", "surplus"
KINDS = (CREDIT, SURPLUS)


@dataclass(frozen=True)
class WriteOff:
    """What the entry of a payment or bank statement line books beside the money and the debt: write-offs, discounts, fees, with their tax.

    ``lines`` are the amounts without tax, ``taxes`` the lines of their tax. Multiplied with ``direction``, an amount is what was taken off
    the debt without reaching the bank. ``parts`` are the reconciliations with invoices and bills, oldest first.
    """

    move: object
    debts: object
    lines: object
    taxes: object
    parts: object
    direction: int

    @property
    def currency(self):
        return self.debts[:1].currency_id

    @property
    def partner(self):
        return self.debts[:1].partner_id.commercial_partner_id

    @property
    def amount(self):
        """How much less than the debt the bank got (negative: more), with tax, in ``currency``."""
        return self.currency.round(self.direction * sum((self.lines + self.taxes).mapped("amount_currency")))

    @property
    def kind(self):
        """What is made of it in Xero (``handlers.kinds``): credit for the debt, or a bank transaction beside the payment."""
        sign = self.currency.compare_amounts(self.amount, 0)
        return {1: CREDIT, 0: "", -1: SURPLUS}[sign]

    def in_company_currency(self, amount):
        """An amount of ``currency`` at the rate of the entry."""
        lines = self.lines + self.taxes
        return abs(amount * sum(lines.mapped("balance")) / sum(lines.mapped("amount_currency")))

    def shares(self):
        """``{reconciliation: how much of it is written off rather than paid}``, in ``currency``; the oldest takes what it can."""
        shares, left = {}, self.amount if self.kind == CREDIT else 0
        for part in self.parts:
            shares[part] = min(left, part._xero_amount_of(self.move))
            left = self.currency.round(left - shares[part])
        return {part: share for part, share in shares.items() if share > 0}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _xero_write_off(self):
        """What this entry of a payment or bank statement line writes off.

        :rtype: WriteOff or None if it has nothing but the money and the debt
        """
        self.ensure_one()
        if self.state != "posted" or len(self.line_ids) < 3:
            return None
        money = self.origin_payment_id or self.statement_line_id
        if not money:
            return None
        debts = self.line_ids.filtered(lambda line: line.account_id.account_type in DEBTS)
        # what nobody has explained yet, and what went to another bank, is not written off
        elsewhere = self.journal_id.suspense_account_id | self.company_id.sudo().transfer_account_id
        rest = self.line_ids - money._seek_for_lines()[0] - debts
        rest = rest.filtered(lambda line: line.account_id not in elsewhere and not line.currency_id.is_zero(line.amount_currency))
        if not debts or not rest:
            return None
        taxes = rest.filtered("tax_repartition_line_id")
        direction = 1 if sum(debts.mapped("balance")) < 0 else -1
        return WriteOff(self, debts, rest - taxes, taxes, debts._xero_paid_documents(), direction)

    def _xero_why_no_write_off(self, write_off):
        """Why Xero cannot be told of this, in a sentence; '' if it can."""
        if len(write_off.debts.partner_id.commercial_partner_id) != 1 or len(write_off.debts.account_id) != 1:
            return self.env._("It concerns several partners or accounts at once.")
        if (write_off.debts + write_off.lines + write_off.taxes).currency_id != write_off.currency:
            return self.env._("It is in several currencies.")
        documents = write_off.parts._xero_documents()
        if any(document.currency_id != write_off.currency for document in documents):
            return self.env._("The document is in another currency.")
        if any(document.commercial_partner_id != write_off.partner for document in documents):
            return self.env._("The document is of another partner.")
        if any(document._xero_kind() == "credit_note" for document in documents):
            return self.env._("It refunds a credit note.")
        if write_off.taxes and not write_off.lines.tax_ids:
            return self.env._("It has tax without the amount that is taxed.")
        return ""


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _xero_paid_documents(self):
        """The reconciliations of these lines of a payment with documents, oldest first."""
        partials = self.matched_debit_ids | self.matched_credit_ids
        return partials.filtered(lambda partial: partial._xero_sides()).sorted("id")


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _xero_documents(self):
        """The documents that these reconciliations pay."""
        return self.env["account.move"].union(*(sides[0].move_id for partial in self if (sides := partial._xero_sides())))

    def _xero_amount_of(self, move):
        """The amount in the currency of the line of ``move``."""
        return self.debit_amount_currency if self.debit_move_id.move_id == move else self.credit_amount_currency

    def _xero_share_written_off(self, money):
        """``(amount, amount in the company's currency)`` of what this takes off the document without having been paid.

        :param money: the entry of the payment
        """
        write_off = money._xero_write_off()
        share = write_off.shares().get(self, 0) if write_off and not money._xero_why_no_write_off(write_off) else 0
        return share, write_off.in_company_currency(share) if share else 0

    # === WHEN TO ENQUEUE === #

    def unlink(self):
        moves = self._xero_money_entries()
        res = super().unlink()
        moves.exists()._xero_enqueue_write_offs(only_known=True)
        return res

    def _xero_enqueue(self, manual=False):
        super()._xero_enqueue(manual=manual)
        self._xero_money_entries()._xero_enqueue_write_offs(manual=manual)

    def _xero_enqueue_changed(self):
        super()._xero_enqueue_changed()
        self._xero_money_entries()._xero_enqueue_write_offs(only_known=True)

    def _xero_money_entries(self):
        """The entries of payments and bank statement lines on either side that book more than money and debt, or did."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        return moves.filtered(lambda move: (move.origin_payment_id or move.statement_line_id) and len(move.line_ids) > 2)


class MoneyEntry(models.Model):
    _inherit = "account.move"

    def _xero_enqueue_write_offs(self, manual=False, only_known=False):
        """Ask for what these entries write off to be brought in step.

        :param bool only_known: only of those that are in Xero or on their way
        """
        for company, moves in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if not connection._sends(CREDIT, manual=manual):
                continue
            known = connection._known_write_offs(moves.ids)
            wanted = {} if only_known else moves._xero_new_write_offs(connection)
            payments = {move.id: move.origin_payment_id[:1].id or None for move in moves}
            for kind in KINDS:
                ids = [*known.get(kind, ()), *wanted.get(kind, ())]
                self.env["xero.job"].sudo()._enqueue(connection, kind, self._name, ids, manual=manual, payments=payments)

    def _xero_new_write_offs(self, connection):
        """``{kind: ids}`` of those that write something off documents in Xero, or on their way there."""
        found = {move: write_off for move in self if (write_off := move._xero_write_off()) and write_off.kind and write_off.parts}
        documents = {move: write_off.parts._xero_documents().ids for move, write_off in found.items()}
        known = set(connection._known_ids(self._name, [each for ids in documents.values() for each in ids]))
        kinds = {}
        for move, write_off in found.items():
            if known.intersection(documents[move]) and not move._xero_why_no_write_off(write_off):
                kinds.setdefault(write_off.kind, []).append(move.id)
        return kinds


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    def _known_write_offs(self, move_ids):
        """``{kind: ids}`` of the entries whose write-off is in Xero, or on its way; one query."""
        self.env["xero.job"].flush_model()
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT kind, res_id FROM xero_binding
                    WHERE connection_id = %(connection)s AND res_model = 'account.move' AND kind = ANY(%(kinds)s) AND res_id = ANY(%(ids)s)
                      AND COALESCE(xero_status, '') NOT IN ('DELETED', 'VOIDED')
                    UNION
                   SELECT kind, res_id FROM xero_job
                    WHERE connection_id = %(connection)s AND res_model = 'account.move' AND kind = ANY(%(kinds)s) AND res_id = ANY(%(ids)s)
                      AND state NOT IN ('done', 'cancelled')""",
                connection=self.id, kinds=list(KINDS), ids=list(move_ids),
            )
        )  # fmt: skip
        known = {}
        for kind, res_id in rows:
            known.setdefault(kind, []).append(res_id)
        return known

    def _enqueue_everything(self):
        super()._enqueue_everything()
        if self.tenant_id and self._mode(CREDIT) != "off":
            self._known_moves()._xero_payment_partials()._xero_money_entries()._xero_enqueue_write_offs(manual=True)
            for kind, ids in self._gone_write_offs().items():
                self.env["xero.job"].sudo()._enqueue(self, kind, "account.move", ids, manual=True)

    def _gone_write_offs(self):
        """``{kind: ids}`` of what is in Xero of entries that are no longer in Odoo."""
        rows = self.env.execute_query(
            SQL(
                """SELECT b.kind, b.res_id FROM xero_binding b LEFT JOIN account_move m ON m.id = b.res_id
                    WHERE b.connection_id = %s AND b.kind = ANY(%s) AND m.id IS NULL
                      AND COALESCE(b.xero_status, '') NOT IN ('DELETED', 'VOIDED')""",
                self.id, list(KINDS), to_flush=self.env["xero.binding"]._fields["xero_status"],
            )
        )  # fmt: skip
        gone = {}
        for kind, res_id in rows:
            gone.setdefault(kind, []).append(res_id)
        return gone
