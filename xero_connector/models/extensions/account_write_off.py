from dataclasses import dataclass

from odoo import models

from ...const import DEBTS

CREDIT, SURPLUS = "write_off", "bank_transaction"


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
        """What is made of it in Xero: credit for the debt, or a bank transaction beside the payment."""
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
        if write_off.kind == CREDIT and (reason := self._xero_why_not_allocated(write_off)):
            return reason
        if write_off.taxes and not write_off.lines.tax_ids:
            return self.env._("It has tax without the amount that is taxed.")
        return ""

    def _xero_why_not_allocated(self, write_off):
        """Why a write-off cannot be a credit note that is allocated to what was paid that much less; '' if it can."""
        documents = write_off.parts._xero_documents()
        if any(document.currency_id != write_off.currency for document in documents):
            return self.env._("The document is in another currency.")
        if any(document.commercial_partner_id != write_off.partner for document in documents):
            return self.env._("The document is of another partner.")
        if any(document._xero_kind() == "credit_note" for document in documents):
            return self.env._("It refunds a credit note.")
        return ""


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _xero_paid_documents(self):
        """The reconciliations in which these lines are the money: with documents, or money that they pay back; oldest first."""
        partials = self.matched_debit_ids | self.matched_credit_ids
        return partials.filtered(lambda partial: (sides := partial._xero_sides()) and sides[1] in self).sorted("id")


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _xero_documents(self):
        """The documents that these reconciliations pay."""
        return self.env["account.move"].union(*(sides[0].move_id for partial in self if (sides := partial._xero_sides())))

    def _xero_amount_of(self, move):
        """The amount in the currency of the line of ``move``."""
        return self.debit_amount_currency if self.debit_move_id.move_id == move else self.credit_amount_currency
