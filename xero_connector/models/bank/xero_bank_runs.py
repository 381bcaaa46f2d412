from odoo import fields, models

AT_ONCE = 2_000  # lines for which whoever opens the page waits


class XeroConnection(models.Model):
    """When the bank lines that wait are looked at anew: in each run, and when somebody opens the page of a bank.

    Entry points: ``_suggest_for_bank_lines``, ``_suggest_now``.
    """

    _inherit = "xero.connection"

    bank_lines_seen = fields.Char(readonly=True, copy=False, help="What the last suggestions depended on.")

    def _suggest_for_bank_lines(self):
        """Unless nothing has changed that they depend on."""
        if self._waiting_bank_lines():
            self.env["xero.bank.match"]._refresh_changed(self)

    def _suggest_now(self):
        """The same while somebody waits; of very many lines in a run that begins at once."""
        for connection in self:
            waiting = connection._waiting_bank_lines()
            if waiting > AT_ONCE:
                connection._wake()
            elif waiting:
                self.env["xero.bank.match"]._refresh_changed(connection)

    def _waiting_bank_lines(self):
        waiting = self.sudo().journal_mapping_ids._waiting_lines()
        return self.env["account.bank.statement.line"].sudo().search_count(waiting)
