"""What lines carry beside their amounts: options of tracking categories."""

from odoo import models

from ..xero_core import tracking


class XeroHandlerInvoiceLines(models.AbstractModel):
    """The hooks by which the handlers of documents get it: read for a batch, put on the lines, looked into when Xero refuses."""

    _inherit = "xero.handler.invoice.lines"

    def _line_context(self, connection, moves):
        """What the lines of these documents name, in a few queries."""
        return {"tracking": self.env["xero.handler.tracking"]._load(connection, moves.line_ids)}

    def _detailed(self, lines, move, context):
        """The lines with what they name.

        :raise Held, Behind, Later: it is not in Xero
        """
        return self.env["xero.handler.tracking"]._tracked(lines, move, context["tracking"])

    def _line_sent_as(self, invoice):
        """What of it is compared with Xero's answer."""
        return {"tracking": tracking.tagged(invoice.lines)}

    def _line_evidence(self, client, items):
        """What Xero holds of what these documents name; runs in a thread."""
        return client.options() if any(item.sent_as.get("tracking") for item in items) else []

    def _judge_lines(self, result):
        """The reason for a refusal, if it is something that a line names."""
        return self.env["xero.handler.tracking"]._why_refused(result)
