from odoo import models

from ...const import HOURLY, PARTIAL, RESTORED
from ...xero_core.resources import bank_transactions, on_account
from .facts import ENTRY, MODELS


class XeroHandlerMoney(models.AbstractModel):
    """What came in is bound, if it is of this database and forgotten, before anything is said of it."""

    _inherit = "xero.handler.money"

    def _take(self, connection, client, remotes, baseline):
        self._take_forgotten(connection, client, remotes)
        return super()._take(connection, client, remotes, baseline)


class XeroHandlerPayment(models.AbstractModel):
    _inherit = "xero.handler.payment"

    _marked_models = (PARTIAL,)

    def _marked_text(self, remote):
        """What is part of a batch, the batch is made of."""
        return "" if remote.batch_id else remote.told.reference

    def _moved_by(self, record):
        """Whatever its state: what was cancelled meanwhile is to leave Xero."""
        moves = (record.debit_move_id | record.credit_move_id).move_id
        money = moves.filtered(lambda move: move.origin_payment_id or move.statement_line_id)[:1]
        return money.origin_payment_id or money.statement_line_id or moves.filtered(lambda move: move.move_type == "entry")[:1]

    def _of_document(self, connection, remote):
        own = [("connection_id", "=", connection.id), ("xero_id", "=", remote.invoice_id)]
        return {"xero_type": self.env["xero.binding"].sudo().search(own, limit=1).xero_type}


class XeroHandlerOnAccount(models.AbstractModel):
    _inherit = "xero.handler.on_account"

    _list = "BankTransactions"
    _interval = HOURLY
    _taken_at = 45
    _marked_models = (*MODELS, ENTRY)

    def _is_read(self, connection):
        """Money on account is booked where somebody has chosen that Xero's is."""
        return connection._takes_money()

    def _is_taken_here(self, remote):
        return remote.kind in on_account.KINDS

    def _marked_text(self, remote):
        """Xero keeps no reference of over- and prepayments; so their line says it."""
        return remote.told.lines[0].description if remote.told.lines else ""

    def _in_full(self, client, made):
        found = {remote.xero_id: remote for remote in client.on_account(ids=[remote.xero_id for remote in made.values()])}
        return {record: found[remote.xero_id] for record, remote in made.items() if remote.xero_id in found}


class XeroHandlerBankTransaction(models.AbstractModel):
    _inherit = "xero.handler.bank_transaction"

    _list = "BankTransactions"
    _interval = RESTORED
    _taken_at = 45
    _marked_models = (ENTRY,)

    def _is_taken_here(self, remote):
        return remote.kind in bank_transactions.KINDS

    def _moved_by(self, record):
        return record.origin_payment_id or record.statement_line_id


class XeroHandlerBatchPayment(models.AbstractModel):
    _inherit = "xero.handler.batch_payment"

    _list = "BatchPayments"
    _interval = RESTORED
    _rings = ()
    _taken_at = 35
    _marked_models = MODELS

    def _marked_text(self, remote):
        return f"#{remote.told.marker}"

    def _moved_by(self, record):
        return record

    def _of_document(self, connection, remote):
        return {}
