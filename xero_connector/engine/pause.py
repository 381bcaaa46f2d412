import random
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..const import KEPT_FOR_SENDING, ON_THE_WIRE, PEOPLE, SPARE
from ..xero_core import errors
from .turn import LONGEST_WAIT, NOT_ON_THE_WIRE

SPARE_WAIT = timedelta(hours=1)
LONGEST_PAUSE = {"connected": LONGEST_WAIT, "paused": timedelta(hours=25)}


def words(env, error):
    """What an error means, for an accountant."""
    if isinstance(error, errors.DayLimit):
        return env._("Today's calls to Xero are used up; it goes on by itself when Xero counts anew.")
    return env["xero.connection"]._sentence(error)


class Pause:
    """When a connection may be at work, and when its scheduled action comes back."""

    def __init__(self, env, connection):
        self._env, self._connection = env, connection

    def is_over(self):
        """Whether the connection may be at work now; a pause whose time has come ends."""
        connection, now = self._connection, fields.Datetime.now()
        if connection.state == "paused" and connection.paused_until and connection.paused_until <= now:
            connection._set_state("connected")
        until = connection.paused_until
        waits = until and now < until <= now + LONGEST_PAUSE.get(connection.state, LONGEST_WAIT)
        if waits:
            connection._wake(until)
        return connection._is_live() and not waits

    def went_well(self):
        if self._connection.state_message or self._connection.paused_until or self._connection.failures:
            self._connection.write({"state_message": False, "paused_until": False, "failures": 0})

    def stopped(self, error, made_progress=False):
        """A run ended early: note why, and when it makes sense to go on. One that got somewhere is no sign of a lasting trouble."""
        self._connection.failures *= not made_progress
        resumes = fields.Datetime.now() + self._after(error)
        self._connection.failures += 1
        if isinstance(error, errors.DayLimit) and self._connection.state != "draft":
            self._connection._set_state("paused", words(self._env, error))
            self._connection.day_resets_at = resumes
        elif self._connection._apply_error(error) and not isinstance(error, errors.PermissionDenied):
            return  # only a person can help
        self._connection.write({"paused_until": resumes, "state_message": words(self._env, error)})

    def _after(self, error):
        """How long until the connection is tried again: what Xero asks for, else the longer the more runs in a row have failed.

        A little chance in it keeps the connections of many companies from all coming back at the same moment.
        """
        wait = 3600.0 if isinstance(error, errors.PermissionDenied) else error.wait(self._connection.failures)
        if getattr(error, "retry_after", None) is None:
            wait *= random.uniform(1, 1.2)  # noqa: S311 - no secret
        return min(timedelta(seconds=wait), LONGEST_PAUSE["paused" if isinstance(error, errors.DayLimit) else "connected"])

    def wake_for_rest(self):
        """Have the cron come back when the earliest waiting job may be tried again, and the day's calls suffice for it.

        So it does for what is to be read in Xero.
        """
        if self._connection.state not in ("connected", "paused"):
            return
        now, earliest = fields.Datetime.now(), self._earliest()
        moments = [max(moment or now, self._may_go_at(priority)) for priority, moment in earliest]
        moments += [self._may_go_at(PEOPLE)] if self._connection.restored_from else self._next_reading()
        # after a backup came back nothing is decided before all of that was read
        if not self._connection.restored_from and any(self._env[model]._is_left(self._connection) for model in ("xero.money", "xero.made")):
            moments.append(now)
        if moments:
            self._connection._wake(max(min(moments), self._connection.paused_until or min(moments)))

    def _may_go_at(self, priority):
        """When the day's calls suffice for what has this priority: at once, or when they are counted anew."""
        allowance, now, (_began, next_day) = self._connection._allowance(), fields.Datetime.now(), self._connection._day()
        if not allowance.permits(priority == PEOPLE):
            return next_day
        if priority == SPARE and not allowance.permits(False, self._connection._spared_calls()):
            return min(next_day, now + SPARE_WAIT)  # the less is left of the day, the fewer calls are kept
        return now

    def _next_reading(self):
        """When the first list is due, as a list of one moment at most; what people ask for may take the last calls of the day."""
        readings, allowance = self._connection._readings(), self._connection._allowance()
        if allowance.left <= self._connection.day_budget / KEPT_FOR_SENDING:
            asked = [max(moment, self._may_go_at(PEOPLE)) for cursor, moment in readings if cursor.asked]
            return [min(asked)] if asked else [self._connection._day()[1]] if readings else []
        return [min(moment for _cursor, moment in readings)] if readings else []

    def _earliest(self):
        """Per priority, when the first waiting job is due; a question about an uncertain one is never put off to keep calls."""
        self._env["xero.job"].flush_model()
        return self._env.execute_query(
            SQL(
                """SELECT CASE WHEN j.state = 'uncertain' THEN %s ELSE j.priority END,
                          MIN(GREATEST(COALESCE(j.next_try, j.create_date), CASE WHEN j.state = 'pending' THEN %s END))
                     FROM xero_job j
                    WHERE j.connection_id = %s AND (j.state = ANY(%s) OR j.state = 'pending' AND %s)
                 GROUP BY 1""",
                PEOPLE, self._connection._hour_sql(), self._connection.id, list(ON_THE_WIRE), NOT_ON_THE_WIRE,
            )
        )  # fmt: skip
