from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...const import DAILY, HOURLY, INTERVALS, OFTEN

WHOLE = timedelta(minutes=INTERVALS[DAILY])  # every list is read whole once a day: many edits in Xero move no stamp
STRENGTH = (False, "person", "restored")


class XeroCursor(models.Model):
    """How far one of Xero's lists was read for one connection.

    ``since`` moves when a list was read to its end, and only then; what was taken until then is told again if need be. A reading that takes
    longer than one run goes on where ``place`` and ``page`` say. Invariant: one row per connection and list. Entry points: ``_of``,
    ``_ask`` (read now), ``_due_at``; the engine's ``Intake`` moves it.
    """

    _name = "xero.cursor"
    _description = "Xero Cursor"
    _order = "connection_id, name"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    name = fields.Char("List", required=True)
    since = fields.Datetime("Read Until", help="By Xero's clock: what was changed before that moment was read.")
    read_at = fields.Datetime("Last Read", help="When the last reading that came to the end was begun.")
    whole_at = fields.Datetime("Read Whole", help="Empty before the first reading, which only compares.")
    changed_at = fields.Datetime("Last Change", help="The newest stamp that was ever seen in the list, by Xero's clock.")
    asked = fields.Selection(
        [("person", "Somebody asked"), ("restored", "A backup came back")], help="Why it is read before its time; empty if it is not."
    )
    asked_at = fields.Datetime()
    again_at = fields.Datetime("Not Before", help="Xero would not say; it is asked again then.")
    message = fields.Text()
    # a reading that is under way
    started_at = fields.Datetime("Reading Since")
    begun_at = fields.Datetime("Begun", help="By Xero's clock.")
    is_whole = fields.Boolean("Reads All")
    place = fields.Datetime("Reads On From")
    page = fields.Integer()
    newest = fields.Datetime("Newest Change Seen")

    _list_unique = models.UniqueIndex("(connection_id, name)", "A list is read once for a connection.")

    def _of(self, connection, names):
        """The cursors of these lists, made where there is none; in that order."""
        own = [("connection_id", "=", connection.id)]
        if missing := set(names) - set(self.search(own).mapped("name")):
            self._make(connection, sorted(missing))
        known = {cursor.name: cursor.id for cursor in self.search(own)}
        return self.browse(known[name] for name in names)

    def _make(self, connection, names):
        """In one statement: a run and whoever clicks may do so at once, and then the later of them is repeated.

        :raise SerializationFailure: somebody else has made one meanwhile
        """
        self.flush_model()
        now, uid = fields.Datetime.now(), self.env.uid
        rows = SQL(", ").join(SQL("(%s, %s, %s, %s, %s, %s)", connection.id, name, now, now, uid, uid) for name in names)
        columns = SQL("connection_id, name, create_date, write_date, create_uid, write_uid")
        self.env.cr.execute(SQL("INSERT INTO xero_cursor (%s) VALUES %s ON CONFLICT (connection_id, name) DO NOTHING", columns, rows))
        self.invalidate_model()

    def _ask(self, why):
        """Have these lists read in the next run, whatever they waited for."""
        now = fields.Datetime.now()
        for cursor in self:
            stronger = max(why, cursor.asked, key=STRENGTH.index)
            cursor.write({"asked": stronger, "asked_at": now, "again_at": False, "message": False})

    def _due_at(self, interval, rings, rung):
        """When the list is read next (naive UTC).

        ======================================  =======================================================
        never read, under way, or asked for     now, or when Xero is asked again after it would not say
        Xero has rung for it since              likewise
        a day after it was last read whole      then (and whole)
        its interval after it was last read     then; an hour after instead of a quarter, if Xero rings
        ======================================  =======================================================

        :param str interval: a key of ``INTERVALS``
        :param bool rings: whether Xero's webhooks tell of the list, and have rung lately
        :param rung: when it last rang for the list (naive UTC), if it did
        """
        self.ensure_one()
        minutes = INTERVALS[HOURLY if rings and interval == OFTEN else interval]
        if not self.whole_at or not self.read_at or self.started_at or self.asked or (rung and rung >= self.read_at):
            due = fields.Datetime.now()
        else:
            due = min(self.read_at + timedelta(minutes=minutes), self.whole_at + WHOLE)
        return max(due, self.again_at) if self.again_at else due

    def _begin(self, overlap):
        """A reading begins: of all, if that is due, else of what was changed since the last one, and a little before."""
        now = fields.Datetime.now()
        whole = self.asked != "restored" and (not self.whole_at or self.whole_at + WHOLE <= now)
        place = False if whole or not self.since else self.since - overlap
        self.write({"started_at": now, "begun_at": now, "is_whole": not place, "place": place, "page": 1, "newest": False})

    def _go_on(self, place, page, newest, begun_at):
        """Remember how far the reading has come (``begun_at``: by Xero's clock, of its first page)."""
        self.write({"place": place, "page": page, "newest": newest, "begun_at": begun_at or self.begun_at, "again_at": False})

    def _end(self):
        """The list was read to its end. Who asked meanwhile is heard in the next run."""
        heard = not self.asked_at or self.asked_at <= self.started_at
        self.write(
            {
                "since": max(filter(None, [self.begun_at, self.newest])),
                "read_at": self.started_at,
                "changed_at": max(filter(None, [self.changed_at, self.newest]), default=False),
                "whole_at": self.started_at if self.is_whole else self.whole_at,
                **({"asked": False, "asked_at": False} if heard else {}),
                **{"started_at": False, "begun_at": False, "place": False, "page": 0, "newest": False},
                "message": False,
            }
        )

    def _rest(self):
        """Xero's minute is nearly used up; the reading goes on after it."""
        self.again_at = fields.Datetime.now() + timedelta(minutes=1)

    def _failed(self, message, minutes):
        """Xero would not say: the list is asked for again later, from where it was read until."""
        again_at = fields.Datetime.now() + timedelta(minutes=minutes)
        self.write({"again_at": again_at, "message": message, "started_at": False, "place": False, "page": 0})
