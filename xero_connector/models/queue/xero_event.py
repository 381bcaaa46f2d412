from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

HANDSHAKE = "-"


class XeroEvent(models.Model):
    """Xero has rung: something about one of its records is new. What it is, nobody knows before the record is read.

    Rings for a record that nobody has read yet are one row, however many come. A row is open until each list that tells of such records was
    read to its end after the last ring, or the record was asked for by its id. Entry points: ``_ring`` (a webhook whose signature is
    right), ``_close_heard``, ``_close_asked``.
    """

    _name = "xero.event"
    _description = "Xero Event"
    _order = "id desc"
    _rec_name = "xero_id"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    category = fields.Char(required=True, help="Xero's word for the kind of record.")
    xero_id = fields.Char("Xero ID", required=True)
    event_type = fields.Char("What", help="Created or updated: Xero knows no other word.")
    happened_at = fields.Datetime("In Xero", help="By Xero's clock.")
    first_at = fields.Datetime("First Ring", required=True)
    rung_at = fields.Datetime("Last Ring", required=True)
    rings = fields.Integer(default=1, required=True)
    state = fields.Selection([("open", "To be read"), ("done", "Read")], default="open", required=True)
    done_at = fields.Datetime("Read At")

    _open_unique = models.UniqueIndex("(connection_id, category, xero_id) WHERE state = 'open'", "It has rung for this already.")
    _connection_index = models.Index("(connection_id, rung_at)")

    def _ring(self, connection, rings):
        """Keep what Xero rings for (list of ``Ring``, each record once): rows that are there already, and open, are rung again.

        In one order, so that two webhooks do not lock each other out.
        """
        now = fields.Datetime.now()
        rows = [
            SQL("(%s, %s, %s, %s, %s, %s, %s, 1, 'open')",
                connection.id, ring.category, ring.xero_id, ring.event_type, _naive(ring.moment), now, now)
            for ring in sorted(rings, key=lambda each: (each.category, each.xero_id))
        ]  # fmt: skip
        if rows:
            self.flush_model()
            self.env.cr.execute(
                SQL(
                    """INSERT INTO xero_event (connection_id, category, xero_id, event_type, happened_at, first_at, rung_at, rings, state)
                            VALUES %s
                       ON CONFLICT (connection_id, category, xero_id) WHERE state = 'open'
                       DO UPDATE SET rings = xero_event.rings + 1, rung_at = EXCLUDED.rung_at, event_type = EXCLUDED.event_type,
                                     happened_at = GREATEST(EXCLUDED.happened_at, xero_event.happened_at)""",
                    SQL(", ").join(rows),
                )
            )
            self.invalidate_model()

    def _note_handshake(self, connection):
        """Xero has asked whether anybody is there: how people see that it reaches us before anything has happened."""
        now, asked = fields.Datetime.now(), [("connection_id", "=", connection.id), ("category", "=", HANDSHAKE)]
        known = self.search(asked, limit=1)
        values = {"connection_id": connection.id, "category": HANDSHAKE, "xero_id": HANDSHAKE, "first_at": now}
        known = known or self.create({**values, "rung_at": now, "rings": 0, "state": "done"})
        known.write({"rung_at": now, "rings": known.rings + 1})

    @api.autovacuum
    def _gc_events(self):
        """Delete rings that were heard when their connection forgets its calls, too."""
        for connection in self.env["xero.connection"].with_context(active_test=False).search([]):
            limit, own = fields.Datetime.now() - timedelta(days=connection.keep_days), [("connection_id", "=", connection.id)]
            last = self.search(own, order="rung_at desc, id desc", limit=1)  # that webhooks were ever on, and when they were last heard
            self.search([*own, ("state", "=", "done"), ("rung_at", "<", limit), ("id", "!=", last.id)], limit=10000).unlink()

    def _rang_since(self, connection, moment):
        own = [("connection_id", "=", connection.id), ("rung_at", ">", moment), ("category", "!=", HANDSHAKE)]
        return bool(self.search_count(own, limit=1))

    def _last_rings(self, connection):
        """``{category: when Xero last rang for a record that was not read since}``."""
        own = [("connection_id", "=", connection.id), ("state", "=", "open")]
        return dict(self._read_group(own, ["category"], ["rung_at:max"]))

    def _rung_for(self, connection, categories):
        """Xero ids of the records of these kinds that Xero has rung for and that were not read since."""
        own = [("connection_id", "=", connection.id), ("state", "=", "open"), ("category", "in", list(categories))]
        return sorted(set(self.search(own).mapped("xero_id")))

    def _close_asked(self, connection, categories, xero_ids, asked_at):
        """Close what was rung for before these records were asked for by their ids."""
        own = [("connection_id", "=", connection.id), ("state", "=", "open"), ("category", "in", list(categories))]
        asked = self.search([*own, ("xero_id", "in", list(xero_ids)), ("rung_at", "<", asked_at)])
        asked.write({"state": "done", "done_at": fields.Datetime.now()})

    def _close_heard(self, connection):
        """Close what each list that tells of it was read for. Of a category that tells of no list nothing is to be read."""
        lists, handlers = connection._read_lists(), self.env["xero.handler"]
        read_at = {cursor.name: cursor.read_at for cursor in self.env["xero.cursor"].search([("connection_id", "=", connection.id)])}
        for category in self._last_rings(connection):
            rung_for = [name for name, kinds in lists.items() if any(category in handlers._of(kind)._rings for kind in kinds)]
            moments = [read_at.get(name) for name in rung_for]
            if all(moments):
                self.flush_model()
                now = fields.Datetime.now()
                self.env.cr.execute(
                    SQL(
                        """UPDATE xero_event SET state = 'done', done_at = %s
                            WHERE connection_id = %s AND category = %s AND state = 'open' AND rung_at < %s""",
                        now, connection.id, category, min(moments, default=now + timedelta(days=1)),
                    )
                )  # fmt: skip
                self.invalidate_model()


def _naive(moment):
    return moment.replace(tzinfo=None, microsecond=0) if moment else None
