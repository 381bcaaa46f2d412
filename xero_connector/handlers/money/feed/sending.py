from odoo import models

from .straight import LINE


class XeroHandlerPayment(models.AbstractModel):
    """Bank lines of banks without a feed in Xero: those that are booked straight to accounts go there."""

    _inherit = "xero.handler.payment"

    _brings_bank_lines = True

    def _send_bank_lines(self, connection, mappings):
        """Those that are there since the day that is chosen for each bank."""
        if connection._sends(self._kind):
            self._ask_for(connection, self._unsent_straight(connection, mappings), model=LINE)

    def _unsent_direct(self, connection, model):
        """With bank lines that are booked straight to accounts."""
        found = super()._unsent_direct(connection, model)
        return found | set(self._unsent_straight(connection, connection._bank_lines("none"))) if model == LINE else found

    def _unsent_straight(self, connection, mappings):
        """Ids of the lines of these banks that are booked straight to accounts, of which Xero knows nothing and no job does."""
        found = []
        for mapping_sudo in mappings.sudo():
            start = max(filter(None, (mapping_sudo.bank_lines_since, connection.sync_from)), default=None)
            own = [("journal_id", "=", mapping_sudo.journal_id.id), ("is_reconciled", "=", True), ("move_id.state", "=", "posted")]
            lines_sudo = self.env[LINE].sudo().search([*own, *([("date", ">=", start)] if start else [])])
            there = [("connection_id", "=", connection.id), ("owner_model", "=", LINE), ("owner_id", "in", lines_sudo.ids)]
            known = set(self.env["xero.binding"].sudo().search([*there, ("is_there", "=", True)]).mapped("owner_id"))
            known |= set(self._known_jobs(connection, LINE, lines_sudo.ids))
            found += lines_sudo.filtered(lambda line, known=known: line.id not in known and self._direct_of(line, connection)).ids
        return found


class XeroHandlerBankTransaction(models.AbstractModel):
    _inherit = "xero.handler.bank_transaction"

    def _after_bound(self, connection, res_ids):
        super()._after_bound(connection, res_ids)
        _stays(self.env, res_ids)


class XeroHandlerCashEntry(models.AbstractModel):
    _inherit = "xero.handler.cash_entry"

    def _after_bound(self, connection, res_ids):
        super()._after_bound(connection, res_ids)
        _stays(self.env, res_ids)


def _stays(env, move_ids):
    """A bank line that Xero was told of goes on as that, wherever lines of its bank come from later."""
    lines_sudo = env["account.move"].sudo().browse(move_ids).exists().statement_line_id
    lines_sudo.filtered(lambda line: not line.xero_as_transaction).xero_as_transaction = True
