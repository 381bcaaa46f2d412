from odoo import models
from odoo.tools import SQL


class XeroHandlerDocument(models.AbstractModel):
    """What money waits for: the documents that it pays."""

    _inherit = "xero.handler.document"

    def _after_done(self, connection, res_ids):
        """Batches that stood behind the document can follow now; they belong to the money, not to a reconciliation."""
        super()._after_done(connection, res_ids)
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j
                    WHERE j.connection_id = %s AND j.kind = 'batch'
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)
                      AND EXISTS (SELECT 1 FROM %s JOIN account_partial_reconcile r ON r.id = p.id
                                    JOIN account_move_line l ON l.id IN (r.debit_move_id, r.credit_move_id)
                                    JOIN account_move m ON m.id = l.move_id
                                   WHERE j.res_id = CASE WHEN j.res_model = 'account.payment' THEN m.origin_payment_id
                                                         ELSE m.statement_line_id END)""",
                connection.id, self._partials(res_ids),
            )
        )  # fmt: skip


class XeroHandlerContact(models.AbstractModel):
    """What money on account waits for: the contact whose it is."""

    _inherit = "xero.handler.contact"

    def _after_done(self, connection, res_ids):
        super()._after_done(connection, res_ids)
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j
                    WHERE j.connection_id = %s AND j.kind = 'prepaid'
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)
                      AND EXISTS (SELECT 1 FROM account_move m JOIN account_move_line l ON l.move_id = m.id
                                    JOIN res_partner c ON c.id = l.partner_id
                                   WHERE c.commercial_partner_id = ANY(%s)
                                     AND j.res_id = CASE WHEN j.res_model = 'account.payment' THEN m.origin_payment_id
                                                         ELSE m.statement_line_id END)""",
                connection.id, list(res_ids),
            )
        )  # fmt: skip
