from odoo import fields, models
from odoo.tools import SQL

from .base import Behind, Held, Later
from .kinds import DOCUMENTS
from .money_route import MODELS, is_live

PARTIAL = "account.partial.reconcile"
HELD = ("blocked", "failed")


class XeroHandlerMoney(models.AbstractModel):
    """What payments, batches, allocations and money on account have in common: they are forms of the same money.

    Whichever of them has a job, the whole movement of money is looked at, and what else has to be done for it is enqueued: what is in Xero
    in another form goes first, what is allocated comes after what it is allocated from.
    """

    _name = "xero.handler.money"
    _inherit = "xero.handler"
    _description = "Xero Handler: Money"

    # === PLAN === #

    def _enqueue_first(self, connection, job_ids):
        routes = self._routes(connection, self.env["xero.job"].browse(job_ids))
        contacts = self._enqueue_contacts(connection, routes)
        wanted = {}
        for route in routes.values():
            for kind, model, res_id in route.out_of_step():
                if (kind, model, res_id) not in route.jobs:
                    wanted.setdefault((kind, model), {})[res_id] = route.payment_id
        manual = any(self.env["xero.job"].browse(job_ids).mapped("manual"))
        for (kind, model), payments in wanted.items():
            self.env["xero.job"]._enqueue(connection, kind, model, list(payments), manual=manual, payments=payments)
        return bool(wanted) or contacts

    def _enqueue_contacts(self, connection, routes):
        """Those whose money stands on account have to be in Xero; returns whether any was enqueued."""
        partners = self.env["res.partner"].union(*(r.partner for r in routes.values() if r.form == "on account" and not is_live(r.prepaid)))
        missing = set(partners.ids) - set(connection._known_ids("res.partner", partners.ids))
        self.env["xero.job"]._enqueue(connection, "contact", "res.partner", list(missing))
        return bool(missing)

    # === WHAT STANDS IN THE WAY === #

    def _why_not_on_account(self, route, connection, table):
        """Why money that is not wholly matched cannot stand on account in Xero, in a sentence; '' if it can."""
        return self._why_not_sides(route, connection) or self._why_not_documents(route) or self._why_not_bank(route, table)

    def _why_not_sides(self, route, connection):
        types = set(route.lines.account_id.mapped("account_type"))
        if len(types) > 1 or len(route.lines.partner_id.commercial_partner_id) != 1 or len(route.lines.currency_id) != 1:
            return self.env._("It concerns several partners or accounts at once.")
        received = sum(route.lines.mapped("balance")) < 0
        if received != (types == {"asset_receivable"}):
            return self.env._("Xero knows money on account only from customers and to vendors, not money paid back.")
        if route.record.move_id._xero_written_off():
            return self.env._("Part of it was written off.")
        return ""

    def _why_not_documents(self, route):
        """Xero allocates only between records of one contact and one currency."""
        partners = {part.invoice.commercial_partner_id for part in route.parts} - {route.partner}
        currencies = {part.invoice.currency_id for part in route.parts} - {route.currency}
        return self.env._("It also pays documents of another partner or in another currency.") if partners or currencies else ""

    def _why_not_bank(self, route, table):
        account = table.journal(route.journal.id)
        if account and account.type != "BANK":
            return self.env._("%s is not a bank account in Xero, and only there money can stand on account.", account.label)
        return ""

    def _wait_for_leaving(self, route, form):
        """:raise Behind, Later: the money still stands in Xero in another form"""
        for key in route.leaving(form):
            job = route.jobs.get(key)
            if job and job.state in HELD and job.problem_id:
                raise Behind(job.problem_id, self.env._("Waits until the money that stands in Xero otherwise has been removed there."))
            if job and job.state == "ignored":
                raise Held(
                    "money_in_use",
                    self.env._("The money still stands in Xero as it was before, and somebody ignored that it is to be removed there."),
                    key=f"{route.key[0]},{route.key[1]}",
                    help=self.env._("Press Retry on the ignored document of this payment on the Documents screen, then here."),
                    record=route.key,
                )
            raise Later(self.env._("Waits until the money that stands in Xero otherwise has been removed there."))

    def _document_binding(self, document, context):
        """The counterpart in Xero of a document that is paid or allocated to.

        :raise Behind, Later, NothingToDo: why there is none to work with
        """
        binding, waiting = context["invoices"].get(document.id), context["invoice_jobs"].get(document.id)
        # a change of the document that Xero refused does not keep the money away from the document as it stands there
        refused_change = binding and waiting and waiting.state == "failed"
        if waiting and waiting.state in HELD and waiting.problem_id and not refused_change:
            raise Behind(waiting.problem_id, self.env._("Waits for the document %s.", document.name))
        if waiting and waiting.state in ("pending", "sending", "uncertain"):
            raise Later(self.env._("Waits for the document %s.", document.name))
        if binding and binding.xero_id in context["leaving"]:
            raise Later(self.env._("Waits until an earlier payment of %s has been removed in Xero.", document.name))
        return binding

    def _read_documents(self, connection, documents):
        """What ``_document_binding`` needs, of all documents at once."""
        in_xero = self.env["xero.binding"]._by_record(connection, "account.move", documents.ids, DOCUMENTS)
        in_xero |= self._on_account(connection, documents)
        domain = [("connection_id", "=", connection.id), ("kind", "in", DOCUMENTS), ("res_id", "in", documents.ids)]
        jobs = self.env["xero.job"].search([*domain, ("state", "not in", ("done", "cancelled"))])
        return {
            "invoices": in_xero,
            "invoice_jobs": {job.res_id: job for job in jobs},
            "leaving": self.env["xero.binding"]._with_payment_jobs(in_xero.values(), ("sending", "uncertain")),
        }

    def _held_partial(self, code, message, help_text, partial_id, errors=(), failed=False):
        """The problem of one reconciliation."""
        return Held(
            code, message, key=f"{PARTIAL},{partial_id}", help=help_text, details=errors, record=(PARTIAL, partial_id), failed=failed
        )

    def _record_of(self, item):
        """Model and id of the record that an item is about: money has two models."""
        return tuple(item.sent_as.get("key") or (self._res_model, item.res_id))

    def _refused(self, item, errors):
        held = super()._refused(item, errors)
        held.res_model, held.res_id = self._record_of(item)
        held.key = f"{held.res_model},{held.res_id}"
        return held

    # === RECOVER === #

    def _look_up_by_day(self, ask, jobs):
        """What became of jobs without an answer, of kinds that Xero lists by day and by id.

        :param ask: the client's question, with ``days`` or ``ids``
        :return: as ``_look_up``
        """
        creates = jobs.filtered(lambda job: job.operation == "create" and job.sent_as)
        removals = (jobs - creates).filtered(lambda job: job.operation == "remove" and job.sent_as)
        there = ask(days=[day(job.sent_as) for job in creates]) if creates else []
        gone = ask(ids=[job.sent_as["xero_id"] for job in removals]) if removals else []
        found = {job.id: self._ours(job.sent_as, there) for job in creates}
        return found | {job.id: self._removed(job.sent_as["xero_id"], gone) for job in removals}

    # === NEXT === #

    def _after_done(self, connection, res_ids):
        """Whatever of the same money waited for this goes on."""
        self._let_go_of_same_money(connection, res_ids)

    def _after_bound(self, connection, res_ids):
        """Money that was matched otherwise while this was on the wire is looked at again."""
        if self._kind in ("prepaid", "batch"):
            self._plan_again(connection, res_ids)

    def _after_removed(self, connection, res_ids):
        """What has left Xero may have to come again in another form, and documents that waited for it to be gone can follow."""
        self._plan_again(connection, res_ids)
        removed = self._removed_bindings(connection, res_ids)
        self._let_go_of_documents(connection, [xero_id for binding in removed for xero_id in binding._xero_documents()])

    def _removed_bindings(self, connection, res_ids):
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", list(res_ids))]
        return self.env["xero.binding"].search(own).filtered(lambda binding: not is_live(binding))

    def _plan_again(self, connection, res_ids):
        """Look at all of the money again: a job about any part of it does that."""
        for model, ids in self._money_of(connection, res_ids).items():
            records = self.env[model].browse(ids).exists()
            payments = {record.id: record.id if model == "account.payment" else None for record in records}
            self.env["xero.job"]._enqueue(connection, "prepaid", model, records.ids, manual=True, payments=payments)

    def _money_of(self, connection, res_ids):
        """``{model: ids}`` of the money that these records of this kind belong to."""
        if self._kind in ("prepaid", "batch"):
            own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", list(res_ids))]
            bindings = self.env["xero.binding"].search(own)
            return {model: each.mapped("res_id") for model, each in bindings.grouped("res_model").items()}
        self.env["xero.binding"].flush_model()
        partials = self.env[PARTIAL].browse(res_ids).exists()
        keys = {key for partial in partials if (key := self._key_of(partial))}
        own = [
            ("connection_id", "=", connection.id),
            ("kind", "=", self._kind),
            ("res_model", "=", PARTIAL),
            ("res_id", "in", list(res_ids)),
        ]
        keys |= {("account.payment", payment.id) for payment in self.env["xero.binding"].search(own).payment_id}
        return {model: [res_id for name, res_id in keys if name == model] for model in MODELS}

    def _let_go_of_same_money(self, connection, res_ids):
        money = self._money_of(connection, res_ids)
        payments, lines = money.get(MODELS[0], []), money.get(MODELS[1], [])
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j
                    WHERE j.connection_id = %(connection)s AND j.kind IN ('prepaid', 'batch', 'payment', 'allocation')
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)
                      AND (j.payment_id = ANY(%(payments)s) OR j.res_model = 'account.bank.statement.line' AND j.res_id = ANY(%(lines)s)
                           OR j.res_model = 'account.partial.reconcile' AND j.payment_id IS NULL AND EXISTS (
                                SELECT 1 FROM account_partial_reconcile p
                                  JOIN account_move_line l ON l.id IN (p.debit_move_id, p.credit_move_id)
                                  JOIN account_move m ON m.id = l.move_id
                                 WHERE p.id = j.res_id AND m.statement_line_id = ANY(%(lines)s)))""",
                connection=connection.id, payments=payments, lines=lines,
            )
        )  # fmt: skip

    def _let_go_of_documents(self, connection, xero_ids):
        """Documents that waited for money to be gone from them."""
        if not xero_ids:
            return
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j JOIN xero_binding b USING (connection_id, kind, res_model, res_id)
                    WHERE j.connection_id = %s AND b.kind = ANY(%s) AND b.xero_id = ANY(%s)
                      AND j.state = 'pending' AND j.next_try IS NOT NULL""",
                connection.id, list(DOCUMENTS), list(xero_ids),
            )
        )  # fmt: skip


def day(sent_as):
    """The day of what was sent."""
    return fields.Date.to_date(sent_as["date"])
