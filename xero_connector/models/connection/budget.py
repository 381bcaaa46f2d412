from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...const import AUTOMATIC, KEPT_FOR_SENDING
from ...xero_core.http.limits import Allowance

DAY = timedelta(days=1)


class XeroConnection(models.Model):
    """The calls that were made, those that may still be made today, and how long they are remembered.

    Xero counts calls per organisation in a window of 24 hours that begins when Xero likes. When, shows only when a call is refused for the
    day's limit, or when the number of calls left jumps up; until then the day is taken to begin at midnight UTC.
    """

    _inherit = "xero.connection"

    day_budget = fields.Integer(
        "Calls per Day", default=1000, help="Xero allows an organisation 1,000 calls a day through a free app, 5,000 through a paid one."
    )
    day_reserve = fields.Integer(
        "Kept for People",
        default=50,
        help="So many of the day's calls are left for what somebody sends with a click; all else waits for the next day.",
    )
    day_resets_at = fields.Datetime(readonly=True, copy=False, help="A moment at which Xero began, or begins, to count anew (UTC).")
    keep_days = fields.Integer("Keep the Log (Days)", default=30, help="Calls and finished jobs older than this are deleted every night.")
    version_days = fields.Integer(
        "Keep Versions (Days)",
        default=365,
        help="What was sent and what Xero answered is kept so long, and can be undone so long. 0: not at all.",
    )
    last_run = fields.Datetime("Last Call", compute="_compute_calls")
    calls_today = fields.Integer(compute="_compute_calls")
    calls_left = fields.Integer(compute="_compute_calls", help="Calls that may still be made today.")
    limit_message = fields.Text(compute="_compute_limit_message")

    _keep_days_positive = models.Constraint("CHECK (keep_days > 0)", "The log is kept for a day at least.")

    _version_days_positive = models.Constraint("CHECK (version_days >= 0)", "Versions cannot be kept for less than no days.")

    @api.constrains("day_budget", "day_reserve")
    def _check_day_budget(self):
        for connection in self:
            if not 0 <= connection.day_reserve < connection.day_budget:
                raise ValidationError(self.env._("Fewer calls must be kept for people than there are per day."))

    # === THE DAY === #

    def _day(self):
        """When Xero's present day began and when it ends (UTC)."""
        now = fields.Datetime.now()
        anchor = self.day_resets_at or now.replace(hour=0, minute=0, second=0, microsecond=0)
        start = anchor + (now - anchor) // DAY * DAY
        return start, start + DAY

    def _allowance(self):
        """What may still be called today.

        :rtype: Allowance
        """
        self.ensure_one()
        start, _end = self._day()
        calls = [("connection_id", "=", self.id), ("started", ">=", start)]
        calls_sudo = self.env["xero.call"].sudo()
        told = calls_sudo.search([*calls, ("day_remaining", ">=", 0)], order="id desc", limit=1)
        return Allowance(self.day_budget, self.day_reserve, calls_sudo.search_count(calls), told.day_remaining if told else None)

    def _rings_hurry(self):
        """Whether lists are read before their time because Xero rings: it does for what we send, too, and would use up the day with that.

        As long as, beside what is not for reading, so much is left as the rest of the day may need for documents (``_spared_calls``).
        """
        return self._allowance().left > self.day_budget / KEPT_FOR_SENDING + self._spared_calls()

    def _spared_calls(self):
        """How many calls files, and rings, leave to the documents that the rest of the day may bring: half the budget, at its beginning."""
        self.ensure_one()
        left = (self._day()[1] - fields.Datetime.now()) / DAY
        return int((self.day_budget - self.day_reserve) * left / 2)

    def _compute_calls(self):
        calls_sudo = self.env["xero.call"].sudo()
        for connection in self:
            start, _end = connection._day()
            own = [("connection_id", "=", connection.id)]
            connection.calls_today = calls_sudo.search_count([*own, ("started", ">=", start)])
            connection.last_run = calls_sudo.search(own, order="started desc", limit=1).started
            connection.calls_left = max(0, connection._allowance().left)

    def _compute_limit_message(self):
        for connection in self:
            connection.limit_message = connection.sudo()._limit_sentence() if connection.state == "connected" else False

    def _limit_sentence(self):
        """That documents wait for the next day, and what still goes; empty if none does."""
        allowance, waiting = self._allowance(), self._waiting_by_priority()
        if allowance.permits(for_person=False):
            return False
        if allowance.permits(for_person=True):
            waiting = {AUTOMATIC: waiting.get(AUTOMATIC, 0)}  # what people asked for goes now
        if not any(waiting.values()):
            return False
        resets = self._local(self._day()[1])
        if not allowance.permits(for_person=True):
            return self.env._("Today's calls to Xero are used up: %(budget)s. Documents that wait until %(time)s: %(count)s",
                              budget=self.day_budget, count=sum(waiting.values()), time=resets)  # fmt: skip
        return self.env._(
            "Today's calls to Xero are used up, but for the last %(left)s: they are kept for documents that you send yourself with Sync to "
            "Xero. Documents that wait until %(time)s: %(count)s",
            left=allowance.left, count=sum(waiting.values()), time=resets,
        )  # fmt: skip

    def _waiting_by_priority(self):
        domain = [("connection_id", "=", self.id), ("state", "in", ("pending", "uncertain"))]
        return dict(self.env["xero.job"].sudo()._read_group(domain, ["priority"], ["__count"]))
