"""What lines carry beside their amounts: options of tracking categories, and the codes of items."""

from dataclasses import dataclass

from odoo import models

from ...xero_core.arithmetic import tracking


@dataclass
class LineDetails:
    """What the lines of a batch of documents name: the ``tracking`` table, and ``items`` (bindings or open jobs) by product."""

    tracking: object
    items: dict


class XeroHandlerInvoiceLines(models.AbstractModel):
    """The hooks by which the handlers of documents get it: read for a batch, put on the lines, looked into when Xero refuses."""

    _inherit = "xero.handler.invoice.lines"

    def _line_details(self, connection, moves):
        """What the lines of these documents name, in a few queries.

        :rtype: LineDetails
        """
        lines = moves.line_ids
        return LineDetails(
            tracking=self.env["xero.handler.tracking"]._load(connection, lines),
            items=self.env["xero.handler.item"]._load(connection, lines),
        )

    def _detailed(self, lines, move, details):
        """The lines with what they name.

        :raise Held, HeldBehind, Wait: it is not in Xero
        """
        coded = self.env["xero.handler.item"]._coded(lines, move, details.items)
        return self.env["xero.handler.tracking"]._tracked(coded, move, details.tracking)

    def _named_by_lines(self, document, details):
        """What of it is compared with Xero's answer, or looked up if Xero refuses; fields of a ``LinesTrace``."""
        codes = {line.item_code for line in document.lines if line.item_code}
        bindings = (found for found in details.items.values() if found._name == "xero.binding")
        items = {binding.xero_id: binding.number for binding in bindings if binding.number in codes}
        tagged = tracking.tagged(document.lines)
        names = details.tracking.option_names()
        options = {option_id: names[option_id] for ids in tagged for option_id in ids if option_id in names}
        return {"tracking": tagged, "options": options, "items": items}

    def _line_evidence(self, client, items):
        """What Xero holds of what these documents name; runs in a thread."""
        found = client.options() if any(item.trace.tracking for item in items) else []
        return found + client.items(ids=sorted({xero_id for item in items for xero_id in item.trace.items}))

    def _judge_lines(self, result):
        """The reason for a refusal, if it is something that a line names; or what has been put right, and the document goes again."""
        self.env["xero.handler.item"]._learn(result)
        return self.env["xero.handler.tracking"]._why_refused(result)
