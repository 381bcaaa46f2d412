from odoo import models
from odoo.tools import SQL


class XeroHandlerDocument(models.AbstractModel):
    """Posted documents that are not in Xero."""

    _inherit = "xero.handler.document"

    def _missing(self, connection):
        return SQL(
            """SELECT 'account.move'::varchar AS res_model, m.id AS res_id, NULL::integer AS payment_id,
                      COALESCE(m.invoice_date, m.date) AS date,
                      CASE WHEN EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = %(connection)s
                                           AND b.res_model = 'account.move' AND b.res_id = m.id AND b.kind = %(kind)s) THEN 'voided'
                           WHEN COALESCE(m.invoice_date, m.date) < %(start)s THEN 'before' ELSE %(reason)s END AS reason,
                      0 AS about
                 FROM account_move m
                WHERE m.company_id = ANY(%(companies)s) AND m.state = 'posted' AND m.move_type = ANY(%(moves)s) AND NOT (%(known)s)""",
            connection=connection.id, kind=self._kind, start=self._start(connection), reason=self._asked_for(connection),
            companies=connection._companies().ids, moves=list(self._moves), known=self._is_known(connection, "account.move", SQL("m.id")),
        )  # fmt: skip
