from odoo import models
from odoo.tools import SQL

from .option import ACCOUNTS_OF_LINE, IS_SENT


class XeroHandlerOption(models.AbstractModel):
    """Which analytic accounts need an option: those that waiting documents name."""

    _inherit = "xero.handler.option"

    def _enqueue_needed(self, connection, job_ids=None):
        """Analytic accounts without option that waiting documents name: those with a namesake are mapped, the others enqueued.

        :param job_ids: only the documents of these jobs
        :return: whether any was enqueued
        """
        rows = self._unmapped(connection, job_ids)
        if not rows:
            return False
        accounts = self.env[self._res_model].browse(account_id for account_id, _manual in rows)
        rest = accounts - self._take_namesakes(connection, accounts)
        self._ask_for_rows(connection, [row for row in rows if row[0] in rest._ids])
        return bool(rest)

    def _unmapped(self, connection, job_ids):
        """``(analytic account, whether a person waits for it)``; one query."""
        for model in ("xero.job", "xero.tracking.mapping", "xero.option.mapping", "xero.tracking.option", "account.move.line"):
            self.env[model].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT a.id, bool_or(j.manual)
                     FROM xero_job j JOIN %(lines)s ON l.move_id = j.res_id
                     JOIN xero_tracking_mapping p ON p.plan_id = a.root_plan_id AND p.connection_id = j.connection_id
                      AND p.confirmed AND p.xero_category_id IS NOT NULL
                    WHERE j.connection_id = %(connection)s AND j.kind = ANY(%(kinds)s) AND j.res_model = 'account.move'
                      AND j.state = 'pending' AND %(wanted)s AND %(sent)s
                      AND NOT EXISTS (SELECT 1 FROM xero_option_mapping m JOIN xero_tracking_option o ON o.id = m.xero_option_id
                                       WHERE m.connection_id = j.connection_id AND m.account_id = a.id AND m.confirmed
                                         AND o.category_id = p.xero_category_id)
                      AND NOT EXISTS (SELECT 1 FROM xero_job c WHERE c.connection_id = j.connection_id AND c.kind = 'option'
                                         AND c.res_id = a.id AND c.is_open
                                         AND (c.manual OR NOT j.manual OR c.state <> 'pending'))
                 GROUP BY a.id""",
                lines=ACCOUNTS_OF_LINE, connection=connection.id, kinds=list(self._kinds_that("_is_distributed")), sent=IS_SENT,
                wanted=connection._is_due_sql() if job_ids is None else SQL("j.id = ANY(%s)", job_ids),
            )
        )  # fmt: skip
