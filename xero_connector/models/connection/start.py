from math import ceil

from odoo import api, fields, models

DOCUMENTS = ("out_invoice", "out_receipt", "in_invoice", "in_receipt", "out_refund", "in_refund")
PER_CALL, FIRST_CALLS = 50, 9  # documents a call takes; lists that are read once


class XeroConnection(models.Model):
    """What the start date means: how many documents go, with how many calls, and how many stay in Odoo only."""

    _inherit = "xero.connection"

    start_note = fields.Char(compute="_compute_start")
    has_started = fields.Boolean(compute="_compute_start", help="Something is in Xero, or there is nothing yet that could be.")

    def _compute_start(self):
        for connection in self:
            synced = connection.synced_count
            dated = _since("invoice_date", connection.sync_from)
            documents = 0 if synced else self._count_documents(connection._companies(), dated)
            connection.has_started = bool(connection.mapping_confirmed_at) and (bool(synced) or not documents)
            connection.start_note = self._start_note(connection._companies(), connection.sync_from)

    @api.model
    def _start_note(self, companies, day):
        """What would go to Xero of these companies from this day on, counts beside labels."""
        documents = self._count_documents(companies, _since("invoice_date", day))
        earlier = self._count_documents(companies, [("invoice_date", "<", day)]) if day else 0
        money = [("company_id", "in", companies.ids), ("state", "in", ("in_process", "paid")), *_since("date", day)]
        payments = self.env["account.payment"].sudo().search_count(money)
        calls = FIRST_CALLS + 3 * ceil(documents / PER_CALL) + ceil(payments / PER_CALL) if documents or payments else 0
        note = self.env._(
            "Documents: %(documents)s · Payments: %(payments)s · Calls: about %(calls)s",
            documents=documents,
            payments=payments,
            calls=calls,
        )
        return f"{note} · {self.env._('Before that day, in Odoo only: %s', earlier)}" if earlier else note

    @api.model
    def _count_documents(self, companies, dated):
        """How many posted documents of these companies there are, under a condition on their day."""
        own = [("company_id", "in", companies.ids), ("state", "=", "posted"), ("move_type", "in", DOCUMENTS)]
        return self.env["account.move"].sudo().search_count([*own, *dated])


def _since(field, day):
    return [(field, ">=", day)] if day else []
