from odoo import fields, models

from ... import words
from ...const import AFRESH

APPROVE = "to_approve"  # what to-dos about documents that wait for approval are called


class XeroConnection(models.Model):
    """What becomes of documents that wait when a company's rules about them change, and who is told that some wait for approval."""

    _inherit = "xero.connection"

    approves_own = fields.Boolean(
        "People May Approve What They Asked For", help="Otherwise another approver decides about what somebody has sent for approval."
    )

    def _rules_changed(self):
        """What a rule has decided is decided anew in the next run."""
        jobs_sudo = (
            self.env["xero.job"].sudo().search([("connection_id", "in", self.ids), ("is_open", "=", True), ("rule_id", "!=", False)])
        )
        jobs_sudo._set_state("pending", next_try=False, **AFRESH)
        self.env["xero.problem"]._release(self, codes=["rule_unread"])
        jobs_sudo.connection_id._wake()

    def _to_approve(self):
        return self.env["xero.approval"].sudo().search([("connection_id", "=", self.id), ("state", "=", "asked")])

    def _approval_need(self):
        """What waits for approval, as the Overview shows it; a list of one or none."""
        rows_sudo = self._to_approve()
        if not rows_sudo:
            return []
        currency, counted = self.company_id.currency_id, self.env._("Documents: %s", len(rows_sudo))
        amount = sum(rows_sudo.filtered(lambda row: row.currency_id == currency).mapped("amount"))
        need = {"model": self._name, "id": self.id, "name": self.env._(words.DOCUMENT["approval"].label), "fix_label": self.env._("Look")}
        need |= {"count": len(rows_sudo), "counted": f"{counted} · {currency.format(amount)}" if amount else counted}
        return [{**need, "method": "action_open_approvals"}]

    def action_open_approvals(self):
        """What of this connection waits for approval."""
        self.ensure_one()
        self._check_xero_user()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_approval_action")
        return {**action, "context": {"search_default_asked": 1, "search_default_connection_id": self.id}}

    def _tell_of_approvals(self):
        """One to-do for an approver while something waits."""
        rows_sudo = self._to_approve()
        if rows_sudo and not any(rows_sudo.mapped("told")):
            approvers, first = self.env["xero.approval"]._approvers(self.company_id), rows_sudo[-1]
            label = self.env._(words.DOCUMENT["approval"].label)
            self._schedule(APPROVE, label, f"{first.name}: {first.partner_id.name or ''}", approvers[:1])
        rows_sudo.filtered(lambda row: not row.told).told = True
