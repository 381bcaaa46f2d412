"""What people read of a state, each word said once: badge, filter, group, counter and chatter take it from here, with its colour and icon.

Colours are the names of the badge's classes in ``static/src/xero.scss``, icons those of Font Awesome.
"""

from typing import NamedTuple

from odoo import fields
from odoo.tools.misc import format_date, format_time
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class Word(NamedTuple):
    """One state, as it is shown everywhere: always icon, word and colour."""

    label: object
    color: str
    icon: str


# of a document; '' is one that has no counterpart and none on its way
NOT_IN_XERO = ""
DOCUMENT = {
    NOT_IN_XERO: Word(_lt("Not in Xero"), "grey", "minus"),
    "pending": Word(_lt("Waiting"), "blue", "clock-o"),
    "approval": Word(_lt("To Approve"), "blue", "hand-paper-o"),
    "blocked": Word(_lt("Held"), "amber", "pause"),
    "failed": Word(_lt("Failed"), "red", "times"),
    "synced": Word(_lt("Synced"), "green", "check"),
    "drift": Word(_lt("Changed in Xero"), "amber", "exchange"),
    "accepted": Word(_lt("Left as It Is"), "grey", "exchange"),
    "ignored": Word(_lt("Left Out"), "grey", "ban"),
    "voided": Word(_lt("Voided"), "grey", "trash-o"),
}
MONEY = {
    "matched": Word(_lt("Matched on the Bank"), "green", "check-circle"),
    "unmatched": Word(_lt("Not Yet on the Bank"), "grey", "hourglass-half"),
}
MONEY_IN = {
    "waiting": Word(_lt("Waiting"), "blue", "clock-o"),
    "asked": Word(_lt("To Decide"), "amber", "question-circle"),
    "proposed": Word(_lt("Maybe the Same"), "amber", "clone"),
    "held": Word(_lt("Held"), "amber", "pause"),
    "twice": Word(_lt("Probably Booked Twice"), "amber", "exclamation-triangle"),
    "seen": Word(_lt("Only in Xero"), "grey", "minus"),
    "booked": Word(_lt("Booked"), "green", "check"),
    "gone": Word(_lt("Removed in Xero"), "grey", "trash-o"),
    "ignored": Word(_lt("Left Out"), "grey", "ban"),
}
MADE = {
    "waiting": MONEY_IN["waiting"],
    "asked": MONEY_IN["asked"],
    "proposed": MONEY_IN["proposed"],
    "held": MONEY_IN["held"],
    "draft": Word(_lt("Draft to Confirm"), "blue", "pencil-square-o"),
    "taken": Word(_lt("Taken In"), "green", "check"),
    "gone": DOCUMENT["voided"],
    "ignored": MONEY_IN["ignored"],
}
APPROVAL = {
    "asked": DOCUMENT["approval"],
    "approved": Word(_lt("Approved"), "green", "check"),
    "back": Word(_lt("Sent Back"), "amber", "undo"),
    "over": Word(_lt("No Longer Asked"), "grey", "minus"),
}
DIFFERENCE = {
    "agrees": Word(_lt("Agrees"), "green", "check"),
    "explained": Word(_lt("Explained"), "amber", "info-circle"),
    "unexplained": Word(_lt("Unexplained"), "red", "exclamation-triangle"),
}
SUGGESTION = {
    "sure": Word(_lt("Sure"), "green", "check"),
    "likely": Word(_lt("Likely"), "blue", "question-circle"),
    "none": Word(_lt("No Suggestion"), "grey", "minus"),
}
BANK_LINE = {
    "open": Word(_lt("To Match"), "blue", "hourglass-half"),
    "matched": Word(_lt("Matched"), "green", "check"),
    "booked": MONEY_IN["booked"],
}
CONNECTION = {
    "connected": Word(_lt("Connected"), "green", "check"),
    "paused": Word(_lt("Paused"), "amber", "pause"),
    "held": Word(_lt("On Hold"), "grey", "hand-paper-o"),
    "reconnect": Word(_lt("Reconnect"), "red", "chain-broken"),
    "draft": Word(_lt("Not Connected"), "grey", "minus"),
    "disconnected": Word(_lt("Disconnected"), "grey", "minus"),
}
RUN = {
    "planned": Word(_lt("Planned"), "grey", "list"),
    "running": Word(_lt("Running"), "blue", "refresh"),
    "paused": Word(_lt("Paused"), "amber", "pause"),
    "done": Word(_lt("Done"), "green", "check"),
    "stopped": Word(_lt("Stopped"), "grey", "stop"),
    "undone": Word(_lt("Undone"), "grey", "undo"),
}
PROBLEM = {
    "open": Word(_lt("Open"), "amber", "exclamation-triangle"),
    "looking": Word(_lt("Looking Again"), "blue", "refresh"),
    "solved": Word(_lt("Solved"), "green", "check"),
}
DRIFT = {
    "open": Word(_lt("To Answer"), "amber", "exchange"),
    "left": DOCUMENT["accepted"],
    "answered": Word(_lt("Answered"), "green", "check"),
    "gone": Word(_lt("No Longer Different"), "grey", "check"),
}
SIDE = {
    "differs": Word(_lt("Differs"), "amber", "exchange"),
    "same": Word(_lt("The Same"), "grey", "check"),
}
MAPPING = {
    "missing": Word(_lt("Choose One"), "red", "hand-o-up"),
    "archived": Word(_lt("Archived in Xero"), "red", "archive"),
    "proposed": Word(_lt("Proposed"), "blue", "lightbulb-o"),
    "confirmed": Word(_lt("Confirmed"), "green", "check"),
    "automatic": Word(_lt("Created When Needed"), "grey", "magic"),
    "unused": Word(_lt("Not Used Yet"), "grey", "minus"),
}
# by the name that the widget ``xero_state`` knows a family by (its option ``words``)
FAMILIES = {
    "document": DOCUMENT,
    "money": MONEY,
    "money_in": MONEY_IN,
    "made": MADE,
    "difference": DIFFERENCE,
    "suggestion": SUGGESTION,
    "bank_line": BANK_LINE,
    "approval": APPROVAL,
    "connection": CONNECTION,
    "run": RUN,
    "problem": PROBLEM,
    "drift": DRIFT,
    "side": SIDE,
    "mapping": MAPPING,
}


