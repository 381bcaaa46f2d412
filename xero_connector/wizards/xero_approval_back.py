from odoo import fields, models


class XeroApprovalBack(models.TransientModel):
    """An approver sends documents back to who asked, and says why."""

    _name = "xero.approval.back"
    _description = "Send Back"

    approval_ids = fields.Many2many("xero.approval", readonly=True)
    count = fields.Integer("Documents", compute="_compute_count")
    reason = fields.Char(required=True)

    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.approval_ids)

    def _open(self, approvals):
        names = {"type": "ir.actions.act_window", "name": self.env._("Send Back"), "res_model": self._name}
        return {**names, "views": [(False, "form")], "target": "new", "context": {"default_approval_ids": approvals.ids}}

    def action_send_back(self):
        """They stay out of Xero until they are changed, or somebody asks for them."""
        self.ensure_one()
        done, refused = self.approval_ids._decide_each(lambda row: row._send_back(row, self.reason))
        text = self.env._("Sent back: %s", done)
        if refused:
            text = f"{text}\n{refused[0]}"
        notice = self.env["xero.connection"]._notify(text, "warning" if refused else "success")
        notice["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return notice
