from dataclasses import dataclass

from odoo import api, models


@dataclass(frozen=True)
class PaymentParts:
    """What a reconciliation says as a payment: which invoice, from which journal, how much.

    ``amount`` is in the invoice's currency; ``company_amount`` is what the bank booked for it, in the company's.
    """

    partial: object
    invoice: object
    payment: object
    journal: object
    date: object
    name: str
    amount: float
    company_amount: float


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._xero_enqueue()
        return partials

    def unlink(self):
        known = self._xero_known()
        res = super().unlink()
        self._xero_enqueue_known(known)
        return res

    def _xero_payment_parts(self):
        """The reconciliation as a payment of a customer invoice, or ``None`` if it is something else.

        Something else is a credit note, a write-off, an exchange difference.
        """
        self.ensure_one()
        invoice, money = self.debit_move_id.move_id, self.credit_move_id.move_id
        payment = money.origin_payment_id
        if invoice.move_type != "out_invoice" or money.state != "posted" or not (payment or money.statement_line_id):
            return None
        if invoice.currency_id.is_zero(self.debit_amount_currency):
            return None
        return PaymentParts(
            partial=self,
            invoice=invoice,
            payment=payment,
            journal=money.journal_id,
            date=money.date,
            name=money.name or payment.name or "",
            amount=self.debit_amount_currency,
            company_amount=self._xero_company_amount(),
        )

    def _xero_company_amount(self):
        """What the bank booked, in the company's currency: at the rate of the payment. ``amount`` is at the invoice's if that is lower."""
        line = self.credit_move_id
        if not line.amount_currency:
            return self.amount
        return abs(line.balance * self.credit_amount_currency / line.amount_currency)

    def _xero_written_off(self):
        """How much of what the entry takes off the customer's debt never reached the bank (write-off, fee), in the company's currency."""
        money = self.credit_move_id.move_id
        liquidity = (money.origin_payment_id or money.statement_line_id)._seek_for_lines()[0]
        debts = money.line_ids.filtered(lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable"))
        return max(0, money.company_currency_id.round(-sum(debts.mapped("balance")) - sum(liquidity.mapped("balance"))))

    def _xero_enqueue(self, manual=False):
        """Ask for these reconciliations to be sent as payments, as far as their connection does so by itself."""
        for company, partials in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if not connection._sends("payment", manual=manual):
                continue
            parts = [part for part in (partial._xero_payment_parts() for partial in partials) if part]
            known = connection._known_ids("account.move", [part.invoice.id for part in parts])
            parts = [part for part in parts if part.invoice.id in known]
            payments = {part.partial.id: part.payment.id or None for part in parts}
            self.env["xero.job"].sudo()._enqueue(connection, "payment", self._name, list(payments), manual=manual, payments=payments)

    def _xero_enqueue_changed(self):
        """The entry behind these reconciliations was posted or reset: send the new payments, take back those that are in Xero."""
        self._xero_enqueue()
        self._xero_enqueue_known(self._xero_known())

    def _xero_enqueue_known(self, known):
        for connection, (ids, payments) in known.items():
            self.env["xero.job"].sudo()._enqueue(connection, "payment", self._name, ids, payments=payments)

    def _xero_known(self):
        """``{connection: (ids, {id: payment id})}`` of these reconciliations that are in Xero or on their way."""
        known = {}
        for company, partials in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            ids = connection._known_ids(self._name, partials.ids) if connection._sends("payment") else []
            if ids:
                payments = {partial.id: partial.credit_move_id.move_id.origin_payment_id.id or None for partial in partials}
                known[connection] = (ids, payments)
        return known
