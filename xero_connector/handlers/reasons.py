"""Why a document does not go to Xero now."""

from .causes import CAUSES


class Held(Exception):
    """The document cannot go to Xero until a person has removed a cause.

    :param str code: code of ``xero.problem``
    :param str key: tells causes of one code apart; documents with the same code and key stand behind one problem
    :param str message: what is wrong, one sentence for an accountant
    :param str help: what to do about it
    :param details: Xero's own messages
    :param fix: where a person removes the cause, if it is not where causes of this code are removed (``causes``)
    :param record: ``(model, id)`` the fix is about, if it is not the document itself
    """

    def __init__(self, code, message, *, key="", help="", details=(), fix="", record=(False, False), candidates=None, failed=False):
        super().__init__(message)
        self.code, self.key, self.message, self.help = code, key, message, help
        self.fix = fix or CAUSES[code].fix
        self.details, self.candidates = tuple(details), candidates
        self.res_model, self.res_id = record
        self.asks = ()  # as of ``Wait``
        self.failed = failed  # refused by Xero (shown as failed), not merely held back by us

    def as_json(self):
        """To be kept with a job that goes on with its other counterparts."""
        names = ("code", "key", "message", "help", "details", "fix", "res_model", "res_id", "candidates", "failed")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_json(cls, values):
        record = (values["res_model"], values["res_id"])
        return cls(**{name: value for name, value in values.items() if name not in ("res_model", "res_id")}, record=record)


class HeldBehind(Exception):
    """The document waits for another one that is itself held: it stands behind the same problem."""

    def __init__(self, problem, message):
        super().__init__(message)
        self.problem, self.message, self.asks = problem, message, ()


class Wait(Exception):
    """The document waits, for ``seconds`` before it is looked at again: another one is on its way, or somebody is at work on it.

    :param asks: ``(kind, model, id)`` of what has to be looked at for it to go on
    :param room: it waits for what hangs on it in Xero to leave; until it is done, nothing of that comes back
    """

    def __init__(self, message, seconds=60, *, asks=(), room=False):
        super().__init__(message)
        self.seconds, self.asks, self.room = seconds, tuple(asks), room


class NothingToDo(Exception):
    """The document needs no call: unchanged, or neither here nor there."""

    asks = ()


class Asked(NothingToDo):
    """It was changed on both sides: nothing goes until a person has said whose side is right (``xero.drift``)."""


class ToApprove(Exception):
    """A rule asks for somebody's approval before the document goes, or goes on.

    :param rule: ``xero.rule``
    """

    asks = ()

    def __init__(self, rule):
        super().__init__(rule._to_approve_words())
        self.rule = rule


class LeftOut(Exception):
    """A rule keeps the document out of Xero.

    :param rule: ``xero.rule``
    """

    asks = ()

    def __init__(self, rule):
        super().__init__(rule._left_out_words())
        self.rule = rule
