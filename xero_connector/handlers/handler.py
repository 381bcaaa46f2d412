"""What every kind of document has in common on its way to Xero: snapshot -> map -> send -> bind -> recover.

A handler is an ordinary Odoo ``AbstractModel``; other addons extend it with ``_inherit``. It knows Odoo's records and ring 1's documents.
The steps that talk to Xero get a client and plain items and must not touch the database, so that a run may have several calls in flight.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from odoo import fields, models

from ..xero_core.errors import XeroError

# what is kept of an item while it is on the wire
TRACED = ("res_id", "kind", "res_model", "fingerprint", "xero_id", "sent_as", "label", "last")


@dataclass
class Item:
    """One counterpart ready to be sent: everything a call and its follow-up need, free of Odoo records.

    Most jobs are about the record whose counterpart they send; one about a movement of money sends several, remembered by other records:
    ``kind``, ``res_model`` and ``res_id`` name the binding. ``last`` says that the job has nothing more to do after this.
    """

    job_id: int
    res_id: int
    operation: str  # create | update | remove
    payload: dict
    fingerprint: str
    xero_id: str = ""
    sent_as: dict = field(default_factory=dict)  # how to recognise it in Xero if no answer comes
    label: str = ""
    key: str = ""  # idempotency key of the call it goes with
    content: bytes = b""  # of a file
    kind: str = ""  # these two: the job's, if it says nothing else
    res_model: str = ""
    last: bool = True

    @property
    def id(self):
        """Tells it apart from all others that are on the wire."""
        return (self.job_id, self.kind, self.res_model, self.res_id)

    @property
    def record(self):
        return (self.kind, self.res_model, self.res_id)

    def trace(self):
        """What the job keeps of it until Xero has answered."""
        return {name: getattr(self, name) for name in TRACED}

    @classmethod
    def traced(cls, job):
        """What a job had on the wire, to be looked up; without payload, which is not sent again."""
        return [cls(job_id=job.id, operation=job.operation or "", payload={}, **trace) for trace in job.traces or ()]


@dataclass
class Result:
    """What came of one item: ``remote`` (done), ``errors`` (refused), ``unknown`` (look it up) or ``again`` (an error: not done, retry).

    ``evidence`` is what Xero holds that may explain a refusal; the handler's ``_judge`` turns it into ``remote`` or ``held``, or
    says in words why it goes ``retry``: what stood in its way has just been put right.
    """

    item: Item
    remote: object = None
    errors: tuple = ()
    evidence: list = field(default_factory=list)
    held: "Held | None" = None
    unknown: bool = False
    again: "XeroError | None" = None
    retry: str = ""


class Held(Exception):
    """The document cannot go to Xero until a person has removed a cause.

    :param str code: code of ``xero.problem``
    :param str key: tells causes of one code apart; documents with the same code and key stand behind one problem
    :param str message: what is wrong, one sentence for an accountant
    :param str help: what to do about it
    :param details: Xero's own messages
    :param record: ``(model, id)`` the fix is about, if it is not the document itself
    """

    def __init__(self, code, message, *, key="", help="", details=(), record=(False, False), candidates=None, failed=False):
        super().__init__(message)
        self.code, self.key, self.message, self.help = code, key, message, help
        self.details, self.candidates = tuple(details), candidates
        self.res_model, self.res_id = record
        self.asks = ()  # as of ``Later``
        self.failed = failed  # refused by Xero (shown as failed), not merely held back by us

    def as_json(self):
        """To be kept with a job that goes on with its other counterparts."""
        names = ("code", "key", "message", "help", "details", "res_model", "res_id", "candidates", "failed")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_json(cls, values):
        record = (values["res_model"], values["res_id"])
        return cls(**{name: value for name, value in values.items() if name not in ("res_model", "res_id")}, record=record)


class Behind(Exception):
    """The document waits for another one that is itself held: it stands behind the same problem."""

    def __init__(self, problem, message):
        super().__init__(message)
        self.problem, self.message, self.asks = problem, message, ()


class Later(Exception):
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


# A document that is reset to draft is mostly confirmed again soon: only then is it taken out of Xero.
EDITING = timedelta(hours=1)


class XeroHandler(models.AbstractModel):
    """Interface of the handlers; ``_kind`` is the job's kind and ``_res_model`` the model of its records."""

    _name = "xero.handler"
    _description = "Xero Handler"

    _kind = None
    _res_model = None

    def _check_left(self, move, job):
        """:raise Later: the document is in draft, and somebody may still be at work on it"""
        rest = move.write_date + EDITING - fields.Datetime.now()
        if move.state == "draft" and rest.total_seconds() > 0 and not job.manual:
            message = self.env._("It was reset to draft; if it is not confirmed again within the hour, it is voided in Xero.")
            raise Later(message, rest.total_seconds() + 1)

    def _batch_limit(self, operation):
        """How many documents one call takes; Xero advises about 50 and 3.5 MB."""
        return 50

    def _claim_limit(self):
        """How many jobs are claimed at a time: some calls' worth, and no more than may lie in memory."""
        return 200

    def _enqueue_needed(self, connection):
        """Hook, before the jobs of this kind are claimed: enqueue what other documents need from this kind."""

    def _enqueue_first(self, connection, job_ids):
        """Hook, before these jobs are claimed: enqueue what has to go before them; returns whether anything was."""
        return False

    def _context(self, connection, jobs):
        """Everything the snapshots of ``jobs`` need, read in a number of queries that does not grow with the batch."""
        raise NotImplementedError

    def _item(self, job, context):
        """What to send for ``job``: an item, or a list of them that are of one kind and operation and go in one call.

        :raise Held, Behind, Later, NothingToDo: why there is none
        """
        raise NotImplementedError

    def _is_in_xero(self, job, context):
        """Whether a job that has nothing to do is about something that is in Xero (done), or not (nothing to do)."""
        return job.res_id in context["bindings"]

    def _send(self, client, operation, items, idempotency_key):
        """Send items of one operation in one call; returns a list of ``Result``. Runs in a thread: must not touch the database.

        :raise XeroError: if the call as a whole failed
        """
        written = self._write(client, operation, [item.payload for item in items], idempotency_key)
        results = [
            Result(item, remote=answer.remote if answer.ok else None, errors=answer.errors, unknown=answer.unknown)
            for item, answer in zip(items, written, strict=True)
        ]
        refused = [result for result in results if not result.remote and not result.unknown]
        if refused:
            self._gather(client, operation, refused)
        return results

    def _gather(self, client, operation, refused):
        """Ask Xero for its side of the refusals. The question may itself fail; what the call did write must not be forgotten for that."""
        try:
            evidence = self._evidence(client, operation, [result.item for result in refused])
        except XeroError as error:
            for result in refused:
                result.again = error
        else:
            for result in refused:
                result.evidence = evidence

    def _write(self, client, operation, payloads, idempotency_key):
        """The call itself; returns one ``xero_core.client.Written`` per payload, in their order."""
        raise NotImplementedError

    def _evidence(self, client, operation, items):
        """What Xero holds that may explain why it refused these items; its messages are for people, not for us to read."""
        return []

    def _judge(self, result):
        """Decide what a refusal means: set ``held``, or ``remote`` if the document was there already."""
        result.held = self._refused(result.item, result.errors)

    def _look_up(self, client, items):
        """Ask Xero what became of items without an answer, as their jobs remember them. Must not write.

        :return: ``{item id: remote document or None if it is not in Xero}``
        """
        raise NotImplementedError

    def _binding_values(self, remote):
        """Values of the binding that come from Xero's answer."""
        raise NotImplementedError

    def _remembered(self, remote, sent_as):
        """Values of the binding; ``sent_as`` is what the item said of the document that was sent ({} if nothing)."""
        return self._binding_values(remote)

    def _after_bound(self, connection, res_ids):
        """Hook: these records have just got their binding; other documents may have waited for that."""

    def _after_done(self, connection, res_ids):
        """Hook: these records are in step; what stood behind them may go on. One call per batch."""

    def _after_closed(self, connection, jobs):
        """Hook: these jobs have nothing on the wire any more, whatever came of them; who waits for them may have to look again."""

    def _after_removed(self, connection, res_ids):
        """Hook: the counterparts of these records have just been removed in Xero."""

    def _refused(self, item, errors):
        """The ``Held`` for a document that Xero refused with these messages."""
        return Held(
            "refused",
            self.env._("Xero did not accept %s.", item.label),
            key=f"{self._res_model},{item.res_id}",
            help=self.env._("Correct the document as Xero's message says, then press Retry."),
            details=errors,
            record=(self._res_model, item.res_id),
            failed=True,
        )
