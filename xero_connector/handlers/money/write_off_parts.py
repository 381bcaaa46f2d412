"""What the entries of money write off: functions of Odoo's records, which write nothing."""

from dataclasses import dataclass

from ...const import DEBTS
from .parts import debt_lines, money_of, partials_of, sides_of

CREDIT, BANK_TRANSACTION = "write_off", "bank_transaction"


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
        return {1: CREDIT, 0: "", -1: BANK_TRANSACTION}[sign]

    @property
    def documents(self):
        """What was paid that much less."""
        return self.move.browse().union(*(sides[0].move_id for partial in self.parts if (sides := sides_of(partial))))

    def in_company_currency(self, amount):
        """An amount of ``currency`` at the rate of the entry."""
        lines = self.lines + self.taxes
        return abs(amount * sum(lines.mapped("balance")) / sum(lines.mapped("amount_currency")))

    def shares(self):
        """``{reconciliation: how much of it is written off rather than paid}``, in ``currency``; the oldest takes what it can."""
        shares, left = {}, self.amount if self.kind == CREDIT else 0
        for part in self.parts:
            own = part.debit_amount_currency if part.debit_move_id.move_id == self.move else part.credit_amount_currency
            shares[part] = min(left, own)
            left = self.currency.round(left - shares[part])
        return {part: share for part, share in shares.items() if share > 0}


@dataclass(frozen=True)
class DirectMoney(WriteOff):
    """All of some money: for it something was bought or received at once (an expense that the company has paid), or it is nobody's."""

    @property
    def currency(self):
        return self.lines[:1].currency_id

    @property
    def partner(self):
        """Whom it was paid to; Xero wants to know, so that for nobody in particular it is the company itself."""
        partners = (
            self.move.origin_payment_id.partner_id,
            self.move.partner_id,
            self.lines.partner_id[:1],
            self.move.company_id.partner_id,
        )
        return next(filter(None, partners)).commercial_partner_id


def direct_money_of(entry):
    """What this entry of a payment was paid or received for at once.

    :rtype: DirectMoney or None if it has a debt, or has gone to another bank or nowhere yet
    """
    if entry.state != "posted" or not entry.origin_payment_id:
        return None
    return None if debt_lines(entry) else all_money_of(entry)


def all_money_of(entry):
    """All that this entry of a payment or bank statement line moved, debts or not.

    :rtype: DirectMoney or None if it has gone to another bank or nowhere yet
    """
    money, rest = money_of(entry)._seek_for_lines()[0], _beside(entry, entry.line_ids.browse())
    if not money or not rest:
        return None
    taxes = rest.filtered("tax_repartition_line_id")
    direction = 1 if sum(money.mapped("balance")) > 0 else -1
    none = entry.env["account.partial.reconcile"]
    found = DirectMoney(entry, entry.line_ids.browse(), rest - taxes, taxes, none, direction)
    return found if found.kind == BANK_TRANSACTION else None


def beside_payments_of(entry):
    """What a bank line that was matched with payments books beside them: the fee of a card's payout, cents.

    :rtype: DirectMoney or None if it is not matched with payments of its own bank, or with more than these
    """
    bank, none = entry.statement_line_id._seek_for_lines()[0], entry.line_ids.browse()
    own = (entry.line_ids - bank).filtered(_is_payments_own)
    rest = entry.line_ids - bank - own
    elsewhere = entry.journal_id.suspense_account_id | entry.company_id.sudo().transfer_account_id
    payments = (partials_of(own).debit_move_id | partials_of(own).credit_move_id).move_id.origin_payment_id
    if not own or not rest or rest.account_id & elsewhere or debt_lines(entry) or payments.journal_id != entry.journal_id:
        return None
    taxes = rest.filtered("tax_repartition_line_id")
    direction = -1 if sum(rest.mapped("balance")) > 0 else 1
    found = DirectMoney(entry, none, rest - taxes, taxes, entry.env["account.partial.reconcile"], direction)
    return found if entry.state == "posted" and found.kind else None


def write_off_of(entry):
    """What this entry of a payment or bank statement line writes off.

    :rtype: WriteOff or None if it has nothing but the money and the debt
    """
    if entry.state != "posted" or len(entry.line_ids) < 3:
        return None
    money = money_of(entry)
    if not money:
        return None
    debts = entry.line_ids.filtered(lambda line: line.account_id.account_type in DEBTS)
    rest = _beside(entry, debts)
    if not debts or not rest:
        return None
    taxes = rest.filtered("tax_repartition_line_id")
    direction = 1 if sum(debts.mapped("balance")) < 0 else -1
    return WriteOff(entry, debts, rest - taxes, taxes, _paid_documents(debts), direction)


def _beside(entry, debts):
    """The lines that are neither money nor debt, nor what nobody has explained yet, went to another bank or is a payment's own money."""
    elsewhere = entry.journal_id.suspense_account_id | entry.company_id.sudo().transfer_account_id
    rest = entry.line_ids - money_of(entry)._seek_for_lines()[0] - debts
    rest = rest.filtered(lambda line: line.account_id not in elsewhere and not line.currency_id.is_zero(line.amount_currency))
    return rest.filtered(lambda line: not _is_payments_own(line)) if entry.statement_line_id else rest


def _is_payments_own(line):
    """Whether a bank line's item is matched with what a payment has outstanding: that payment is told for itself."""
    partials = partials_of(line)
    others = (partials.debit_move_id | partials.credit_move_id) - line
    return any(other in payment._seek_for_lines()[0] for other in others for payment in other.move_id.origin_payment_id)


def _paid_documents(lines):
    """The reconciliations in which these lines are the money: with documents, or money that they pay back; oldest first."""
    return partials_of(lines).filtered(lambda partial: (sides := sides_of(partial)) and sides[1] in lines).sorted("id")
