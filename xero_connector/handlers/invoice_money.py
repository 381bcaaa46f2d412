from odoo import models

from .base import Behind, Held, Later

# what hangs on documents in Xero, and keeps them from being changed and voided there
MONEY = ("payment", "allocation", "batch", "write_off")
HELD = ("blocked", "failed")


class XeroHandlerDocument(models.AbstractModel):
    """Money against a document that is to be changed or voided in Xero: it leaves first, and comes back after a change.

    Odoo keeps payments matched while a document is reset, edited and posted again; Xero does not let its amounts be changed meanwhile.
    """

    _inherit = "xero.handler.document"

    def _money(self, connection, bindings):
        """What these documents (bindings) have against them in Xero: bindings by the document's Xero id, and open jobs by binding."""
        found = dict.fromkeys((binding.xero_id for binding in bindings), self.env["xero.binding"])
        money = self.env["xero.binding"]._money_on(connection, found) if found else self.env["xero.binding"]
        for each in money:
            for xero_id in found.keys() & set(each._xero_documents()):
                found[xero_id] |= each
        return {"money": found, "money_jobs": self._money_jobs(connection, money)}

    def _money_jobs(self, connection, money):
        own = [("connection_id", "=", connection.id), ("kind", "in", MONEY), ("res_id", "in", money.mapped("res_id"))]
        jobs = self.env["xero.job"].search([*own, ("state", "not in", ("done", "cancelled"))]) if money else self.env["xero.job"]
        by_record = {(job.kind, job.res_model, job.res_id): job for job in jobs}
        return {binding: job for binding in money if (job := by_record.get((binding.kind, binding.res_model, binding.res_id)))}

    # === BEFORE IT IS VOIDED === #

    def _wait_for_money(self, binding, context):
        """:raise Behind, Later: payments and credits of the document are about to leave Xero, or cannot"""
        jobs = [job for each in context["money"].get(binding.xero_id, ()) if (job := context["money_jobs"].get(each))]
        for job in jobs:
            if job.state in HELD and job.problem_id:
                raise Behind(job.problem_id, self.env._("Waits until its payments have been removed in Xero."))
        if any(job.state in ("pending", "sending", "uncertain") for job in jobs):
            raise Later(self.env._("Waits until its payments have been removed in Xero."))

    # === BEFORE IT IS CHANGED === #

    def _take_money_out(self, move, binding, context):
        """Have the payments and credits of a document leave Xero, so that its amounts can be changed; afterwards they come back.

        :raise Later: they are on their way out
        :raise Held: one of them cannot leave; all come back, and the document stays as it is
        """
        money = context["money"].get(binding.xero_id)
        if not money:
            return
        jobs = {each: context["money_jobs"].get(each) for each in money}
        stuck = [job for each, job in jobs.items() if each.remake and job and job.state in HELD]
        if stuck:
            money.remake = False
            money._enqueue()
            raise self._held_by_money(move, stuck[0])
        money.filtered(lambda each: not each.remake or not jobs[each])._take_out()
        raise Later(self.env._("Waits until its payments have been taken out of Xero; they come back when it is changed."))

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
