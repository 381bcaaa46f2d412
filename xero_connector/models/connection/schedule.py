import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ... import words

HOUR, DAY, UTC = timedelta(hours=1), timedelta(days=1), ZoneInfo("UTC")


class XeroConnection(models.Model):
    """When what is sent by itself goes: at once, at every full hour, or once a day.

    Nothing is stored about a document: it goes when an hour of its kind has come since it first waited. So a run that was missed is made up
    for by the next one, and a changed schedule counts for what waits already. What a person asks for goes at once, and what documents name
    (contacts, products) goes with them.
    """

    _inherit = "xero.connection"

    send_at = fields.Float("Once a Day At", default=20.0, required=True, help="For what goes once a day, by the company's clock.")
    send_note = fields.Char(compute="_compute_send_note")

    @api.constrains("send_at")
    def _check_send_at(self):
        if any(not 0 <= connection.send_at < 24 for connection in self):
            raise ValidationError(self.env._("Choose a time of the day, from 0:00 to 23:59."))

    @api.depends("send_at", "sync_invoice", "sync_bill", "sync_credit_note", "sync_payment", "company_id")
    @api.depends_context("lang", "tz")
    def _compute_send_note(self):
        """What goes later than at once, and when it goes next; empty if nothing does."""
        for connection in self:
            said = {}
            for kind, (_last, following) in connection.sudo()._hours().items():
                setting = self.env["xero.handler"]._of(kind)._setting
                said.setdefault(connection._fields[setting]._description_string(self.env), following)
            parts = [f"{label}: {words.ahead(self.env, moment)}" for label, moment in said.items()]
            connection.send_note = " · ".join(parts) or False

    # === HOURS === #

    def _zone(self):
        """The company's time zone, else that of who is responsible."""
        try:
            return ZoneInfo(self.company_id.partner_id.tz or self.responsible_user_id.tz or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            return UTC

    def _hours(self, now=None):
        """``{kind: (the last hour that has come, the next one)}`` (UTC) of the kinds that do not go at once."""
        now, found = now or fields.Datetime.now(), {}
        for handler in self.env["xero.handler"]._all():
            if handler._has_jobs and (rhythm := self._rhythm(handler)):
                found[handler._kind] = self._last_and_next(rhythm, now)
        return found

    def _rhythm(self, handler):
        value = self[handler._setting] if handler._setting in self._fields else ""
        return value if value in ("hourly", "daily") else ""

    def _last_and_next(self, rhythm, now):
        """The hours around ``now``; where the clock is put forward over one, it comes as much later, where back, the first one counts."""
        zone = self._zone()
        here = now.replace(tzinfo=UTC).astimezone(zone)
        if rhythm == "hourly":
            last = now - timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
            return last, last + HOUR
        minutes = round(self.send_at * 60)
        days = [datetime.combine(here.date() + DAY * step, time(minutes // 60, minutes % 60), zone) for step in (-1, 0, 1)]
        moments = [day.astimezone(UTC).replace(tzinfo=None) for day in days]
        return max(each for each in moments if each <= now), min(each for each in moments if each > now)

    # === FOR THE ENGINE === #

    def _is_due_sql(self):
        """SQL condition: an hour of the job ``j`` has come since it first waited, or somebody waits for it."""
        if not (hours := self._hours()):
            return SQL("TRUE")
        last = json.dumps({kind: str(moment) for kind, (moment, _next) in hours.items()})
        return SQL("(j.manual OR j.create_date <= COALESCE((%s::jsonb ->> j.kind)::timestamp, 'infinity'))", last)

    def _hour_sql(self):
        """SQL: when the next hour of the job ``j`` comes, for one that has to wait for it; else NULL."""
        following = json.dumps({kind: str(moment) for kind, (_last, moment) in self._hours().items()})
        return SQL("CASE WHEN %s THEN NULL ELSE (%s::jsonb ->> j.kind)::timestamp END", self._is_due_sql(), following)

    def _came_sql(self):
        """SQL: since when the hour of the job ``j`` has come; NULL if its kind goes at once, or somebody waits for it."""
        last = json.dumps({kind: str(moment) for kind, (moment, _next) in self._hours().items()})
        return SQL("CASE WHEN j.manual THEN NULL ELSE (%s::jsonb ->> j.kind)::timestamp END", last)

    def _hour_of(self, job_sudo):
        """The same of one job; None if it need not wait."""
        last, following = self._hours().get(job_sudo.kind, (None, None))
        return following if last and not job_sudo.manual and job_sudo.create_date > last else None
