from odoo import models
from odoo.tools import SQL

from ...const import HELD
from ..reasons import Held, HeldBehind, Wait


class XeroHandlerDocument(models.AbstractModel):
    """Money against a document that is to be changed or voided in Xero: it leaves first, and comes back after a change.

    Odoo keeps payments matched while a document is reset, edited and posted again; Xero does not let its amounts be changed meanwhile. The
    document's job says that it needs room (``xero.job``); as long as it does, the money's own decision is to stay away.
    """

    _inherit = "xero.handler.document"

    def _money(self, connection, bindings):
        """``{Xero id: bindings}`` of what these documents (bindings) have against them in Xero."""
        found = dict.fromkeys((binding.xero_id for binding in bindings), self.env["xero.binding"])
        money = self.env["xero.binding"]._money_on(connection, found) if found else self.env["xero.binding"]
        for each in money:
            for xero_id in found.keys() & set(each._xero_documents()):
                found[xero_id] |= each
        return found

    def _money_jobs(self, connection, money):
        """``{binding: the open job that decides about it}``."""
        ids = [each._decider()[2] for each in money]
        own = [("connection_id", "=", connection.id), ("kind", "in", self._settling_kinds()[0]), ("res_id", "in", ids)]
        jobs = self.env["xero.job"].search([*own, ("is_open", "=", True)]) if ids else ()
        by_record = {(job.kind, job.res_model, job.res_id): job for job in jobs}
        return {each: job for each in money if (job := by_record.get(each._decider()))}

    def _check_room(self, move, binding, job, reading):
        """Money against the document leaves Xero before it is changed or voided there.

        :raise Wait: it is on its way out
        :raise HeldBehind: the document is to be voided, and something of it cannot leave
        :raise Held: the document is to be changed, and something of it cannot leave; all comes back, and the document stays as it is
        """
        money = reading.money.get(binding.xero_id)
        if not money:
            return
        jobs = {each: reading.money_jobs.get(each) for each in money} if job.needs_room else {}
        self._check_stuck(move, [each for each in jobs.values() if each and each.state in HELD])
        asks = {each._decider() for each in money if not jobs.get(each)}
        raise Wait(
            self.env._("Waits until its payments have been taken out of Xero; they come back when it is changed."),
            asks=sorted(asks), room=True,
        )  # fmt: skip

    def _check_stuck(self, move, stuck):
        """:raise Held, HeldBehind: something of it cannot leave (``stuck``, its jobs)"""
        if stuck and move and move.state == "posted":
            raise self._held_by_money(move, stuck[0])
        if stuck and stuck[0].problem_id:
            raise HeldBehind(stuck[0].problem_id, self.env._("Waits until its payments have been removed in Xero."))

    def _held_by_money(self, move, job):
        return Held(
            "paid_in_xero",
            self.env._("%(document)s is paid in Xero, and a payment cannot be taken out there to change it. %(why)s",
                       document=move.name, why=job.message or ""),
            key=f"account.move,{move.id}",
            help=self.env._(
                "Undo the change in Odoo and correct it by a credit note; or unreconcile and remove the payment in Xero, then press Retry."
            ),
            details=(job.xero_messages,) if job.xero_messages else (),
            record=("account.move", move.id),
            failed=True,
        )  # fmt: skip

    # === WHO WAITS FOR WHOM === #

    def _let_go_of_changes(self, connection, xero_ids):
        """Documents that waited for money to be gone from them (Xero ids) are looked at again."""
        if xero_ids:
            self.env["xero.job"]._let_go(
                SQL(
                    """SELECT j.id FROM xero_job j JOIN xero_binding b USING (connection_id, kind, res_model, res_id)
                        WHERE j.connection_id = %s AND b.kind = ANY(%s) AND b.xero_id = ANY(%s)
                          AND j.state = 'pending' AND j.next_try IS NOT NULL""",
                    connection.id, list(self._document_kinds()), list(xero_ids),
                )
            )  # fmt: skip

    def _let_go_of_matched_changes(self, connection, move_ids):
        """The same for the documents that these entries of money are matched with."""
        self.env["account.partial.reconcile"].flush_model()
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT DISTINCT j.id FROM xero_job j JOIN account_move_line d ON d.move_id = j.res_id
                     JOIN account_partial_reconcile p ON d.id IN (p.debit_move_id, p.credit_move_id)
                     JOIN account_move_line l ON l.id IN (p.debit_move_id, p.credit_move_id) AND l.id <> d.id
                    WHERE j.connection_id = %s AND j.kind = ANY(%s) AND j.needs_room AND j.state = 'pending' AND l.move_id = ANY(%s)""",
                connection.id, list(self._document_kinds()), list(move_ids),
            )
        )  # fmt: skip

    def _after_bound(self, connection, res_ids):
        """Payments that were registered before the document was in Xero can follow now, and so can its files."""
        self.env["xero.handler.attachment"]._ask_for_files_of(connection, res_ids)
        self.env["xero.handler.payment"]._enqueue_matched(connection, res_ids)

    def _after_removed(self, connection, res_ids):
        """What is matched with it counts as unmatched now."""
        self.env["xero.handler.payment"]._enqueue_matched(connection, res_ids)

    def _after_closed(self, connection, jobs):
        """Money that waited for the document can follow, and what left for it comes back."""
        roomy = jobs.filtered("needs_room")
        self.env["xero.handler.payment"]._enqueue_matched(connection, roomy.mapped("res_id"))
        for held, closed in (jobs - roomy).grouped(lambda job: job.state in HELD).items():
            self.env["xero.handler.payment"]._let_go_of_money(connection, closed.mapped("res_id"), held)
