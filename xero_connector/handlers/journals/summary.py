import json
from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...const import WRITTEN
from ...mapping import tracking as tracking_table
from ..reasons import NothingToDo
from .lines import Posting

_lt = LazyTranslate(__name__)


class XeroHandlerSummary(models.AbstractModel):
    """Summaries of journal entries, each as one posted manual journal that is made once and never touched again.

    ``_build`` looks at every entry that has no summary yet or was touched since, compares its amounts with what all summaries in Xero say
    of it, and puts the difference into a summary of its journal and day. Late, changed, moved, cancelled, deleted entries are one to it.
    """

    _name = "xero.handler.summary"
    _inherit = "xero.handler.journal"
    _description = "Xero Handler: Journal Summaries"

    _kind = "summary"
    _takes = ""  # what people post in Xero is an entry of its own
    _is_counted = True
    _is_told = False
    _moves = ()
    _label = _lt("Daily Summary")
    _sequence = 51
    _setting = ""
    _res_model = "xero.journal.summary"
    _is_distributed = False  # what its entries name is asked for when they are put together
    _is_ruled = False

    def _enqueue_first(self, connection, job_ids):
        return False  # what summaries need is asked for when they are put together

    def _entries_in(self, res_ids):
        return self.env[self._res_model].browse(res_ids).entry_ids.mapped("move_id")

    def _tracking_table(self, connection, summaries):
        return tracking_table.load(connection, _analytic_accounts(summaries.entry_ids))

    def _decide(self, job, reading):
        """What is to be done about a summary: made once, it stays as it is; what changes later is said by another one.

        | exists and in Xero | then       |
        | ------------------ | ---------- |
        | no, not there      | nothing    |
        | yes, there         | nothing    |
        | yes, not there     | it is made |
        """
        summary = reading.records.get(job.res_id)
        if not summary or job.res_id in reading.bindings:
            raise NothingToDo(self.env._("Nothing had changed."))
        return self._made(job, summary, None, self._summary_postings(summary), reading)

    def _narration(self, summary):
        """The journal and day, and how many entries."""
        journal = summary.journal_id.name[:200]
        count = self.env._("%s entries", summary.entry_count)
        return f"{journal}, {summary.display_name}: {count}"

    def _old_mark(self, record):
        return f"#S{record.id}"

    def _summary_postings(self, summary):
        """The sums of the summary's entries, apart by account, taxes and analytic distribution; without what cancels out."""
        sums = defaultdict(Decimal)
        for row in summary.entry_ids:
            _add(sums, _from_json(row.postings))
        return [self._posting(key, balance) for key, balance in sorted(sums.items()) if balance]

    def _posting(self, key, balance):
        account_id, tax_ids, tax_line_id, distribution = key
        account = self.env["account.account"].browse(account_id)
        return Posting(
            account_id=account,
            tax_ids=self.env["account.tax"].browse(tax_ids),
            tax_line_id=self.env["account.tax"].browse(tax_line_id or []),
            balance=balance,
            label=account.display_name,
            analytic_distribution=json.loads(distribution),
        )

    def _also_shown_on(self, jobs):
        """Their entries."""
        rows = self.env["xero.journal.summary.entry"].search([("summary_id", "in", jobs.mapped("res_id"))])
        return {"account.move": rows.mapped("move_id")}

    # === WHAT CHANGED === #

    def _touched(self, records, event):
        """What summaries say of these entries may not hold any more."""
        entries = self._entries(records)
        if event == WRITTEN:
            entries = entries.filtered(lambda move: move.state == "posted")
        self._mark(entries.ids)

    def _leaving(self, records):
        ids = self._entries(records).ids
        return lambda: self._mark(ids)

    def _mark(self, entry_ids):
        self.env["xero.journal.summary.entry"].sudo()._mark(entry_ids)

    # === PUTTING TOGETHER === #

    def _sweep(self, connection):
        connection.summarised_until = False  # late entries too

    def _enqueue_needed(self, connection, job_ids=None):
        """Build what is due: once a day, or when somebody asks; a summary that is not in Xero yet follows its entries at once."""
        unsent = self.env["xero.journal.summary"]._unsent(connection)
        last_day = connection._last_day_over()
        if connection.summarise_now or not connection.summarised_until or connection.summarised_until < last_day:
            until = fields.Date.add(last_day, days=1) if connection.summarise_now else last_day
            self._build(connection, [*self._new_entries(connection, until), *self._touched_entries(connection)], until, unsent)
            connection.write({"summarised_until": last_day, "summarise_now": False})
        elif unsent:
            self._build(connection, self._touched_entries(connection, unsent), last_day, unsent)

    def _new_entries(self, connection, until):
        """Ids of the posted entries up to that day that no summary speaks of, nor a manual journal of their own."""
        journals = [journal_id for journal_id, policy in connection._entry_policies().items() if policy == "day"]
        if not journals:
            return []
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id FROM account_move m
                    WHERE m.company_id = ANY(%(companies)s) AND m.journal_id = ANY(%(journals)s)
                      AND m.move_type = 'entry' AND m.state = 'posted' AND m.date <= %(until)s AND m.date >= %(start)s
                      AND NOT EXISTS (SELECT 1 FROM xero_journal_summary_entry e JOIN xero_journal_summary s ON s.id = e.summary_id
                                       WHERE e.move_id = m.id AND s.connection_id = %(connection)s)
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b
                                       WHERE b.connection_id = %(connection)s AND b.kind = 'journal' AND b.res_id = m.id
                                         AND b.is_there)
                      AND NOT EXISTS (SELECT 1 FROM xero_job j
                                       WHERE j.connection_id = %(connection)s AND j.kind = 'journal' AND j.res_id = m.id
                                         AND j.is_open)
                 ORDER BY m.id""",
                companies=connection._companies().ids, journals=journals, connection=connection.id, until=until,
                start=connection.sync_from or fields.Date.to_date("1900-01-01"),
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    def _touched_entries(self, connection, summaries=None):
        """Ids of the entries of summaries that were touched since."""
        domain = [("summary_id.connection_id", "=", connection.id), ("stale", "=", True)]
        domain += [("summary_id", "in", summaries.ids)] if summaries is not None else []
        return self.env["xero.journal.summary.entry"].search(domain).mapped("move_id")

    def _build(self, connection, move_ids, until, unsent):
        """Bring the summaries in step with these entries, as far as they are dated up to that day."""
        if not move_ids:
            return
        Row = self.env["xero.journal.summary.entry"]
        rows = Row.search([("move_id", "in", move_ids), ("summary_id.connection_id", "=", connection.id)])
        open_rows = rows.filtered(lambda row: row.summary_id in unsent)
        changed = open_rows.summary_id
        open_days = {(summary.journal_id.id, summary.date): summary for summary in unsent}
        said, now = self._said(rows - open_rows), self._now_true(connection, move_ids)
        open_rows.unlink()
        (rows - open_rows).write({"stale": False})
        differences = {place: _difference(now.get(place, {}), said.get(place, {})) for place in sorted({*said, *now})}
        due = {place: each for place, each in differences.items() if each and (place[1] <= until or place[:2] in open_days)}
        changed |= self._add_rows(connection, due, open_days)
        # what lies in the future is looked at again when its day is over
        Row._mark({place[2] for place, each in differences.items() if each and place not in due})
        self._ask_for(connection, changed.ids)
        self._enqueue_options(connection, changed)
        # the jobs of those find nothing to do
        changed.filtered(lambda summary: not summary.entry_ids).unlink()

    def _enqueue_options(self, connection, summaries):
        """Ask for the tracking options that these summaries name and that nobody has mapped; they go first."""
        accounts = self.env["account.analytic.account"].browse(_analytic_accounts(summaries.entry_ids)).exists()
        own = [("connection_id", "=", connection.id), ("confirmed", "=", True)]
        plans = self.env["xero.tracking.mapping"].search([*own, ("xero_category_id", "!=", False)]).plan_id
        mapped = self.env["xero.option.mapping"].search([*own, ("account_id", "in", accounts.ids), ("xero_option_id", "!=", False)])
        missing = accounts.filtered(lambda account: account.root_plan_id in plans) - mapped.account_id
        Option = self.env["xero.handler.option"]
        rest = missing - Option._take_namesakes(connection, missing) if missing else missing
        Option._ask_for(connection, rest.ids)

    def _said(self, rows):
        """``{(journal id, date, entry id): {key: balance}}`` of what summaries that count say."""
        said = {}
        for row in rows:
            place = (row.summary_id.journal_id.id, row.summary_id.date, row.move_id)
            _add(said.setdefault(place, defaultdict(Decimal)), _from_json(row.postings))
        return said

    def _now_true(self, connection, move_ids):
        """The same of what the books say now; of entries that do not count there is nothing to say."""
        moves = self.env["account.move"].browse(move_ids).exists()
        counting = moves.filtered(lambda move: move.state == "posted" and not self._left_out(move))
        return {(move.journal_id.id, move.date, move.id): _sums(self._postings(move)) for move in counting}

    def _add_rows(self, connection, differences, summaries):
        """Write down what is to be said; returns the summaries that say it.

        :param dict summaries: those that may still say more, by journal and day
        """
        names = {move.id: move.name for move in self.env["account.move"].browse(place[2] for place in differences).exists()}
        values = []
        for (journal_id, day, move_id), difference in differences.items():
            if (journal_id, day) not in summaries:
                summaries[journal_id, day] = self._new_summary(connection, journal_id, day)
            row = {"summary_id": summaries[journal_id, day].id, "move_id": move_id, "postings": _to_json(difference)}
            values.append({**row, "name": names.get(move_id) or self.env._("deleted entry")})
        return self.env["xero.journal.summary.entry"].create(values).summary_id

    def _new_summary(self, connection, journal_id, day):
        Summary = self.env["xero.journal.summary"]
        same = [("connection_id", "=", connection.id), ("journal_id", "=", journal_id), ("date", "=", day)]
        last = Summary.search(same, order="number desc", limit=1)
        return Summary.create({"connection_id": connection.id, "journal_id": journal_id, "date": day, "number": last.number + 1})


# --- amounts by what keeps them apart: (account id, tax ids, id of the tax it is a line of, analytic distribution) -------------------


def _analytic_accounts(rows):
    return tracking_table.account_ids(json.loads(posting[3]) for row in rows for posting in row.postings or [])


def _sums(postings):
    sums = defaultdict(Decimal)
    for posting in postings:
        distribution = json.dumps(posting.analytic_distribution, sort_keys=True)
        sums[posting.account_id.id, tuple(sorted(posting.tax_ids.ids)), posting.tax_line_id.id or 0, distribution] += posting.balance
    return sums


def _add(sums, others):
    for key, balance in others.items():
        sums[key] += balance


def _difference(one, other):
    """What has to be added to ``other`` to make it ``one``, without zeros."""
    differences = {key: one.get(key, Decimal(0)) - other.get(key, Decimal(0)) for key in {*one, *other}}
    return {key: balance for key, balance in differences.items() if balance}


def _to_json(sums):
    return [
        [account, list(taxes), tax, distribution, str(balance)] for (account, taxes, tax, distribution), balance in sorted(sums.items())
    ]


def _from_json(rows):
    return {(account, tuple(taxes), tax, distribution): Decimal(balance) for account, taxes, tax, distribution, balance in rows or []}
