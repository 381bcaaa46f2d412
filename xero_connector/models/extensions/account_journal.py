from odoo import api, fields, models
from odoo.fields import Domain

from ..queue.xero_document_mixin import USER

# on the way, held, or no longer there: they have a row of their own and are found by it
OPEN = ("pending", "approval", "blocked", "failed", "ignored", "voided")


class AccountJournal(models.Model):
    """Odoo's accounting dashboard says on each journal of sales or purchases how many of its documents are not in Xero."""

    _inherit = "account.journal"

    xero_missing_count = fields.Integer("Documents That Xero Lacks", compute="_compute_xero_missing_count", groups=USER)

    @api.depends_context("allowed_company_ids")
    def _compute_xero_missing_count(self):
        counts = {}
        for connection, journals in self._xero_by_connection():
            domain = Domain("journal_id", "in", journals.ids) & journals._xero_sent_domain(connection)
            # apart, because what has no row at all is found in another way than what has one
            for states in (Domain("xero_state", "in", OPEN), Domain("xero_state", "=", False)):
                for journal, count in self.env["account.move"]._read_group(domain & states, ["journal_id"], ["__count"]):
                    counts[journal.id] = counts.get(journal.id, 0) + count
        for journal in self:
            journal.xero_missing_count = counts.get(journal.id, 0)

    def _xero_by_connection(self):
        """``(connection, journals)`` of the journals of sales and purchases whose company is connected."""
        books = self.filtered(lambda journal: journal.type in ("sale", "purchase"))
        for company, journals in books.grouped("company_id").items():
            connection_sudo = self.env["xero.connection"]._get_active(company).sudo()
            if connection_sudo.tenant_id and connection_sudo.mapping_confirmed_at:
                yield connection_sudo, journals

    def _xero_sent_domain(self, connection_sudo):
        """The posted documents that are to be sent: since the first day, of kinds that are sent at all."""
        start = connection_sudo.sync_from
        since = Domain("invoice_date", ">=", start) if start else Domain.TRUE
        return Domain("state", "=", "posted") & Domain("move_type", "in", connection_sudo._sent_move_types()) & since

    def action_xero_missing(self):
        """The documents of this journal that are not in Xero; each says why."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        sales = self.type == "sale"
        xmlid = "account.action_move_out_invoice_type" if sales else "account.action_move_in_invoice_type"
        domains = [self._xero_sent_domain(connection) for connection, _journals in self._xero_by_connection()]
        missing = Domain("journal_id", "=", self.id) & Domain("xero_state", "in", [*OPEN, False])
        name = self.env._("Not in Xero: %s", self.name)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(xmlid),
            "name": name,
            "display_name": name,
            "domain": list(missing & Domain.OR(domains)),
            # as Odoo's own lists have it: it decides which columns there are
            "context": {"default_move_type": "out_invoice" if sales else "in_invoice", "create": False},
        }
