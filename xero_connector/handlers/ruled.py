from odoo import models

from ..xero_core.fingerprint import fingerprint

SIGNS_OF_CHANGE = ("partner", "amount", "date", "reference", "accounts", "taxes")  # what an approver is told of, in that order


class XeroHandler(models.AbstractModel):
    """Kinds about whose documents people make rules: what goes to Xero, what stays out of it, and what somebody approves first."""

    _inherit = "xero.handler"

    _is_ruled = False

    def _content_to_approve(self, record):
        """Fingerprint of what a person may change of it: what was approved is approved as long as this stays."""
        return fingerprint([self._as_made(record), record.payment_reference or "", str(record.invoice_currency_rate)])

    def _facts_to_approve(self, move):
        """What an approver sees of it; plain values."""
        lines = move.invoice_line_ids or move.line_ids
        partner, amount = move.commercial_partner_id, move.amount_total
        return {
            "partner": partner.display_name or "",
            "amount": move.currency_id.format(amount),
            "date": str(move.invoice_date or move.date),
            "reference": move.ref or "",
            "accounts": ", ".join(dict.fromkeys(lines.account_id.sorted("code").mapped("name"))),
            "taxes": ", ".join(dict.fromkeys(lines.tax_ids.mapped("name"))),
        }
