from odoo import api, fields, models
from odoo.exceptions import AccessError

APPROVER = "xero_connector.group_xero_approver"


class XeroDocumentMixin(models.AbstractModel):
    """What an approver sees on a document that waits for approval, and decides there; the list *To Approve* has all of them."""

    _inherit = "xero.document.mixin"

    xero_approval_id = fields.Many2one("xero.approval", "Waits for Approval", compute="_compute_xero_approval", groups=APPROVER)
    xero_approval_words = fields.Char("What Is Unusual (Xero)", compute="_compute_xero_approval", groups=APPROVER)
    xero_approval_why_not = fields.Char("Why Not by You (Xero)", compute="_compute_xero_approval", groups=APPROVER)

    @api.depends_context("uid", "lang")
    def _compute_xero_approval(self):
        rows = self._xero_rows_to_approve()
        for record in self:
            row = rows.get(record._origin.id, self.env["xero.approval"])
            record.xero_approval_id = row
            record.xero_approval_words = row.unusual_words
            record.xero_approval_why_not = row.why_not

    def _xero_rows_to_approve(self):
        """``{id of the record: its row}`` of those of these that wait for approval; one query."""
        own = [("res_model", "=", self._name), ("res_id", "in", self._origin.ids), ("state", "=", "asked")]
        return {row.res_id: row for row in self.env["xero.approval"].search(own)}

    def action_xero_approve(self):
        """This document may go to Xero as it is."""
        row = self._xero_row_to_approve()
        return row.action_approve() if row else self._xero_decided_already()

    def action_xero_send_back(self):
        """Ask for the reason for which it does not go to Xero."""
        row = self._xero_row_to_approve()
        return row.action_send_back() if row else self._xero_decided_already()

    def _xero_row_to_approve(self):
        """:raise AccessError: for who approves nothing, or may not read the document"""
        self.ensure_one()
        if not self.env.user.has_group(APPROVER):
            raise AccessError(self.env._("Only Xero approvers decide about it."))
        self.check_access("read")
        return self._xero_rows_to_approve().get(self.id)

    def _xero_decided_already(self):
        return self.env["xero.connection"]._notify(self.env._("Somebody has decided about it already."), "warning")
