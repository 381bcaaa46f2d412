from datetime import timedelta

from odoo import fields, models

RINGS_LATELY = timedelta(days=1)


class XeroConnection(models.Model):
    """What is read in Xero, and when: by itself, because Xero rings, or because somebody asks."""

    _inherit = "xero.connection"

    reads = fields.Selection(
        [("auto", "Automatically"), ("manual", "On demand")],
        "Read Changes in Xero",
        default="auto",
        required=True,
        help="Automatically: every quarter of an hour to every hour, and once a day everything, within the day's calls. Reading only "
        "compares until you choose what is to be booked.",
    )
    cursor_ids = fields.One2many("xero.cursor", "connection_id", "Lists")

    def _readings(self):
        """``[(cursor, when it is due)]`` of the lists that are read, in the order in which they are."""
        self.ensure_one()
        lists, handlers = self.env["xero.handler"]._lists(), self.env["xero.handler"]
        rings = bool(self.rung_at) and self.rung_at > fields.Datetime.now() - RINGS_LATELY
        rung, found = self.env["xero.event"]._last_rings(self), []
        for cursor in self.env["xero.cursor"]._of(self, lists):
            kinds = [handlers._of(kind) for kind in lists[cursor.name]]
            categories = {category for handler in kinds for category in handler._rings}
            if self.reads == "auto" or cursor.asked:
                last = max((rung[category] for category in categories & rung.keys()), default=False)
                found.append((cursor, cursor._due_at(kinds[0]._interval, rings and bool(categories), last)))
        return found
