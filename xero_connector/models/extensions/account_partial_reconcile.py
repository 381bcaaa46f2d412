from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models

from ...const import DEBTS


@dataclass(frozen=True)
class PaymentParts:
    """What a reconciliation says as a payment: which document, from which journal, how much.

    ``invoice`` is the document that is paid or, if it is a credit note, refunded; or the entry of money on account that is paid back.
    ``payment`` is empty if a bank statement line was matched directly. ``line`` is the money's own line. ``amount`` is in the document's
    currency, without what was ``written_off`` of it; ``company_amount`` is what the bank booked for it, in the company's;
    ``bank_amount`` the same in whole cents, so that all that the money pays makes what moved (``handlers.money.reading``).
    """

    partial: object
    invoice: object
    payment: object
    journal: object
    date: object
    name: str
    amount: float
    company_amount: float
    written_off: float
    line: object
    bank_amount: Decimal = Decimal(0)


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._xero_enqueue()
        return partials

    def unlink(self):
        known, money = self._xero_known_allocations(), self._xero_money()
        res = super().unlink()
        for connection, ids in known.items():
            self.env["xero.job"].sudo()._enqueue(connection, "allocation", self._name, ids)
        for records in money.values():
            records.exists()._xero_enqueue_money()
        return res

    # === WHAT IT SAYS === #

    def _xero_sides(self):
        """``(the document's line, the other line)``; of two documents the one that is not a credit note comes first; else ``None``."""
        self.ensure_one()
        debit, credit = self.debit_move_id, self.credit_move_id
        if debit.move_id._xero_is_supported():
            is_credit = debit.move_id._xero_kind() == "credit_note" and credit.move_id._xero_is_supported()
            return (credit, debit) if is_credit else (debit, credit)
        return (credit, debit) if credit.move_id._xero_is_supported() else self._xero_refund_sides()

    def _xero_refund_sides(self):
        """``(the line of money on account, the line of the money that pays it back)``, or ``None``."""
        debit, credit = self.debit_move_id, self.credit_move_id
        moves = debit.move_id | credit.move_id
        if len(moves) < 2 or not all(move.state == "posted" and (move.origin_payment_id or move.statement_line_id) for move in moves):
            return None
        sides = {"asset_receivable": (credit, debit), "liability_payable": (debit, credit)}
        return sides.get(debit.account_id.account_type)

    def _xero_shown(self):
        """The entry under which people know it: that of the money, or the credit note."""
        sides = self._xero_sides()
        return (sides[1] if sides else self.credit_move_id).move_id

    def _xero_match(self, shares):
        """The reconciliation as a match of money with a document, or ``None`` if it is something else (credit note, entry, exchange).

        :param dict shares: how much of each reconciliation the money's entry writes off, in the document's currency
        """
        sides = self._xero_sides()
        if not sides:
            return None
        line, money_line = sides
        document, money = line.move_id, money_line.move_id
        payment = money.origin_payment_id
        if money.state != "posted" or not (payment or money.statement_line_id):
            return None
        written_off = shares.get(self, 0)
        company_written_off = money._xero_write_off().in_company_currency(written_off) if written_off else 0
        return PaymentParts(
            partial=self,
            invoice=document,
            payment=payment,
            journal=money.journal_id,
            date=money.date,
            name=money.name or payment.name or "",
            amount=self._xero_amount(line) - written_off,
            company_amount=self._xero_company_amount(money_line) - company_written_off,
            written_off=written_off,
            line=money_line,
        )

    def _xero_is_payment(self):
        """Whether it settles a document, or money on account, with money."""
        return bool(self._xero_match({}))

    def _xero_is_beside(self, entry):
        """Whether what this takes of the money of ``entry`` is nothing that Xero could know as paid: it is matched with an entry.

        Exchange differences are none of the money.
        """
        other = (self.debit_move_id | self.credit_move_id).move_id - entry
        moved = self._xero_amount(self.debit_move_id if self.debit_move_id.move_id == entry else self.credit_move_id)
        exchange = other.journal_id == other.company_id.currency_exchange_journal_id
        return bool(other) and not exchange and not self.company_currency_id.is_zero(moved)

    def _xero_is_allocation(self):
        """Whether it settles one document with another: a credit note with an invoice or a bill. Only debts do, not cash-basis taxes.

        Nor does one that takes nothing but a gain or loss off a foreign debt.
        """
        sides = self._xero_sides() if self.debit_move_id.account_id.account_type in DEBTS else None
        kinds = [line.move_id._xero_kind() for line in sides or ()]
        is_one = bool(sides) and kinds[1] == "credit_note" and kinds[0] in ("invoice", "bill")
        return is_one and not sides[0].currency_id.is_zero(self._xero_amount(sides[0]))

    def _xero_amount(self, line):
        """The amount in the currency of ``line``, one of the two."""
        return self.debit_amount_currency if line == self.debit_move_id else self.credit_amount_currency

    def _xero_company_amount(self, line):
        """What the bank booked, in the company's currency: at the rate of the payment. ``amount`` is at the invoice's if that is lower.

        :param line: the money's line
        """
        if not line.amount_currency:
            return self.amount
        taken = self._xero_amount(line) + sum(partial._xero_amount(line) for partial in self._xero_exchange_of(line))
        return abs(line.balance * taken / line.amount_currency)

    def _xero_exchange_of(self, line):
        """What else this match takes of the money's ``line``, in the company's currency: the gain or loss on a foreign debt."""
        entry = self.exchange_move_id
        others = line.matched_debit_ids | line.matched_credit_ids if entry else self.browse()
        return others.filtered(lambda partial: entry in (partial.debit_move_id | partial.credit_move_id).move_id)

    # === WHEN TO ENQUEUE === #

    def _xero_money(self):
        """The payments and bank statement lines on either side: ``{model: records}``."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        money = moves.filtered(lambda move: not move.origin_payment_id)
        return {record._name: record for record in (moves.origin_payment_id, money.statement_line_id) if record}

    def _xero_enqueue(self, manual=False):
        """Ask for these matches to be brought in step, as far as their connection does so by itself."""
        for company, partials in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if connection._sends("payment", manual=manual):
                partials._xero_enqueue_allocations(connection, manual)
        for records in self._xero_money().values():
            records._xero_enqueue_money(manual=manual)

    def _xero_enqueue_allocations(self, connection, manual=False):
        """Those that settle documents with each other, if both are in Xero or on their way."""
        credits = self.filtered(lambda partial: partial._xero_is_allocation())
        known = set(connection._known_ids("account.move", (credits.debit_move_id | credits.credit_move_id).move_id.ids))
        both = [credit.id for credit in credits if {credit.debit_move_id.move_id.id, credit.credit_move_id.move_id.id} <= known]
        self.env["xero.job"].sudo()._enqueue(connection, "allocation", self._name, both, manual=manual)

    def _xero_known_allocations(self):
        """``{connection: ids}`` of these whose allocation is in Xero or on its way, and decided about by itself."""
        known = {}
        for company, partials in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if connection._sends("payment"):
                known[connection] = connection._known_kinds(self._name, partials.ids).get("allocation", [])
        return known
