from dataclasses import dataclass

from odoo import api, models

from ..handlers.kinds import DOCUMENTS

DEBTS = ("asset_receivable", "liability_payable")


@dataclass(frozen=True)
class PaymentParts:
    """What a reconciliation says as a payment: which document, from which journal, how much.

    ``invoice`` is the document that is paid or, if it is a credit note, refunded; or the entry of money on account that is paid back.
    ``payment`` is empty if a bank statement line was matched directly. ``line`` is the money's own line. ``amount`` is in the document's
    currency; ``company_amount`` is what the bank booked for it, in the company's.
    """

    partial: object
    invoice: object
    payment: object
    journal: object
    date: object
    name: str
    amount: float
    company_amount: float
    line: object


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._xero_enqueue()
        return partials

    def unlink(self):
        known, money = self._xero_known(), self._xero_money()
        res = super().unlink()
        self._xero_enqueue_known(known)
        for records in money.values():
            records.exists()._xero_enqueue_money()
        return res

    # === WHAT IT SAYS === #

    def _xero_sides(self):
        """``(the document's line, the other line)``; of two documents the one that is not a credit note comes first; else ``None``."""
        self.ensure_one()
        debit, credit = self.debit_move_id, self.credit_move_id
        if debit.move_id._xero_kind() in DOCUMENTS:
            is_credit = debit.move_id._xero_kind() == "credit_note" and credit.move_id._xero_kind() in DOCUMENTS
            return (credit, debit) if is_credit else (debit, credit)
        return (credit, debit) if credit.move_id._xero_kind() in DOCUMENTS else self._xero_refund_sides()

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

    def _xero_payment_parts(self):
        """The reconciliation as a payment of a document, or ``None`` if it is something else.

        Something else is a credit note, a write-off, an exchange difference.
        """
        sides = self._xero_sides()
        if not sides:
            return None
        line, money_line = sides
        document, money = line.move_id, money_line.move_id
        payment = money.origin_payment_id
        if money.state != "posted" or not (payment or money.statement_line_id):
            return None
        written_off, company_written_off = self._xero_share_written_off(money)
        amount = self._xero_amount(line) - written_off
        if document.currency_id.is_zero(amount):
            return None
        return PaymentParts(
            partial=self,
            invoice=document,
            payment=payment,
            journal=money.journal_id,
            date=money.date,
            name=money.name or payment.name or "",
            amount=amount,
            company_amount=self._xero_company_amount(money_line) - company_written_off,
            line=money_line,
        )

    def _xero_is_allocation(self):
        """Whether it settles one document with another: a credit note with an invoice or a bill."""
        sides = self._xero_sides()
        kinds = [line.move_id._xero_kind() for line in sides or ()]
        return bool(sides) and kinds[1] == "credit_note" and kinds[0] in ("invoice", "bill")

    def _xero_amount(self, line):
        """The amount in the currency of ``line``, one of the two."""
        return self.debit_amount_currency if line == self.debit_move_id else self.credit_amount_currency

    def _xero_company_amount(self, line):
        """What the bank booked, in the company's currency: at the rate of the payment. ``amount`` is at the invoice's if that is lower.

        :param line: the money's line
        """
        if not line.amount_currency:
            return self.amount
        return abs(line.balance * self._xero_amount(line) / line.amount_currency)

    def _xero_written_off(self):
        """How much of what the entry takes off the debt never reached the bank (write-off, fee), in the company's currency."""
        sides = self._xero_sides()
        return sides[1].move_id._xero_written_off() if sides else 0

    # === WHEN TO ENQUEUE === #

    def _xero_money(self):
        """The payments and bank statement lines on either side: ``{model: records}``."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        return {record._name: record for record in (moves.origin_payment_id, moves.statement_line_id) if record}

    def _xero_enqueue(self, manual=False):
        """Ask for these reconciliations to be sent, as far as their connection does so by itself."""
        for company, partials in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if not connection._sends("payment", manual=manual):
                continue
            parts = [part for part in (partial._xero_payment_parts() for partial in partials) if part]
            credits = partials.filtered(lambda partial: partial._xero_is_allocation())
            documents = [part.invoice.id for part in parts] + (credits.debit_move_id | credits.credit_move_id).move_id.ids
            known = set(connection._known_ids("account.move", documents))
            payments = {part.partial.id: part.payment.id or None for part in parts if part.invoice.id in known}
            credits = [c.id for c in credits if {c.debit_move_id.move_id.id, c.credit_move_id.move_id.id} <= known]
            Job = self.env["xero.job"].sudo()
            Job._enqueue(connection, "payment", self._name, list(payments), manual=manual, payments=payments)
            Job._enqueue(connection, "allocation", self._name, credits, manual=manual)
            self._xero_enqueue_refunds(partials)

    def _xero_enqueue_refunds(self, partials):
        """Money that is paid back stands on account in Xero first: both movements are looked at."""
        refunds = partials.filtered(lambda partial: not partial._xero_is_of_document() and partial._xero_refund_sides())
        for records in refunds._xero_money().values():
            records._xero_enqueue_money()

    def _xero_is_of_document(self):
        kinds = {line.move_id._xero_kind() for line in self.debit_move_id | self.credit_move_id}
        return bool(kinds & {*DOCUMENTS})

    def _xero_enqueue_changed(self):
        """The entry behind these reconciliations was posted or reset: send the new payments, take back those that are in Xero."""
        self._xero_enqueue()
        self._xero_enqueue_known(self._xero_known())

    def _xero_enqueue_known(self, known):
        for (connection, kind), payments in known.items():
            self.env["xero.job"].sudo()._enqueue(connection, kind, self._name, list(payments), payments=payments)

    def _xero_known(self):
        """``{(connection, kind): {id: payment id}}`` of these reconciliations that are in Xero or on their way."""
        known = {}
        for company, partials in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if not connection._sends("payment"):
                continue
            for kind, ids in connection._known_kinds(self._name, partials.ids).items():
                moves = {p.id: (p.debit_move_id | p.credit_move_id).move_id for p in partials if p.id in ids}
                known[connection, kind] = {partial: move.origin_payment_id[:1].id or None for partial, move in moves.items()}
        return known
