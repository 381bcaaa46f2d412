from odoo import models

from ...const import KEPT_BY_XERO


class XeroProposalHandler(models.AbstractModel):
    """The accounts of journal entries that are sent need a counterpart too; not those that Xero takes in no manual journal."""

    _inherit = "xero.handler.proposal"

    def _used_accounts(self, company):
        return super()._used_accounts(company) | self._entry_accounts(company)

    def _entry_accounts(self, company):
        connection_sudo = self.env["xero.connection"].sudo()._get_active(company)
        journals = [journal_id for journal_id, policy in connection_sudo._entry_policies().items() if policy != "none"]
        if not journals:
            return self.env["account.account"]
        domain = [("journal_id", "in", journals), ("parent_state", "=", "posted"), ("move_id.move_type", "=", "entry")]
        domain += [("account_id.account_type", "not in", KEPT_BY_XERO), ("tax_line_id", "=", False)]
        groups = self.env["account.move.line"]._read_group([("company_id", "=", company.id), *domain], ["account_id"])
        repartition = self.env["account.tax.repartition.line"].search([("company_id", "=", company.id), ("repartition_type", "=", "tax")])
        return self.env["account.account"].union(*(account for (account,) in groups)) - repartition.account_id
