from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ... import words
from ...const import HELD
from .xero_job import SHOWN_STATE

STATES = words.selection(words.DOCUMENT)
USER = "xero_connector.group_xero_user"


class Rows(NamedTuple):
    """Where a state is read: the rows of ``table`` that count, the state they show, and which of several comes first."""

    table: SQL
    row: SQL
    state: SQL
    condition: SQL
    order: SQL


OPEN_JOBS = Rows(
    SQL("xero_job"),
    SQL("j"),
    SQL(SHOWN_STATE),
    SQL("j.is_open"),
    SQL("array_position(ARRAY['failed', 'blocked', 'approval', 'sending', 'uncertain', 'pending', 'ignored'], j.state::text), j.id DESC"),
)
IN_XERO = Rows(
    SQL("xero_binding"),
    SQL("b"),
    SQL("CASE WHEN b.is_there THEN b.state ELSE 'voided' END"),
    # of documents people want to know that they were there; a match that was undone leaves nothing
    SQL("(b.is_there OR b.res_model = 'account.move')"),
    SQL("b.is_there DESC, b.id DESC"),
)


class XeroState(fields.Selection):
    """A state that is no column, but that the database can read.

    The field says how, not the model's ``_field_to_sql``: that one is asked for each column whenever Odoo reads an invoice.
    """

    def to_sql(self, model, alias):
        return model._xero_state_sql(alias)


