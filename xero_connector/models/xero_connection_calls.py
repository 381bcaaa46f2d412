import json
from datetime import timedelta

from odoo import fields, models

GRAPH_DAYS = 14


class XeroConnection(models.Model):
    """The calls that were made: how many a day, and how long they are remembered."""

    _inherit = "xero.connection"

    keep_days = fields.Integer("Keep the Log (Days)", default=30, help="Calls and finished jobs older than this are deleted every night.")
    calls_graph = fields.Text(compute="_compute_calls_graph")

    _keep_days_positive = models.Constraint("CHECK (keep_days > 0)", "The log is kept for a day at least.")

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
