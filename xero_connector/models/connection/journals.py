from odoo import fields, models
from odoo.tools import SQL


class XeroConnection(models.Model):
    """Which journal entries are sent, each or as daily summaries, and how far these have come.

    Entry points: ``action_summarise_now``, ``_entry_policies``.
    """

    _inherit = "xero.connection"

    entry_policy_ids = fields.One2many("xero.entry.policy", "connection_id", "Journals")
    summarised_until = fields.Date(readonly=True, copy=False, help="The last day whose entries were put into summaries.")
    summarise_now = fields.Boolean(readonly=True, copy=False, help="Somebody has asked for summaries that include today.")

    def _entry_policies(self):
        """``{journal id: how its entries are sent}``; what is missing is not sent. One query."""
        self.env["xero.entry.policy"].flush_model()
        rows = self.env.execute_query(SQL("SELECT journal_id, policy FROM xero_entry_policy WHERE connection_id = ANY(%s)", self.ids))
        return dict(rows)

    def action_summarise_now(self):
        """Put into summaries what has no summary yet, today included."""
        self.ensure_one()
        self._check_xero_user()
        self.check_access("read")
        connection_sudo = self.sudo()
        connection_sudo.summarise_now = True
        connection_sudo._wake()
        return self._notify(self.env._("The summaries are on their way to Xero."))

    def _last_day_over(self):
        """Yesterday, where the company is."""
        zone = self.company_id.partner_id.tz or self.responsible_user_id.tz or "UTC"
        today = fields.Datetime.context_timestamp(self.with_context(tz=zone), fields.Datetime.now()).date()
        return fields.Date.subtract(today, days=1)