class XeroDocumentMixin(models.AbstractModel):
    """What a record shows of its counterpart in Xero.

    Nothing here is a column of the record's table: writing to a posted invoice is heavy and collides with whoever has it open. The state is
    read from the open job, else from the binding, by the database too: it can be searched, and grouped by.
    A record with several parts in Xero (a payment and its reconciliations) shows the worst of them.
    """

    _name = "xero.document.mixin"
    _inherit = "xero.state.filters"
    _description = "Document with a counterpart in Xero"

    xero_state = XeroState(STATES, "Xero", compute="_compute_xero", search="_search_xero_state", groups=USER)
    xero_message = fields.Text("Why", compute="_compute_xero", groups=USER)
    xero_messages = fields.Text("Messages from Xero", compute="_compute_xero", groups=USER)
    xero_id = fields.Char("Xero ID", compute="_compute_xero", groups=USER)
    xero_url = fields.Char("Xero Link", compute="_compute_xero", groups=USER)
    xero_last_sync = fields.Datetime("Last Sync", compute="_compute_xero", groups=USER)
    xero_problem_id = fields.Many2one("xero.problem", "Xero Problem", compute="_compute_xero", groups=USER)
    xero_missing = fields.Char(compute="_compute_xero", groups=USER, help="Why nobody has asked for it (``handlers.missing``).")
    xero_checked = fields.Char(compute="_compute_xero_checked", groups=USER, help="When it was last found to be the same in Xero.")
    xero_help = fields.Text("What to do", compute="_compute_xero_fix_label", groups=USER)
    xero_held_up = fields.Integer("Held up with it", compute="_compute_xero_fix_label", groups=USER)
    xero_fix_label = fields.Char(
        compute="_compute_xero_fix_label", groups=USER, help="Says where the fix is; empty if it is on this very screen."
    )
    xero_connected = fields.Boolean(compute="_compute_xero_connected", groups=USER, help="The company is connected to Xero.")

    @api.model
    @tools.ormcache()
    def _xero_models(self):
        """The models that show a state, and so take part in the Documents screen: all that inherit from this and have records."""
        names = self.env.registry.descendants(["xero.document.mixin"], "_inherit")
        return tuple(name for name in names if not self.env[name]._abstract)

    _xero_state_field = "xero_state"

    # === WHERE THE ROWS ARE; overridden per model === #

    _xero_key = "id"  # the column of the record that its jobs and bindings name

    def _xero_row_key(self, row):
        """What a job or binding ``row`` (SQL identifier) names of this model, and the condition under which it does (both SQL)."""
        return SQL("%s.res_id", row), SQL("%s.res_model = %s", row, self._name)

    def _xero_rows_sql(self, rows, columns, *conditions):
        """SQL of ``columns`` of the rows that count for this model; the conditions are SQL too."""
        _key, mine = self._xero_row_key(rows.row)
        own = SQL("%s.connection_id = ANY(%s)", rows.row, self._xero_connections().ids)
        where = SQL(" AND ").join([mine, rows.condition, own, *conditions])
        return SQL("SELECT %s FROM %s %s WHERE %s", columns, rows.table, rows.row, where)

    def _xero_rows_of(self, rows, columns, document):
        """SQL of ``columns`` of the rows of the record ``document`` (SQL identifier), those that count most first."""
        same = SQL("%s = %s.%s", self._xero_row_key(rows.row)[0], document, SQL.identifier(self._xero_key))
        return SQL("%s ORDER BY %s LIMIT 1", self._xero_rows_sql(rows, columns, same), self._xero_order(rows))

    def _xero_order(self, rows):
        """SQL of which of several rows counts most: of counterparts in Xero never one that only goes beside the record's own."""
        companions = self.env["xero.handler"]._kinds_that("_is_companion")
        return SQL("%s.kind = ANY(%s), %s", rows.row, list(companions), rows.order) if rows is IN_XERO else rows.order

    # Records may reach Xero as parts of a whole, and show how it stands as far as they have no rows of their own. Of such models:

    def _xero_whole_states(self, alias):
        """The state of the whole, as a list of one SQL; empty if records of this model are parts of nothing."""
        return []

    def _xero_whole_ids(self, states=None):
        """The ids of records that are parts, with ``states`` of a whole in one of them, as a list of one SQL that selects ``id``."""
        return []

    def _xero_whole_standings(self, ids):
        """Rows like those of ``_xero_standings`` for those of these records that are parts."""
        return []

    @api.model
    def _xero_connections(self):
        """The connections whose rows count for these records."""
        return self.env["xero.connection"].sudo().search([])

    # === STATE === #

    def _xero_state_sql(self, alias):
        """SQL of the state, looked up record by record: for the records of a page."""
        states = (SQL("(%s)", self._xero_rows_of(rows, rows.state, SQL.identifier(alias))) for rows in (OPEN_JOBS, IN_XERO))
        return SQL("COALESCE(%s)", SQL(", ").join([*states, *self._xero_whole_states(alias)]))

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "xero_state":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        states = (self._xero_joined(rows, alias, query) for rows in (OPEN_JOBS, IN_XERO))
        return SQL("COALESCE(%s)", SQL(", ").join([*states, *self._xero_whole_states(alias)]))

    def _xero_joined(self, rows, alias, query):
        """SQL of the state, joined for all records at once: for groups."""
        key = self._xero_row_key(rows.row)[0]
        found = self._xero_rows_sql(rows, SQL("DISTINCT ON (%s) %s AS key, %s AS state", key, key, rows.state))
        name = query.make_alias(alias, rows.table.code)
        same = SQL("%s = %s", SQL.identifier(name, "key"), SQL.identifier(alias, self._xero_key))
        query.add_join("LEFT JOIN", name, SQL("(%s ORDER BY %s, %s)", found, key, self._xero_order(rows)), same)
        return SQL.identifier(name, "state")

    def _search_xero_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        self._check_field_access(self._fields["xero_state"], "read")
        states = {state or "" for state in value}

        def to_sql(model, alias, query):
            found = model._xero_state_condition(alias, states)
            return found if operator == "in" else SQL("NOT (%s)", found)

        return Domain.custom(to_sql=to_sql)

    def _xero_state_condition(self, alias, states):
        """SQL condition of the records in any of these states ('' for none).

        All but the synced ones are few, and those without a state have no rows at all: neither needs a look at each record.
        """
        key = SQL.identifier(alias, self._xero_key)
        if states == {""}:
            same = (SQL("%s = %s", self._xero_row_key(rows.row)[0], key) for rows in (OPEN_JOBS, IN_XERO))
            found = [self._xero_rows_sql(rows, SQL("1"), each) for rows, each in zip((OPEN_JOBS, IN_XERO), same, strict=True)]
            found += [SQL("SELECT FROM (%s) whole WHERE whole.id = %s", ids, key) for ids in self._xero_whole_ids()]
            return SQL(" AND ").join(SQL("NOT EXISTS (%s)", each) for each in found)
        found = SQL("COALESCE(%s, '') = ANY(%s)", self._xero_state_sql(alias), list(states))
        if states & {"", "synced"}:
            return found
        few = [
            self._xero_rows_sql(OPEN_JOBS, self._xero_row_key(OPEN_JOBS.row)[0]),
            self._xero_rows_sql(IN_XERO, self._xero_row_key(IN_XERO.row)[0], SQL("b.state <> 'synced'")),
            *self._xero_whole_ids(states),
        ]
        if "voided" in states:
            few.append(self._xero_rows_sql(IN_XERO, self._xero_row_key(IN_XERO.row)[0], SQL("NOT b.is_there")))
        return SQL("%s IN (%s) AND %s", key, SQL(" UNION ALL ").join(few), found)

    def _xero_standings(self):
        """``{record id: row}`` with everything shown; one query however many records."""
        if not self.ids:
            return {}
        self.env["xero.job"].flush_model()
        self.env["xero.binding"].flush_model()
        document = SQL("document")
        job = SQL("%s AS job_state, j.message AS job_message, j.xero_messages, j.problem_id, j.connection_id, j.id", OPEN_JOBS.state)
        binding = SQL(
            "%s AS state, b.message, b.xero_id, b.kind, b.xero_type, b.last_sync, b.parent_xero_id, b.connection_id", IN_XERO.state
        )
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT document.id AS record_id, j.job_state, j.job_message, j.xero_messages, j.problem_id,
                          j.connection_id AS job_connection_id, j.id AS job_id,
                          b.state, b.message, b.xero_id, b.kind, b.xero_type, b.last_sync, b.parent_xero_id, c.short_code
                     FROM %s document
                LEFT JOIN LATERAL (%s) j ON TRUE LEFT JOIN LATERAL (%s) b ON TRUE LEFT JOIN xero_connection c ON c.id = b.connection_id
                    WHERE document.id = ANY(%s)""",
                SQL.identifier(self._table), self._xero_rows_of(OPEN_JOBS, job, document),
                self._xero_rows_of(IN_XERO, binding, document), list(self.ids),
            )
        )  # fmt: skip
        standings = {row["record_id"]: row for row in rows}
        for row in self._xero_whole_standings([record_id for record_id, own in standings.items() if not own["job_state"]]):
            if not standings[row["record_id"]]["xero_id"]:
                standings[row["record_id"]] = row
        return standings

    @api.depends_context("company", "allowed_company_ids")
    def _compute_xero(self):
        standings = self._xero_standings()
        missing = self._xero_missing([record_id for record_id in self.ids if not self._xero_is_there(standings.get(record_id))])
        for record in self:
            row = standings.get(record.id) or {}
            record.xero_missing, why_missing = missing.get(record.id) or (False, False)
            record.xero_state = row.get("job_state") or row.get("state")
            record.xero_message = self._xero_reason(row) or why_missing
            record.xero_messages = row.get("xero_messages")
            record.xero_id = row.get("xero_id")
            record.xero_url = self._xero_link(row)
            record.xero_last_sync = row.get("last_sync")
            record.xero_problem_id = row.get("problem_id")
        in_step = self.filtered(lambda record: record.xero_state == "synced" and not record.xero_message)
        for handler in self.env["xero.handler"]._all() if in_step else ():
            for record, sentence in handler._also_told(in_step).items():
                record.xero_message = sentence

    @api.model
    def _xero_is_there(self, row):
        """Whether a record with this row is in Xero, or on its way."""
        return bool(row) and bool(row["job_state"] or (row["state"] and row["state"] != "voided"))

    def _xero_reason(self, row):
        """Why a record stands where it stands: what holds it, if there is a cause, and not that it waits behind another one."""
        held = row.get("job_state") in HELD and row.get("problem_id")
        cause = held and self.env["xero.problem"].sudo().browse(row["problem_id"]).name
        return cause or row.get("job_message") or self._xero_waiting_reason(row) or row.get("message")

    def _xero_waiting_reason(self, row):
        """What comes of a document that nothing holds."""
        waits = row.get("job_state") == "pending"
        if not waits:
            return False
        connection_sudo = self.env["xero.connection"].sudo().browse(row["job_connection_id"])
        return connection_sudo._waiting_words(self.env["xero.job"].sudo().browse(row.get("job_id")))

    def _xero_link(self, row):
        """Where the document is shown in Xero."""
        if not row.get("xero_id") or not row.get("short_code"):
            return False
        handler = self.env["xero.handler"]._of(row["kind"])
        return handler is not None and handler._page(row["short_code"], row)

    @api.depends("xero_problem_id")
    def _compute_xero_fix_label(self):
        for record in self:
            problem = record.xero_problem_id
            record.xero_fix_label = False if problem._is_fixed_on(record) else problem.fix_label
            record.xero_help = problem.help
            record.xero_held_up = max(0, problem.job_count - 1)

    @api.depends_context("company")
    def _compute_xero_connected(self):
        connected = self.env["xero.connection"]._get_active(self.env.company).state in ("connected", "paused", "reconnect")
        self.xero_connected = connected
