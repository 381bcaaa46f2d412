"""What every kind of document has in common on its way to Xero: snapshot -> map -> send -> bind -> recover.

A handler is an ordinary Odoo ``AbstractModel``; other addons extend it with ``_inherit``. It knows Odoo's records and ring 1's documents.
The steps that talk to Xero get a client and plain items and must not touch the database, so that a run may have several calls in flight.
"""

from odoo import models

from ..const import GONE
from ..xero_core.errors import XeroError
from ..xero_core.fingerprint import of_form
from ..xero_core.resources import normal
from .dispatch import Result
from .reasons import Held
from .trace import Trace


class XeroHandler(models.AbstractModel):
    """Interface of the handlers. Kinds are found, not listed: whatever inherits from this and has a ``_kind`` is one.

    Entry points: ``_codes``, ``_of`` (``found``). Of a kind the engine and the screens know only what its handler says.
    """

    _name = "xero.handler"
    _description = "Xero Handler"

    # === WHAT I AM === #

    _kind = None  # what jobs and bindings call it; None: no kind, but something that kinds have in common
    _label = ""  # what people call it (translated lazily)
    _sequence = 100  # in a run kinds go in this order: nothing before what it names
    _res_model = None  # of its records
    _setting = ""  # the connection's field that says when it is sent; '' for what follows from others
    _moves = ()  # of a kind made of journal entries: the types it is made of
    _has_jobs = True  # False: a counterpart that is part of another record's job
    _goes_along = False  # sent with the documents that name it, whatever its setting says
    _is_spare = False  # sent with calls that nothing else is likely to need
    _settles = ""  # 'one' or 'several': of how many documents in Xero its counterpart takes off what is open
    _trace = Trace  # what is remembered of what is on the wire
    _is_credit = False  # a document that takes off what others are about
    _is_named = False  # documents name it: what of it they need goes before them
    _is_distributed = False  # a document whose lines may carry tracking options
    _is_under_contact = False  # a counterpart of money that stands under a contact, not under a document
    _is_companion = False  # goes beside another counterpart of the same record, which is the one that people see as the record's
    _is_difference = False  # a counterpart of what an entry books beside the money and the debt
    _files_at = ""  # of a document that takes files: how Xero calls their place
    _owner_kind = ""  # the kind of job that decides about a counterpart that another record remembers

    def _page(self, short_code, row):
        """Address of the page in Xero on which people see the counterpart; False if it has none.

        :param str short_code: the organisation's
        :param dict row: ``xero_id``, ``xero_type`` and ``parent_xero_id`` of the binding
        """
        return False

    def _known_as(self, records):
        """``{id: the record under which people know it}`` of records that bindings of the kind name."""
        return {record.id: record for record in records}

    def _ids_under(self, model, ids):
        """Ids of the kind's records that people know under these records of another model."""
        return []

    def _also_shown_on(self, jobs):
        """Records, beside those that these jobs name, that show how they stand: ``{model: ids}``."""
        return {}

    # === WHAT IT TAKES; what changes in Odoo, and is asked for because of it: see ``changes`` === #

    def _batch_limit(self, operation):
        """How many documents one call takes; Xero advises about 50 and 3.5 MB."""
        return 50

    def _claim_limit(self):
        """How many jobs are claimed at a time: some calls' worth, and no more than may lie in memory."""
        return 200

    def _enqueue_needed(self, connection, job_ids=None):
        """Hook, before the jobs of this kind are claimed: enqueue what other documents need from this kind; returns whether anything was.

        :param job_ids: what the documents of these jobs need; those that wait if ``None``
        """

    def _enqueue_first(self, connection, job_ids):
        """Hook, before these jobs are claimed: enqueue what has to go before them; returns whether anything was."""
        return False

    def _read(self, connection, jobs):
        """Everything the decisions about ``jobs`` need, as a ``Reading``, in a number of queries that does not grow with the batch."""
        raise NotImplementedError

    # === DECIDE === #

    def _decide(self, job, reading):
        """What to send for ``job``: one thing, or a list of them that are of one kind and operation and go in one call.

        A pure reading: it writes nothing, enqueues nothing, asks nobody but the database, and leaves ``reading`` as it is, so that it may
        be asked by whoever wants to know. What has to happen for the job to go on, a reason says (``asks``) and the engine does. The
        docstring of each is its decision table.

        :rtype: Outgoing or list[Outgoing]
        :raise Held, HeldBehind, Wait, NothingToDo: why there is none
        """
        raise NotImplementedError

    def _is_in_xero(self, job, reading):
        """Whether a job that has nothing to do is about something that is in Xero (done), or not (nothing to do)."""
        return job.res_id in reading.bindings

    # === SEND === #

    def _send(self, client, operation, items, idempotency_key):
        """Send items of one operation; returns a list of ``Result``. Runs in a thread: must not touch the database.

        What Xero would make a second time is looked for first.

        :raise XeroError: if a call as a whole failed
        """
        made = self._made_before(client, items) if operation == "create" else {}
        new = [item for item in items if item.id not in made]
        results = [Result(item, remote=made[item.id], adopted=True) for item in items if item.id in made]
        return results + (self._call(client, operation, new, idempotency_key) if new else [])

    def _made_before(self, client, items):
        """What is in Xero although nothing here remembers it (an older backup, a connection made anew): ``{item id: remote}``."""
        doubtful = self._asked_first(items)
        found = self._recognise(client, doubtful) if doubtful else {}
        return {item_id: remote for item_id, remote in found.items() if remote}

    def _asked_first(self, items):
        """Those of items to be made that Xero itself would not refuse if they were there already: only for these it is worth a question."""
        return []

    def _call(self, client, operation, items, idempotency_key):
        """As ``_send``, of what is not there."""
        written = self._write(client, operation, [item.payload for item in items], idempotency_key)
        return self._results(client, operation, items, written)

    def _results(self, client, operation, items, written):
        """What a call has written, and Xero's side of what it refused."""
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
        """Decide what a refusal means: ``remote`` if it is there already (a removal: gone), else ``held``, or ``retry``."""
        item = result.item
        if item.operation == "create":
            result.remote = self._own(item, self._free(item, result.evidence))
        elif item.operation == "remove":
            result.remote = self._ended(item, result.evidence)
        if not result.remote:
            result.held = self._why_refused(result)

    def _free(self, item, remotes):
        """Hook: those of these records of Xero that are known to be no others'."""
        return remotes

    def _why_refused(self, result):
        """The ``Held`` for a document that Xero refused, as far as the evidence tells why."""
        return self._refused(result.item, result.errors)

    # === RECOGNISE === #

    def _recognise(self, client, items):
        """Ask Xero for the records of these items, as their traces describe them.

        One answer to two questions: "was it made before?", of what Xero would make twice, and "what became of it?", if no answer came.

        * to be made: the record that was made of this very document and still counts; none is given to two of them
        * to be removed: the record, if it is gone
        * to be changed: not asked about, as it can be repeated

        May run in a thread: must neither write nor touch the database.

        :return: ``{item id: remote, or None if there is none}``
        :raise XeroError: if the question was not answered
        """
        creates, removals = ([item for item in items if item.operation == operation] for operation in ("create", "remove"))
        remotes = self._candidates(client, creates, removals)
        return self._owns(creates, remotes) | {item.id: self._ended(item, remotes) for item in removals}

    def _known_by_now(self, items):
        """Hook, before it is asked what became of items: the same with what has come to be known since they were sent."""
        return items

    def _candidates(self, client, creates, removals):
        """What Xero has among which the records of these items are, if anywhere; as few questions as that takes."""
        raise NotImplementedError

    def _owns(self, items, remotes):
        found, free = {}, list(remotes)
        for item in items:
            found[item.id] = own = self._own(item, free)
            free = [remote for remote in free if remote is not own]
        return found

    def _own(self, item, remotes):
        """The one of these records that is the counterpart of what was sent: of its mark, else with all it says; None if none is."""
        ours = (remote for remote in remotes if self._is_ours(item.trace, remote))
        alike = (remote for remote in remotes if remote.status not in GONE and self._is_same(item, remote))
        return next(ours, None) or next(alike, None)

    def _is_ours(self, trace, remote):
        """Whether a record of Xero, of whatever page, was made of the document with this trace and still counts.

        By its mark (``mark``): ids, numbers and addresses come again in a restored or copied database, and alone prove nothing.
        """
        raise NotImplementedError

    def _is_same(self, item, remote):
        """Whether a record that counts, but bears no mark of this document, says the very same, so that it may be taken for it."""
        return False

    def _take_over(self, item, remote):
        """Hook: ``remote`` was there already and becomes the counterpart. What was not compared is not remembered as sent."""

    def _ended(self, item, remotes):
        """The record that was to be removed, if these say that it is gone."""
        return next((remote for remote in remotes if remote.xero_id == item.xero_id and remote.status in GONE), None)

    # === REMEMBER === #

    def _binding_values(self, remote):
        """Values of the binding that come from Xero's answer."""
        raise NotImplementedError

    def _remembered(self, remote, trace):
        """Values of the binding; ``trace`` is what was remembered of the document while it was on the wire."""
        return self._binding_values(remote)

    def _seen(self, remote):
        """Fingerprint of what Xero holds: the same content has the same one, whatever its stamps. '' if the answer does not say it all."""
        snapshot = getattr(remote, "snapshot", None)
        return of_form(normal.form(snapshot, normal.BY_NAME)) if snapshot else ""

    def _taken(self, item, other):
        """The ``Held`` for a document whose counterpart in Xero already belongs to another Odoo record, by its binding ``other``.

        ``None`` if nobody needs that pair any more; the hook has removed it then.
        """
        record = self.env[other.res_model].browse(other.res_id).exists()
        return Held(
            "number_in_use",
            self.env._("Its counterpart in Xero already belongs to %s.", record.display_name or other.number),
            key=f"{item.res_model},{item.res_id}",
            help=self.env._("Give this one another name, or merge the two in Odoo, then press Retry."),
            record=(item.res_model, item.res_id),
        )

    # === WHAT FOLLOWS === #

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
