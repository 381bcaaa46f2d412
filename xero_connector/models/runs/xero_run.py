from odoo import Command, api, fields, models
from odoo.tools import SQL

from ... import words

RUNNING, DONE, STOPPED = "running", "done", "stopped"
COUNTED = ("created", "changed", "removed", "taken")


class XeroRun(models.Model):
    """One run of a connection that did something: made changes in Xero, or took something from there into Odoo.

    Entry points, all of the engine and within its transactions: ``_did`` (the row of the run under way, made when it is first asked for),
    ``_took``, ``_asked_for``, ``_end``, ``_stop_left``. A run that does nothing asks for no row, so there is none: there is a run each
    minute. Invariants: one row under way per connection, as there is one runner; what a run did is in the rows that point to it, nothing
    is counted twice. Rows are written by the module only.
    """

    _name = "xero.run"
    _inherit = ["xero.fresh.mixin"]
    _description = "Xero Run"
    _order = "id desc"

    connection_id = fields.Many2one("xero.connection", "Organisation", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    # running --its end--> done | stopped (an error, or the runner died: the next run says so)
    state = fields.Selection(words.selection(words.RUN), default=RUNNING, required=True)
    began_at = fields.Datetime("Began", required=True)
    ended_at = fields.Datetime("Ended")
    user_ids = fields.Many2many("res.users", string="Asked For By", help="Who asked for documents of it; empty: it went by itself.")
    why = fields.Char(compute="_compute_why")
    calls = fields.Integer()
    kind_ids = fields.One2many("xero.run.kind", "run_id", "By Kind", readonly=True)
    version_ids = fields.One2many("xero.version", "run_id", "Changes in Xero", readonly=True, groups="xero_connector.group_xero_admin")
    money_ids = fields.One2many("xero.money", "run_id", "Money Booked", readonly=True)
    made_ids = fields.One2many("xero.made", "run_id", "Documents Taken In", readonly=True)
    created = fields.Integer("New in Xero", compute="_compute_counts")
    changed = fields.Integer("Changed There", compute="_compute_counts")
    removed = fields.Integer("Removed There", compute="_compute_counts")
    taken = fields.Integer("Taken from Xero", compute="_compute_counts")

    _under_way_unique = models.UniqueIndex("(connection_id) WHERE state = 'running'", "A run is under way already.")

    # === WHAT IS SHOWN === #

    @api.depends("began_at")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Run of %s", words.moment(self.env, run.began_at)) if run.began_at else self.env._("Run")

    @api.depends("user_ids")
    def _compute_why(self):
        for run in self:
            run.why = self.env._("Somebody asked for it.") if run.user_ids else self.env._("It went by itself.")

    @api.depends("kind_ids")
    def _compute_counts(self):
        sums = self.env["xero.run.kind"]._read_group([("run_id", "in", self.ids)], ["run_id"], [f"{name}:sum" for name in COUNTED])
        found = {run.id: counts for run, *counts in sums}
        for run in self:
            run.update(dict(zip(COUNTED, found.get(run.id, (0,) * len(COUNTED)), strict=True)))

    def action_open_calls(self):
        """The calls that were made while it ran."""
        self.ensure_one()
        self.check_access("read")
        domain = [("connection_id", "=", self.connection_id.id), ("started", ">=", self.began_at)]
        if self.ended_at:
            domain.append(("started", "<=", self.ended_at))
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_call_action")
        return {**action, "domain": domain, "context": {}}

    # === THE ENGINE'S === #

    @api.model
    def _did(self, connection):
        """The row of the run that is under way, to which belongs what is done now; empty outside of a run: a person did it."""
        if not self.env.context.get("xero_run"):
            return self.browse()
        run = self.search([("connection_id", "=", connection.id), ("state", "=", RUNNING)])
        if not run:
            run = self.create({"connection_id": connection.id, "began_at": fields.Datetime.now()})
            run._announce()
        return run

    @api.model
    def _took(self, rows):
        """What was told of money and documents has come of it in Odoo, or was taken back here."""
        for connection, own in rows.grouped("connection_id").items():
            if run := self._did(connection):
                own.run_id = run

    @api.model
    def _asked_for(self, connection, jobs):
        """Of documents that Xero has answered about: who asked for them."""
        if (users := jobs.filtered("manual").requested_by_id) and (run := self._did(connection)) and (new := users - run.user_ids):
            run.user_ids = [Command.link(user.id) for user in new]

    @api.model
    def _end(self, connection, began, calls, state):
        """The run is over. One that did nothing has no row, and gets none.

        :param began: naive UTC; the row was made when it first did something
        """
        run = self.search([("connection_id", "=", connection.id), ("state", "=", RUNNING)])
        if run:
            run.write({"state": state, "began_at": began, "ended_at": fields.Datetime.now(), "calls": calls})
            run._announce()

    @api.model
    def _stop_left(self, connection):
        """A runner that died has left its row: it ended when it last did something."""
        run = self.search([("connection_id", "=", connection.id), ("state", "=", RUNNING)])
        if run:
            query = SQL(
                "SELECT max(changed_at) FROM xero_version WHERE run_id = %s", run.id, to_flush=self.env["xero.version"]._fields["run_id"]
            )
            [[last]] = self.env.execute_query(query)
            ended = max(last or run.began_at, run.began_at)
            calls = self.env["xero.call"].search_count(
                [("connection_id", "=", connection.id), ("started", ">=", run.began_at), ("started", "<=", ended)]
            )
            run.write({"state": STOPPED, "ended_at": ended, "calls": calls})
            run._announce()
