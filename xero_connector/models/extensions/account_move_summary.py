from odoo import models
from odoo.tools import SQL

STANDING = """
      FROM xero_journal_summary_entry e
      JOIN xero_journal_summary s ON s.id = e.summary_id
 LEFT JOIN xero_job j ON j.connection_id = s.connection_id AND j.res_model = 'xero.journal.summary' AND j.res_id = s.id
       AND j.state NOT IN ('done', 'cancelled')
 LEFT JOIN xero_binding b ON b.connection_id = s.connection_id AND b.res_model = 'xero.journal.summary' AND b.res_id = s.id
"""
STATE = SQL("COALESCE(CASE WHEN j.state IN ('sending', 'uncertain') THEN 'pending' ELSE j.state END, b.state)")
# of the summaries that speak of an entry the one in trouble counts, else the last
ORDER = SQL("array_position(ARRAY['failed', 'blocked', 'pending', 'ignored', 'synced'], %s::text), e.id DESC", STATE)


class AccountMove(models.Model):
    """An entry that went with a summary shows how the summary stands."""

    _inherit = "account.move"

    def _xero_summary_rows(self, columns, *conditions):
        """SQL of ``columns`` of the summaries that speak of entries."""
        own = SQL("s.connection_id = ANY(%s)", self._xero_connections().ids)
        return SQL("SELECT %s %s WHERE %s AND %s IS NOT NULL", columns, SQL(STANDING), SQL(" AND ").join([own, *conditions]), STATE)

    def _field_to_sql(self, alias, field_expr, query=None):
        found = super()._field_to_sql(alias, field_expr, query=query)
        if field_expr != "xero_state":
            return found
        same = SQL("e.move_id = %s", SQL.identifier(alias, "id"))
        state = SQL("%s ORDER BY %s LIMIT 1", self._xero_summary_rows(STATE, same), ORDER)
        # no invoice is in a summary: they are many, and none needs a look
        return SQL("COALESCE(%s, CASE WHEN %s = 'entry' THEN (%s) END)", found, SQL.identifier(alias, "move_type"), state)

    def _xero_state_condition(self, alias, states):
        found = super()._xero_state_condition(alias, states)
        if states == {""}:
            same = SQL("e.move_id = %s", SQL.identifier(alias, "id"))
            return SQL("%s AND NOT EXISTS (%s)", found, self._xero_summary_rows(SQL("1"), same))
        if states & {"", "synced"}:
            return found
        entries = self._xero_summary_rows(SQL("e.move_id"), SQL("%s = ANY(%s)", STATE, list(states)))
        mine = SQL("COALESCE(%s, '') = ANY(%s)", self._field_to_sql(alias, "xero_state"), list(states))
        return SQL("(%s OR %s IN (%s) AND %s)", found, SQL.identifier(alias, "id"), entries, mine)

    def _xero_standings(self):
        standings = super()._xero_standings()
        entries = self.filtered(lambda move: move.move_type == "entry")
        open_ids = [move.id for move in entries if not (standings.get(move.id) or {}).get("job_state")]
        for row in self._xero_summary_standings(open_ids) if open_ids else ():
            standing = standings.get(row["record_id"]) or {}
            if not standing.get("xero_id") or standing.get("state") is None:
                standings[row["record_id"]] = {**row, **self._xero_summary_words(row)}
        return standings

    def _xero_summary_standings(self, ids):
        self.env["xero.journal.summary.entry"].flush_model()
        self.env["xero.journal.summary"].flush_model()
        columns = SQL(
            """DISTINCT ON (e.move_id) e.move_id AS record_id, s.id AS summary_id,
               CASE WHEN j.state IN ('sending', 'uncertain') THEN 'pending' ELSE j.state END AS job_state, j.message AS job_message,
               j.xero_messages, j.problem_id, j.connection_id AS job_connection_id, b.state, b.message, b.xero_id, b.kind, b.last_sync,
               b.parent_xero_id, (SELECT c.short_code FROM xero_connection c WHERE c.id = b.connection_id) AS short_code,
               EXISTS (SELECT 1 FROM xero_journal_summary_entry x WHERE x.move_id = e.move_id AND x.stale) AS stale"""
        )
        rows = self._xero_summary_rows(columns, SQL("e.move_id = ANY(%s)", ids))
        return self.env.execute_query_dict(SQL("%s ORDER BY e.move_id, %s", rows, ORDER))

    def _xero_summary_words(self, row):
        """Which summary it is, and what comes next."""
        summary = self.env["xero.journal.summary"].sudo().browse(row["summary_id"])
        words = [self.env._("Part of the summary %s.", summary.display_name)]
        if row["stale"]:
            words.append(self.env._("It was changed since; a further summary will carry the difference."))
        text = " ".join(words)
        return {"message": text, "job_message": f"{text} {row['job_message'] or ''}".strip() if row["job_state"] else False}
