from odoo import fields, models


class XeroLeaveOut(models.TransientModel):
    """A person decides that documents stay out of Xero, and says why."""

    _name = "xero.leave.out"
    _description = "Leave Out of Xero"

    job_ids = fields.Many2many("xero.job", readonly=True)
    count = fields.Integer("Documents", compute="_compute_count")
    reason = fields.Char(required=True)

    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.job_ids)

    def _open(self, jobs):
        if not jobs:
            return self.env["xero.connection"]._notify(self.env._("None of these waits for Xero; what is in Xero stays there."), "warning")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leave Out of Xero"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_job_ids": jobs.ids},
        }

    def action_leave_out(self):
        """The documents stay out of Xero until somebody asks for them."""
        self.ensure_one()
        self.job_ids.action_ignore(self.reason)
        count = self.count
        close = {"type": "ir.actions.act_window_close"}
        notice = self.env["xero.connection"]._notify(self.env._("Left out: %s", count))
        notice["params"]["next"] = close
        return notice