def selection(words, *values):
    """The choices of a selection field: these values of ``words``, or all of them; '' is what an empty field shows."""
    chosen = [(value, words[value].label) for value in values or words if value]
    return lambda self: [(value, self.env._(label)) for value, label in chosen]


def for_client(env):
    """All words in the user's language, as the web client has them."""
    return {
        family: {value: {"label": env._(word.label), "color": word.color, "icon": word.icon} for value, word in words.items()}
        for family, words in FAMILIES.items()
    }


def day(env, value):
    """A day in a sentence: "30 Nov", with the year if it is not this one."""
    this_year = value.year == fields.Date.context_today(env.user).year
    return format_date(env, value, date_format="d MMM" if this_year else "d MMM y")


def moment(env, value):
    """A time (UTC) in a sentence, as the user's clock shows it: "7:26 PM" today, "27 Nov, 7:26 PM" before."""
    local = fields.Datetime.context_timestamp(env.user, value)
    time = format_time(env, value, tz=env.user.tz, time_format="short")
    return time if local.date() == fields.Date.context_today(env.user) else f"{day(env, local.date())}, {time}"


def ahead(env, value):
    """A time to come (UTC) in a sentence, as the user's clock shows it: "today at 8:00 PM", "tomorrow at 6:00 AM", "30 Nov at 6:00 AM"."""
    local = fields.Datetime.context_timestamp(env.user, value)
    time, days = format_time(env, value, tz=env.user.tz, time_format="short"), (local.date() - fields.Date.context_today(env.user)).days
    if days in (0, 1):
        return env._("tomorrow at %s", time) if days else env._("today at %s", time)
    return env._("%(day)s at %(time)s", day=day(env, local.date()), time=time)
