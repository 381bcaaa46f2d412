import json
from datetime import timedelta

from odoo import api, fields, models

GRAPH_DAYS = 14


class XeroConnection(models.Model):
    """The day's calls: what Xero allows, what we allow ourselves, and what is kept for people's clicks."""

    _inherit = "xero.connection"

    day_budget = fields.Integer(
        "Calls a Day", default=1000, help="At most so many calls to Xero a day. Xero allows 1,000 in its free tier and 5,000 in the others."
    )
    day_reserve = fields.Integer(
        "Kept for People", default=100, help="Calls of the day that only documents get for which somebody pressed “Sync to Xero”."
    )
    keep_days = fields.Integer("Keep the Log (Days)", default=30, help="Calls and finished jobs older than this are deleted every night.")
    calls_graph = fields.Text(compute="_compute_calls_graph")

    _budget_positive = models.Constraint(
        "CHECK (day_budget > 0 AND day_reserve >= 0 AND day_reserve < day_budget AND keep_days > 0)",
        "The calls a day must be more than those kept for people, none of them can be negative, and the log is kept for a day at least.",
    )

    def _calls_left(self):
        """Calls that may still be made today: of our own budget, or of Xero's if it says less."""
        self.ensure_one()
        own = self.day_budget - self.calls_today
        told = self.calls_left
        return own if told < 0 else min(own, told)

    def _budget_reset(self):
        """When our own count of the day begins anew (UTC)."""
        return fields.Datetime.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    @api.depends("day_budget")
    def _compute_calls_graph(self):
        today = fields.Date.today()
        days = [today - timedelta(days=back) for back in range(GRAPH_DAYS - 1, -1, -1)]
        domain = [("connection_id", "in", self.ids), ("started", ">=", fields.Datetime.to_datetime(days[0]))]
        groups = self.env["xero.call"].sudo().with_context(tz="UTC")._read_group(domain, ["connection_id", "started:day"], ["__count"])
        counts = {(connection.id, moment.date()): count for connection, moment, count in groups}
        for connection in self:
            values = [
                {"label": day.strftime("%d %b"), "value": counts.get((connection.id, day), 0), "type": "future" if day == today else "past"}
                for day in days
            ]
            connection.calls_graph = json.dumps([{"values": values, "title": "", "key": self.env._("Calls to Xero per day")}])
