from datetime import timedelta

from odoo import api, fields, models


class XeroCall(models.Model):
    """One HTTP exchange with Xero, without secrets, for the Calls screen and for Xero's support. Written by the module only."""

    _name = "xero.call"
    _description = "Xero Call"
    _order = "id desc"
    _rec_name = "path"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    started = fields.Datetime(required=True, index=True)
    method = fields.Char(required=True)
    path = fields.Char(required=True)
    query = fields.Char()
    status = fields.Integer("HTTP Status")
    duration_ms = fields.Integer("Duration (ms)")
    ok = fields.Boolean("Successful")
    error = fields.Char()
    correlation_id = fields.Char("Xero Correlation ID", help="Xero's support asks for it.")
    day_remaining = fields.Integer("Calls Left Today")
    minute_remaining = fields.Integer("Calls Left This Minute")
    request_body = fields.Text("Request")
    response_body = fields.Text("Answer")

    _connection_started_index = models.Index("(connection_id, started)")

    @api.model
    def _last_moment(self, connection):
        """When Xero was last called for this connection, naive UTC; False if no call is remembered."""
        return self.search([("connection_id", "=", connection.id)], order="started desc", limit=1).started

    @api.model
    def _record(self, connection, records):
        """Keep the given exchanges.

        :param connection: one ``xero.connection``
        :param list records: ``xero_core.client.CallRecord``, already free of secrets
        """
        return self.sudo().create([self._values(connection, record) for record in records])

    def _values(self, connection, record):
        limits = record.limits
        return {
            "connection_id": connection.id,
            "started": record.started.replace(tzinfo=None),
            "method": record.method,
            "path": record.path,
            "query": record.query,
            "status": record.status or 0,
            "duration_ms": record.duration_ms,
            "ok": bool(record.status and record.status < 400 and not record.error),
            "error": record.error,
            "correlation_id": record.correlation_id,
            "day_remaining": -1 if limits is None or limits.day_remaining is None else limits.day_remaining,
            "minute_remaining": -1 if limits is None or limits.minute_remaining is None else limits.minute_remaining,
            "request_body": record.request_body,
            "response_body": record.response_body,
        }

    @api.autovacuum
    def _gc_calls(self):
        """Delete calls older than their connection wants to keep them."""
        for connection in self.env["xero.connection"].with_context(active_test=False).search([]):
            limit = fields.Datetime.now() - timedelta(days=connection.keep_days)
            self.search([("connection_id", "=", connection.id), ("started", "<", limit)], limit=10000).unlink()
