from datetime import timedelta

from odoo import fields, models

from ... import words
from ...const import RESTORED

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

    def _readings(self, *, heard=True):
        """``[(cursor, when it is due)]`` of the lists that are read, in the order in which they are.

        :param bool heard: because Xero rings, too; that hurries nothing when too many of the day's calls are used up
        """
        self.ensure_one()
        handlers = self.env["xero.handler"]
        lists, regular = handlers._lists(after_restore=True), self._read_lists()
        hurries = self._rings_hurry()
        rings = hurries and self._rings_lately()
        rung, found = self.env["xero.event"]._last_rings(self) if heard and hurries else {}, []
        restored = self.env["xero.cursor"].search([("connection_id", "=", self.id), ("asked", "=", "restored")])
        for cursor in (self.env["xero.cursor"]._of(self, regular) | restored).sorted(lambda cursor: list(lists).index(cursor.name)):
            kinds = self._reading_kinds(cursor, lists[cursor.name])
            categories = {category for handler in kinds for category in handler._rings}
            if kinds:
                last = max((rung[category] for category in categories & rung.keys()), default=False)
                found.append((cursor, cursor._due_at(kinds[0]._interval, rings and bool(categories), last)))
        return found

    def _read_lists(self, *, after_restore=False):
        """``{list: kinds}`` of the lists that something is read from, as the connection is set; in the order in which they are read."""
        handlers = self.env["xero.handler"]
        lists = handlers._lists(after_restore=after_restore)
        return {name: kinds for name, kinds in lists.items() if any(self._is_read_for(handlers._of(kind), after_restore) for kind in kinds)}

    def _is_read_for(self, handler, is_restored):
        """Whether a list is read for the sake of this kind; after a backup came back also where records of ours are looked for."""
        return is_restored and bool(handler._marked_models) or handler._interval != RESTORED and handler._is_read(self)

    def _reading_kinds(self, cursor, kinds):
        """The handlers for whose sake a list is read; none if it is not."""
        if self.reads != "auto" and not cursor.asked:
            return []
        found = map(self.env["xero.handler"]._of, kinds)
        return [handler for handler in found if self._is_read_for(handler, cursor.asked == "restored")]

    def _rings_lately(self):
        """Whether Xero's webhooks reach us: they did within a day."""
        return bool(self.rung_at) and self.rung_at > fields.Datetime.now() - RINGS_LATELY

    # === READ NOW === #

    read_note = fields.Char(compute="_compute_read_note")

    def _compute_read_note(self):
        for connection in self:
            connection.read_note = connection.sudo()._reading_sentence()

    def _reading_sentence(self):
        """How far Xero was read, in a sentence."""
        cursors = self.cursor_ids.filtered(lambda cursor: cursor.name in self._read_lists())
        if unsaid := cursors.filtered("message")[:1]:
            return self.env._("Xero does not say what changed: %s", unsaid.message)
        if any(cursor.asked or cursor.started_at for cursor in cursors) and self.state == "connected":
            return self.env._("Being read in Xero.")
        if not cursors or not all(cursor.read_at for cursor in cursors):
            return self.env._("Not read yet.")
        return self.env._("Read from Xero %s", words.moment(self.env, min(cursors.mapped("read_at"))))

    def action_read_now(self):
        """Read in Xero what was changed there since it was last read; in a run that begins at once."""
        self._check_xero_user()
        self.check_access("read")
        for connection_sudo in self.sudo():
            if reason := connection_sudo._why_not_read():
                return self._notify(reason, "warning")
            self.env["xero.cursor"].sudo()._of(connection_sudo, connection_sudo._read_lists())._ask("person")
            connection_sudo._wake()
        return self._notify(self.env._("Xero is being read. What differs will stand under Documents."))

    def _why_not_read(self):
        """Why Xero is not read now, in a sentence; empty if it is."""
        if self.is_database_copy:
            return self.env._("This database is a copy; only the original may use the Xero connection.")
        if self.state not in ("connected", "paused"):
            return self.state_message or self.env._("The company is not connected to Xero.")
        if not self._allowance().permits(for_person=True):
            return self.env._("Today's calls to Xero are used up. Please try again tomorrow.")
        return self.state_message if self.paused_until and self.paused_until > fields.Datetime.now() else ""
