from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

KIND = "transfer"


@dataclass(frozen=True)
class TransferParts:
    """What a reconciliation on the transfer account says: how much went from which bank journal to which; ``currency`` None if of two."""

    partial: object
    source: object
    target: object
    date: object
    name: str
    amount: float
    currency: object


class AccountPartialReconcile(models.Model):
    """Two entries of two banks that meet on the company's transfer account are one transfer in Xero.

    Odoo 19 has no document for it: each bank has its own statement line (or payment), and only their reconciliation says that it was the
    same money. So that is the unit: one reconciliation, one bank transfer.
    """

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._xero_enqueue_transfers()
        return partials

    def unlink(self):
        known = [(connection, partials.ids) for connection, partials in self._xero_on_transfer_accounts()]
        res = super().unlink()
        for connection, ids in known:
            self.env["xero.job"].sudo()._enqueue(connection, KIND, self._name, connection._known_ids(self._name, ids))
        return res

    def _xero_on_transfer_accounts(self):
        """``(connection, partials)`` of those that concern transfers, where these are sent by themselves."""
        for company, partials in self.grouped("company_id").items():
            account = company.sudo().transfer_account_id
            meeting = account and partials.filtered(lambda partial, account=account: partial.debit_move_id.account_id == account)
            connection = meeting and self.env["xero.connection"]._get_active(company)
            if connection and connection._sends(KIND):
                yield connection, meeting

    def _xero_enqueue_transfers(self):
        """Ask for those of these reconciliations to be brought in step that are transfers, or were."""
        for connection, partials in self._xero_on_transfer_accounts():
            wanted = partials._xero_transfers(connection).ids + connection._known_ids(self._name, partials.ids)
            self.env["xero.job"].sudo()._enqueue(connection, KIND, self._name, wanted)

    def _xero_transfers(self, connection):
        """Those of these reconciliations that are transfers since the sync started."""

        def is_wanted(partial):
            parts = partial._xero_transfer_parts()
            return parts and not (connection.sync_from and parts.date < connection.sync_from)

        return self.filtered(is_wanted)

    def _xero_transfer_parts(self):
        """The reconciliation as a transfer between two banks, or ``None`` if it is something else.

        :rtype: TransferParts
        """
        self.ensure_one()
        left, arrived = self.debit_move_id.move_id, self.credit_move_id.move_id
        account = self.company_id.sudo().transfer_account_id
        if not account or self.debit_move_id.account_id != account or left.journal_id == arrived.journal_id:
            return None
        if not (left._xero_is_bank_movement() and arrived._xero_is_bank_movement()):
            return None
        currency = left.journal_id._xero_currency()
        amount = self.amount if currency == self.company_currency_id else self.debit_amount_currency
        return TransferParts(
            partial=self,
            source=left.journal_id,
            target=arrived.journal_id,
            date=left.date,
            name=left.name or "",
            amount=amount,
            currency=currency if self._xero_is_in(currency) else None,
        )

    def _xero_is_in(self, currency):
        """Whether both banks, and what they booked, are in this currency."""
        if self.credit_move_id.journal_id._xero_currency() != currency:
            return False
        return currency == self.company_currency_id or self.debit_move_id.currency_id == self.credit_move_id.currency_id == currency

    @api.model
    def _xero_unsent_transfers(self, connection):
        """Transfers that are not in Xero and not on their way, and ids of what is there and no longer in Odoo."""
        company = connection.company_id
        on_account = [("company_id", "=", company.id), ("debit_move_id.account_id", "=", company.transfer_account_id.id)]
        transfers = self.sudo().search(on_account)._xero_transfers(connection) if company.transfer_account_id else self.browse()
        known = set(connection._known_ids(self._name, transfers.ids))
        rows = self.env.execute_query(
            SQL(
                """SELECT b.res_id FROM xero_binding b LEFT JOIN account_partial_reconcile p ON p.id = b.res_id
                    WHERE b.connection_id = %s AND b.kind = %s AND p.id IS NULL AND COALESCE(b.xero_status, '') <> 'DELETED'""",
                connection.id, KIND, to_flush=self.env["xero.binding"]._fields["xero_status"],
            )
        )  # fmt: skip
        return [transfer.id for transfer in transfers if transfer.id not in known] + [row[0] for row in rows]


class AccountMove(models.Model):
    _inherit = "account.move"

    def _xero_is_bank_movement(self):
        """Whether this entry, as it stands, says that money came or went: a bank statement line or a payment."""
        return self.state == "posted" and bool(self.statement_line_id or self.origin_payment_id)


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _xero_currency(self):
        """The currency of the bank account."""
        return self.currency_id or self.company_id.currency_id
