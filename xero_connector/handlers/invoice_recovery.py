from odoo import models
from odoo.tools import SQL

from .invoice_document import REMOVED
from .invoice_send import _numbers

# what is made of a reconciliation, and waits for the documents it names
FOLLOWERS = ("batch", "payment", "allocation")


class XeroHandlerDocument(models.AbstractModel):
    """The last part of a document's way: what became of it if no answer came, what is remembered of it, and who may follow."""

    _inherit = "xero.handler.document"

    def _look_up(self, client, jobs):
        creates = {job.id: job.sent_as for job in jobs if job.operation == "create" and job.sent_as}
        found = self._ours(creates, self._find(client, numbers=_numbers(creates.values()))) if creates else {}
        return dict.fromkeys(creates) | found | self._look_up_removals(client, jobs.filtered(lambda job: job.id not in creates))

    def _look_up_removals(self, client, jobs):
        known = jobs.filtered(lambda j: j.operation == "remove" and j.sent_as.get("xero_id"))
        remotes = self._find(client, ids=[job.sent_as["xero_id"] for job in known]) if known else []
        ended = {remote.xero_id: remote for remote in remotes if remote.status in REMOVED}
        return {job.id: ended.get(job.sent_as["xero_id"]) for job in known}

    def _binding_values(self, remote):
        return {
            "number": remote.number,
            "xero_type": remote.kind,
            "xero_status": remote.status,
            "xero_total": float(remote.total),
            "contact_xero_id": remote.contact_id,
            "date": remote.date,
            "line_ids": list(remote.line_item_ids),
        }

    def _remembered(self, remote, sent_as):
        """Also which line of Odoo each line in Xero is made of: Xero answers lines in the order in which they were sent."""
        values = super()._remembered(remote, sent_as) | {"figures": sent_as.get("figures")}
        keys = sent_as.get("keys") or ()
        if len(keys) == len(remote.line_item_ids):
            values["line_ids"] = [list(pair) for pair in zip(keys, remote.line_item_ids, strict=True)]
        return values

    def _after_bound(self, connection, res_ids):
        """Payments that were registered before the document was in Xero can follow now."""
        Partial = self.env["account.partial.reconcile"]
        Partial.flush_model()
        rows = self.env.execute_query(SQL("SELECT p.id FROM %s ORDER BY p.id", self._partials(res_ids)))
        Partial.browse(row[0] for row in rows)._xero_enqueue()

    def _after_done(self, connection, res_ids):
        """Payments that stood behind the document can follow now."""
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j
                    WHERE j.connection_id = %s AND j.res_model = 'account.partial.reconcile' AND j.kind = ANY(%s)
                      AND j.res_id IN (SELECT p.id FROM %s)
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)""",
                connection.id, list(FOLLOWERS), self._partials(res_ids),
            )
        )  # fmt: skip

    def _partials(self, res_ids):
        """SQL of the reconciliations of these documents, ``p``."""
        ids = list(res_ids)
        return SQL(
            """(SELECT p.id FROM account_partial_reconcile p JOIN account_move_line l ON l.id = p.debit_move_id WHERE l.move_id = ANY(%s)
                 UNION
                SELECT p.id FROM account_partial_reconcile p JOIN account_move_line l ON l.id = p.credit_move_id
                 WHERE l.move_id = ANY(%s)) p""",
            ids, ids,
        )  # fmt: skip
