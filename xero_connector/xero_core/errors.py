"""Everything that can go wrong between us and Xero, one class per row of what the caller must do about it.

A class says three things: `outcome` (was the change made in Xero?), `scope` (what stops: this document, this run, the connection)
and `remedy` (what to do next). Callers decide on these attributes, never on a message.
"""

from enum import Enum


class Outcome(Enum):
    """What is known about the change after the error."""

    NOT_DONE = "not_done"  # Xero never started on it: sending again is safe
    REFUSED = "refused"  # Xero looked at it and said no: nothing was changed
    UNKNOWN = "unknown"  # it may have been done: look it up before anything is sent again


class Scope(Enum):
    """What has to stop because of the error."""

    DOCUMENT = "document"
    RUN = "run"
    CONNECTION = "connection"


class Remedy(Enum):
    """What helps."""

    RETRY = "retry"
    LOOK_UP = "look_up"
    FIX = "fix"
    RECONNECT = "reconnect"
    WAIT = "wait"


class XeroError(Exception):
    """Base of all errors of this package.

    `message` is plain English and free of secrets and request bodies; `details` are Xero's own messages, as it wrote them;
    `status` is the HTTP status, None when no answer came; `correlation_id` is what Xero's support asks for.
    """

    outcome = Outcome.REFUSED
    scope = Scope.DOCUMENT
    remedy = Remedy.FIX
    first_wait = 60.0  # seconds until it makes sense to try again, if Xero names no time
    longest_wait = 3600.0

    def __init__(self, message: str, *, status: int | None = None, details: tuple[str, ...] = (), correlation_id: str = ""):
        super().__init__(message)
        self.message = message
        self.status = status
        self.details = tuple(details)
        self.correlation_id = correlation_id

    def __str__(self) -> str:
        return " ".join((self.message, *self.details))

    def wait(self, failures: int = 0) -> float:
        """Seconds until the next attempt: as long as Xero says, else twice as long after each of so many failures before this one."""
        said = getattr(self, "retry_after", None)
        return min(self.longest_wait, self.first_wait * 2 ** min(failures, 20)) if said is None else said


# --- no answer, or none that can be read --------------------------------------------------------


class NotReached(XeroError):
    """Nothing was sent (name not found, refused, connect timeout), or only a question was asked, which can be asked again."""

    outcome = Outcome.NOT_DONE
    scope = Scope.RUN
    remedy = Remedy.RETRY
    first_wait = 10.0
    longest_wait = 600.0


class AnswerLost(NotReached):
    """A question (read) whose answer timed out, broke off, was an internal error, or could not be understood. Asking again is safe.

    Mostly a hiccup: worth another attempt within seconds, at first.
    """

    first_wait = 5.0
    longest_wait = 300.0


class OutcomeUnknown(XeroError):
    """A change was sent and it is not known whether Xero made it: read timeout, reset, 5xx, nonsense, idempotency key mismatch."""

    outcome = Outcome.UNKNOWN
    scope = Scope.DOCUMENT
    remedy = Remedy.LOOK_UP


class Unintelligible(OutcomeUnknown):
    """A change was answered with something that is not the promised JSON: HTML, nothing, or the wrong shape."""


class EverythingRefused(XeroError):
    """One document after the other was refused as a whole call: a wrong address, a field Xero no longer takes. Made by the caller."""

    scope = Scope.RUN
    remedy = Remedy.WAIT


# --- limits -------------------------------------------------------------------------------------


class RateLimited(XeroError):
    """429: a limit is used up; nothing was done. `retry_after` is in seconds."""

    outcome = Outcome.NOT_DONE
    scope = Scope.RUN
    remedy = Remedy.WAIT
    default_retry_after = 60.0

    def __init__(self, message: str, *, retry_after: float | None = None, **kwargs):
        super().__init__(message, **kwargs)
        self.retry_after = self.default_retry_after if retry_after is None else retry_after


class MinuteLimit(RateLimited):
    """60 calls a minute for one organisation."""


class ConcurrentLimit(RateLimited):
    """5 calls at the same moment for one organisation; Xero names no time to wait."""

    default_retry_after = 1.0


class AppMinuteLimit(RateLimited):
    """10,000 calls a minute over all organisations of the app."""


class DayLimit(RateLimited):
    """1,000 or 5,000 calls a day for one organisation; the wait may be most of a day."""

    default_retry_after = 3600.0


class Unavailable(XeroError):
    """503: Xero, or this organisation, is off line for maintenance; Xero asks for about 5 minutes. `retry_after` is in seconds."""

    outcome = Outcome.NOT_DONE
    scope = Scope.RUN
    remedy = Remedy.WAIT

    def __init__(self, message: str, *, retry_after: float = 300.0, **kwargs):
        super().__init__(message, **kwargs)
        self.retry_after = retry_after


# --- the connection -----------------------------------------------------------------------------


class TokenExpired(XeroError):
    """401 for an access token past its 30 minutes. Internal: the client renews once and sends once more."""

    outcome = Outcome.NOT_DONE
    scope = Scope.RUN
    remedy = Remedy.RETRY


class ConsentLost(XeroError):
    """The person's consent is gone: disconnected in Xero, expired, or another organisation (a demo company that was reset)."""

    outcome = Outcome.NOT_DONE
    scope = Scope.CONNECTION
    remedy = Remedy.RECONNECT


class ScopeMissing(XeroError):
    """The consent does not cover this; `missing` is the scope to ask for ('' when it cannot be told)."""

    outcome = Outcome.NOT_DONE
    scope = Scope.CONNECTION
    remedy = Remedy.RECONNECT

    def __init__(self, message: str, *, missing: str = "", **kwargs):
        super().__init__(message, **kwargs)
        self.missing = missing


class AppRefused(XeroError):
    """Xero does not accept the app itself: client id, secret, redirect address or requested scopes are wrong. Consents are untouched."""

    outcome = Outcome.NOT_DONE
    scope = Scope.CONNECTION
    remedy = Remedy.FIX


class PermissionDenied(XeroError):
    """403: the person who connected may not do this in Xero (their role), though the connection as such works."""

    scope = Scope.CONNECTION


class NotAllowed(PermissionDenied):
    """403 for one kind of data only: the connection works, and everything else goes on."""

    outcome = Outcome.NOT_DONE
    scope = Scope.DOCUMENT


# --- the document -------------------------------------------------------------------------------


class ValidationRefused(XeroError):
    """400: Xero refused the content; `details` holds every message it gave, nested ones included."""


class TooLarge(XeroError):
    """413: the request has more bytes than Xero takes. Nothing was done; in smaller batches it may go through."""


class HighVolume(XeroError):
    """400, error number 51: the question covers more than 100,000 rows and has to be narrowed."""


class NotFound(XeroError):
    """404: an id in the address or in the body is not in this organisation; of a batch, nothing was done."""
