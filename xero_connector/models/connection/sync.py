from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ... import words
from ...const import ON_ITS_WAY
from ..audit.xero_audit import SYNC


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    # === WHAT IS SENT BY ITSELF === #

    def _sends(self, kind, manual=False):
        """Whether documents of ``kind`` are enqueued by themselves (or, with ``manual``, at all).

        A connection that was ever made keeps enqueueing while it is interrupted: nothing that happens meanwhile is forgotten.
        """
        if not self or not self.tenant_id:
            return False
        mode = self._mode(kind)
        return mode == "auto" or (manual and mode == "manual")

    def _mode(self, kind):
        """When documents of ``kind`` are sent: 'auto', 'manual' or 'off'; never if no installed module knows the kind or its setting."""
        handler = self.env["xero.handler"]._of(kind)
        if handler is None or (handler._setting and handler._setting not in self._fields):
            return "off"
        mode = self[handler._setting] if handler._setting else "auto"
        return "auto" if mode in ("hourly", "daily") else mode

    def _sent_move_types(self):
        """The types of Odoo's documents that are sent to Xero, by themselves or when somebody asks."""
        return [each for each, kind in self.env["xero.handler"]._move_types().items() if each != "entry" and self._mode(kind) != "off"]

    def _reason_against_kind(self, kind):
        """Why no document of ``kind`` is sent at all, in a sentence; empty if they are."""
        if self._mode(kind) != "off":
            return ""
        handler = self.env["xero.handler"]._of(kind)
        if handler is None or handler._setting not in self._fields:
            return self.env._("Such documents are not sent: the module that does it is missing, or not up to date.")
        return handler._why_missing("off", self)

    def _known_ids(self, res_model, res_ids):
        """Those of ``res_ids`` that are in Xero or on their way there; one query."""
        if not res_ids or not self:
            return []
        self.env["xero.job"].flush_model()
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT res_id FROM xero_binding WHERE connection_id = %(connection)s AND res_model = %(model)s AND res_id = ANY(%(ids)s)
                    UNION
                   SELECT res_id FROM xero_job WHERE connection_id = %(connection)s AND res_model = %(model)s AND res_id = ANY(%(ids)s)
                      AND is_open""",
                connection=self.id, model=res_model, ids=list(res_ids),
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    def _known_kinds(self, res_model, res_ids):
        """``{kind: ids}`` of those of ``res_ids`` that are in Xero or on their way there; one query."""
        if not res_ids or not self:
            return {}
        self.env["xero.job"].flush_model()
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT kind, array_agg(DISTINCT res_id) FROM (
                       SELECT kind, res_id FROM xero_binding
                        WHERE connection_id = %(connection)s AND res_model = %(model)s AND res_id = ANY(%(ids)s)
                        UNION
                       SELECT kind, res_id FROM xero_job
                        WHERE connection_id = %(connection)s AND res_model = %(model)s AND res_id = ANY(%(ids)s)
                          AND is_open) known
                 GROUP BY kind""",
                connection=self.id, model=res_model, ids=list(res_ids),
            )
        )  # fmt: skip
        return dict(rows)

    def _wake(self, at=None):
        """Have the connection's own cron run once this transaction has committed, or at ``at`` (UTC)."""
        for connection_sudo in self.sudo():
            if connection_sudo.cron_id and connection_sudo.state in ("connected", "paused"):
                connection_sudo.cron_id.fetch(["active"])  # all that a trigger asks for
                connection_sudo.cron_id._trigger(at)

    def _waiting_words(self, job_sudo=None):
        """What comes of documents that nothing holds: when they go, or why nothing does."""
        if self.state == "connected" and job_sudo and (hour := self._hour_of(job_sudo)):
            return self.env._("Goes %s.", words.ahead(self.env, hour))
        if self.state == "connected":
            return self.env._("Goes in the next run.")
        return self.state_message or self.env._("Waits until the company is connected to Xero again.")

    # === RUNS === #

    restored_from = fields.Datetime(
        readonly=True, copy=False, help="The last call that a restored backup remembers: the next run compares what was changed since."
    )

    @api.model
    def _cron_run(self, connection_id):
        """One run of one connection; called by the connection's own cron, which Odoo never runs twice at a time."""
        connection = self.browse(connection_id).exists()
        if connection:
            self.env["xero.runner"].with_company(connection.company_id)._run(connection.with_company(connection.company_id))

    def action_sync_now(self):
        """Look for everything that is not in step, and send it."""
        self._check_xero_user()
        self.check_access("read")
        for connection_sudo in self.sudo():
            self.env["xero.problem"]._look_for(connection_sudo)
            connection_sudo._enqueue_what_differs()
            connection_sudo._wake()
        self._keep_act(SYNC)
        waiting = (
            self.env["xero.job"]
            .sudo()
            .search_count([("connection_id", "in", self.ids), ("state", "in", ("pending", "sending", "uncertain"))])
        )
        if not waiting:
            return self._notify(self.env._("Everything is in step with Xero."))
        return self._notify(self.env._("On the way to Xero: %s", waiting))

    def _enqueue_what_differs(self):
        """Enqueue everything, and take back what only looks changed: Odoo writes to a document also when a payment of it is matched."""
        newest = self.env["xero.job"].search([("connection_id", "=", self.id)], order="id desc", limit=1).id
        self._enqueue_everything()
        # as the scheduled action sees the documents: in another language they have other texts
        connection = self.with_user(SUPERUSER_ID).with_context({}).with_company(self.company_id)
        connection.env["xero.runner"]._close_in_step(connection, newest or 0)

    def _enqueue_everything(self):
        """Enqueue what was never sent or has changed since; an unchanged document costs no call."""
        self.ensure_one()
        if not self.tenant_id:
            return
        connection = self.with_company(self.company_id)
        for handler in self.env["xero.handler"].sudo()._all():
            if handler._has_jobs and connection._mode(handler._kind) != "off":
                handler._sweep(connection)

    def _changed_ids(self, res_model, table, kind):
        """Ids of records that are in Xero as documents of ``kind`` and were written since they were last sent."""
        rows = self.env.execute_query(
            SQL(
                """SELECT b.res_id FROM xero_binding b JOIN %s r ON r.id = b.res_id
                    WHERE b.connection_id = %s AND b.res_model = %s AND b.kind = %s AND r.write_date > b.last_sync""",
                SQL.identifier(table), self.id, res_model, kind,
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    def _gone_ids(self, res_model, table, kind):
        """Ids of records that are in Xero as documents of ``kind`` and no longer in Odoo."""
        rows = self.env.execute_query(
            SQL(
                """SELECT b.res_id FROM xero_binding b LEFT JOIN %s r ON r.id = b.res_id
                    WHERE b.connection_id = %s AND b.res_model = %s AND b.kind = %s AND r.id IS NULL
                      AND b.is_there""",
                SQL.identifier(table), self.id, res_model, kind, to_flush=self.env["xero.binding"]._fields["is_there"],
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    # === COUNTERS FOR THE OVERVIEW === #

    waiting_count = fields.Integer(compute="_compute_counts")
    blocked_count = fields.Integer(compute="_compute_counts")
    failed_count = fields.Integer(compute="_compute_counts")
    synced_count = fields.Integer(compute="_compute_counts")
    problem_count = fields.Integer("Problems", compute="_compute_counts")

    def _compute_counts(self):
        jobs_sudo, bindings_sudo, problems_sudo = (self.env[model].sudo() for model in ("xero.job", "xero.binding", "xero.problem"))
        own = ("connection_id", "in", self.ids)
        documents = [own, ("kind", "!=", self.env["xero.handler.contact"]._kind)]  # contacts are none, as on the list that the counts open
        counted = jobs_sudo._read_group([*documents, ("is_open", "=", True)], ["connection_id", "state"], ["__count"])
        jobs = {(connection, state): count for connection, state, count in counted}
        in_step = [*documents, ("state", "=", "synced"), ("is_there", "=", True)]
        bound = dict(bindings_sudo._read_group(in_step, ["connection_id"], ["__count"]))
        problems = dict(problems_sudo._read_group([own, ("state", "=", "open")], ["connection_id"], ["__count"]))
        for connection in self:
            connection.waiting_count = sum(jobs.get((connection, state), 0) for state in ON_ITS_WAY)
            connection.blocked_count = jobs.get((connection, "blocked"), 0)
            connection.failed_count = jobs.get((connection, "failed"), 0)
            connection.synced_count = bound.get(connection, 0)
            connection.problem_count = problems.get(connection, 0)

    # === HELPERS OF BUTTONS === #

    @api.model
    def _check_xero_user(self):
        """:raise AccessError: for anyone who is not a Xero user"""
        if not self.env.user.has_group("xero_connector.group_xero_user"):
            raise AccessError(self.env._("Only Xero users may do this. Ask your administrator for the access right."))

    def _notify(self, message, kind="success"):
        """A notification for the person who pressed a button; the screen behind it is read again."""
        params = {"message": message, "type": kind, "next": {"type": "ir.actions.client", "tag": "soft_reload"}}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
