from odoo import models
from odoo.fields import Domain

from ...const import COSTS, KEPT_BY_XERO


class XeroProposalHandler(models.AbstractModel):
    """The accounts of manual journals need a counterpart too; not those that Xero takes in none."""

    _inherit = "xero.handler.proposal"

    def _used_accounts(self, companies):
        return super()._used_accounts(companies) | self._entry_accounts(companies) | self._cost_accounts(companies)

    def _used_taxes(self, companies):
        used = super()._used_taxes(companies)
        for taxes, account_ids in self._taxes_of_lines(self._entry_domain(companies)).items():
            used[taxes] |= account_ids
        return used

    def _posted_domain(self, companies):
        return Domain(super()._posted_domain(companies)) | Domain(self._entry_domain(companies))

    def _entry_domain(self, companies):
        """The amounts before tax of entries that are sent."""
        connection_sudo = self.env["xero.connection"].sudo()._get_active(companies[:1])
        journals = [journal_id for journal_id, policy in connection_sudo._entry_policies().items() if policy != "none"]
        domain = [("journal_id", "in", journals), ("parent_state", "=", "posted"), ("move_id.move_type", "=", "entry")]
        domain += [("account_id.account_type", "not in", KEPT_BY_XERO), ("tax_line_id", "=", False)]
        return [("company_id", "in", companies.ids), *domain]

    def _entry_accounts(self, companies):
        groups = self.env["account.move.line"]._read_group(self._entry_domain(companies), ["account_id"])
        of_taxes = [("company_id", "in", companies.parent_ids.ids), ("repartition_type", "=", "tax")]
        repartition = self.env["account.tax.repartition.line"].search(of_taxes)
        return self.env["account.account"].union(*(account for (account,) in groups)) - self._kept_for_taxes(repartition.account_id)

    def _cost_accounts(self, companies):
        """What documents book about their goods."""
        connection_sudo = self.env["xero.connection"].sudo()._get_active(companies[:1])
        if connection_sudo.cost_policy == "none":
            return self.env["account.account"]
        domain = [("company_id", "in", companies.ids), ("move_id.move_type", "in", self._document_types(companies))]
        domain += [("parent_state", "=", "posted"), ("display_type", "=", COSTS), ("account_id.account_type", "not in", KEPT_BY_XERO)]
        return self.env["account.account"].union(
            *(account for (account,) in self.env["account.move.line"]._read_group(domain, ["account_id"]))
        )
