from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..xero_core.documents import Payment, RemotePayment
from ..xero_core.errors import ValidationRefused
from ..xero_core.fingerprint import fingerprint
from ..xero_core.mapping import payment as mapping
from .base import Behind, Held, Item, Later, NothingToDo, Result
from .invoice_lines import money
from .kinds import DOCUMENTS

REMOVED = "DELETED"
ENDED = ("VOIDED", "DELETED")  # of invoices


class XeroHandlerPayment(models.AbstractModel):
    """Payments: one Xero payment per reconciliation of an invoice with money (``account.partial.reconcile``).

    Xero's payments cannot be changed, only created and deleted: one that is gone from Odoo is deleted in Xero, one that has changed is
    deleted and made anew. A reconciliation outlives a payment that is reset to draft, so its binding may name a deleted payment.
    The reference ends in the reconciliation's id, by which a payment without an answer is found again.
    """

    _name = "xero.handler.payment"
    _inherit = "xero.handler"
    _description = "Xero Handler: Payments"

    _kind = "payment"
    _res_model = "account.partial.reconcile"

    def _context(self, connection, jobs):
        partials = self.env["account.partial.reconcile"].browse(jobs.mapped("res_id")).exists()
        payments = {partial.id: partial._xero_payment_parts() for partial in partials}
        invoices = self.env["account.move"].union(*[parts.invoice for parts in payments.values() if parts])
        Binding = self.env["xero.binding"]
        in_xero = Binding._by_record(connection, "account.move", invoices.ids, DOCUMENTS)
        return {
            "connection": connection,
            "table": connection._mapping_table(),
            "parts": payments,
            "bindings": Binding._by_record(connection, self._res_model, jobs.mapped("res_id"), [self._kind]),
            "invoices": in_xero,
            "invoice_jobs": self._open_invoice_jobs(connection, invoices),
            "leaving": Binding._with_payment_jobs(in_xero.values(), ("sending", "uncertain")),
        }

    def _open_invoice_jobs(self, connection, invoices):
        domain = [("connection_id", "=", connection.id), ("kind", "in", DOCUMENTS), ("res_id", "in", invoices.ids)]
        jobs = self.env["xero.job"].search([*domain, ("state", "not in", ("done", "cancelled"))])
        return {job.res_id: job for job in jobs}

    def _item(self, job, context):
        parts, binding = context["parts"].get(job.res_id), context["bindings"].get(job.res_id)
        if binding and binding.xero_status == REMOVED:
            binding = None
        digest = self._digest(parts)
        if binding and (not parts or binding.fingerprint not in (False, digest)):
            return self._removal(job, binding)
        if binding or not parts:
            raise NothingToDo(self.env._("Nothing had changed."))
        payment = self._snapshot(parts, context)
        payload = mapping.to_xero(payment)
        return Item(
            job_id=job.id,
            res_id=job.res_id,
            operation="create",
            payload=payload,
            fingerprint=digest,
            sent_as={
                "invoice_id": payment.invoice_id,
                "reference": payload["Reference"],
                "amount": str(payment.amount),
                "invoice_total": str(money(parts.invoice.amount_total, parts.invoice.currency_id)),
            },
            label=parts.name,
        )

    def _digest(self, parts):
        """Of what the payment says in Odoo; not of the mapping, which may change without the payments made by then."""
        if not parts:
            return ""
        amounts = {"amount": str(parts.amount), "company_amount": str(round(parts.company_amount, 4))}
        return fingerprint({"date": str(parts.date), "journal": parts.journal.id, **amounts})

    def _removal(self, job, binding):
        sent_as = {"invoice_id": binding.parent_xero_id, "xero_id": binding.xero_id}
        return Item(job.id, job.res_id, "remove", {}, "", binding.xero_id, sent_as, binding.number or "")

    # === SNAPSHOT === #

    def _snapshot(self, parts, context):
        """The payment as Odoo's reconciliation has it.

        :rtype: Payment
        :raise Held, Behind, Later, NothingToDo: why it cannot go now
        """
        invoice = self._invoice_binding(parts, context)
        account = self._payment_account(parts.journal, context["table"])
        self._check_write_off(parts)
        currency, company_currency = parts.invoice.currency_id, parts.invoice.company_currency_id
        # a bank in the invoice's own currency books the amount itself
        converted = currency != company_currency == (parts.journal.currency_id or company_currency)
        return Payment(
            invoice_id=invoice.xero_id,
            account_id=account.xero_id,
            date=parts.date,
            amount=money(parts.amount, currency),
            reference=f"{parts.name[:80]} #{parts.partial.id}",
            bank_amount=money(parts.company_amount, company_currency) if converted else None,
        )

    def _check_write_off(self, parts):
        written_off = parts.partial._xero_written_off()
        if written_off:
            raise Held(
                "written_off",
                self.env._("%(payment)s pays %(invoice)s with a write-off of %(amount)s; Xero's payments know none.",
                           payment=parts.name, invoice=parts.invoice.name, amount=f"{written_off:.2f}"),
                key=f"{self._res_model},{parts.partial.id}",
                help=self.env._("Enter this payment and the write-off in Xero by hand and ignore it here, or reset it and pay without."),
                record=(self._res_model, parts.partial.id),
            )  # fmt: skip

    def _invoice_binding(self, parts, context):
        binding, waiting = context["invoices"].get(parts.invoice.id), context["invoice_jobs"].get(parts.invoice.id)
        # a change of the invoice that Xero refused does not keep the money away from the invoice as it stands there
        refused_change = binding and waiting and waiting.state == "failed"
        if waiting and waiting.state in ("blocked", "failed") and waiting.problem_id and not refused_change:
            raise Behind(waiting.problem_id, self.env._("Waits for the invoice %s.", parts.invoice.name))
        if waiting and waiting.state in ("pending", "sending", "uncertain"):
            raise Later(self.env._("Waits for the invoice %s.", parts.invoice.name))
        if not binding:
            raise NothingToDo(self.env._("The invoice %s is not in Xero.", parts.invoice.name))
        if binding.xero_id in context["leaving"]:
            raise Later(self.env._("Waits until an earlier payment of %s has been removed in Xero.", parts.invoice.name))
        return binding

    # === SEND === #

    def _batch_limit(self, operation):
        return 1 if operation == "remove" else super()._batch_limit(operation)

    def _send(self, client, operation, items, idempotency_key):
        if operation == "remove":
            return [self._remove(client, item) for item in items]  # one, see _batch_limit
        made = self._made_before(client, items)
        new = [item for item in items if item.job_id not in made]
        results = [Result(item, remote=made[item.job_id]) for item in items if item.job_id in made]
        return results + (super()._send(client, operation, new, idempotency_key) if new else [])

    def _made_before(self, client, items):
        """Payments that are in Xero although nothing here remembers it (an older backup, a connection made anew): ``{job id: remote}``.

        Xero itself refuses a second one unless both fit into what was invoiced, so only for those it is worth a question.
        """
        doubtful = [item for item in items if 2 * Decimal(item.sent_as["amount"]) <= Decimal(item.sent_as["invoice_total"])]
        payments = client.payments(sorted({item.sent_as["invoice_id"] for item in doubtful})) if doubtful else []
        return {item.job_id: remote for item in doubtful if (remote := self._ours(item.sent_as, payments))}

    def _ours(self, sent_as, payments):
        """The payment that was made of this very reconciliation."""
        return next((p for p in payments if p.reference == sent_as["reference"] and p.status != REMOVED), None)

    def _remove(self, client, item):
        """Delete one payment in Xero; each is a call of its own."""
        try:
            return Result(item, remote=client.delete_payment(item.xero_id))
        except ValidationRefused as error:
            return Result(item, errors=error.details)

    def _write(self, client, operation, payloads, idempotency_key):
        return client.create_payments(payloads, idempotency_key)

    def _evidence(self, client, operation, items):
        ids = sorted({item.sent_as["invoice_id"] for item in items})
        return [*client.invoices(ids=ids), *client.payments(ids)]

    def _judge(self, result):
        item = result.item
        if item.operation != "create":
            result.held = self._refused(item, result.errors)
            return
        result.remote = self._ours(item.sent_as, [found for found in result.evidence if isinstance(found, RemotePayment)])
        if not result.remote:
            invoice = next((found for found in result.evidence if found.xero_id == item.sent_as["invoice_id"]), None)
            result.held = self._why_refused(item, invoice, result.errors)

    def _why_refused(self, item, invoice, errors):
        amount = Decimal(item.sent_as["amount"])
        if invoice and invoice.status in ENDED:
            return self._held_void(item, invoice, errors)
        if invoice and invoice.amount_due < amount:
            return self._held_too_large(item, invoice, amount, errors)
        return self._refused(item, errors)

    def _held_void(self, item, invoice, errors):
        return Held(
            "refused",
            self.env._("%(payment)s cannot reach Xero: the invoice %(invoice)s was voided there.",
                       payment=item.label, invoice=invoice.number),
            key=f"{self._res_model},{item.res_id}",
            help=self.env._("If that is right, cancel the invoice in Odoo too. If not, bring it to Xero again, then press Retry."),
            details=errors,
            record=(self._res_model, item.res_id),
            failed=True,
        )  # fmt: skip

    def _held_too_large(self, item, invoice, amount, errors):
        return Held(
            "payment_too_large",
            self.env._("%(payment)s is %(amount)s, but only %(open)s is open on %(invoice)s in Xero.",
                       payment=item.label, amount=f"{amount:.2f}", open=f"{invoice.amount_due:.2f}", invoice=invoice.number),
            key=f"{self._res_model},{item.res_id}",
            help=self.env._("Somebody may have recorded the payment in Xero by hand. Remove it there and press Retry, or ignore this one."),
            details=errors,
            record=(self._res_model, item.res_id),
            failed=True,
        )  # fmt: skip

    # === RECOVER AND BIND === #

    def _after_removed(self, connection, res_ids):
        """A payment that has changed is made anew, and an invoice that waited for it to be gone can follow."""
        self.env[self._res_model].browse(res_ids).exists()._xero_enqueue(manual=True)
        removed = self.env["xero.binding"]._by_record(connection, self._res_model, res_ids, [self._kind]).values()
        parents = [binding.parent_xero_id for binding in removed]
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j JOIN xero_binding b USING (connection_id, res_model, res_id)
                    WHERE j.connection_id = %s AND b.kind = ANY(%s) AND b.xero_id = ANY(%s)
                      AND j.state = 'pending' AND j.next_try IS NOT NULL""",
                connection.id, list(DOCUMENTS), parents,
            )
        )  # fmt: skip

    def _look_up(self, client, jobs):
        known = jobs.filtered(lambda j: j.sent_as and j.operation in ("create", "remove"))
        payments = client.payments(sorted({job.sent_as["invoice_id"] for job in known})) if known else []
        return {job.id: self._find(job, payments) for job in known}

    def _find(self, job, payments):
        if job.operation == "remove":
            return next((p for p in payments if p.xero_id == job.sent_as.get("xero_id") and p.status == REMOVED), None)
        return self._ours(job.sent_as, payments)

    def _binding_values(self, remote):
        return {
            "number": remote.reference,
            "xero_status": remote.status,
            "xero_total": float(remote.amount),
            "parent_xero_id": remote.invoice_id,
        }
