from odoo import models

from ....xero_core.fingerprint import fingerprint
from ...answers import CannotTake

LINE = ("name", "display_type", "quantity", "price_unit", "discount", "analytic_distribution")
HEAD = ("name", "ref", "invoice_date", "invoice_date_due", "amount_total", "amount_tax")


class XeroHandlerDocument(models.AbstractModel):
    """Drafts of documents that were made in Xero; see ``handlers/made_drafts``."""

    _inherit = "xero.handler.document"

    def _touched(self, records, event):
        super()._touched(records, event)
        if records._name == self._res_model:
            self._follow_made(self._mine(records), event)

    def _leaving(self, records):
        return self._leaving_made(records, super()._leaving(records))

    def _posted_made(self, row):
        """A person has confirmed it: the pair is remembered, and what the person changed meanwhile is asked about."""
        remote, move = self._kept_made(row), row.move_id
        own_sudo = self.sudo()
        if row.made_as and row.made_as == self._as_made(move):
            try:
                with self.env.cr.savepoint():
                    return own_sudo._bind_posted(row, move, remote)
            except CannotTake:
                pass
        return own_sudo._compare_posted(row, move, remote)

    def _compare_posted(self, row, move, remote, origin="xero"):
        """A pair that was not made alike: nothing is sent, and a person says whose side is right."""
        binding = self._pair(row, move, remote, origin)
        binding.write({"sent": self._as_it_came(move), "seen": "-"})
        self._compare(row.connection_id, move, {move.id: binding}, {remote.xero_id: remote})
        self._note_seen(binding, remote)
        self._settle_made(row, "taken", money_due=bool(remote.amount_settled))

    def _as_made(self, move):
        """Fingerprint of what a person may change of it."""
        lines = [[*(line[name] for name in LINE), line.account_id.id, line.tax_ids.ids] for line in move.invoice_line_ids.sorted("id")]
        head = [str(move[name]) for name in HEAD]
        return fingerprint({"head": [*head, move.partner_id.id, move.currency_id.id], "lines": lines})
