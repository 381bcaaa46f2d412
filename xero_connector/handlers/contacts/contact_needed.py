from odoo import models
from odoo.tools import SQL


class XeroHandlerContact(models.AbstractModel):
    """Which customers and vendors have to be in Xero first: those that waiting documents name."""

    _inherit = "xero.handler.contact"

    def _enqueue_needed(self, connection, job_ids=None):
        """Customers and vendors that waiting documents name and that are not in Xero yet; one query.

        Who waits for the document waits for its contact.

        :param job_ids: only the documents of these jobs
        :return: whether any was enqueued
        """
        self.env["xero.job"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT m.commercial_partner_id, bool_or(j.manual)
                     FROM xero_job j JOIN account_move m ON m.id = j.res_id
                    WHERE j.connection_id = %(connection)s AND j.res_model = 'account.move' AND j.kind = ANY(%(kinds)s)
                      AND j.state = 'pending' AND %(wanted)s
                      AND m.commercial_partner_id IS NOT NULL
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = %(connection)s AND b.res_model = 'res.partner'
                                         AND b.res_id = m.commercial_partner_id)
                      AND NOT EXISTS (SELECT 1 FROM xero_job c WHERE c.connection_id = %(connection)s AND c.kind = 'contact'
                                         AND c.res_id = m.commercial_partner_id AND c.is_open
                                         AND (c.manual OR NOT j.manual OR c.state <> 'pending'))
                 GROUP BY m.commercial_partner_id""",
                connection=connection.id, kinds=list(self._document_kinds()),
                wanted=connection._is_due_sql() if job_ids is None else SQL("j.id = ANY(%s)", job_ids),
            )
        )  # fmt: skip
        self._ask_for_rows(connection, rows)
        return bool(rows)
