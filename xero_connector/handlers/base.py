"""What every kind of document has in common on its way to Xero: snapshot -> map -> send -> bind -> recover.

A handler is an ordinary Odoo ``AbstractModel``; other addons extend it with ``_inherit``. It knows Odoo's records and ring 1's documents.
The steps that talk to Xero get a client and plain items and must not touch the database, so that a run may have several calls in flight.
"""

from dataclasses import dataclass, field

from odoo import models

from ..xero_core.errors import XeroError


@dataclass
class Item:
    """One document ready to be sent: everything a call and its follow-up need, free of Odoo records."""

    job_id: int
    res_id: int
    operation: str  # create | update | remove
    payload: dict
    fingerprint: str
    xero_id: str = ""
    sent_as: dict = field(default_factory=dict)  # how to recognise it in Xero if no answer comes
    label: str = ""
    key: str = ""  # idempotency key of the call it goes with


@dataclass
class Result:
    """What came of one item: ``remote`` (done), ``held`` (refused), ``unknown`` (look it up) or ``again`` (an error: not done, retry)."""

    item: Item
    remote: object = None
    held: "Held | None" = None
    unknown: bool = False
    again: "XeroError | None" = None
    adopted: bool = False
    warnings: tuple = ()


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
        self.failed = failed  # refused by Xero (shown as failed), not merely held back by us


class Behind(Exception):
    """The document waits for another one that is itself held: it stands behind the same problem."""

    def __init__(self, problem, message):
        super().__init__(message)
        self.problem, self.message = problem, message


class Later(Exception):
    """The document waits for another one that is on its way."""


class NothingToDo(Exception):
    """The document needs no call: unchanged, or neither here nor there."""


class XeroHandler(models.AbstractModel):
    """Interface of the handlers; ``_kind`` is the job's kind and ``_res_model`` the model of its records."""

    _name = "xero.handler"
    _description = "Xero Handler"

    _kind = None
    _res_model = None

    def _batch_limit(self, operation):
        """How many documents one call takes; Xero advises about 50 and 3.5 MB."""
        return 50

    def _enqueue_needed(self, connection):
        """Hook, before the jobs of this kind are claimed: enqueue what other documents need from this kind."""

    def _context(self, connection, jobs):
        """Everything the snapshots of ``jobs`` need, read in a number of queries that does not grow with the batch."""
        raise NotImplementedError

    def _item(self, job, context):
        """The item to send for ``job``.

        :raise Held, Behind, Later, NothingToDo: why there is none
        """
        raise NotImplementedError

    def _send(self, client, operation, items, idempotency_key):
        """Send items of one operation in one call; returns a list of ``Result``. Must not touch the database.

        :raise XeroError: if the call as a whole failed
        """
        written = self._write(client, operation, [item.payload for item in items], idempotency_key)
        pairs = list(zip([Result(item) for item in items], written, strict=True))
        for result, answer in pairs:
            result.remote = answer.remote if answer.ok else None
            result.unknown, result.warnings = answer.unknown, answer.warnings
        refused = [(result, answer.errors) for result, answer in pairs if not answer.ok and not answer.unknown]
        if refused:
            self._explain_or_retry(client, operation, refused)
        return [result for result, _answer in pairs]

    def _explain_or_retry(self, client, operation, refused):
        """The question why may itself fail; what the call did write must not be forgotten for that."""
        try:
            self._explain_refused(client, operation, refused)
        except XeroError as error:
            for result, _errors in refused:
                if result.remote is None and result.held is None:
                    result.again = error

    def _write(self, client, operation, payloads, idempotency_key):
        """The call itself; returns one ``xero_core.client.Written`` per payload, in their order."""
        raise NotImplementedError

    def _explain_refused(self, client, operation, refused):
        """Decide what a refusal means, by asking Xero for its data rather than by reading its message.

        :param refused: pairs (result, messages); sets ``held``, or ``remote`` and ``adopted``, on every result
        """
        for result, errors in refused:
            result.held = self._refused(result.item, errors)

    def _look_up(self, client, jobs):
        """Ask Xero what became of jobs without an answer. Must not write.

        :return: ``{job id: remote document or None if it is not in Xero}``
        """
        raise NotImplementedError

    def _binding_values(self, remote):
        """Values of the binding that come from Xero's answer."""
        raise NotImplementedError

    def _after_bound(self, connection, res_ids):
        """Hook: these records have just got their binding; other documents may have waited for that."""

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
