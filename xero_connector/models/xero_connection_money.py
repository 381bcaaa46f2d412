from odoo import models

from .account_partial_reconcile import DEBTS

PARTIAL = "account.partial.reconcile"
# kind, model, and table of what may be in Xero and no longer in Odoo
PLACES = (
    ("payment", PARTIAL, "account_partial_reconcile"),
    ("allocation", PARTIAL, "account_partial_reconcile"),
    ("prepaid", "account.payment", "account_payment"),
    ("batch", "account.payment", "account_payment"),
    ("prepaid", "account.bank.statement.line", "account_bank_statement_line"),
    ("batch", "account.bank.statement.line", "account_bank_statement_line"),
)


class XeroConnection(models.Model):
    """Looking for money that is not in step."""

    _inherit = "xero.connection"

    def _enqueue_money(self):
        """Money and allocations that were never sent, or are no longer in Odoo."""
        for kind, model, table in PLACES:
            self.env["xero.job"].sudo()._enqueue(self, kind, model, self._gone_ids(model, table, kind))
        partials = self._known_moves()._xero_payment_partials()
        known = set(self._known_ids(PARTIAL, partials.ids))
        partials.filtered(lambda partial: partial.id not in known)._xero_enqueue(manual=True)
        for records in self._unmatched_money().values():
            records._xero_enqueue_money(manual=True)

    def _unmatched_money(self):
        """Payments and bank statement lines that may stand on account and are neither there nor on their way: ``{model: records}``."""
        domain = [("company_id", "=", self.company_id.id), ("account_type", "in", DEBTS), ("parent_state", "=", "posted")]
        domain += [("reconciled", "=", False), "|", ("move_id.origin_payment_id", "!=", False), ("move_id.statement_line_id", "!=", False)]
        domain += [("date", ">=", self.sync_from)] if self.sync_from else []
        moves = self.env["account.move.line"].sudo().search(domain).move_id
        found = {}
        for records in (moves.origin_payment_id, moves.filtered(lambda move: not move.origin_payment_id).statement_line_id):
            known = set(self._known_ids(records._name, records.ids))
            found[records._name] = records.filtered(lambda record, known=known: record.id not in known)
        return found
