from odoo import api, fields, models
from odoo.tools import SQL

from ...const import MAX_TRIES
from .xero_job import SHOWN_STATE

# What may still be put together anew: nothing of it can be in Xero.
UNSENT = ("pending", "blocked", "failed")
OF_ENTRIES = """
      FROM xero_journal_summary_entry e
      JOIN xero_journal_summary s ON s.id = e.summary_id
 LEFT JOIN xero_job j ON j.connection_id = s.connection_id AND j.res_model = 'xero.journal.summary' AND j.res_id = s.id
       AND j.is_open
 LEFT JOIN xero_binding b ON b.connection_id = s.connection_id AND b.res_model = 'xero.journal.summary' AND b.res_id = s.id
"""
STATE = SQL(f"COALESCE({SHOWN_STATE}, b.state)")
# of the summaries that speak of an entry the one in trouble counts, else the last
ORDER = SQL("array_position(ARRAY['failed', 'blocked', 'approval', 'pending', 'ignored', 'synced'], %s::text), e.id DESC", STATE)


class XeroJournalSummary(models.Model):
    """The entries of one journal and day that go to Xero as one manual journal.

    Entry point: ``xero.handler.summary``, which alone writes here. Invariants: once it is on its way to Xero a summary never changes; what
    all summaries say of an entry together is what Xero has of it, so a change of the entry later is the difference in a further summary.
    """

    _name = "xero.journal.summary"
    _description = "Xero Journal Summary"
    _order = "date desc, journal_id, number desc"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    journal_id = fields.Many2one("account.journal", required=True, index=True, ondelete="cascade")
    date = fields.Date(required=True)
    number = fields.Integer(default=1, help="Counts the summaries of the same journal and day.")
    entry_ids = fields.One2many("xero.journal.summary.entry", "summary_id", "Entries")
    entry_count = fields.Integer("Number of Entries", compute="_compute_entry_count")

    _day_unique = models.Constraint("UNIQUE (connection_id, journal_id, date, number)", "This summary exists already.")

    @api.depends("journal_id", "date", "number")
    def _compute_display_name(self):
        for summary in self:
            name = f"{summary.journal_id.code} {summary.date}"
            summary.display_name = (
                name if summary.number == 1 else self.env._("%(name)s (further summary %(number)s)", name=name, number=summary.number)
            )

    @api.depends("entry_ids")
    def _compute_entry_count(self):
        for summary in self:
            summary.entry_count = len(summary.entry_ids)

    @api.model
    def _unsent(self, connection):
        """The summaries of which surely nothing is in Xero, and that nobody has decided to leave out.

        What failed because Xero would not even say whether it has it may be there: it stays as it was sent.
        """
        self.env["xero.job"].flush_model()
        self.env["xero.binding"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id FROM xero_journal_summary s
                     JOIN xero_job j ON j.connection_id = s.connection_id AND j.res_model = 'xero.journal.summary' AND j.res_id = s.id
                    WHERE s.connection_id = %s AND j.is_open
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = s.connection_id AND b.res_model = 'xero.journal.summary' AND b.res_id = s.id)
                 GROUP BY s.id HAVING bool_and(j.state = ANY(%s) AND (j.state != 'failed' OR j.tries < %s))""",
                connection.id, list(UNSENT), MAX_TRIES - 1,
            )
        )  # fmt: skip
        return self.browse(row[0] for row in rows)

    # === HOW AN ENTRY STANDS: as the summaries that speak of it === #

    @api.model
    def _of_entries(self, connections, columns, *conditions):
        """SQL of ``columns`` of the summaries (``s``) of these connections, beside the entries (``e``) they speak of."""
        where = SQL(" AND ").join([SQL("s.connection_id = ANY(%s)", connections.ids), *conditions, SQL("%s IS NOT NULL", STATE)])
        return SQL("SELECT %s %s WHERE %s", columns, SQL(OF_ENTRIES), where)

    @api.model
    def _entry_state(self, connections, move_id):
        """SQL of the state of the entry ``move_id`` (SQL)."""
        return SQL("%s ORDER BY %s LIMIT 1", self._of_entries(connections, STATE, SQL("e.move_id = %s", move_id)), ORDER)

    @api.model
    def _entry_ids(self, connections, states=None):
        """SQL of the ids of the entries that summaries speak of; with ``states`` of such summaries only."""
        conditions = [] if states is None else [SQL("%s = ANY(%s)", STATE, list(states))]
        return self._of_entries(connections, SQL("e.move_id AS id"), *conditions)

    @api.model
    def _entry_standings(self, connections, move_ids):
        """Everything shown of these entries, as rows of ``xero.document.mixin._xero_standings``; one query."""
        self.env["xero.journal.summary.entry"].flush_model()
        self.flush_model()
        columns = SQL(
            f"""DISTINCT ON (e.move_id) e.move_id AS record_id, s.id AS summary_id,
               {SHOWN_STATE} AS job_state, j.message AS job_message,
               j.xero_messages, j.problem_id, j.connection_id AS job_connection_id, b.state, b.message, b.xero_id, b.kind, b.last_sync,
               b.parent_xero_id, (SELECT c.short_code FROM xero_connection c WHERE c.id = b.connection_id) AS short_code,
               EXISTS (SELECT 1 FROM xero_journal_summary_entry x WHERE x.move_id = e.move_id AND x.stale) AS stale"""
        )
        found = self._of_entries(connections, columns, SQL("e.move_id = ANY(%s)", list(move_ids)))
        rows = self.env.execute_query_dict(SQL("%s ORDER BY e.move_id, %s", found, ORDER))
        return [{**row, **self._words(row)} for row in rows]

    def _words(self, row):
        """Which summary it is, and what comes next."""
        words = [self.env._("Part of the summary %s.", self.sudo().browse(row["summary_id"]).display_name)]
        if row["stale"]:
            words.append(self.env._("It was changed since; a further summary will carry the difference."))
        text = " ".join(words)
        return {"message": text, "job_message": f"{text} {row['job_message'] or ''}".strip() if row["job_state"] else False}


class XeroJournalSummaryEntry(models.Model):
    """What one summary says of one entry: its amounts, or how they differ from what earlier summaries said."""

    _name = "xero.journal.summary.entry"
    _description = "Xero Journal Summary Entry"
    _order = "move_id, id"
    _rec_name = "name"

    summary_id = fields.Many2one("xero.journal.summary", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="summary_id.company_id", store=True)
    move_id = fields.Many2oneReference("Entry", model_field="res_model", required=True, help="It need not exist any more.")
    res_model = fields.Char(compute="_compute_res_model")
    name = fields.Char("Number")
    postings = fields.Json(help="Account, taxes, tax of which it is a line, analytic distribution and balance of each amount.")
    debit = fields.Float("Debits", compute="_compute_debit", digits=(16, 2))
    stale = fields.Boolean(help="The entry was touched since.")

    _move_index = models.Index("(move_id, summary_id)")
    _stale_index = models.Index("(summary_id) WHERE stale")

    def _compute_res_model(self):
        self.res_model = "account.move"

    @api.depends("postings")
    def _compute_debit(self):
        for row in self:
            row.debit = sum(max(0.0, float(posting[-1])) for posting in row.postings or [])

    @api.model
    def _mark(self, move_ids):
        """These entries were touched: the next build looks whether what was said of them still holds."""
        if move_ids:
            self.flush_model()
            self.env.cr.execute(
                SQL("UPDATE xero_journal_summary_entry SET stale = TRUE WHERE move_id = ANY(%s) AND stale IS NOT TRUE", list(move_ids))
            )
            self.invalidate_model(["stale"], flush=False)

    def action_open_entry(self):
        """Open the journal entry."""
        self.ensure_one()
        move = self.env["account.move"].browse(self.move_id).exists()
        if not move:
            return self.env["xero.connection"]._notify(self.env._("The entry no longer exists in Odoo."), "warning")
        return {"type": "ir.actions.act_window", "res_model": "account.move", "res_id": move.id, "views": [(False, "form")]}
