from odoo import models


class XeroConnection(models.Model):
    """Where the lines of each bank come from (``xero.journal.mapping.bank_lines``), and what follows from choosing it."""

    _inherit = "xero.connection"

    def _bank_lines(self, source):
        """The lines of the confirmed mapping whose banks have their lines from there."""
        self.ensure_one()
        return self.sudo().journal_mapping_ids.filtered(lambda line: line.bank_lines == source and line.confirmed and line.xero_account_id)

    def _takes_bank_lines(self):
        """Whether money spent and received in Xero becomes bank lines here, of any bank."""
        return bool(self._bank_lines("xero"))

    def _hears_bank_lines(self):
        """Whether what becomes of money spent and received in Xero is a matter of bank lines here, either way, or is looked at."""
        return bool(self._bank_lines("xero") or self._bank_lines("none")) or self._watches_banks()

    def _sends_line_of(self, journal, day):
        """Whether lines of this bank that are booked straight to an account go to Xero: it has no feed there."""
        mapping_sudo = self._bank_lines("none").filtered(lambda line: line.journal_id.id == journal.id)[:1]
        return bool(mapping_sudo) and bool(day) and day >= (mapping_sudo.bank_lines_since or day)

    def _bring_bank_lines(self, chosen):
        """It was chosen for these lines of the mapping: what there is since their days is brought over, in a run that begins at once."""
        for connection_sudo in self.sudo().filtered("tenant_id"):
            mappings_sudo = chosen.sudo().filtered(lambda line, connection=connection_sudo: line.connection_id == connection)
            handlers = [handler for handler in self.env["xero.handler"]._all() if handler._brings_bank_lines]
            if "xero" in mappings_sudo.mapped("bank_lines"):
                connection_sudo._read_whole({handler._list for handler in handlers})
            for handler in handlers:
                handler._send_bank_lines(connection_sudo, mappings_sudo.filtered(lambda line: line.bank_lines == "none"))
            connection_sudo._wake()
