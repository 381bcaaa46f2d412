import random
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ... import words
from ...const import AUTOMATIC, CLOSED_STATES, HELD, NO_REASON, ON_ITS_WAY, ON_THE_WIRE, PEOPLE, SPARE, WAITING_STATES

TRANSITIONS = {
    "pending": {"pending", "sending", "approval", "blocked", "failed", "ignored", "done", "cancelled"},
    "sending": {"done", "blocked", "failed", "pending", "uncertain", "cancelled"},
    "uncertain": {"done", "pending", "uncertain", "blocked", "failed", "cancelled"},
    "approval": {"pending", "ignored", "cancelled"},
    "blocked": {"pending", "ignored", "cancelled"},
    "failed": {"pending", "ignored", "cancelled"},
    "ignored": {"pending", "cancelled"},
    "done": set(),
    "cancelled": set(),
}

# what people see of the state of a job ``j``, in SQL
SHOWN_STATE = f"CASE WHEN j.state IN {ON_THE_WIRE} THEN 'pending' ELSE j.state END"
UPSERT = f"""
    INSERT INTO xero_job (connection_id, kind, res_model, res_id, payment_id, state, is_open, priority, manual, tries,
    requested_at, requested_by_id, create_uid, write_uid, create_date, write_date)
    VALUES %s
    ON CONFLICT (connection_id, kind, res_model, res_id) WHERE state IN {WAITING_STATES}
    DO UPDATE SET requested_at = EXCLUDED.requested_at, write_date = EXCLUDED.write_date,
    manual = xero_job.manual OR EXCLUDED.manual, priority = LEAST(xero_job.priority, EXCLUDED.priority),
    requested_by_id = COALESCE(EXCLUDED.requested_by_id, xero_job.requested_by_id),
    payment_id = COALESCE(EXCLUDED.payment_id, xero_job.payment_id), next_try = NULL, tries = 0,
    state = CASE WHEN xero_job.state = 'ignored' AND xero_job.rule_id IS NULL AND NOT EXCLUDED.manual THEN 'ignored' ELSE 'pending' END,
    problem_id = CASE WHEN xero_job.state = 'ignored' THEN xero_job.problem_id END,
    rule_id = NULL, message = NULL, xero_messages = NULL, refused = NULL, needs_room = FALSE
"""


