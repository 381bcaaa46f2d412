from odoo import api, fields, models
from odoo.tools import SQL

from ...const import MAX_TRIES

# What may still be put together anew: nothing of it can be in Xero.
UNSENT = ("pending", "blocked", "failed")


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
                     JOIN xero_job j ON j.connection_id = s.connection_id AND j.kind = 'summary' AND j.res_id = s.id
                    WHERE s.connection_id = %s AND j.state NOT IN ('done', 'cancelled')
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = s.connection_id AND b.kind = 'summary' AND b.res_id = s.id)
                 GROUP BY s.id HAVING bool_and(j.state = ANY(%s) AND (j.state != 'failed' OR j.tries < %s))""",
                connection.id, list(UNSENT), MAX_TRIES - 1,
            )
        )  # fmt: skip
        return self.browse(row[0] for row in rows)


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


class XeroJob(models.Model):
    _inherit = "xero.job"

    def _shown_documents(self):
        shown = super()._shown_documents()
        summaries = self.filtered(lambda job: job.res_model == "xero.journal.summary").mapped("res_id")
        rows = self.env["xero.journal.summary.entry"].search([("summary_id", "in", summaries)]) if summaries else ()
        if rows:
            shown.setdefault("account.move", set()).update(rows.mapped("move_id"))
        return shown


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    summarised_until = fields.Date(readonly=True, copy=False, help="The last day whose entries were put into summaries.")
    summarise_now = fields.Boolean(readonly=True, copy=False, help="Somebody has asked for summaries that include today.")

    def action_summarise_now(self):
        """Put into summaries what has no summary yet, today included."""
        self.ensure_one()
        self._check_xero_user()
        self.check_access("read")
        connection_sudo = self.sudo()
        connection_sudo.summarise_now = True
        connection_sudo._wake()
        return self._notify(self.env._("The summaries are on their way to Xero."))

    def _last_day_over(self):
        """Yesterday, where the company is."""
        zone = self.company_id.partner_id.tz or self.responsible_user_id.tz or "UTC"
        today = fields.Datetime.context_timestamp(self.with_context(tz=zone), fields.Datetime.now()).date()
        return fields.Date.subtract(today, days=1)
