from odoo import models
from odoo.tools.translate import LazyTranslate

from ...xero_core import errors, values
from ...xero_core.arithmetic import tracking
from ...xero_core.fingerprint import fingerprint
from ...xero_core.resources import manual_journals as resource
from ...xero_core.resources import normal
from ...xero_core.resources.batches import folded
from ...xero_core.resources.manual_journals import ManualJournal, RemoteManualJournal
from .. import mark
from ..dispatch import Outgoing, Result
from ..reasons import Held, NothingToDo
from .lines import JournalReading
from .trace import JournalTrace

_lt = LazyTranslate(__name__)


class XeroHandlerJournal(models.AbstractModel):
    """Journal entries, each as one posted manual journal.

    Manual journals have no number and Xero would make the same one twice, so before any is made Xero is asked for those of its day; ours
    are known by the narration, which ends in the entry's mark, or the link back, together with the day and the sum of the debits.
    """

    _name = "xero.handler.journal"
    _inherit = "xero.handler.journal.lines"
    _description = "Xero Handler: Journal Entries"

    _kind = "journal"
    _is_counted = True
    _is_told = True
    _moves = ("entry",)
    _label = _lt("Journal Entry")
    _sequence = 50
    _setting = ""
    _res_model = "account.move"
    _trace = JournalTrace
    _is_distributed = True
    _is_ruled = True

    def _page(self, short_code, row):
        return values.journal_url(short_code, row["xero_id"])

    def _read(self, connection, jobs):
        records = self.env[self._res_model].browse(jobs.mapped("res_id")).exists()
        bindings = self.env["xero.binding"]._by_record(connection, self._res_model, jobs.mapped("res_id"), [self._kind])
        return self._reading_of(connection, records, bindings)

    def _reading_of(self, connection, records, bindings):
        """What the journals of these records need.

        :rtype: JournalReading
        """
        return JournalReading(
            connection,
            bindings=bindings,
            records={record.id: record for record in records},
            tracking=self._tracking_table(connection, records),
            base_url=self.env["ir.config_parameter"].sudo().get_param("web.base.url", ""),
            policies=connection._entry_policies(),
            **self._accounts_of_lines(connection),
        )

    def _enqueue_first(self, connection, job_ids):
        return self.env["xero.handler.option"]._enqueue_needed(connection, job_ids)

    def _tracking_table(self, connection, moves):
        return self.env["xero.handler.tracking"]._load(connection, moves.line_ids)

    def _decide(self, job, reading):
        """What is to be done about a journal entry.

        | posted | its policy says so, or it is there | in Xero | as it was sent | then                                           |
        | ------ | ---------------------------------- | ------- | -------------- | ---------------------------------------------- |
        | no     |                                    | no      |                | nothing                                        |
        | no     |                                    | yes     |                | it is voided; one in draft after an hour       |
        | yes    | no                                 | no      |                | nothing                                        |
        | yes    | yes                                | no      |                | it is made                                     |
        | yes    | yes                                | yes     | yes            | nothing                                        |
        | yes    | yes                                | yes     | no             | it is changed                                  |

        What is voided in Xero counts as not there.
        """
        move, binding = reading.records.get(job.res_id), reading.bindings.get(job.res_id)
        if binding and not binding.is_there:
            binding = None  # the end of that one in Xero: the entry, posted again, is made anew
        if binding and (not move or move.state != "posted"):
            if move:
                self._check_left(move, job)
            self._check_asked(None, binding)
            return self._removal(job, binding, reading.connection)
        self._check_wanted(move, binding, job, reading)
        self._check_asked(move, binding)
        return self._made(job, move, binding, self._postings(move), reading)

    def _check_wanted(self, move, binding, job, reading):
        """:raise NothingToDo: the entry is not to be sent by itself"""
        if not move or move.state != "posted":
            raise NothingToDo(self.env._("The document is not posted."))
        against = self._reason_against_entry if job.manual else self._reason_not_sent
        reason = against(move, reading.connection, reading.policies)
        if not binding and reason:
            raise NothingToDo(reason)

    def _made(self, job, record, binding, postings, reading):
        """The item that makes or changes the manual journal of ``record``; one that stays as it is may stand in a closed period."""
        self._check_ready(record, reading.connection)
        if not binding:
            self._check_lock_date(record.date, reading.connection)
        lines, types = self._journal_lines(postings, reading, (self._res_model, record.id))
        if len(lines) < resource.MIN_LINES:
            raise NothingToDo(self.env._("It moves no money."))
        journal = ManualJournal(
            narration=f"{self._narration(record)} {mark.told(record)}",
            date=record.date,
            lines=lines,
            line_amount_types=types,
            url=mark.link(record, reading.base_url),
            xero_id=binding.xero_id if binding else "",
        )
        self._check_amounts(journal, record)
        self._check_balance(journal, record, reading.connection)
        payload = resource.to_xero(journal)
        digest = fingerprint(self._unmarked(payload, record))
        if binding and binding.sent == digest:
            raise NothingToDo(self.env._("Nothing had changed."))
        self._check_lock_date(record.date, reading.connection)
        return self._outgoing(job, record, binding, journal, payload, digest, reading)

    def _outgoing(self, job, record, binding, journal, payload, digest, reading):
        trace = self._trace(
            narration=journal.narration,
            url=journal.url,
            date=journal.date,
            total=resource.debits(journal, reading.connection.tie_rounding),
            tracking=tracking.tagged(journal.lines),
            options=reading.tracking.option_names(),
        )
        return Outgoing(
            job_id=job.id,
            res_id=record.id,
            operation="update" if binding else "create",
            payload=payload,
            fingerprint=digest,
            xero_id=journal.xero_id,
            trace=trace,
            label=record.display_name,
        )

    def _narration(self, move):
        """The entry's number, and what it is about; its mark is added, which makes it one of a kind."""
        return ": ".join(filter(None, (move.name, move.ref)))[:400]

    def _unmarked(self, payload, record):
        """As older versions have sent it, with the record's id for a mark: what was in step then is in step now."""
        plain = {name: mark.unmarked(value) if name == "Url" else value for name, value in payload.items() if name != "ManualJournalID"}
        return {**plain, "Narration": f"{payload['Narration'].removesuffix(mark.told(record))}{self._old_mark(record)}"}

    def _old_mark(self, record):
        return f"#{record.id}"

    def _removal_payload(self, binding):
        return resource.removal(binding.xero_id, binding.xero_status)

    # === CHECKS BEFORE SENDING === #

    def _check_ready(self, record, connection):
        """Causes known beforehand that hold any manual journal back.

        :raise Held: naming the cause
        """
        self._check_confirmed(connection)
        currency = connection.company_id.currency_id.name
        if connection.base_currency and connection.base_currency != currency:
            raise Held(
                "currency_missing",
                self.env._("Xero keeps its journals in %(xero)s, Odoo in %(odoo)s.", xero=connection.base_currency, odoo=currency),
                key="base",
                help=self.env._("Manual journals know no other currency. Set these journals to “Not sent”."),
            )

    def _check_balance(self, journal, record, connection):
        """:raise Held: Xero's arithmetic would not arrive at a journal that balances"""
        imbalance = resource.imbalance(journal, connection.tie_rounding)
        odd = next((line.amount for line in journal.lines if line.amount != round(line.amount, 2)), None)
        if not imbalance and odd is None:
            return
        message = self.env._(
            "In Xero, debits and credits of %(entry)s would differ by %(amount)s.", entry=record.display_name, amount=imbalance
        )
        if odd is not None:
            message = self.env._("%(entry)s has an amount of %(amount)s; Xero keeps two decimals.", entry=record.display_name, amount=odd)
        raise Held(
            "totals_differ",
            message,
            key=f"{self._res_model},{record.id}",
            help=self.env._("Correct the entry, or enter it in Xero by hand and ignore it here."),
            record=(self._res_model, record.id),
        )

    # === SEND === #

    def _asked_first(self, items):
        return items

    def _send(self, client, operation, items, idempotency_key):
        try:
            return super()._send(client, operation, items, idempotency_key)
        except errors.NotAllowed as error:
            return [Result(item, errors=error.details, evidence=[error]) for item in items]

    def _is_ours(self, trace, remote):
        """Made of this very entry, and posted."""
        if not isinstance(remote, RemoteManualJournal) or remote.status != "POSTED":
            return False
        same = trace.narration and folded(remote.narration) == folded(trace.narration) or mark.same(trace.url, remote.url)
        return bool(same) and remote.total == trace.total and remote.date == trace.date

    def _is_same(self, item, remote):
        counts = isinstance(remote, RemoteManualJournal) and remote.status == "POSTED" and remote.complete
        return counts and bool(item.payload) and normal.repeats(resource.from_xero(item.payload).told, remote.told, item.trace.options)

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_manual_journals(payloads, idempotency_key)
        return client.update_manual_journals(payloads)

    def _evidence(self, client, operation, items):
        if operation == "create":
            found = client.manual_journals(_days(items))
        else:
            found = [remote for item in items if (remote := client.manual_journal(item.xero_id))]
        return [*found, *(client.options() if any(item.trace.tracking for item in items) else ())]

    def _judge(self, result):
        if result.evidence and isinstance(result.evidence[0], errors.NotAllowed):
            result.held = self._held_permission(result.errors)
        else:
            super()._judge(result)

    def _why_refused(self, result):
        item, details = result.item, result.errors
        if held := self.env["xero.handler.tracking"]._why_refused(result):
            return held
        remote = next((found for found in result.evidence if found.xero_id == item.xero_id), None)
        if remote and remote.status in resource.REMOVED:
            return self._held_void(item, details)
        return self._lock_in_the_way(item, remote, details) or super()._why_refused(result)

    def _lock_in_the_way(self, item, remote, details):
        """The ``Held`` for a journal that stands in a locked period in Xero; None if it does not."""
        try:
            if remote and remote.date:
                self._check_lock_date(remote.date, self.env["xero.job"].browse(item.job_id).connection_id)
        except Held as locked:
            locked.details = details
            return locked
        return None

    def _held_void(self, item, details):
        return Held(
            "refused",
            self.env._("%s was voided in Xero.", item.label),
            key=f"{self._res_model},{item.res_id}",
            help=self.env._(
                "If that is right, cancel it in Odoo too. If not, cancel it, reset it to draft and post it: it is made anew in Xero."
            ),
            details=details,
            record=(self._res_model, item.res_id),
            failed=True,
        )

    def _held_permission(self, details):
        return Held(
            "no_permission",
            self.env._("The person who connected may not see or make manual journals in Xero."),
            help=self.env._(
                "Give that person the role Adviser, or the permission to see reports, in Xero; then press Retry. All else goes on."
            ),
            details=details,
        )

    # === RECOVER AND BIND === #

    def _candidates(self, client, creates, removals):
        found = client.manual_journals(_days(creates)) if creates else []
        return [*found, *filter(None, (client.manual_journal(item.xero_id) for item in removals))]

    def _binding_values(self, remote):
        return {"number": remote.narration, "xero_status": remote.status, "xero_total": float(remote.total or 0), "date": remote.date}


def _days(items):
    return {item.trace.date for item in items}