class XeroJob(models.Model):
    """One intended change in Xero: "bring this document in step".

    A job names the document, not the operation: what is to be done (create, update, void, nothing) follows from the
    document and its binding at the moment of sending, so a burst of edits costs one job and an edit that is undone costs none.

    Entry points: ``_enqueue`` (called inside the user's own transaction), ``action_retry``, ``action_ignore``.
    Invariants: at most one waiting job per document and connection (unique index); ``state`` changes only in
    ``_set_state`` (and in the upsert of ``_enqueue``); rows are written by the module only, never over RPC.
    """

    _name = "xero.job"
    _description = "Xero Job"
    _order = "priority, id"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), required=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    payment_id = fields.Many2one("account.payment", ondelete="set null", index="btree_not_null")
    # pending --claimed--> sending --answered--> done | failed | blocked
    #    ^  ^                 |
    #    |  |                 +--no answer--> uncertain --found in Xero--> done
    #    |  +--surely not done, limit--+         +--surely not there--> pending
    #    +--retry, problem solved-- blocked | failed | ignored
    #    +--approved, or changed-- approval
    state = fields.Selection(
        lambda self: [
            *words.selection(words.DOCUMENT, *WAITING_STATES)(self),
            ("sending", self.env._("Sending")),
            ("uncertain", self.env._("Checking")),
            ("done", self.env._("Finished")),
            ("cancelled", self.env._("Nothing to do")),
        ],
        default="pending",
        required=True,
    )
    is_open = fields.Boolean(
        "Not Closed", compute="_compute_is_open", store=True, precompute=True, help="Something is still to come of it."
    )
    message = fields.Text(help="Why the job stands where it stands, in plain words.")
    xero_messages = fields.Text("Messages from Xero")
    problem_id = fields.Many2one("xero.problem", ondelete="set null", index="btree_not_null")
    rule_id = fields.Many2one(
        "xero.rule", ondelete="set null", index="btree_not_null", help="What has decided that it stays where it stands."
    )
    priority = fields.Integer(default=AUTOMATIC)
    manual = fields.Boolean(help="Asked for by a person, not by an automatic rule.")
    tries = fields.Integer()
    next_try = fields.Datetime()
    requested_at = fields.Datetime(default=fields.Datetime.now)
    requested_by_id = fields.Many2one(
        "res.users", ondelete="set null", help="Who did last what it was asked for; empty: nobody, by itself."
    )
    sent_at = fields.Datetime()
    operation = fields.Selection([("create", "Create"), ("update", "Update"), ("remove", "Remove")])
    idempotency_key = fields.Char()
    traces = fields.Json(help="What is on the wire: how to recognise each in Xero if no answer comes (handlers.dispatch.Outgoing.kept).")
    refused = fields.Json(help="What Xero refused of a record with several counterparts, while the rest goes on: reasons by counterpart.")
    needs_room = fields.Boolean(help="What hangs on the document in Xero has to leave for this, and stays away until it is done.")

    _waiting_unique = models.UniqueIndex(
        f"(connection_id, kind, res_model, res_id) WHERE state IN {WAITING_STATES}",
        "This document already waits for Xero.",
    )
    _document_index = models.Index("(res_model, res_id) WHERE is_open")
    _ready_index = models.Index(f"(connection_id, kind, priority, id) WHERE state IN {ON_ITS_WAY}")

    # === ENQUEUE === #

    @api.model
    def _enqueue(self, connection, kind, res_model, res_ids, *, manual=False):
        """Ask for documents to be brought in step; one statement however many they are.

        The row is always written, even if the document already waits: the write makes the runner's claim fail and be repeated
        if it read the document before this transaction's change was visible (PostgreSQL's repeatable read).

        :param connection: one ``xero.connection``
        :param str kind: see the field
        :param list[int] res_ids: ids of ``res_model``; they need not exist any more
        :param bool manual: a person waits for it: goes first, and wakes documents that were set aside
        """
        if not res_ids:
            return
        now = fields.Datetime.now()
        payments = set(self.env[res_model].browse(res_ids).exists().ids) if res_model == "account.payment" else ()
        priority = SPARE if self.env["xero.handler"]._of(kind)._is_spare else PEOPLE if manual else AUTOMATIC
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, 'pending', TRUE, %s, %s, 0, %s, %s, %s, %s, %s, %s)",
                connection.id, kind, res_model, res_id, res_id if res_id in payments else None, priority, manual, now,
                None if self.env.uid == SUPERUSER_ID else self.env.uid, self.env.uid, self.env.uid, now, now,
            )
            for res_id in sorted(set(res_ids))
        )  # fmt: skip
        self.flush_model()
        self.env.cr.execute(SQL(UPSERT, rows))
        self.invalidate_model()
        self._forget_computed_states(res_model, res_ids)
        connection._wake()

    @api.model
    def _forget_computed_states(self, res_model, res_ids):
        """The states shown on documents are read from jobs and bindings; drop what this transaction has cached of them."""
        for model in self.env["xero.document.mixin"]._xero_models():
            self.env[model].invalidate_model(
                [
                    "xero_state",
                    "xero_message",
                    "xero_missing",
                    "xero_checked",
                    "xero_messages",
                    "xero_id",
                    "xero_url",
                    "xero_last_sync",
                    "xero_problem_id",
                ],
                flush=False,
            )

    # === STATE === #

    @api.depends("state")
    def _compute_is_open(self):
        for job in self:
            job.is_open = job.state not in CLOSED_STATES

    def _set_state(self, state, **values):
        """The one way a job changes state; refuses a transition the table does not know.

        :raise ValueError: on a transition that is not allowed: a bug, never a user's mistake
        """
        for job in self:
            if state not in TRANSITIONS[job.state]:
                raise ValueError(f"xero.job {job.id} cannot go from {job.state} to {state}")
        if state in CLOSED_STATES:
            values = {"traces": False, "refused": False, **NO_REASON, **values}
        overtaken = self._replace_newer() if state in WAITING_STATES else self.browse()
        if state in HELD:
            # the document was changed since: what became of its older version is no longer the question
            overtaken.write({"state": "pending", "next_try": False, **NO_REASON})
            (self - overtaken).write({"state": state, **values})
        else:
            self.write({"state": state, **values})
        self._announce()

    def _replace_newer(self):
        """A job that goes back to waiting replaces the younger one that was added while it was on the wire; returns those that did."""
        on_the_wire = self.filtered(lambda job: job.state in ON_THE_WIRE)
        if not on_the_wire:
            return on_the_wire
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT j.id, n.id FROM xero_job j JOIN xero_job n USING (connection_id, kind, res_model, res_id)
                    WHERE j.id = ANY(%s) AND n.id != j.id AND n.state = ANY(%s)""",
                on_the_wire.ids, list(WAITING_STATES),
            )
        )  # fmt: skip
        for job, newer in ((self.browse(job_id), self.browse(newer_id)) for job_id, newer_id in rows):
            job.write({"manual": job.manual or newer.manual, "priority": min(job.priority, newer.priority), "refused": False})
        self.browse(newer_id for _job_id, newer_id in rows).unlink()
        self.flush_model()
        return self.browse(job_id for job_id, _newer_id in rows)

    @api.model
    def _let_go(self, query):
        """Waiting documents whose reason to wait is gone are ready at once.

        :param SQL query: selects the ids of pending and blocked jobs
        """
        self.flush_model()
        jobs = self.browse(row[0] for row in self.env.execute_query(query))
        jobs._set_state("pending", next_try=False, **NO_REASON)
        for job in jobs.filtered("refused"):
            # what Xero refused stays refused; what had no room may have it now
            job.refused = {key: reason for key, reason in job.refused.items() if reason["failed"]} or False

    def _wait(self, reason):
        """Look again later, after what it waits for has been asked for.

        :param reason: a ``handlers.reasons.Wait``
        """
        self._back_off(str(reason), seconds=reason.seconds, count=False)
        if reason.room:
            self.needs_room = True
        self._ask(reason.asks, manual=reason.room or any(self.mapped("manual")))

    def _ask(self, records, manual=False):
        """Have other documents looked at, for these to go on.

        :param records: ``(kind, model, id)`` of each
        """
        asked = {}
        for kind, model, res_id in records:
            asked.setdefault((kind, model), []).append(res_id)
        for (kind, model), ids in asked.items():
            self._enqueue(self.connection_id, kind, model, ids, manual=manual)

    def _keep_refused(self, held):
        """Remember what was refused of it while the rest goes on.

        :param held: fates of its items (``engine.answer.Fate``)
        """
        reasons = {",".join(map(str, fate.item.record)): fate.held.as_json() for fate in held}
        self.refused = {**(self.refused or {}), **reasons}

    def _back_off(self, message, *, seconds=None, count=True):
        """Try again later, the longer the more often it was tried; nothing has happened in Xero."""
        for tries, jobs in self.grouped("tries").items():
            # a little chance, so that what failed together does not come back together
            wait = seconds if seconds is not None else min(3600, 30 * 2**tries) * random.uniform(1, 1.2)  # noqa: S311 - no secret
            jobs._set_state("pending", message=message, tries=tries + count, next_try=fields.Datetime.now() + timedelta(seconds=wait))

    def _before_it(self):
        """How many documents of its connection go before it, kinds left aside: a number to wait by, no promise."""
        self.ensure_one()
        ready = [("connection_id", "=", self.connection_id.id), ("state", "=", "pending"), ("id", "!=", self.id)]
        earlier = ["|", ("priority", "<", self.priority), "&", ("priority", "=", self.priority), ("id", "<", self.id)]
        return self.search_count([*ready, *earlier])

    # === DOCUMENT === #

    def _document(self):
        """The Odoo record, or ``None`` if it no longer exists."""
        self.ensure_one()
        return self.res_model in self.env and self.env[self.res_model].browse(self.res_id).exists() or None

    def _shown_documents(self):
        """The records on whose screens this job's state is shown: ``{model: ids}``."""
        shown, models_shown = {}, self.env["xero.document.mixin"]._xero_models()
        for job in self:
            if job.payment_id:
                shown.setdefault("account.payment", set()).add(job.payment_id.id)
            if job.res_model in models_shown:
                shown.setdefault(job.res_model, set()).add(job.res_id)
        for kind, jobs in self.grouped("kind").items():
            handler = self.env["xero.handler"]._of(kind)
            for model, ids in (handler._also_shown_on(jobs) if handler is not None else {}).items():
                shown.setdefault(model, set()).update(ids)
        return shown

    def _announce(self):
        """Tell open screens that these documents changed; sent when the transaction commits."""
        shown = {model: sorted(ids) for model, ids in self._shown_documents().items()}
        if shown:
            self.env.ref("xero_connector.group_xero_user")._bus_send("xero_connector/state", shown)

    @api.autovacuum
    def _gc_closed(self):
        """Delete closed jobs older than their connection keeps its log."""
        for connection in self.env["xero.connection"].with_context(active_test=False).search([]):
            limit = fields.Datetime.now() - timedelta(days=connection.keep_days)
            closed = [("connection_id", "=", connection.id), ("is_open", "=", False), ("write_date", "<", limit)]
            self.search(closed, limit=10000).unlink()
