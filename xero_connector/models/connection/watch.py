from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ... import words

GRACE = timedelta(minutes=15)


class XeroConnection(models.Model):
    """The watchdog: seen by whoever opens the Overview, because a scheduled action that does not run cannot report itself."""

    _inherit = "xero.connection"

    watch_hours = fields.Integer(
        "Warn After (Hours)", default=4, help="If documents wait and nothing has reached Xero for so long, the Overview says so."
    )
    watch_message = fields.Text(compute="_compute_watch_message")

    def _compute_watch_message(self):
        for connection in self:
            connection.watch_message = connection.sudo()._what_sleeps()

    def _what_sleeps(self):
        """What is wrong with the scheduled action, in a sentence; empty if nothing is."""
        now = fields.Datetime.now()
        pauses = self.state != "connected" or self.paused_until and self.paused_until > now
        due = None if pauses else self._due_since()
        if not due:
            return False
        cron = self.cron_id.with_context(active_test=False)
        if not cron.active:
            return self.env._("The scheduled action that sends documents is switched off. Nothing reaches Xero.")
        if due < now - GRACE and (not cron.lastcall or cron.lastcall < due):
            return self.env._("Odoo's scheduled actions do not seem to run. Documents wait since %s.", self._local(due))
        last = self._last_success()
        if last and due < last + timedelta(hours=self.watch_hours) < now:
            return self.env._("Nothing has reached Xero since %s, though documents wait.", self._local(last))
        return False

    def _due_since(self):
        """Since when the longest waiting document could have been sent (UTC)."""
        now = fields.Datetime.now()
        self.env["xero.job"].flush_model()
        [(requested,)] = self.env.execute_query(
            SQL(
                """SELECT MIN(GREATEST(j.requested_at, %s)) FROM xero_job j
                    WHERE j.connection_id = %s AND j.state = 'pending' AND (j.next_try IS NULL OR j.next_try <= %s) AND %s""",
                self._came_sql(), self.id, now, self._is_due_sql(),
            )
        )  # fmt: skip
        return requested

    def _last_success(self):
        return self.env["xero.call"].search([("connection_id", "=", self.id), ("ok", "=", True)], order="started desc", limit=1).started

    def _local(self, moment):
        return words.moment(self.env, moment)

    def action_wake(self):
        """Switch the scheduled action on again and have it run."""
        self._check_xero_user()
        self.check_access("read")
        for connection_sudo in self.sudo():
            cron = connection_sudo.cron_id.with_context(active_test=False)
            if not cron.active:
                cron.active = True
            cron._trigger()
        return self._notify(self.env._("The scheduled action was asked to run."))
